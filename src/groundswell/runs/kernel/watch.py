"""The clock and the scales that stand next to a notebook while it runs: time, and what it has shown so far.

Both end the kernel from outside, so that a cell that holds the interpreter is ended too. Memory is watched by the
kernel's guardian, and what is saved is looked at between cells.
"""

from __future__ import annotations

import time
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from groundswell.runs.kernel.cells import name_cell
from groundswell.runs.kernel.kernels import Kernel
from groundswell.runs.kernel.limits import CELL_SECONDS, OUTPUT_SIZE, REPORT_SECONDS, in_words

LONGEST_SLEEP = 1.0
"""Seconds between two looks at the clock."""


class Watch:
    """The limits of one kernel as its notebook runs: `with Watch(kernel) as watch:`."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._limits = kernel.limits
        self._started = self._cell_started = time.monotonic()
        self._shown = 0
        self._cell: Any = None
        self._number = 0
        self._done = Event()
        self.over = ""
        """What the notebook took too much of, as a sentence's end; empty as long as it did not."""

    def __enter__(self) -> Self:
        """Start the clock."""
        Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._done.set()

    def enter(self, cell: Any) -> None:
        """The notebook has come to `cell`."""
        self._cell, self._cell_started = cell, time.monotonic()
        self._number += cell.cell_type == "code" and bool(cell.source.strip())

    def where(self) -> str:
        """The cell that the notebook has come to, in words; Jupyter's number is lost where the kernel dies at once."""
        if self._cell is None:
            return "before its first cell the notebook"
        return name_cell(self._cell.source, self._number)

    def weigh(self, content: Any) -> bool:
        """Count what a cell shows; whether it may still show it."""
        self._shown += _weight(content)
        if self._shown > self._limits.output:
            shown, most = in_words(self._shown), in_words(self._limits.output)
            self._end(f"brought what the notebook shows to {shown}; `{OUTPUT_SIZE}` allows {most}")
        return not self.over

    def _look(self) -> None:
        while not self._done.wait(min(LONGEST_SLEEP, self._limits.cell_seconds / 4)):
            now = time.monotonic()
            # a kernel that is just starting runs no cell
            if self._cell is not None and now - self._cell_started > self._limits.cell_seconds:
                self._end(
                    f"ran for more than {self._limits.cell_seconds:,g} seconds; `{CELL_SECONDS}` states how long a "
                    "cell may run"
                )
            if now - self._started > self._limits.report_seconds:
                self._end(
                    f"was running when the notebook had taken {self._limits.report_seconds:,g} seconds; "
                    f"`{REPORT_SECONDS}` states how long it may"
                )

    def _end(self, over: str) -> None:
        self.over = self.over or over
        self._kernel.process.terminate()


def _weight(content: Any) -> int:
    """The characters in a message's texts, wherever they stand."""
    if isinstance(content, str):
        return len(content)
    if isinstance(content, dict):
        return sum(map(_weight, content.values()))
    return sum(map(_weight, content)) if isinstance(content, list | tuple) else 0
