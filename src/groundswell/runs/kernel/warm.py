"""Warm kernels: forked from a server that has imported what a report needs, one server for all reports of a batch.

A kernel of its own Python imports for longer than a small report takes. One that is forked is as much apart from the
others: a process, guardian, session, environment and folder of its own, and its sockets opened after the fork. Where
there is no server, or it does not fork, a cold kernel is started instead; the reports are the same.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from groundswell.errors import InputError
from groundswell.happenings import tell
from groundswell.runs.kernel.order import Order
from groundswell.runs.kernel.surroundings import FIXED, surroundings

KERNELS = "GROUNDSWELL_KERNELS"
CHOICES = ("warm", "cold")

WORTH_A_SERVER = 2
"""Reports from which on a server is started: it imports what a single kernel would import."""

_NO_THREAD_OF_ARROW = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""As it is imported, pyarrow starts a thread for an allocator that it does not use; but threads are not forked."""

SECONDS_TO_END = 1
"""How long a server that does not end is waited for: one that is in the midst of its imports has no guardian yet."""

_LONGEST_PAUSE = 0.02


class ForkedGuardian:
    """The guardian that a server forks, as `subprocess.Popen` shows a process.

    Its lifeline is a socket: the guardian first says its number, and the end of the socket is its end. A socket that
    ends before was never given to a guardian; then `start_cold` starts one.
    """

    stdin = stdout = stderr = None

    def __init__(self, lifeline: socket.socket, start_cold: Callable[[], subprocess.Popen[bytes]]) -> None:
        lifeline.setblocking(False)
        self._lifeline = lifeline
        self._start_cold = start_cold
        self._cold: subprocess.Popen[bytes] | None = None
        self._number: int | None = None
        self._let_go = self._ended = False
        self._turn = Lock()

    @property
    def pid(self) -> int:
        """The guardian's number.

        Raises: ProcessLookupError where the server has not forked it yet.
        """
        self.poll()
        number = self._number if self._cold is None else self._cold.pid
        if number is None:
            raise ProcessLookupError
        return number

    @property
    def is_forked(self) -> bool:
        """Whether it is the server's fork, and not the one that is started where there is none."""
        return self._cold is None

    def poll(self) -> int | None:
        """None as long as the guardian is there, or is still to come."""
        with self._turn:
            if self._cold is None and not self._ended:
                self._listen()
            if self._cold is not None:
                return self._cold.poll()
            return 0 if self._ended else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises: TimeoutExpired, as `Popen` does.
        """
        begun, pause = time.monotonic(), 0.0005
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun > timeout:
                raise subprocess.TimeoutExpired("guardian", timeout)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return code

    def send_signal(self, sig: int) -> None:
        """Let go of the lifeline, so that all is ended; return without waiting."""
        with self._turn:
            self._let_go = True
            if self._cold is not None:
                self._cold.send_signal(sig)
            elif not self._ended:
                with suppress(OSError):  # the guardian ends by itself just now
                    self._lifeline.shutdown(socket.SHUT_WR)
                # One that is forked later finds the lifeline let go, and ends at once.
                self._end(self._number is None)

    def terminate(self) -> None:
        """As `send_signal`."""
        self.send_signal(0)

    kill = terminate

    def _listen(self) -> None:
        """Take in what the lifeline says."""
        said = b"."
        while said:
            try:
                said = self._lifeline.recv(32)
            except BlockingIOError:
                return
            except ConnectionError:
                said = b""
            if said:
                self._number = int(said)
        self._end(True)
        if self._number is None and not self._let_go:
            self._cold = self._start_cold()
            tell("kernel not forked", logging.WARNING, way_out="a cold one is started")

    def _end(self, ended: bool) -> None:
        if ended:
            self._ended = True
            self._lifeline.close()


class KernelServer:
    """A server, from its start to `end()`. It runs no cell, so kernels outlive it."""

    def __init__(self) -> None:
        self._surroundings = surroundings()
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-P", "-m", "groundswell.runs.kernel.server", str(theirs.fileno())],
                env=FIXED | self._surroundings | _NO_THREAD_OF_ARROW,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches the run only
            )

    def fork(
        self, order: Order, start_cold: Callable[[], subprocess.Popen[bytes]]
    ) -> ForkedGuardian | subprocess.Popen[bytes]:
        """Order a kernel, and return its guardian without waiting for either."""
        if surroundings() != self._surroundings:  # read by libraries as they are imported, which is long ago
            return start_cold()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self._orders, [order.to_bytes()], [theirs.fileno()])
            except OSError:
                ours.close()
                return start_cold()
        return ForkedGuardian(ours, start_cold)

    def end(self) -> None:
        """End the server, which waits for its guardians; kernels that still run would go on."""
        self._orders.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def kernel_server(reports: int) -> Iterator[KernelServer | None]:
    """A server for so many reports, as long as this is open; None where cold kernels are wanted or all there is.

    Raises: InputError where `GROUNDSWELL_KERNELS` is neither "warm" nor "cold".
    """
    wanted = os.environ.get(KERNELS, "").strip() or CHOICES[0]
    if wanted not in CHOICES:
        raise InputError(f"`{KERNELS}` is `warm` or `cold`, got `{wanted}`; leave it unset for `warm`")
    # A fork is safe with the libraries of Linux; those of macOS start threads of their own.
    server = None
    if wanted == "warm" and reports >= WORTH_A_SERVER and sys.platform == "linux":
        with suppress(
            OSError
        ):  # what keeps a server from starting is told, if need be, by what keeps a kernel
            server = KernelServer()
    try:
        yield server
    finally:
        if server is not None:
            server.end()
