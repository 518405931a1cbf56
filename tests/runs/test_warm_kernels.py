"""Kernels that are forked from a server: as far apart as kernels of their own, with the same reports."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from projects import Project, wait_until
from test_kernel_limits import run

from groundswell.errors import InputError, RunError
from groundswell.runs.kernel import guardian, warm
from groundswell.runs.kernel.kernels import start_kernel
from groundswell.runs.kernel.papermill_run.execution import execute
from groundswell.runs.kernel.warm import ForkedGuardian, KernelServer, kernel_server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all kernels are cold")

REPOSITORY = Path(__file__).resolve().parents[2]
FORKED, COLD = "groundswell.runs.kernel.server", "groundswell.runs.kernel.process"
WHICH = 'print(open("/proc/self/cmdline").read().split("\\0")[3])'


@pytest.fixture(scope="module")
def server() -> Iterator[KernelServer]:
    """One server for the tests of this file."""
    made = KernelServer()
    yield made
    made.end()


class Cold:
    """A cold guardian, as far as it is asked here."""

    pid = 7

    def __init__(self) -> None:
        self.let_go = 0

    def poll(self) -> int | None:
        return 3 if self.let_go else None

    def send_signal(self, _number: int) -> None:
        self.let_go += 1


def forked() -> tuple[ForkedGuardian, socket.socket, list[Cold]]:
    """A guardian, the server's end of its lifeline, and the cold ones that were started in its place."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    started: list[Cold] = []

    def start_cold() -> Any:
        started.append(Cold())
        return started[-1]

    return ForkedGuardian(ours, start_cold), theirs, started


def test_a_lifeline_that_ends_before_a_guardian_has_it_starts_one_cold_kernel() -> None:
    process, theirs, started = forked()
    assert process.poll() is None
    with pytest.raises(ProcessLookupError):
        process.pid  # noqa: B018
    assert process.is_forked
    theirs.close()
    assert process.poll() is None
    assert process.poll() is None
    assert not process.is_forked
    assert process.pid == 7
    assert len(started) == 1
    process.terminate()
    assert (process.wait(1), started[0].let_go) == (3, 1)


def test_a_lifeline_that_ends_after_its_guardian_spoke_is_the_guardians_end() -> None:
    process, theirs, started = forked()
    theirs.send(b"12")
    assert process.poll() is None
    assert process.pid == 12
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    process.terminate()
    assert theirs.recv(1) == b"", "its guardian sees that it was let go"
    assert process.poll() is None, "it is still ending what the kernel started"
    theirs.close()
    assert process.wait(1) == 0
    process.terminate()
    assert started == []


def test_a_kernel_that_is_not_wanted_any_more_is_neither_awaited_nor_started_cold() -> None:
    process, theirs, started = forked()
    process.terminate()
    assert process.wait(1) == 0
    assert theirs.recv(1) == b"", "one that is forked later sees it"
    theirs.close()
    assert process.poll() == 0
    assert started == []


@pytest.mark.parametrize(
    ("kind", "reports", "there"), [("", 2, True), ("warm", 1, False), ("cold", 9, False)]
)
def test_a_server_is_for_several_reports_and_not_where_cold_kernels_are_wanted(
    monkeypatch: pytest.MonkeyPatch, kind: str, reports: int, there: bool
) -> None:
    monkeypatch.setenv("GROUNDSWELL_KERNELS", kind)
    with kernel_server(reports) as server:
        assert (server is not None) == there


def test_another_kind_of_kernel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_KERNELS", "hot")
    with (
        pytest.raises(InputError, match="`GROUNDSWELL_KERNELS` is `warm` or `cold`, got `hot`"),
        kernel_server(9),
    ):
        pass


def printed(notebook: Any) -> list[str]:
    """What each cell printed."""
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


