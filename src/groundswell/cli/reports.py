"""The commands that make reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from groundswell.cli.root import cli, from_here, in_project, print_error, project_here

MOST_NAMED = 5
"""Damaged reports that a run names; `groundswell doctor` names all."""

if TYPE_CHECKING:
    from groundswell.runs.plan.planning import Planning
    from groundswell.runs.run.outcome import Outcome
    from groundswell.waves.surveys.planned_report import Cadence

Command = TypeVar("Command", bound=Callable[..., Any])


def _of_reports(command: Command) -> Command:
    """The options of each command that makes reports."""
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Print only the paths of the pages."),
        click.option("--dry-run", is_flag=True, help="Say what would be made, and why; make nothing."),
        click.option(
            "--scheduled",
            metavar="TIME",
            help="When this run was to start (2026-11-23T05:30+01:00), for its record. Default: now.",
        ),
        click.option(
            "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Reports made at a time."
        ),
        click.option(
            "--notebook",
            "notebooks",
            multiple=True,
            metavar="NAME",
            help="A notebook in notebooks/, by name; may be given several times. Default: wave_report, or what "
            "survey.toml plans.",
        ),
        click.option(
            "-p",
            "assignments",
            multiple=True,
            metavar="NAME=VALUE",
            help="Set a parameter of the notebook; a name given several times makes a report for each value.",
        ),
    ):
        command = option(command)
    return command


@cli.command()
@in_project
@click.argument("surveys", nargs=-1, metavar="SURVEY...")
@click.option(
    "--all", "every", is_flag=True, help="Every survey of the project; of what it plans, what is due."
)
@click.option(
    "--as-of",
    "dates",
    multiple=True,
    metavar="DATE",
    help="Use only what was known by this date (YYYY-MM-DD); may be given several times. Default: today.",
)
@click.option("--single-file", is_flag=True, help="Also write one page with its script inside, for mail.")
@click.option("--pdf", is_flag=True, help="Also print the page to a PDF, through Chromium.")
@click.option(
    "--card", is_flag=True, help="Also draw a picture (PNG, 1200 x 630) for chat and mail, through Chromium."
)
@_of_reports
def report(
    surveys: tuple[str, ...],
    every: bool,
    dates: tuple[str, ...],
    assignments: tuple[str, ...],
    notebooks: tuple[str, ...],
    jobs: int,
    scheduled: str | None,
    dry_run: bool,
    single_file: bool,
    pdf: bool,
    card: bool,
    quiet: bool,
) -> None:
    """Make dated reports; what is unchanged since is not made again.

    Without -p and --notebook a survey's own plans are made: the [[report]] entries of its survey.toml, where it has
    any (docs/scheduling.md).
    """
    if every == bool(surveys):
        raise click.UsageError("name one or more surveys, or give --all")
    from groundswell.errors import InputError
    from groundswell.runs.plan.planning import plan_project, plan_surveys
    from groundswell.runs.plan.requests import asked_for
    from groundswell.runs.plan.shared import Shared

    if pdf or card:
        from groundswell.reports.publish.chromium import find_chromium

        find_chromium()  # said before the reports are made, not after
    shared, asked = Shared(project_here()), asked_for(assignments, notebooks, dates)
    planning = plan_project(shared, asked) if every else plan_surveys(shared, surveys, asked)
    if planning.is_empty:
        raise InputError(
            f"`--all`: no survey here for {', '.join(f'`{name}`' for name in notebooks or ['wave_report'])}; a report "
            "needs a folder under surveys/ (`groundswell new`), a wave's profile also waves of respondents "
            "(`groundswell add`)"
        )
    copies = {"single_file": single_file, "pdf": pdf, "card": card}
    _make(shared.project, planning, jobs, scheduled, dry_run=dry_run, quiet=quiet, copies=copies)


@cli.command()
@in_project
@click.argument("surveys", nargs=-1, required=True, metavar="SURVEY...")
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month", "quarter"]),
    default="month",
    show_default=True,
    help="How far the dates lie apart, counted from --since.",
)
@click.option("--since", "first", required=True, metavar="DATE", help="The first date (YYYY-MM-DD).")
@click.option("--until", metavar="DATE", help="No date lies after this one. Default: today.")
@_of_reports
def backfill(
    surveys: tuple[str, ...],
    every: Cadence,
    first: str,
    until: str | None,
    assignments: tuple[str, ...],
    notebooks: tuple[str, ...],
    jobs: int,
    scheduled: str | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Make the reports of past dates, oldest first: each as it would have been made that day with today's program.

    Dates before a survey's first wave are skipped, and what is there and unchanged is not made again.
    """
    from groundswell.dates import parse_date, today
    from groundswell.errors import InputError
    from groundswell.runs.plan.cadence import dates_every
    from groundswell.runs.plan.planning import plan_past
    from groundswell.runs.plan.requests import asked_for
    from groundswell.runs.plan.shared import Shared

    begin, end = parse_date(first, "since"), today() if until is None else parse_date(until, "until")
    if not begin <= end <= today():
        raise InputError(
            f"`since=` must not lie after `until=`, nor that after today ({today()}), got `{begin}` and `{end}`"
        )
    shared = Shared(project_here())
    planning = plan_past(shared, surveys, asked_for(assignments, notebooks), dates_every(every, begin, end))
    _make(shared.project, planning, jobs, scheduled, dry_run=dry_run, quiet=quiet, copies={})


