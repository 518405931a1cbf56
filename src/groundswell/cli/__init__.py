"""The command line: parses and calls, nothing else.

What a command needs is imported when it runs, so that `groundswell --help` answers at once.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any

import click

from groundswell.cli import (
    doctor,
    estimate,
    moods,
    plan,
    reports,
    schedule,
    status,
    surveys,
    trend,
    verify,
    watch,
    waves,
)
from groundswell.cli.process.closed_output import forgive_closed_output
from groundswell.cli.process.log import say_and_tell
from groundswell.cli.process.signals import Signals
from groundswell.cli.root import cli
from groundswell.one_thread import keep_to_one_thread

__all__ = [
    "cli",
    "doctor",
    "estimate",
    "main",
    "moods",
    "plan",
    "reports",
    "schedule",
    "status",
    "surveys",
    "trend",
    "verify",
    "watch",
    "waves",
]


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; an interrupted run says so and gives its exit code."""
    signals = Signals()
    signals.listen()
    keep_to_one_thread()
    forgive_closed_output()
    try:
        return cli.main(arguments, prog_name="groundswell", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BaseException as error:
        # Whatever a library made of the signal, it is the signal that ends the command.
        if signals.received is None and not isinstance(error, click.Abort):
            raise
        with suppress(OSError):  # the terminal may be gone
            stands = _what_stands(error) or "nothing was published"
            say_and_tell(f"interrupted: {stands}", "interrupted", logging.WARNING, stands=stands)
        sys.exit(signals.exit_code())


def _what_stands(error: BaseException) -> str:
    """What the command said of its reports as it was interrupted; click puts an error of its own around it."""
    interrupts = (each for each in (error, error.__cause__) if isinstance(each, KeyboardInterrupt))
    return next(filter(None, map(str, interrupts)), "")
