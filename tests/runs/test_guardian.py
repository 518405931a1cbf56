"""Whatever ends a run, nothing of it lives on: the guardian, with plain processes in the place of a kernel."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from projects import processes_in, wait_until

from groundswell.runs.kernel import guardian, kernels
from groundswell.runs.kernel.kernels import Guardian, Kernel, start_kernel
from groundswell.runs.kernel.limits import read_limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the kernel's group is known")

STARTS_MANY = """
import os, re, subprocess, sys, time
mark = sys.argv[1]
sleep = [sys.executable, "-c", "import time; time.sleep(600)", mark]
subprocess.Popen(sleep)
subprocess.Popen(sleep, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(sleep, start_new_session=True)
    os._exit(0)
os.wait()
open(mark + "/ready", "w").close()
re.match("(a+)+$", "a" * 60 + "b")
"""
"""A child, one in a session of its own, one whose parent is gone; then a loop that holds the interpreter."""

STARTS_AND_EXITS = STARTS_MANY.replace('re.match("(a+)+$", "a" * 60 + "b")', "sys.exit(3)")

HOLDS_MEMORY = """
import sys, time
sys.argv[1]
held = b"x" * 300_000_000
time.sleep(600)
"""

RUNS = """
import subprocess, sys, time
subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, start_new_session=True)
time.sleep(600)
"""
"""A run that starts a guardian and has nothing else to do."""


def guarded(folder: Path, code: str, memory: int = 0) -> list[str]:
    kernel = [sys.executable, "-c", code, str(folder)]
    kept = [str(folder / "log"), str(folder / "ended"), str(memory), *kernel]
    return [sys.executable, "-I", "-S", guardian.__file__, *kept]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def all_gone(folder: Path) -> None:
    wait_until(lambda: not processes_in(folder), seconds=10)


@pytest.mark.parametrize("ended", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_the_death_of_the_run_ends_all_that_a_cell_started_whatever_it_is_busy_with(
    tmp_path: Path, ended: signal.Signals
) -> None:
    run = start([sys.executable, "-c", RUNS, str(tmp_path), *guarded(tmp_path, STARTS_MANY)])
    wait_until((tmp_path / "ready").exists)
    assert len(processes_in(tmp_path)) >= 6  # the run, the guardian, the kernel, and three that it started
    run.send_signal(ended)
    run.wait()
    all_gone(tmp_path)
    assert not (tmp_path / "ended").exists(), "the run ended it: it did not end by itself"


def test_a_kernel_that_ends_takes_along_what_it_started_and_says_how_it_ended(tmp_path: Path) -> None:
    process = start(guarded(tmp_path, STARTS_AND_EXITS))
    assert process.wait(30) == 0
    assert not processes_in(tmp_path), "nothing lives on once the guardian is gone"
    assert json.loads((tmp_path / "ended").read_text()) == {"exit": 3}


def test_a_kernel_that_is_killed_is_said_to_have_been(tmp_path: Path) -> None:
    process = start(guarded(tmp_path, "import os; os.kill(os.getpid(), 11)"))
    process.wait(30)
    assert json.loads((tmp_path / "ended").read_text()) == {"signal": signal.SIGSEGV}


def test_a_kernel_whose_guardian_is_killed_ends_at_once(tmp_path: Path) -> None:
    process = start(
        guarded(tmp_path, f"open({str(tmp_path / 'ready')!r}, 'w'); import time; time.sleep(600)")
    )
    wait_until((tmp_path / "ready").exists)
    process.kill()
    all_gone(tmp_path)


def test_too_much_memory_ends_the_kernel_and_is_told(tmp_path: Path) -> None:
    process = start(guarded(tmp_path, HOLDS_MEMORY, memory=200_000_000))
    process.wait(30)
    all_gone(tmp_path)
    assert json.loads((tmp_path / "ended").read_text())["memory"] >= 200_000_000


def test_memory_that_forked_processes_share_counts_once(tmp_path: Path) -> None:
    forks = HOLDS_MEMORY.replace("time.sleep(600)", "import os\nos.fork()\nos.fork()\ntime.sleep(2)")
    process = start(guarded(tmp_path, forks, memory=600_000_000))
    process.wait(30)
    assert json.loads((tmp_path / "ended").read_text()) == {"exit": 0}


def test_signals_do_not_reach_what_a_guardian_keeps(tmp_path: Path) -> None:
    process = start(
        guarded(tmp_path, f"open({str(tmp_path / 'ready')!r}, 'w'); import time; time.sleep(600)")
    )
    wait_until((tmp_path / "ready").exists)
    for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        os.kill(process.pid, each)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
    all_gone(tmp_path)


def test_a_kernel_that_crashes_leaves_no_image_of_its_memory(tmp_path: Path) -> None:
    asks = "import resource, sys; sys.exit(17 if resource.getrlimit(resource.RLIMIT_CORE)[0] == 0 else 1)"
    start(guarded(tmp_path, asks)).wait(30)
    assert json.loads((tmp_path / "ended").read_text()) == {"exit": 17}


def test_a_guardian_that_a_cell_has_stopped_does_not_stop_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "SECONDS_TO_END", 0.5)
    code = f"open({str(tmp_path / 'ready')!r}, 'w'); import time; time.sleep(600)"
    process = Guardian(guarded(tmp_path, code), stdin=subprocess.PIPE, start_new_session=True)
    wait_until((tmp_path / "ready").exists)
    os.kill(process.pid, signal.SIGSTOP)
    Kernel(process, tmp_path, read_limits({})).end()
    all_gone(tmp_path)


def test_a_kernel_that_cannot_be_started_leaves_no_folder_for_sockets(
    tmp_path: Path, temporary_folder: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        start_kernel(tmp_path, tmp_path / "absent", tmp_path)
    assert list(temporary_folder.iterdir()) == []
