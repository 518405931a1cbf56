"""Where messages go: addresses that stand in the environment and nowhere else, sent to through Apprise.

An address of Apprise is a secret as a whole (a token may be its host, its path or a header). So none is ever printed,
written or raised: one is called by its service and its place in its variable, and known again by eight digits of its
checksum.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from groundswell.errors import InputError

Audience = Literal["news", "failures"]
VARIABLES: Final[dict[Audience, str]] = {
    "news": "GROUNDSWELL_TELL_NEWS",
    "failures": "GROUNDSWELL_TELL_FAILURES",
}
"""The environment variable that holds an audience's addresses, with blanks between them."""


@dataclass(frozen=True)
class Address:
    """One address. `label` is what may be said of it, `mark` what may be kept; `service` is None for one that Apprise
    does not know."""

    label: str
    mark: str
    service: Any = field(default=None, repr=False)

    def send(self, title: str, body: str) -> bool:
        """Send a message; whether it was taken. Whatever goes wrong with it is said by no library."""
        if self.service is None:
            return False
        from apprise import Apprise, NotifyFormat

        carrier = Apprise()
        carrier.add(self.service)
        with _no_logs():
            try:
                return bool(carrier.notify(title=title, body=body, body_format=NotifyFormat.TEXT))
            except Exception:  # noqa: BLE001 - a plugin's error may quote its address; the message is tried again
                return False


@contextmanager
def _no_logs() -> Iterator[None]:
    """While this is open no library logs: Apprise writes addresses into its lines, and urllib3 their paths."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def addresses(audience: Audience) -> list[Address]:
    """The addresses of an audience; none where its variable is not set or empty.

    Raises: InputError where there are some, and Apprise is not installed.
    """
    variable = VARIABLES[audience]
    written = os.environ.get(variable, "").split()
    if not written:
        return []
    try:
        from apprise import Apprise
    except ImportError as error:
        raise InputError(
            f"`{variable}` holds addresses, and sending to them needs Apprise: pip install groundswell[alerts]"
        ) from error
    return [_address(variable, place, url, Apprise.instantiate) for place, url in enumerate(written, start=1)]


def _address(variable: str, place: int, url: str, instantiate: Any) -> Address:
    with _no_logs():
        try:
            service = instantiate(url, suppress_exceptions=True)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not to be printed
            service = None
    name = str(service.service_name) if service is not None else "no address that Apprise knows"
    return Address(
        f"{name} (address {place} of {variable})", hashlib.sha256(url.encode()).hexdigest()[:8], service
    )
