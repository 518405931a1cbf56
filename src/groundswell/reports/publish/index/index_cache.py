"""Where a survey's index is kept: `reports/.index/<survey>.json`, which may be removed at any time.

Three lines: checksums of the other two and of the program that wrote them, the head, the reports. So a head is read
without the reports. A file that is torn, changed, or of another program counts as none, and is made again.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from groundswell.files import write_whole
from groundswell.program import describe_code
from groundswell.reports.publish.index.survey_index import Head, Indexed, SurveyIndex

FOLDER = ".index"


def read_kept(reports: Path, survey: str) -> SurveyIndex | None:
    """The index of a survey as it was kept; None where there is none that can be trusted."""
    lines = _lines(reports, survey, 2)
    if lines is None:
        return None
    head, entries = _parsed(_heads(), lines[0]), _parsed(_entries(), lines[1])
    return None if head is None or entries is None else SurveyIndex(head, entries)


def read_head(reports: Path, survey: str) -> Head | None:
    """The head alone; None where there is none that can be trusted."""
    lines = _lines(reports, survey, 1)
    head: Head | None = None if lines is None else _parsed(_heads(), lines[0])
    return head


def keep(reports: Path, index: SurveyIndex) -> None:
    """Keep a survey's index where it can be kept; else the next one who asks reads the reports again."""
    head = _heads().dump_json(index.head, exclude_defaults=True)
    entries = _entries().dump_json(index.reports, exclude_defaults=True)
    first = f"{_mark(head)} {_mark(entries)} {describe_code()['sha256']}".encode()
    with suppress(OSError):  # the pages are what counts, and they are written before
        (reports / FOLDER).mkdir(exist_ok=True)
        write_whole(_file(reports, index.head.survey), b"\n".join((first, head, entries)))


def forget(reports: Path, survey: str) -> None:
    """Keep nothing of a survey any more."""
    with suppress(OSError):  # what stands there instead of a file is never trusted
        _file(reports, survey).unlink()


def _file(reports: Path, survey: str) -> Path:
    return reports / FOLDER / f"{survey}.json"


def _lines(reports: Path, survey: str, count: int) -> list[bytes] | None:
    """The first `count` lines after the checksums, as this program wrote them; None where they are not."""
    try:
        with _file(reports, survey).open("rb") as kept:
            marks = kept.readline().decode("ascii", "replace").split()
            lines = [kept.readline().rstrip(b"\n") for _ in range(count)]
    except OSError:
        return None
    ours = len(marks) == 3 and marks[2] == describe_code()["sha256"]
    return lines if ours and marks[:count] == [_mark(line) for line in lines] else None


def _mark(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _parsed(adapter: TypeAdapter[Any], line: bytes) -> Any:
    try:
        return adapter.validate_json(line)
    except ValidationError:
        return None


@lru_cache
def _heads() -> TypeAdapter[Head]:
    return TypeAdapter(Head)


@lru_cache
def _entries() -> TypeAdapter[dict[str, Indexed]]:
    return TypeAdapter(dict[str, Indexed])
