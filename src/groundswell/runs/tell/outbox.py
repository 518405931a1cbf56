"""What was told and what is still to be told: one record a message under `reports/.alerts/`, with its mail beside it.

A message is written down before anything is sent, and each address that took it is noted at once: a process that is
killed tells again at most what it was just sending, and loses nothing. A record says nothing of an address but eight
digits of its checksum.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from groundswell.files import write_whole
from groundswell.reports.publish.mail import Message, mail
from groundswell.runs.tell.addresses import Audience

FOLDER: Final = ".alerts"
SCHEMA: Final = 1
TRIED_FOR: Final = timedelta(days=7)
"""How long a message is tried again; what is older is no news."""


@dataclass(frozen=True)
class Told:
    """One message. `event` names what happened, so that it is told once; `thread` what it belongs to, of which nothing
    up to `until` is news any more. `sent` are the marks of the addresses that took it."""

    schema: Literal[1]
    audience: Audience
    event: str
    thread: str
    until: str
    subject: str
    text: str
    written: AwareDatetime
    sent: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"{self.written:%Y-%m-%d}-{identifier(self.event)}"


def identifier(event: str) -> str:
    """An event as a short name."""
    return hashlib.sha256(event.encode()).hexdigest()[:12]


class Outbox:
    """The messages of one archive."""

    def __init__(self, reports: Path) -> None:
        self.folder = reports / FOLDER
        self._told = {told.event: told for told in self._read()}

    def knows(self, event: str, thread: str, until: str) -> bool:
        """Whether an event was told, or a later one of the same thread."""
        same = (told.until for told in self._told.values() if told.thread == thread)
        return event in self._told or any(until <= each for each in same if until and each)

    def add(self, audience: Audience, event: str, thread: str, until: str, message: Message) -> Told:
        """Write a message down, with its mail.

        Raises: OSError where it cannot be written.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        told = Told(SCHEMA, audience, event, thread, until, message.subject, message.text, now)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"{told.name}.eml", mail(message, identifier(event), now))
        self._keep(told)
        return told

    def sent(self, told: Told, mark: str) -> Told:
        """Note that an address has taken a message."""
        known = self._told[told.event]
        noted = Told(**{**vars(known), "sent": (*known.sent, mark)})
        self._keep(noted)
        return noted

    def open(self) -> list[Told]:
        """The messages that are young enough to be tried, oldest first."""
        since = datetime.now(UTC) - TRIED_FOR
        return sorted(
            (each for each in self._told.values() if each.written >= since), key=lambda each: each.name
        )

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """While this is open no other process tells; False where another one is at it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            self._told = {told.event: told for told in self._read()}
            yield True

    def _keep(self, told: Told) -> None:
        text = json.dumps(asdict(told) | {"written": told.written.isoformat()}, ensure_ascii=False, indent=1)
        write_whole(self.folder / f"{told.name}.json", text + "\n")
        self._told[told.event] = told

    def _read(self) -> Iterator[Told]:
        """Every record that is one; what is damaged is told again rather than lost."""
        for file in sorted(self.folder.glob("*.json")):
            try:
                yield _adapter().validate_json(file.read_bytes())
            except (OSError, ValidationError):
                continue


@lru_cache
def _adapter() -> TypeAdapter[Told]:
    return TypeAdapter(Told)
