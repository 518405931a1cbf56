"""pyreadstat, asked in a process of its own.

It is a program in C, and one flipped byte of a file can end the process that it runs in: a notebook's kernel with all
that it holds, or a run of twenty reports. Here that is an error in words. The process starts with the first file and
answers until ours ends; where none can be started, pyreadstat is asked in ours. A damaged file can also ask for memory
or time without end, and so an answer may take what a file of its size may need, and no more.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from groundswell.waves.respondents.statistical import pyreadstat_process
from groundswell.waves.respondents.statistical.pyreadstat_process import Answer, Limits, Question

SECONDS, SECONDS_A_BYTE = 120, 5e-6
"""Processor time for any file, and for each of its bytes; a file packed as tightly as can be took 0.4e-6 for a byte."""

MEMORY_BYTES, MEMORY_BYTES_A_BYTE = 4 << 30, 500
"""Memory for any file, and for each of its bytes; such a file took 130 for a byte."""

KILLED = -9
"""How a process ends that the system stops at once."""

PIPE_BYTES = 1 << 20
"""What a pipe may hold: the two processes wait for each other less often than with the usual 64 KB."""

Cells = dict[str, Any]
"""By column its cells, as an array or a list."""


class OverLimitError(ValueError):
    """A file asks for more time or memory than one of its size may."""


def limits_of(file: Path) -> Limits:
    """What reading a file may take."""
    size = file.stat().st_size
    return SECONDS + int(SECONDS_A_BYTE * size), MEMORY_BYTES + MEMORY_BYTES_A_BYTE * size


def read_apart(function: str, file: Path, **options: Any) -> tuple[Cells, Any]:
    """What a function of pyreadstat reads, and what it says of the file.

    Raises: ValueError where the file cannot be read; of its kinds UnicodeError where its texts cannot be decoded, and
        OverLimitError where it asks for too much.
    """
    # absolute, since that process stays in the folder where it was started
    question = (function, str(file.absolute()), options)
    with _ONE_AT_A_TIME:
        process = _running()
        given = _ours(question) if process is None else _answered(process, question, limits_of(file))
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


def _ours(question: Question) -> Answer:
    """What our own process answers, which is held to no limits."""
    try:
        return pyreadstat_process.answer(question)
    except MemoryError:
        return OverLimitError("it takes more memory than there is")


def _answered(process: subprocess.Popen[bytes], question: Question, limits: Limits) -> Answer:
    """What the process answers, or the error that says how it ended."""
    try:
        given: Answer = _say(process, (question, limits))
    except (EOFError, OSError, pickle.UnpicklingError):
        ended = process.wait()
        _end_ours()
        return _how_it_ended(ended, limits)
    except BaseException:
        _end_ours()  # an answer that nobody waited for would be taken for the next one
        raise
    return given


def _how_it_ended(code: int, limits: Limits) -> ValueError:
    """What is said of a file by the code with which its reader ended."""
    seconds, memory = limits
    if code == pyreadstat_process.NO_MEMORY:
        return OverLimitError(f"it takes more than {memory / 1e9:,.1f} GB of memory")
    if code == -getattr(signal, "SIGXCPU", 0):
        return OverLimitError(f"it takes more than {seconds:,} seconds of processor time")
    if code == KILLED:
        return ValueError("its reader was stopped, as happens where memory runs out")
    return ValueError("its reader crashes on it")


@atexit.register
def _end_ours() -> None:
    if (process := _started.pop(os.getpid(), None)) is not None:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
