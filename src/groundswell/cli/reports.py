"""The commands that make reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from groundswell.cli.elsewhere import project_of
from groundswell.cli.made import make
from groundswell.cli.process.log import OF_LOGS, listen
from groundswell.cli.root import (
    cli,
    folder_here,
    in_project,
)

if TYPE_CHECKING:
    from groundswell.waves.surveys.planned_report import Cadence

Command = TypeVar("Command", bound=Callable[..., Any])


def _of_reports(command: Command) -> Command:
    """The options of each command that makes reports; its log is at work before anything else of it is."""

    @wraps(command)
    def logged(*arguments: Any, log: str, log_file: Path | None, **options: Any) -> None:
        listen(log, log_file, folder_here())
        command(*arguments, **options)

    decorated: Any = logged
    for option in (
        *OF_LOGS,
        click.option("-q", "--quiet", is_flag=True, help="Print only the paths of the pages."),
        click.option("--dry-run", is_flag=True, help="Say what would be made, and why; make nothing."),
        click.option(
            "--scheduled",
            metavar="TIME",
            help="When this run was to start (2026-11-23T05:30+01:00), for its record. Default: now.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1),
            help="Reports made at a time. Default: 1; with --cluster what its workers can make, and half as many that "
            "wait.",
        ),
        click.option(
            "--store",
            metavar="URL",
            envvar="GROUNDSWELL_STORE",
            help="The project in an object store (s3://bucket/project): surveys are brought from there first, reports "
            "sent there after each publication (docs/cluster.md). Also read from GROUNDSWELL_STORE.",
        ),
        click.option(
            "--cluster",
            metavar="ADDRESS",
            help="Make them on the workers of a Dask cluster (tcp://host:8786), publish them here (docs/cluster.md).",
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
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]  # click's options leave the command's own type


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
    jobs: int | None,
    cluster: str | None,
    store: str | None,
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
    asked = asked_for(assignments, notebooks, dates)
    copies = {"single_file": single_file, "pdf": pdf, "card": card}
    with project_of(store) as (project, there):
        shared = Shared(project)
        planning = plan_project(shared, asked) if every else plan_surveys(shared, surveys, asked)
        if planning.is_empty:
            raise InputError(
                f"`--all`: no survey here for {', '.join(f'`{name}`' for name in notebooks or ['wave_report'])}; a "
                "report needs a folder under surveys/ (`groundswell new`), a wave's profile also waves of respondents "
                "(`groundswell add`)"
            )
        make(
            project, planning, (jobs, cluster, there), scheduled, dry_run=dry_run, quiet=quiet, copies=copies
        )


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
    jobs: int | None,
    cluster: str | None,
    store: str | None,
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

    begin, end = parse_date(first, "first"), today() if until is None else parse_date(until, "until")
    if not begin <= end <= today():
        raise InputError(
            f"`first=` must not lie after `until=`, nor that after today ({today()}), got `{begin}` and `{end}`"
        )
    with project_of(store) as (project, there):
        asked, dates = asked_for(assignments, notebooks), dates_every(every, begin, end)
        planning = plan_past(Shared(project), surveys, asked, dates)
        means = (jobs, cluster, there)
        make(project, planning, means, scheduled, dry_run=dry_run, quiet=quiet, copies={}, told=False)