def _make(
    project: Path,
    planning: Planning,
    jobs: int,
    scheduled: str | None,
    *,
    dry_run: bool,
    quiet: bool,
    copies: dict[str, bool],
) -> None:
    """Make what is planned, and print what came of each; exit with 1 where a report failed."""
    from groundswell.cli.text.batches import interrupted, not_made, planned_table
    from groundswell.reports.publish.archive_pages import known_damage
    from groundswell.reports.publish.assets import write_assets
    from groundswell.runs.run.batch import run_batch
    from groundswell.runs.run.progress import BatchProgress, choose_show
    from groundswell.runs.run.recorded import record_refused, scheduled_time

    planned_for = scheduled_time(scheduled)
    for line in [] if quiet else not_made(planning):
        click.echo(line, err=True)
    for refused in planning.refused:
        print_error(refused.error)
    if planning.refused and not (planning.places or planning.not_due):
        sys.exit(planning.refused[0].error.exit_code)
    if dry_run:
        click.echo(planned_table(planning))
        return
    for refused in planning.refused:
        record_refused(project, refused.survey, refused.error, planned_for)
    reports = project / "reports"
    if (reports / "index.html").exists() and write_assets(reports):
        click.echo("note: the script that all pages share was damaged; it was replaced", err=True)
    progress = BatchProgress(choose_show(quiet=quiet), jobs)
    progress.came["not due"] += len(planning.not_due)
    failed = bool(planning.refused)
    try:
        with closing(run_batch(planning.places, progress, jobs=jobs, scheduled=planned_for)) as outcomes:
            for outcome in outcomes:
                with progress.aside():
                    failed |= not _print_outcome(outcome, quiet=quiet, copies=copies)
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(interrupted(progress.came)) from error
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


def _print_outcome(outcome: Outcome, *, quiet: bool, copies: dict[str, bool]) -> bool:
    """Say what came of one report: its page on standard output, all else on standard error. Whether all went well."""
    if outcome.folder is None:
        print_error(outcome.reason)
        return False
    if not quiet and outcome.status == "unchanged":
        click.echo(f"{outcome.plan.survey} {outcome.plan.name}: nothing to do, nothing has changed", err=True)
    click.echo(from_here(outcome.folder / "index.html"))
    return _print_copies(outcome.folder, **copies)


def _print_copies(folder: Path, *, single_file: bool = False, pdf: bool = False, card: bool = False) -> bool:
    """Write the copies that were asked for, and print where they are; whether all could be written."""
    from groundswell.errors import GroundswellError
    from groundswell.runs.run.copies import write_card, write_pdf, write_single_file

    written = True
    for write, wanted in ((write_single_file, single_file), (write_pdf, pdf), (write_card, card)):
        if wanted:
            try:
                click.echo(from_here(write(folder)))
            except (GroundswellError, OSError) as error:
                print_error(
                    f"`{folder.parent.name}/{folder.name}` stands, and its copy could not be made: {error}"
                )
                written = False
    return written
