"""The server that a batch's kernels are forked from: a Python that has imported what a report needs, and runs no cell.

Run as `python -P -m groundswell.runs.kernel.server SOCKET`; `runs.kernel.warm` does, and sends an order for each
kernel together with that kernel's lifeline. A fork copies what the imports left and nothing else, because nothing else
is here: no thread, no socket of 0MQ, no connection to DuckDB, no respondent. What a Python of its own would have drawn
or read anew is made anew: the environment, the working folder, the folder for temporary files, and the random numbers
that nobody has seeded (`random` does that by itself).
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from groundswell.runs.kernel import process
from groundswell.runs.kernel.guardian import CANNOT_START, guard
from groundswell.runs.kernel.order import Order

LONGEST_ORDER = 2**20
"""Bytes; a socket takes less."""

SECONDS_TO_END = 1


def main(channel: int) -> None:
    """Import, then fork a kernel for each order until nobody is there to send one."""
    orders = socket.socket(fileno=channel)
    orders.set_inheritable(False)
    process.prepare()
    gc.collect()
    gc.freeze()  # a collection in a kernel must not touch, and so copy, what all of them share
    signal.signal(signal.SIGCHLD, lambda *_: _await_guardians(os.WNOHANG))
    order, lifeline = _next_kernel(orders)
    _guarded(order, lifeline)
    _begin(order)
    process.serve()


def _next_kernel(orders: socket.socket) -> tuple[Order, int]:
    """Fork for each order, and return in the forked processes only."""
    while True:
        sent, lifelines, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 1)
        if not sent:
            signal.alarm(SECONDS_TO_END)  # ends this process, should a guardian be stopped
            _await_guardians(0)
            os._exit(0)
        if _forked():
            orders.close()
            return Order.from_bytes(sent), lifelines[0]
        os.close(lifelines[0])  # where there was no fork, this tells the run to start a kernel of its own


def _await_guardians(options: int) -> None:
    """Await those that have ended, with `options` of 0 the others too; what they used then counts as the run's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _forked() -> bool:
    """Fork, unless a library has started a thread here, which a copy would not have; whether this is the copy."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1 and os.fork() == 0
    except OSError:
        return False


def _guarded(order: Order, lifeline: int) -> None:
    """Fork once more, and return in the kernel's process; this one stays as its guardian."""
    try:
        os.setsid()
        os.dup2(lifeline, 0)
        os.close(lifeline)
        if select.select([0], [], [], 0)[0]:  # it has been let go already
            os._exit(0)
        os.environ.clear()
        os.environ.update(order.environment)
        os.chdir(order.working_folder)
        os.write(0, str(os.getpid()).encode())
        guard(order.log, order.ended, order.memory)
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as the server or as a kernel
        os._exit(CANNOT_START)


def _begin(order: Order) -> None:
    """Leave nothing of the server's that a Python of its own would not have."""
    sys.argv = [process.__file__, *order.arguments]
    tempfile.tempdir = None
    import_module("numpy").random.seed()


if __name__ == "__main__":
    main(int(sys.argv[1]))
