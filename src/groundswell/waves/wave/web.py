"""Asking a web server, within a time that holds whatever the server does, and over few redirects.

A socket's own time limit begins anew with each byte, so that a server which sends one now and then is waited for for
ever. Here the whole exchange has an end, at which its connections are shut.
"""

from __future__ import annotations

import http.client
import socket
import string
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from groundswell.errors import GroundswellError

SILENCE = 30
"""Seconds that a silent server is waited for."""

MOST_REDIRECTS = 5
"""Addresses that a server may send on to, one after the other."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Deadline:
    """The end of an exchange; `passed` says that it came."""

    def __init__(self) -> None:
        self.passed = False
        self._connections: list[socket.socket] = []

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection when the time is over, at once if it is."""
        self._connections.append(connection)
        if self.passed:
            self.come()

    def come(self) -> None:
        """Shut every connection: whoever reads from one finds it ended."""
        self.passed = True
        for connection in self._connections:
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def deadline_in(seconds: float) -> Iterator[Deadline]:
    """A deadline that comes in so many seconds, unless the block ends before."""
    deadline = Deadline()
    timer = threading.Timer(seconds, deadline.come)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()


def is_web_address(address: str) -> bool:
    """Whether the address begins with https:// or http:// and names a host."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that is not closed
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def ask(address: str, headers: Mapping[str, str], deadline: Deadline) -> http.client.HTTPResponse:
    """The server's answer, its body not read yet, after following it to as many as `MOST_REDIRECTS` other addresses.

    Raises: HTTPError, URLError, HTTPException, OSError or ValueError as urllib does; GroundswellError where the server
    leads on too often, or to what is not a web address.
    """
    opener = urllib.request.build_opener(_Http(deadline), _Https(deadline), _StayHere())
    at = address
    for _ in range(MOST_REDIRECTS + 1):
        request = urllib.request.Request(at, headers=dict(headers))  # noqa: S310  # only web addresses come here
        try:
            response: http.client.HTTPResponse = opener.open(request, timeout=SILENCE)
        except urllib.error.HTTPError as error:
            leads_to = error.headers.get("Location")
            if error.code not in REDIRECTS or not leads_to:
                raise
            error.close()  # unread: what comes with a redirect may have no end
            at = _followed(address, at, leads_to)
        else:
            return response
    raise GroundswellError(
        f"`{address}` leads on to another address more than {MOST_REDIRECTS} times: look for the file's own address at "
        "its publisher"
    )


def _followed(address: str, at: str, leads_to: str) -> str:
    """The address that an answer from `at` leads to."""
    with suppress(ValueError):
        to = urljoin(at, quote(leads_to, safe=string.punctuation, encoding="iso-8859-1"))
        if is_web_address(to):
            return to
    raise GroundswellError(
        f"`{address}` leads on to `{leads_to}`, which is not a web address: look for the file's own address at its "
        "publisher"
    )


class _Connection(http.client.HTTPConnection):
    """A connection that ends with the deadline."""

    def __init__(self, host: str, *, deadline: Deadline, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _EncryptedConnection(_Connection, http.client.HTTPSConnection):
    """The same over TLS: what is watched is the socket that encrypts."""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req, deadline=self._deadline)  # type: ignore[arg-type]


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_EncryptedConnection, req, deadline=self._deadline)  # type: ignore[arg-type]


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to `ask`: urllib reads the whole body of one, and follows to other than web addresses."""

    def http_error_302(self, *_asked: Any, **_more: Any) -> None:
        """Take no redirect for one, so that it is raised as any other answer that is not the file."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302
