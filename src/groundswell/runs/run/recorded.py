"""A run that writes down what comes of it: its record from start to end, and where the details of a failure are."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from groundswell.dates import today
from groundswell.errors import InputError
from groundswell.happenings import tell
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.failure import Failure
from groundswell.runs.run.record import (
    FOLDER,
    SCHEMA,
    RunRecord,
    Status,
    ended,
    new_id,
    now,
    write_record,
    write_traceback,
)

CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""By how much a scheduler's clock may be ahead of this machine's."""


def scheduled_time(written: str | None) -> str:
    """When a run was to start, in UTC: as it was written, or now; without an offset it is this machine's time.

    Raises: InputError for a text that is not a time, and for a time that is still to come.
    """
    if written is None:
        return now()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise InputError(
            f"`scheduled=`: write a time as 2026-11-23T05:30 or, with its offset, 2026-11-23T05:30+01:00, "
            f"got `{written}`"
        ) from error
    if moment.astimezone(UTC) > datetime.now(UTC) + CLOCKS_DIFFER:
        raise InputError(
            f"`scheduled=` is when this run was to start, and must not lie in the future, got `{written}`; it is "
            f"{now()} now. Leave it out, or give its offset where it is another zone's time, as 2026-11-23T05:30+01:00"
        )
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def record_refused(project: Path, survey: str, error: Exception, scheduled: str) -> None:
    """Write down that no report of a survey could be planned."""
    day, reports = today().isoformat(), project / "reports"
    record = RunRecord(
        schema=SCHEMA,
        id=new_id(),
        survey=survey,
        name=day,
        notebook="",
        as_of=day,
        status="running",
        scheduled=scheduled,
        started=now(),
    )
    why = Machine(project).without_folders(str(error))
    with suppress(OSError):  # it is said on the terminal anyway
        write_record(reports, ended(record, "failed", error=why))
    tell("failed", logging.ERROR, run=record.id, survey=survey, name=day, kind="input", error=why)


class RecordedRun:
    """One run with its record under `reports/.runs/`.

    A record that cannot be written stops no report; `problem` then says why there is none.
    """

    def __init__(self, plan: Plan, scheduled: str) -> None:
        self._reports = plan.reports
        self.problem = ""
        self._record = RunRecord(
            schema=SCHEMA,
            id=new_id(),
            survey=plan.survey,
            name=plan.name,
            notebook=plan.notebook.name,
            as_of=plan.as_of,
            status="running",
            scheduled=scheduled,
            started=now(),
        )
        self._write(self._record)

    @property
    def id(self) -> str:
        """The run's name: of its record, in its log, in the manifest of what it publishes, and where it fails."""
        return self._record.id

    @property
    def _file(self) -> str | None:
        """Its record, as a path in the project; None where there is none."""
        return None if self.problem else f"{self._reports.name}/{FOLDER}/{self.id}.json"

    def begun(self, why: str) -> None:
        """The run begins; `why` says what made it due."""
        tell("started", run=self.id, notebook=self._record.notebook, as_of=self._record.as_of, why=why)

    def published(self, folder: Path) -> None:
        """The run has published this folder."""
        place = folder.relative_to(self._reports.parent).as_posix()
        self._write(ended(self._record, "published", folder=place))
        tell("published", run=self.id, folder=place, record=self._file)

    def failed(self, status: Status, failure: Failure) -> str:
        """The run has ended without a report; returns the lines that say which run it was and where its details are."""
        place, said = None, f"\n  the run: {self.id}"
        try:
            if failure.details:
                file = write_traceback(self._reports, self._record.id, failure.details)
                place = file.relative_to(self._reports.parent).as_posix()
                said += f"\n  the details: {place}"
        except OSError as error:
            said += f"\n  its details could not be written either ({error.strerror})"
            # of a full disk the reason says all; an error of groundswell itself is told whole, or nobody can mend it
            said += f":\n{failure.details}" if failure.kind == "bug" else ""
        parts = {"cell": failure.cell, "traceback": place, "notebook_kept": failure.kept}
        self._write(ended(self._record, status, error=failure.reason, **parts))
        known = {name: part for name, part in parts.items() if part is not None}
        tell(
            status,
            logging.ERROR,
            run=self.id,
            kind=failure.kind,
            error=failure.reason,
            record=self._file,
            **known,
        )
        return said + (f"\n  {self.problem}" if self.problem else "")

    def _write(self, record: RunRecord) -> None:
        try:
            write_record(self._reports, record)
        except OSError as error:  # a full disk, an archive that is read only
            self.problem = f"there is no record of this run: {self._reports.name}/{FOLDER}: {error.strerror}"
