"""What happens, told where it happens to whoever keeps a log; nobody hears it until a command says who does.

    with about(run="20240601T053000.000000Z-aaaaaa", survey="mood"):
        tell("published", folder="reports/mood/2024-06-01")

Python's own `logging` carries it, under the name `groundswell`, with what it is about in the record's `told`: a program
that calls groundswell may listen to it as to any library. As JSON the command line writes it (`cli.process.log`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final

HAPPENINGS: Final = logging.getLogger("groundswell")
HAPPENINGS.addHandler(logging.NullHandler())

_ABOUT: ContextVar[Mapping[str, Any]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**subject: Any) -> Iterator[None]:
    """While this is open, all that this thread tells is about the subject too."""
    before = _ABOUT.set({**_ABOUT.get(), **subject})
    try:
        yield
    finally:
        _ABOUT.reset(before)


def tell(event: str, level: int = logging.INFO, **facts: Any) -> None:
    """Something has happened: `event` says what, in words that stay, and the facts say to what and how."""
    HAPPENINGS.log(level, event, extra={"told": {**_ABOUT.get(), **facts}})