MEDDLES = """
import os, random, sys, tempfile
from pathlib import Path
import numpy
mine = "a variable"
numpy.mean = None
os.environ["MEDDLED"] = "1"
os.environ.pop("LANG", None)
sys.path.insert(0, "/nowhere")
os.chdir("/")
Path(tempfile.gettempdir(), "left").touch()
print(random.random(), numpy.random.random())
"""
LOOKS = """
import gc, hashlib, json, os, random, signal, sys, tempfile, threading
from pathlib import Path
import numpy
folder = str(Path(os.environ["GROUNDSWELL_RUN_FOLDER"]).parent)
def plain(text):
    text = str(text).replace(folder, "<run>").replace(os.environ["IPYTHONDIR"], "<ipython>")
    return text.replace(str(os.getpid()), "<pid>").replace(os.environ["JPY_PARENT_PID"], "<parent>")
kinds = lambda: sorted(plain(os.readlink(each)).split(":")[0] for each in map(str, Path("/proc/self/fd").iterdir())
                       if os.path.exists(each))
print(json.dumps({
    "mine": "mine" in globals(),
    "environment": {name: plain(value) for name, value in os.environ.items()},
    "folder": plain(os.getcwd()),
    "temporary": plain(tempfile.gettempdir()),
    "left": sorted(each.name for each in Path(tempfile.gettempdir()).iterdir()),
    "path": sys.path,
    "arguments": [plain(argument) for argument in sys.argv],
    "flags": str(sys.flags),
    "hash": hash("groundswell"),
    "mean": float(numpy.mean([1, 2])),
    "signals": {number.name: str(signal.getsignal(number)).split(" at ")[0] for number in signal.Signals},
    "session": os.getsid(0) == os.getpid(),
    "parent": os.getppid() == int(os.environ["JPY_PARENT_PID"]),
    "files": kinds(),
    "threads": sorted(thread.name.rstrip("0123456789") for thread in threading.enumerate()),
    "seeded": numpy.random.RandomState(1).random_sample(3).tolist(),
    "gc": gc.isenabled(),
    "limits": Path("/proc/self/limits").read_text(),
}))
print(random.random(), numpy.random.random())
"""


@pytest.mark.kernel
def test_a_forked_kernel_sees_nothing_of_another_and_what_a_cold_one_sees(
    tmp_path: Path, server: KernelServer
) -> None:
    _, drawn = printed(run(tmp_path / "a", WHICH, MEDDLES, server=server))
    which, looked = printed(run(tmp_path / "b", WHICH, LOOKS, server=server))
    of_cold, cold = printed(run(tmp_path / "c", WHICH, LOOKS))
    assert (which, of_cold) == (FORKED + "\n", COLD + "\n")
    (state, other), (expected, _) = looked.splitlines(), cold.splitlines()
    assert json.loads(state) == json.loads(expected)
    assert not set(drawn.split()) & set(other.split()), "unseeded numbers are each kernel's own"


@pytest.mark.kernel
def test_a_kernel_that_ends_leaves_the_others_running(tmp_path: Path, server: KernelServer) -> None:
    waits = "import os, time\nwhile not os.path.exists('../a/ended'): time.sleep(0.05)"
    with ThreadPoolExecutor() as threads:
        other = threads.submit(run, tmp_path / "b", WHICH, waits, "print('still here')", server=server)
        with pytest.raises(
            RunError, match=r"^cell \[2\], `os._exit\(3\)`, ended its kernel, with exit code 3$"
        ):
            run(tmp_path / "a", "import os", "os._exit(3)", server=server)
        (tmp_path / "a" / "ended").touch()
        assert printed(other.result()) == [FORKED + "\n", "", "still here\n"]


@pytest.mark.kernel
def test_the_limits_hold_in_a_forked_kernel(
    tmp_path: Path, server: KernelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_MEMORY", "800MB")
    holds = 'held = b"x" * 1_000_000_000; time.sleep(60)'
    with pytest.raises(RunError, match=r"took [\d.]+[MG]B of memory with all that it started"):
        run(tmp_path / "a", "import time", holds, server=server)


@pytest.mark.kernel
def test_kernels_outlive_their_server_and_those_that_it_did_not_fork_are_cold(tmp_path: Path) -> None:
    dying = KernelServer()
    waits = "import os, time\nwhile not os.path.exists('../dead'): time.sleep(0.05)"
    begun = "open('../begun', 'w').close()"
    with ThreadPoolExecutor() as threads:
        first = threads.submit(run, tmp_path / "a", WHICH, begun, waits, "print('on')", server=dying)
        wait_until((tmp_path / "begun").exists)
        dying._process.send_signal(signal.SIGSTOP)
        late = threads.submit(run, tmp_path / "b", WHICH, server=dying)  # ordered, and never forked
        wait_until((tmp_path / "b" / "kernel.json").exists)
        dying._process.kill()
        dying._process.wait()
        (tmp_path / "dead").touch()
        assert printed(first.result()) == [FORKED + "\n", "", "", "on\n"]
        assert printed(late.result()) == [COLD + "\n"]
    assert printed(run(tmp_path / "c", WHICH, server=dying)) == [COLD + "\n"]
    dying.end()


@pytest.mark.kernel
def test_a_server_with_a_thread_does_not_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "_NO_THREAD_OF_ARROW", {})
    threaded = KernelServer()
    try:
        assert printed(run(tmp_path / "a", WHICH, server=threaded)) == [COLD + "\n"]
    finally:
        threaded.end()


