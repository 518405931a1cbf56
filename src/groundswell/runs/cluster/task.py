"""What a worker is given to make a report, and what it hands back: plain records, sent as bytes."""

from __future__ import annotations

import io
import platform
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.errors import RunError
from groundswell.program import describe_code, describe_packages
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.failure import Failure

MOST_SENT = 250_000_000
"""Bytes of a report that a worker sends; the bundled surveys' have half a million. It stands in memory three times."""


@dataclass(frozen=True)
class Task:
    """One report to be made. `attempt` names this attempt alone; `program` is that of the process that asks."""

    attempt: str
    plan: Plan
    inputs: list[dict[str, Any]]
    revision: int
    program: dict[str, str]


@dataclass(frozen=True)
class HalfRun:
    """A notebook that did not come to its end: why, in which cell, and what is kept of it, as `packed` has it."""

    reason: str
    cell: int | None
    files: bytes


@dataclass(frozen=True)
class Handed:
    """What came of a task: a `report` as `packed` has it, or what kept it from being made.

    `worker` is where. `passing` is what may pass, so that another attempt is worth making; `failure` and `half` are not
    made again.
    """

    worker: str
    remarks: tuple[str, ...] = ()
    report: bytes | None = None
    half: HalfRun | None = None
    failure: Failure | None = None
    passing: str = ""


def program() -> dict[str, str]:
    """What decides a report besides its inputs, as this process has it."""
    code = describe_code()
    known = {"groundswell": code["version"], "Python": platform.python_version(), **describe_packages()}
    return known | {"groundswell's files": code["sha256"][:12]}


def program_differs(asked: dict[str, str], here: dict[str, str]) -> str:
    """How the program `here`, on a worker, differs from the one that asks; "" where it is the same."""
    told = [
        f"{name} {here.get(name, 'none')} there, {asked.get(name, 'none')} here"
        for name in asked.keys() | here.keys()
        if asked.get(name) != here.get(name)
    ]
    return "; ".join(sorted(told))


def packed(folder: Path, files: list[Path]) -> bytes:
    """Files of a folder as one piece of bytes.

    Raises: RunError where they are more than is sent.
    """
    size = sum(file.stat().st_size for file in files)
    if size > MOST_SENT:
        raise RunError(
            f"a report of {size / 1e6:,.0f} MB is not sent from a worker, at most {MOST_SENT / 1e6:,.0f} MB are: make "
            "it without `--cluster`"
        )
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for file in files:
            archive.add(file, file.relative_to(folder).as_posix(), recursive=False)
    return stream.getvalue()


def unpack(content: bytes, folder: Path) -> list[Path]:
    """Write what `packed` made into a folder, and return the files."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        names = archive.getnames()
        archive.extractall(folder, filter="data")
    return [folder / name for name in names]
