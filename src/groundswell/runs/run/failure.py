"""Why a report was not made, in words: what is expected to happen is named for what it is, anything else is a bug here.

No failure of one report keeps the others of a batch from being made.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from typing import Literal

from groundswell.errors import GroundswellError, RunError
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.plan.plan import Plan

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Failure:
    """Why there is no report. `details` is the traceback of an error that nobody foresaw, "" for one that was; `cell`
    and `kept` are as a `RunError` has them.

    Of its `kind` is whose it is: a `cell` of the notebook raised; else the `run` could not go on, as when memory ran
    out; the `input` is wrong; the `system` would not, as where the disk is full; or it is a `bug` of groundswell.
    """

    reason: str
    kind: Literal["cell", "run", "input", "system", "bug"]
    details: str = ""
    cell: int | None = None
    kept: str | None = None


class FailedElsewhereError(Exception):
    """A report failed in another process, which has said why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def failure_of(error: Exception, plan: Plan) -> Failure:
    """What an exception means for the plan's report; no folder of this machine is named."""
    if isinstance(error, FailedElsewhereError):
        return error.failure
    if isinstance(error, RunError):
        kept = None if error.kept is None else error.kept.as_posix()
        kind: Literal["cell", "run"] = "run" if error.cell is None else "cell"
        return Failure(_plain(str(error), plan), kind, cell=error.cell, kept=kept)
    if isinstance(error, GroundswellError):
        return Failure(_plain(_told(plan, str(error)), plan), "input")
    details = _plain("".join(traceback.format_exception(error)), plan)
    if isinstance(error, OSError):
        return Failure(_plain(_told(plan, _of_system(error)), plan), "system", details)
    said = f"an error in groundswell itself, {type(error).__name__}: {error}"
    return Failure(_plain(_told(plan, said), plan), "bug", details)


def _told(plan: Plan, why: str) -> str:
    return f"`{plan.survey}` {plan.name}: nothing was published; {why}"


def _of_system(error: OSError) -> str:
    """An error of the operating system: which file, what happened, and the way out."""
    file = "" if error.filename is None else f"`{error.filename}`: "
    if error.errno in _FULL:
        return f"{file}the disk is full, or this user's part of it: make room and run it again"
    if isinstance(error, FileNotFoundError):
        return f"{file}it was there and is gone, another process removed it meanwhile: run it again"
    return f"{file}{error.strerror or error}"


def _plain(text: str, plan: Plan) -> str:
    return Machine(plan.project).without_folders(text).replace("`./", "`")
