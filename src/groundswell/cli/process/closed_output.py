"""Output that nobody reads any more is no error: `groundswell report --all | head -1` makes all reports.

What is written to a pipe whose reader has gone is dropped, and the command goes on as it would.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Forgiving(io.FileIO):
    """A file descriptor that drops what cannot be written because its reader has gone."""

    def write(self, content: ReadableBuffer, /) -> int:
        """Write, or drop."""
        view = memoryview(content).cast("B")
        try:
            return super().write(view) or 0
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(view)


def forgive_closed_output() -> None:
    """Let both outputs of this process be closed by whoever reads them."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if not _is_own(stream, number):
            continue
        raw = _Forgiving(number, "w", closefd=False)
        setattr(
            sys,
            name,
            io.TextIOWrapper(
                io.BufferedWriter(raw),
                encoding=stream.encoding,
                errors=stream.errors,
                line_buffering=stream.line_buffering or number == 2,
            ),
        )


def _is_own(stream: object, number: int) -> bool:
    """Whether a stream is the process's own and not one that a test or a caller put there."""
    try:
        return isinstance(stream, io.TextIOWrapper) and stream.fileno() == number
    except (OSError, ValueError):
        return False
