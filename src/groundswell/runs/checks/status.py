"""How a project's reports stand: what ran and how it ended, and of what is planned what is due and what is stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from groundswell.dates import today
from groundswell.errors import FaultsError, GroundswellError
from groundswell.runs.plan.cadence import later, next_period, period_start
from groundswell.runs.plan.planning import newest_report_of
from groundswell.runs.plan.requests import Asked, plan_request, requests_of
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run.record import RunRecord, read_records
from groundswell.runs.run.staging import is_being_made
from groundswell.waves import list_surveys
from groundswell.waves.surveys.planned_report import Cadence


@dataclass(frozen=True)
class PlannedState:
    """How one report that a survey plans with a cadence stands.

    `newest` is the as-of date of its newest report, None where there is none. It is `due` since the first day of a
    period that has no report yet, None where this period has one, and `stale` where the newest is older than its
    cadence.
    `edition` has the words for its parameters, `fault` what keeps the report from being planned, "" for nothing.
    """

    survey: str
    edition: str
    every: Cadence | None
    newest: date | None = None
    due: date | None = None
    stale: bool = False
    fault: str = ""


@dataclass(frozen=True)
class ProjectStatus:
    """Every run that is remembered, newest first, and every report that is planned with a cadence.

    `unreadable` names the files under `reports/.runs` that should hold a record and do not.
    """

    runs: list[RunRecord]
    planned: list[PlannedState]
    unreadable: list[str]

    @property
    def failures(self) -> list[RunRecord]:
        """Of each report, whatever its date, the newest run where that one failed or ended without a word."""
        newest: dict[tuple[str, str], RunRecord] = {}
        for run in self.runs:
            newest.setdefault((run.survey, run.name.partition("~")[2]), run)
        return [run for run in newest.values() if run.status in ("failed", "interrupted")]


def project_status(project: Path) -> ProjectStatus:
    """How the reports of a project stand; nothing is written."""
    reports, shared = project / "reports", Shared(project)
    records, unreadable = read_records(reports)
    runs = [_seen(reports, record) for record in records]
    planned = (each for name in list_surveys(project) for each in _planned(shared, name))
    return ProjectStatus(runs, list(dict.fromkeys(planned)), unreadable)


def _seen(reports: Path, record: RunRecord) -> RunRecord:
    """A record as it is now: a run of which no process is left was ended without a word, as `kill -9` does."""
    if record.status != "running" or is_being_made(reports, record.survey, record.name):
        return record
    return replace(record, status="interrupted", error="its process was killed, and could say nothing")


def _planned(shared: Shared, survey: str) -> Iterator[PlannedState]:
    try:
        requests = requests_of(shared, survey, Asked())
    except GroundswellError as error:
        yield PlannedState(survey, "", None, fault=_first_fault(error))
        return
    for request in requests:
        if request.every is not None:
            try:
                plan = plan_request(shared, request)
            except GroundswellError as error:
                yield PlannedState(survey, "", request.every, fault=_first_fault(error))
                continue
            newest = newest_report_of(shared, plan)
            yield state_of(survey, plan.edition, request.every, newest.as_of if newest else None, today())


def state_of(survey: str, edition: str, every: Cadence, newest: date | None, day: date) -> PlannedState:
    """How a planned report stands on a day.

    >>> state_of("mood", "", "week", date(2026, 11, 20), date(2026, 11, 23)).due
    datetime.date(2026, 11, 23)
    """
    if newest is None:
        return PlannedState(survey, edition, every, due=period_start(every, day))
    due = next_period(every, newest)
    stale = later(every, newest, 1) < day
    return PlannedState(survey, edition, every, newest, due if due <= day else None, stale)


def _first_fault(error: GroundswellError) -> str:
    """What is wrong, in a line: of several faults the first, in its file's own name."""
    if isinstance(error, FaultsError):
        first = error.faults[0]
        return str(replace(first, file=Path(first.file.name)))
    return str(error).splitlines()[0]
