"""The command line: parses and calls, nothing else.

What a command needs is imported when it runs, so that `groundswell --help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Any

import click

from groundswell.cli import estimate, moods, plan, reports, schedule, surveys, trend, waves
from groundswell.cli.root import cli
from groundswell.one_thread import keep_to_one_thread

__all__ = ["cli", "estimate", "main", "moods", "plan", "reports", "schedule", "surveys", "trend", "waves"]


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """End in order on SIGTERM, as on Ctrl-C: kernels ended, staging removed."""
    sys.exit(128 + signal.SIGTERM)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; an interrupted run says so and gives its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    keep_to_one_thread()
    try:
        return cli.main(arguments, prog_name="groundswell", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: nothing was published", err=True)
        sys.exit(130)
