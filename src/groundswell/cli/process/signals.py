"""Ctrl-C, a closed terminal and a scheduler's SIGTERM end a command in the same order: kernels ended, staging removed.

A signal becomes an exception wherever the program is, so a library may swallow it or make another error of it. Hence
the note of what came (`received`), and a second signal counts again, though not at once: a terminal that closes sends
SIGHUP twice, and tidying up must not be cut short by that.
"""

from __future__ import annotations

import atexit
import signal
import time
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SECONDS_TO_TIDY_UP = 5
"""For so long after a signal another one is not heard."""


class EndedBySignal(KeyboardInterrupt):
    """A signal that asks the command to end; a `KeyboardInterrupt`, which libraries let through."""


class Signals:
    """What has been heard since `listen`."""

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self._when = 0.0

    def listen(self) -> None:
        """From now on each signal that is not ignored (as under `nohup`) raises `EndedBySignal`."""
        for each in SIGNALS:
            if signal.getsignal(each) != signal.SIG_IGN:
                signal.signal(each, self._hear)
        atexit.register(_unheard)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None and time.monotonic() - self._when < SECONDS_TO_TIDY_UP:
            return
        self.received, self._when = signal.Signals(number), time.monotonic()
        raise EndedBySignal

    def exit_code(self) -> int:
        """128 and the signal's number, as a shell has it."""
        return 128 + (self.received or signal.SIGINT)


def _unheard() -> None:
    """While the program takes itself apart a signal ends it without a word."""
    for each in SIGNALS:
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, signal.SIG_DFL)
