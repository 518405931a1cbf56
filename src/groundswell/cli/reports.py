"""The commands that make reports and verify them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundswell.cli.root import cli, from_here, in_project, print_error, project_here

MOST_NAMED = 5
"""Damaged reports that a run names; `groundswell doctor` names all."""

if TYPE_CHECKING:
    from groundswell.runs.run.batch import Outcome


@cli.command()
@in_project
@click.argument("surveys", nargs=-1, metavar="SURVEY...")
@click.option("--all", "every", is_flag=True, help="Every survey of the project.")
@click.option(
    "--as-of", metavar="DATE", help="Use only what was known by this date (YYYY-MM-DD). Default: today."
)
@click.option(
    "-p", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the notebook."
)
@click.option(
    "--notebook",
    "notebooks",
    multiple=True,
    default=("wave_report",),
    show_default=True,
    metavar="NAME",
    help="A notebook in notebooks/, by name; may be given several times.",
)
@click.option("--single-file", is_flag=True, help="Also write one page with its script inside, for mail.")
@click.option("--pdf", is_flag=True, help="Also print the page to a PDF, through Chromium.")
@click.option(
    "--card", is_flag=True, help="Also draw a picture (PNG, 1200 x 630) for chat and mail, through Chromium."
)
@click.option("-q", "--quiet", is_flag=True, help="Print only the paths of the pages.")
def report(
    surveys: tuple[str, ...],
    every: bool,
    as_of: str | None,
    assignments: tuple[str, ...],
    notebooks: tuple[str, ...],
    single_file: bool,
    pdf: bool,
    card: bool,
    quiet: bool,
) -> None:
    """Make dated reports; what is unchanged since is not made again."""
    if every == bool(surveys):
        raise click.UsageError("name one or more surveys, or give --all")
    from groundswell.errors import InputError
    from groundswell.reports.publish.archive_pages import known_damage
    from groundswell.reports.publish.assets import write_assets
    from groundswell.runs.plan.parameters import parse_assignments
    from groundswell.runs.plan.plan import plan_report, surveys_for
    from groundswell.runs.run.batch import run_batch
    from groundswell.runs.run.progress import choose_show

    if pdf or card:
        from groundswell.reports.publish.chromium import find_chromium

        find_chromium()  # said before the reports are made, not after
    project = project_here()
    given = parse_assignments([*assignments, *([] if as_of is None else [f"as_of={as_of}"])])
    plans = [
        plan_report(project, name, given, notebook)
        for notebook in dict.fromkeys(notebooks)
        for name in (surveys_for(project, notebook) if every else dict.fromkeys(surveys))
    ]
    if not plans:
        raise InputError(
            f"`--all`: no survey here for {', '.join(f'`{name}`' for name in notebooks)}; a report needs a folder "
            "under surveys/ (`groundswell new`), a wave's profile also waves of respondents (`groundswell add`)"
        )
    for remark in dict.fromkeys(plan.notebook.remark for plan in plans if plan.notebook.remark and not quiet):
        click.echo(f"note: {remark}", err=True)
    reports = project / "reports"
    if (reports / "index.html").exists() and write_assets(reports):
        click.echo("note: the script that all pages share was damaged; it was replaced", err=True)
    failed = False
    for outcome in run_batch(plans, choose_show(quiet=quiet)):
        _print_outcome(outcome, quiet=quiet)
        failed |= outcome.folder is None
        _print_copies(outcome.folder, single_file=single_file, pdf=pdf, card=card)
    _print_damage(known_damage(reports))
    if failed:
        sys.exit(1)


def _print_damage(damaged: dict[Path, str]) -> None:
    """Name reports of the archive that are damaged, once, on standard error; they harm nothing else."""
    for folder, fault in list(damaged.items())[:MOST_NAMED]:
        click.echo(f"damaged: {from_here(folder)}: {fault}", err=True)
    if len(damaged) > MOST_NAMED:
        click.echo(f"damaged: and {len(damaged) - MOST_NAMED} more", err=True)
    if damaged:
        click.echo("`groundswell doctor` says what to do", err=True)


def _print_outcome(outcome: Outcome, *, quiet: bool) -> None:
    """Say what came of one report: its page on standard output, anything else on standard error."""
    if outcome.folder is None:
        print_error(outcome.reason)
        return
    if not quiet and outcome.status == "unchanged":
        click.echo(f"{outcome.plan.survey} {outcome.plan.name}: nothing to do, nothing has changed", err=True)
    click.echo(from_here(outcome.folder / "index.html"))


def _print_copies(folder: Path | None, *, single_file: bool, pdf: bool, card: bool) -> None:
    """Write the copies that were asked for, and print where they are."""
    from groundswell.runs.run.copies import write_card, write_pdf, write_single_file

    for write, wanted in ((write_single_file, single_file), (write_pdf, pdf), (write_card, card)):
        if folder is not None and wanted:
            click.echo(from_here(write(folder)))


VERIFY_CODES = """\b
Exit codes: 0 every report is reproduced; 1 a file was changed after publishing,
or a number does not come out again; 2 what was named is not a report.
"""


@cli.command(epilog=VERIFY_CODES)
@in_project
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--all", "every", is_flag=True, help="Every report of the archive, older revisions included.")
def verify(reports: tuple[str, ...], every: bool) -> None:
    """Run published reports again and say, check by check, whether their numbers come out (docs/verify.md).

    REPORT is a report's folder, reports/<survey>/<date>. The archive is only read.
    """
    if every == bool(reports):
        raise click.UsageError("name one or more reports' folders, or give --all")
    from groundswell.cli.text.verification import as_text
    from groundswell.runs.verify.verification import find_reports, verify_report

    project, reproduced = project_here(), True
    for folder in find_reports(project, reports, every=every):
        verification = verify_report(project, folder)
        click.echo(as_text(verification))
        reproduced &= verification.reproduced
    if not reproduced:
        sys.exit(1)
