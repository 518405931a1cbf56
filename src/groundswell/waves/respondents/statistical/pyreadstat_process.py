"""What the process does that reads SPSS, Stata and SAS files for another one (`read_apart`).

Run as a script it imports pyreadstat and nothing of groundswell, so that it starts in a fifth of a second. It says that
it is ready, and then answers one question after the other until nobody can ask any more.
"""

from __future__ import annotations

import math
import os
import pickle
import sys
import warnings
from typing import Any

Question = tuple[str, str, dict[str, Any]]
"""The name of pyreadstat's function, the file, and the function's options."""

Limits = tuple[int, int]
"""Seconds of processor time, and bytes of memory, that an answer may take."""

Answer = tuple[dict[str, Any], dict[str, Any]] | Exception
"""By column its cells, and by name what the file says of itself; or what stopped the reading."""

NO_MEMORY = 71
"""How the process ends that may not have as much memory as a file asks for."""

BLOCK = 1_000
"""So many rows are packed at a time."""


def answer(question: Question) -> Answer:
    """What pyreadstat reads: a column of numbers as an array, others, where some are tagged missing, as a list."""
    import pyreadstat

    function, file, options = question
    with warnings.catch_warnings(action="always", record=True) as warned:
        try:
            cells, about = getattr(pyreadstat, function)(file, output_format="dict", **options)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a damaged file brings to light is said of the file
            return _plain(error)
    for warning in warned:
        if "is duplicated" in (words := str(warning.message)):
            # rather than read under a name that the file does not have
            return ValueError(words.partition(", renamed")[0])
    return _packed(cells, about.readstat_variable_types), vars(about)


def _plain(error: Exception) -> Exception:
    """The error as one that can be handed over without the library that it is from."""
    words = str(error) or type(error).__name__
    if "Unable to allocate memory" in words:
        raise MemoryError from error
    return UnicodeError(words) if isinstance(error, UnicodeError) else ValueError(words)


def _packed(cells: dict[str, list[Any]], kinds: dict[str, str]) -> dict[str, Any]:
    """Numbers as arrays, an empty cell as NaN; the list itself where it is of text or has tagged missing answers.

    The cells were made row by row; a block of rows at a time, they are near each other, which takes half of the time.
    """
    import numpy as np

    rows = len(next(iter(cells.values()), ()))
    arrays = {name: np.empty(rows) for name in cells if kinds[name] != "string"}
    for start in range(0, rows, BLOCK):
        block = slice(start, start + BLOCK)
        for name in list(arrays):
            try:
                arrays[name][block] = cells[name][block]
            except ValueError:  # the letter of a tagged missing answer
                del arrays[name]
    whole = [name for name in arrays if kinds[name].startswith("int") and not np.isnan(arrays[name]).any()]
    return cells | arrays | {name: arrays[name].astype(int) for name in whole}


def limit(limits: Limits) -> None:
    """Hold this process to what an answer may take, on top of what it has taken; where a system has no limits, to none.

    A process that ends leaves no image of its memory behind, which would hold respondents.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds, memory = limits
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: math.ceil(used.ru_utime + used.ru_stime) + seconds}
    try:
        with open("/proc/self/statm") as stream:  # noqa: PTH123  nothing more than this is loaded
            most[resource.RLIMIT_AS] = int(stream.read().split()[0]) * resource.getpagesize() + memory
    except OSError:  # macOS, which does not hold a process to a limit of memory either
        pass
    for kind, amount in most.items():
        highest = resource.getrlimit(kind)[1]
        own = amount if highest == resource.RLIM_INFINITY else min(amount, highest)
        resource.setrlimit(kind, (own, highest))


def main() -> None:
    """Answer what stands on the standard input, on what was the standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not print into an answer
    sys.path[:] = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one

    said: object = "ready"
    while True:
        pickle.dump(said, answers, protocol=5)
        answers.flush()
        said = None  # a large table is not kept while nobody asks
        try:
            question, limits = pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return
        limit(limits)
        said = answer(question)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(NO_MEMORY)
