"""The process between a run and its kernel: whatever ends the run, or the kernel, ends all that the kernel started.

The run holds the other end of this process's standard input and never writes to it. Where that end is closed, because
the run is done or because it was killed, the kernel and every process that it started are killed, whatever they are
busy with. On Linux a process whose parent has ended becomes a child of this one, so that none gets away by forking
twice or by starting a session; elsewhere the kernel's own process group is all that is found.

Run as a script it imports nothing of groundswell, so that it starts quickly. It is started as
`guardian.py LOG ENDED MEMORY COMMAND...`: where the kernel's output goes, where to write how the kernel ended, the
bytes of memory that the kernel and its processes may take together (0: no limit), and the kernel's command.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.5
"""How often memory is looked at; a look takes about a millisecond."""

CANNOT_START = 127
"""How the kernel's process ends whose command cannot be started, as in a shell."""

_LIFELINE = 0
_CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD)
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_SYSTEM = ctypes.CDLL(None)

Ended = dict[str, int]
"""How the kernel ended: its `exit` code, the `signal` that killed it, or the bytes of `memory` that were too many."""


def main(log: str, ended: str, memory: str, *command: str) -> None:
    """Keep the kernel that `command` starts."""
    guard(log, ended, int(memory))
    try:
        os.execv(command[0], command)  # noqa: S606 - our own command, no shell
    finally:
        os._exit(CANNOT_START)


def guard(log: str, ended: str, memory: int) -> None:
    """Fork, and return in the kernel's process only.

    The process that called this keeps the kernel until it ends or nobody holds the lifeline, then ends all that is
    left, and itself.
    """
    # Handlers and not SIG_IGN, which the kernel would inherit.
    for number in _CAUGHT:
        signal.signal(number, lambda *_: None)
    waking, wake = os.pipe()
    os.set_blocking(waking, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    if sys.platform == "linux":
        _SYSTEM.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    guardian = os.getpid()
    if not (kernel := os.fork()):
        _begin(log, guardian, (waking, wake))
        return
    came = _watch(kernel, waking, memory)
    _end_all(kernel)
    if came:
        with suppress(OSError):  # the run, and its folder with it, may be gone
            Path(ended).write_text(json.dumps(came), encoding="utf-8")
    os._exit(0)


def _begin(log: str, guardian: int, of_guardian: tuple[int, int]) -> None:
    """Make a kernel's process of this one: a session of its own, its log, and nothing that is the guardian's."""
    try:
        os.setsid()
        if sys.platform == "linux":  # should the guardian be killed, the kernel ends at once
            _SYSTEM.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != guardian:
                os._exit(CANNOT_START)
        signal.set_wakeup_fd(-1)
        for number in _CAUGHT:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ["JPY_PARENT_PID"] = str(guardian)
        # An image of the memory of a kernel that crashes would hold respondents.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for opened, place in ((nothing, _LIFELINE), (output, 1), (output, 2)):
            os.dup2(opened, place)
        for opened in (nothing, output, *of_guardian):
            os.close(opened)
    except BaseException:  # noqa: BLE001 - a process that cannot be a kernel must not go on as anything else
        os._exit(CANNOT_START)


def _watch(kernel: int, waking: int, memory: int) -> Ended:
    """Wait until the kernel ends or takes too much; empty where nobody holds the lifeline any more."""
    while True:
        ready, _, _ = select.select([_LIFELINE, waking], [], [], SECONDS_BETWEEN_LOOKS)
        if _LIFELINE in ready:
            return {}
        with suppress(BlockingIOError):
            os.read(waking, 4096)
        while (reaped := os.waitpid(-1, os.WNOHANG))[0]:
            if reaped[0] == kernel:
                code = os.waitstatus_to_exitcode(reaped[1])
                return {"signal": -code} if code < 0 else {"exit": code}
        if memory and (taken := _memory(_descendants(os.getpid()), memory)) > memory:
            return {"memory": taken}


def _end_all(kernel: int) -> None:
    """Kill and await every process that descends from this one."""
    with suppress(OSError):  # where descendants cannot be listed, the kernel's group is what is known
        os.killpg(kernel, signal.SIGKILL)
    while True:
        for process in _descendants(os.getpid()):
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        try:
            reaped, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not reaped:
            time.sleep(0.002)


def _descendants(process: int) -> list[int]:
    """The processes that `process` and its descendants started; none where the system does not list them."""
    found: list[int] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, children.read_text(encoding="ascii").split())
    return found + [each for child in found for each in _descendants(child)]


def _memory(processes: list[int], enough: int) -> int:
    """Bytes that are the processes' own, and not of files; what they share counts once where `enough` is reached."""
    quickly = sum(map(_resident, processes))
    return quickly if quickly <= enough else sum(map(_share_of_memory, processes))


def _resident(process: int) -> int:
    """What the process holds; what it shares with one that it was forked from is counted in both."""
    with suppress(OSError):
        _, resident, of_files, *_ = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        return (int(resident) - int(of_files)) * resource.getpagesize()
    return 0


def _share_of_memory(process: int) -> int:
    """What the process holds, shared memory divided among those that share it; a slow look for a large process."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1]) * 1024
    return _resident(process)


if __name__ == "__main__":
    main(*sys.argv[1:])
