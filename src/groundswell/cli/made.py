"""Planned reports made, and what came of each said: its page on standard output, all else on standard error."""

from __future__ import annotations

import logging
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundswell.cli.elsewhere import makers, send_rest
from groundswell.cli.process.log import say, say_and_tell, speaks_json
from groundswell.cli.root import from_here, print_error, typed_here

if TYPE_CHECKING:
    from groundswell.runs.plan.planning import Planning
    from groundswell.runs.run.outcome import Outcome
    from groundswell.runs.store.archive_there import ArchiveThere

MOST_NAMED = 5
"""Damaged reports that a run names; `groundswell doctor` names all."""


def make(
    project: Path,
    planning: Planning,
    means: tuple[int | None, str | None, ArchiveThere | None],
    scheduled: str | None,
    *,
    dry_run: bool,
    quiet: bool,
    copies: dict[str, bool],
    told: bool = True,
) -> None:
    """Make what is planned, print what came of each and, where it is to be `told`, tell who is to be told; exit with 1
    where a report failed."""
    from groundswell.cli.text.batches import interrupted, not_made, planned_table, tell_finished, tell_planned
    from groundswell.reports.publish.assets import write_assets
    from groundswell.reports.publish.index.archive_pages import known_damage
    from groundswell.runs.run.batch import run_batch
    from groundswell.runs.run.progress import BatchProgress, choose_show
    from groundswell.runs.run.recorded import record_refused, scheduled_time

    planned_for = scheduled_time(scheduled)
    for line in [] if quiet else not_made(planning):
        say(line)
    nothing_else = bool(planning.refused) and not (planning.places or planning.not_due)
    if dry_run or nothing_else:
        for refused in planning.refused:
            print_error(refused.error)
        if nothing_else:
            sys.exit(planning.refused[0].error.exit_code)
        click.echo(planned_table(planning))
        return
    asked, cluster, there = means
    jobs, maker_in = makers(asked, cluster)
    tell_planned(planning, jobs, planned_for)
    for refused in planning.refused:
        say(f"error: {typed_here(refused.error)}")
        record_refused(project, refused.survey, refused.error, planned_for)
    reports = project / "reports"
    if (reports / "index.html").exists() and write_assets(reports):
        note = "the script that all pages share was damaged; it was replaced"
        say_and_tell(f"note: {note}", "note", logging.WARNING, note=note)
    progress = BatchProgress(choose_show(quiet=quiet or speaks_json()), jobs)
    progress.came["not due"] += len(planning.not_due)
    failed = bool(planning.refused)
    try:
        made = run_batch(planning.places, progress, jobs=jobs, scheduled=planned_for, maker_in=maker_in)
        with closing(made) as outcomes:
            for outcome in outcomes:
                with progress.aside():
                    failed |= not _print_outcome(outcome, quiet=quiet, copies=copies)
                if there is not None and outcome.status == "published" and outcome.folder is not None:
                    there.publish(outcome.folder)
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(interrupted(progress.came)) from error
    tell_finished(progress.came)
    _print_damage(known_damage(reports))
    failed |= there is not None and not send_rest(there)
    if told:
        _tell(project)
    if failed:
        sys.exit(1)


def _tell(project: Path) -> None:
    """Tell of alerts and failures, a line on standard error for each."""
    from groundswell.runs.tell.telling import tell

    for line in tell(project):
        say(line)  # the log has it from there


def _print_damage(damaged: dict[Path, str]) -> None:
    """Name reports of the archive that are damaged, once, on standard error; they harm nothing else."""
    for folder, fault in list(damaged.items())[:MOST_NAMED]:
        where = from_here(folder)
        say_and_tell(f"damaged: {where}: {fault}", "damaged", logging.WARNING, folder=where, fault=fault)
    if len(damaged) > MOST_NAMED:
        say(f"damaged: and {len(damaged) - MOST_NAMED} more")
    if damaged:
        say("`groundswell doctor` says what to do")


def _print_outcome(outcome: Outcome, *, quiet: bool, copies: dict[str, bool]) -> bool:
    """Say what came of one report: its page on standard output, all else on standard error. Whether all went well."""
    if outcome.folder is None:
        say(f"error: {typed_here(outcome.reason)}")  # the log has it from the run itself
        return False
    if not quiet and outcome.status == "unchanged":
        say(f"{outcome.plan.survey} {outcome.plan.name}: nothing to do, nothing has changed")
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
