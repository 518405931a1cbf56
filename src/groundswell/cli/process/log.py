"""Who hears what happens in a run: a person reads words on the terminal, a program reads JSON, a line an event.

A scheduler collects standard error, so with `--log json` nothing but such lines goes there; `--log-file` writes them to
a file besides whatever the terminal shows. structlog makes them, is set up here and nowhere else, and is imported only
where they are asked for: it takes as long as a small command.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import click

from groundswell.errors import InputError
from groundswell.happenings import HAPPENINGS, tell

LEVEL = "GROUNDSWELL_LOG_LEVEL"
LEVELS = ("debug", "info", "warning", "error")

Told = MutableMapping[str, Any]

OF_LOGS = (
    click.option(
        "--log-file",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="GROUNDSWELL_LOG_FILE",
        help="Add JSON to this file, a line an event, whatever standard error gets.",
    ),
    click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        envvar="GROUNDSWELL_LOG",
        default="text",
        show_default=True,
        help="What standard error gets: words and a bar, or JSON, a line an event.",
    ),
)
"""The options of a command that has a log; what they say is for `listen`."""


class _ForPrograms(logging.StreamHandler[Any]):
    """JSON on standard error. A reader that has gone away stops no report."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own signature
        """Go on without a log."""


class _ForKeeping(WatchedFileHandler):
    """JSON in a file, opened again where another program has moved it away, as those do that rotate logs."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's own signature
        """Say once why nothing is written, and go on."""
        HAPPENINGS.removeHandler(self)
        say(f"note: nothing more is written to the log file: {sys.exc_info()[1]}")


def listen(form: str, file: Path | None, project: Path) -> None:
    """Write from here on what happens, as JSON to standard error where that is the form, and to the file.

    Raises: InputError where the file cannot be written, or `GROUNDSWELL_LOG_LEVEL` is no level.
    """
    stop_listening()
    level = os.environ.get(LEVEL, "").strip().lower() or "info"
    if level not in LEVELS:
        raise InputError(f"`{LEVEL}` is one of {', '.join(LEVELS)}, got `{level}`; leave it unset for info")
    handlers: list[logging.Handler] = [_ForPrograms(sys.stderr)] if form == "json" else []
    if file is not None:
        try:
            handlers.append(_ForKeeping(file, encoding="utf-8"))
        except OSError as error:
            raise InputError(
                f"`log_file=` names a file to add to, in a folder that is there, got `{file}`: {error.strerror}"
            ) from error
    if not handlers:
        return
    formatter = _as_json(project)
    for handler in handlers:
        handler.setFormatter(formatter)
        HAPPENINGS.addHandler(handler)
    HAPPENINGS.setLevel(level.upper())


def stop_listening() -> None:
    """Nobody hears anything any more."""
    for handler in [each for each in HAPPENINGS.handlers if isinstance(each, _ForPrograms | _ForKeeping)]:
        HAPPENINGS.removeHandler(handler)
        handler.close()
    HAPPENINGS.setLevel(logging.NOTSET)


def speaks_json() -> bool:
    """Whether standard error belongs to a program, so that no words go there."""
    return any(isinstance(handler, _ForPrograms) for handler in HAPPENINGS.handlers)


def say(words: str) -> None:
    """Say something to the person at the terminal; a program is told by events."""
    if not speaks_json():
        click.echo(words, err=True)


def say_and_tell(words: str, event: str, level: int = logging.INFO, **facts: Any) -> None:
    """Say it to a person, in words, and to a program, as an event."""
    say(words)
    tell(event, level, **facts)


def _as_json(project: Path) -> logging.Formatter:
    from structlog.processors import JSONRenderer
    from structlog.stdlib import ProcessorFormatter

    from groundswell.runs.kernel.machine import Machine
    from groundswell.runs.run.record import new_id

    machine, batch = Machine(project), new_id()

    def with_facts(_logger: object, _method: str, event: Told) -> Told:
        record: logging.LogRecord = event["_record"]
        told = getattr(record, "told", {})
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        happened = {"time": when, "level": record.levelname.lower(), "event": record.getMessage()}
        return {**happened, "batch": batch, **told}

    def without_folders(_logger: object, _method: str, event: Told) -> Told:
        """A log is sent to others: no folder of this machine is in it."""
        return {
            key: machine.without_folders(fact) if isinstance(fact, str) else fact
            for key, fact in event.items()
        }

    return ProcessorFormatter(
        processors=[with_facts, without_folders, JSONRenderer(ensure_ascii=False, default=str)]
    )