@pytest.mark.kernel
def test_other_surroundings_than_the_servers_make_a_cold_kernel(
    tmp_path: Path, server: KernelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    cell = "import os; print(os.environ['TZ'])"
    assert printed(run(tmp_path / "a", WHICH, cell, server=server)) == [COLD + "\n", "Asia/Tokyo\n"]


@pytest.mark.kernel
def test_the_death_of_a_run_ends_its_server_and_all_kernels(project: Project) -> None:
    project.add_survey("otherland")
    project.use_notebook("waits_in_cell")
    process = project.start("report", "--all", marker="waiting")
    wait_until(
        lambda: len(guardian._descendants(process.pid)) >= 5, seconds=60
    )  # a server, two guarded kernels
    started = guardian._descendants(process.pid)
    lines = b"".join(Path(f"/proc/{each}/cmdline").read_bytes() for each in started)
    assert lines.count(FORKED.encode()) >= 5
    assert COLD.encode() not in lines
    process.kill()
    process.communicate()
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in started), seconds=10)


TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


def made(folder: Path, notebook: Path, survey: Path, server: KernelServer | None, **parameters: Any) -> Any:
    """What a bundled notebook shows and saves."""
    folder.mkdir()
    kernel = start_kernel(folder, notebook.parent, survey, server)
    try:
        shown = execute(
            notebook,
            executed=kernel.saves / "report.ipynb",
            parameters={"survey": survey.name, "as_of": "2025-08-01"} | parameters,
            kernel=kernel,
            on_cell=lambda *_: None,
        )
    finally:
        kernel.end()
    (kernel.saves / "report.ipynb").unlink()
    cells = [(cell.source, cell.get("outputs"), cell.get("execution_count")) for cell in shown.cells]
    saved = {file.relative_to(kernel.saves): file.read_bytes() for file in kernel.saves.rglob("*.*")}
    return cells, saved


@pytest.mark.kernel
@pytest.mark.parametrize(
    "notebook", sorted((REPOSITORY / "notebooks").glob("*.ipynb")), ids=lambda file: file.stem
)
def test_every_bundled_notebook_is_the_same_in_both_kinds_of_kernel(
    tmp_path: Path, server: KernelServer, notebook: Path
) -> None:
    survey = (
        REPOSITORY / "surveys" / ("simulated-panel" if notebook.stem == "wave_profile" else "uk-opinions")
    )
    warm_one = made(tmp_path / "warm", notebook, survey, server)
    assert warm_one == made(tmp_path / "cold", notebook, survey, None)
    assert warm_one[1], "it saved nothing"


@pytest.mark.kernel
def test_a_batch_publishes_the_same_files_with_both_kinds_of_kernel(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add_survey("otherland")
    project.use_notebook("saves_numbers")
    archives = []
    for kind in ("warm", "cold"):
        monkeypatch.setenv("GROUNDSWELL_KERNELS", kind)
        done = project.run("report", "--all", "--as-of", "2024-06-01")
        assert done.returncode == 0, done.stderr
        archives.append({name: plain(name, content) for name, content in project.archive().items()})
        (project.folder / "reports").rename(project.folder / f"reports-{kind}")
    assert archives[0] == archives[1]
    assert "testland/2024-06-01/index.html" in archives[0]


def plain(name: str, content: bytes) -> Any:
    """A published file without times, and without what is different in each run: cells' numbers, files' checksums."""
    text = TIMES.sub("<time>", content.decode())
    if name.endswith("report.ipynb"):
        notebook = json.loads(text)
        for cell in [notebook, *notebook["cells"]]:
            cell["metadata"].pop("papermill", None)
            cell.pop("id", None)
        return notebook
    if name.endswith("manifest.json"):
        manifest = json.loads(text)
        del manifest["times"], manifest["sha256"], manifest["run"]
        files = [{**file, "sha256": "", "bytes": 0} for file in manifest["files"]]
        return manifest | {"files": files}
    if name.endswith("ro-crate-metadata.json"):
        return re.sub(r'"(sha256|contentSize)": "\w+"', "", text)
    # The feed has the report that was made last first, and two of one second by name.
    return sorted(re.findall(r"<entry>.*?</entry>", text, re.DOTALL)) if name == "feed.xml" else text
