"""What a reader of a failed run is told: what happened to which report, the way out, and no folder of this machine."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from groundswell.errors import InputError, RunError
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.failure import Failure, failure_of

HOME = Path("/srv/office/mood")
PLAN = cast("Plan", SimpleNamespace(project=HOME, survey="testland", name="2024-03-01~red"))
NOTHING = "`testland` 2024-03-01~red: nothing was published; "


def raised(error: Exception) -> Exception:
    """The error with the place where it was raised."""
    try:
        raise error
    except Exception as told:  # noqa: BLE001 - whichever is asked for
        return told


def test_a_run_that_failed_says_it_in_its_own_words_with_its_cell_and_what_was_kept() -> None:
    error = RunError(f"cell 3: `{HOME}/surveys/x.csv`", cell=3, kept=Path("reports/.failed/x.ipynb"))
    assert failure_of(raised(error), PLAN) == Failure(
        "cell 3: `surveys/x.csv`", "cell", cell=3, kept="reports/.failed/x.ipynb"
    )
    assert failure_of(RunError("no"), PLAN) == Failure("no", "run", details="", cell=None, kept=None)


def test_an_error_of_the_input_is_told_of_the_report_and_needs_no_traceback() -> None:
    error = InputError(f"`{HOME}/surveys/testland/survey.toml`: no title")
    assert failure_of(raised(error), PLAN) == Failure(
        f"{NOTHING}`surveys/testland/survey.toml`: no title", "input"
    )


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            OSError(errno.ENOSPC, "No space", f"{HOME}/reports/a.csv"),
            "`reports/a.csv`: the disk is full, or this user's part of it: make room and run it again",
        ),
        (
            OSError(errno.EDQUOT, "Quota exceeded"),
            "the disk is full, or this user's part of it: make room and run it again",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No such file", f"{HOME}/a.csv"),
            "`a.csv`: it was there and is gone, another process removed it meanwhile: run it again",
        ),
        (PermissionError(errno.EACCES, "Permission denied", f"{HOME}/a.csv"), "`a.csv`: Permission denied"),
        (OSError("the device went away"), "the device went away"),
        (KeyError("as_of"), "an error in groundswell itself, KeyError: 'as_of'"),
        (ValueError(f"bad {HOME}/a"), "an error in groundswell itself, ValueError: bad ./a"),
    ],
)
def test_any_other_error_is_told_with_its_way_out_and_its_traceback_is_kept(
    error: Exception, says: str
) -> None:
    failure = failure_of(raised(error), PLAN)
    assert failure.reason == NOTHING + says
    assert failure.details.startswith("Traceback (most recent call last):\n")
    assert "raise error\n" in failure.details
    assert failure.details.rstrip().splitlines()[-1].startswith(type(error).__name__)
    assert str(HOME) not in failure.details + failure.reason
    assert (failure.cell, failure.kept) == (None, None)
    assert failure.kind == ("system" if isinstance(error, OSError) else "bug")
