"""pyreadstat, asked in a process of its own.

It is a program in C, and one flipped byte of a file can end the process that it runs in: a notebook's kernel with all
that it holds, or a run of twenty reports. Here that is an error in words. The process starts with the first file and
answers until ours ends; where none can be started, pyreadstat is asked in ours.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from groundswell.waves.respondents.statistical import pyreadstat_process
from groundswell.waves.respondents.statistical.pyreadstat_process import Answer, Question

KILLED = -9
"""How a process ends that the system stops at once."""

PIPE_BYTES = 1 << 20
"""What a pipe may hold: the two processes wait for each other less often than with the usual 64 KB."""

Cells = dict[str, Any]
"""By column its cells, as an array or a list."""


def read_apart(function: str, file: Path, **options: Any) -> tuple[Cells, Any]:
    """What a function of pyreadstat reads, and what it says of the file.

    Raises: ValueError where the file cannot be read, UnicodeError (a kind of it) where its texts cannot be decoded.
    """
    # absolute, since that process stays in the folder where it was started
    question = (function, str(file.absolute()), options)
    with _ONE_AT_A_TIME:
        process = _running()
        given = pyreadstat_process.answer(question) if process is None else _answered(process, question)
    if isinstance(given, Exception):
        raise given
    cells, about = given
    return cells, SimpleNamespace(**about)


_ONE_AT_A_TIME = threading.Lock()
_started: dict[int, subprocess.Popen[bytes] | None] = {}
"""The process by the number of ours: one that was forked off starts its own. None where none can be started."""


def _running() -> subprocess.Popen[bytes] | None:
    """The process that answers, started if there is none."""
    ours = os.getpid()
    if ours not in _started:
        _started[ours] = _start()
    return _started[ours]


def _start() -> subprocess.Popen[bytes] | None:
    """A process that has said that it is ready; None where there is no Python to start, as inside another program."""
    command = [sys.executable, "-P", pyreadstat_process.__file__]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603  our own script
            command, stdin=pipe, stdout=pipe, stderr=nowhere, pipesize=PIPE_BYTES
        )
    except (OSError, ValueError):
        return None
    try:
        if _say(process, sys.path) == "ready":
            return process
    except (EOFError, OSError, pickle.UnpicklingError):
        pass  # another program than Python calls itself `sys.executable`
    _end(process)
    return None


def _say(process: subprocess.Popen[bytes], said: object) -> Any:
    """What the process answers.

    Raises: EOFError or OSError where it has ended.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(said, process.stdin, protocol=5)
    process.stdin.flush()
    return pickle.load(process.stdout)  # noqa: S301  from our own script


def _answered(process: subprocess.Popen[bytes], question: Question) -> Answer:
    """What the process answers, or the error that says how it ended."""
    try:
        given: Answer = _say(process, question)
    except (EOFError, OSError):
        stopped = process.wait() == KILLED
        _end_ours()
        return ValueError(
            "its reader was stopped, as happens where memory runs out"
            if stopped
            else "its reader crashes on it"
        )
    except BaseException:
        _end_ours()  # an answer that nobody waited for would be taken for the next one
        raise
    return given


@atexit.register
def _end_ours() -> None:
    if (process := _started.pop(os.getpid(), None)) is not None:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
