"""What came of each run: one small file a run under `reports/.runs/`, written whole, read by `groundswell status`.

A record is written when a run starts, as `running`, and replaced when it ends. The newest `KEPT` stay; with an older
one go its traceback and its half-run notebook. Paths in it are relative to the project: nobody's home is named.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, TypeAdapter, ValidationError

from groundswell.files import write_whole

SCHEMA: Final = 1
FOLDER: Final = ".runs"
KEPT: Final = 2000
"""Records that stay; a fleet of a thousand reports sees its last night and the one before."""

LARGEST: Final = 1_000_000
"""Bytes; no record has so many."""

Status = Literal["running", "published", "unchanged", "failed", "interrupted"]


def _moment(text: str) -> str:
    """The text, where it is a moment with its offset."""
    if datetime.fromisoformat(text).utcoffset() is None:
        raise ValueError("a time without its offset")
    return text


Moment = Annotated[str, AfterValidator(_moment)]


@dataclass(frozen=True)
class RunRecord:
    """One run. Times are in UTC and in ISO form; `scheduled` is when the run was to start, and need not be when it did.

    `folder` is the published report and `notebook_kept` the half-run notebook, `traceback` the file with an unexpected
    error's details; `cell` is the number of the cell that raised. All are None where there are none.
    """

    schema: int
    id: str
    survey: str
    name: str
    notebook: str
    as_of: str
    status: Status
    scheduled: Moment
    started: Moment
    ended: Moment | None = None
    folder: str | None = None
    cell: int | None = None
    error: str | None = None
    traceback: str | None = None
    notebook_kept: str | None = None


def now() -> str:
    """This moment in UTC, in ISO form to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_id() -> str:
    """A name for a run: names sort by the moment at which runs start."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(3)}"


def write_record(reports: Path, record: RunRecord) -> None:
    """Write the record, and remove the oldest beyond `KEPT`.

    Raises: OSError where it cannot be written.
    """
    folder = reports / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{record.id}.json", json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n")
    for file in sorted(folder.glob("*.json"))[:-KEPT]:
        _remove(reports, file)


def write_traceback(reports: Path, run: str, text: str) -> Path:
    """Write the details of an unexpected error next to a run's record, and return the file."""
    file = reports / FOLDER / f"{run}.txt"
    write_whole(file, text)
    return file


def read_records(reports: Path) -> tuple[list[RunRecord], list[str]]:
    """The records of all runs, newest first, and the names of the files in their place that hold none."""
    files = sorted((reports / FOLDER).glob("*.json"), reverse=True)
    read = [(file, read_record(file)) for file in files]
    damaged = [file.name for file, record in read if record is None and os.path.lexists(file)]
    return [record for _, record in read if record is not None], damaged


def read_record(file: Path) -> RunRecord | None:
    """The record in a file; None where it is not one, or another process has removed it."""
    try:
        found = file.lstat()
        if (
            not S_ISREG(found.st_mode) or found.st_size > LARGEST
        ):  # a pipe would keep whoever opens it waiting
            return None
        record = _adapter().validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
    return record if record.schema == SCHEMA and record.id == file.stem else None


def ended(record: RunRecord, status: Status, **parts: str | int | None) -> RunRecord:
    """The record of a run that has just ended so."""
    return replace(record, status=status, ended=now(), **parts)  # type: ignore[arg-type]  # names are the record's


@lru_cache
def _adapter() -> TypeAdapter[RunRecord]:
    return TypeAdapter(RunRecord)


def _remove(reports: Path, file: Path) -> None:
    """Remove a record with what it names: its traceback, and its half-run notebook's folder under `.failed/`."""
    record = read_record(file)
    if record is not None and record.notebook_kept is not None:
        kept = (reports.parent / record.notebook_kept).parent
        if kept.is_relative_to(reports / ".failed") and ".." not in kept.parts:
            shutil.rmtree(kept, ignore_errors=True)
    file.with_suffix(".txt").unlink(missing_ok=True)
    file.unlink(missing_ok=True)
