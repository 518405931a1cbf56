"""One report made on a worker of a cluster: in a kernel of its own, in a private folder, handed back as bytes.

A worker reads the project where the one that asks sees it, and writes nothing into the archive. Its kernels end with
it, or when the task is not wanted any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from groundswell.errors import RunError
from groundswell.runs.cluster.task import HalfRun, Handed, Task, packed, program, program_differs
from groundswell.runs.kernel.kernels import Kernel, start_kernel
from groundswell.runs.kernel.warm import WORTH_A_SERVER, KernelServer, kernel_server
from groundswell.runs.run.failure import failure_of
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.run import HalfRunError, make_report
from groundswell.runs.run.staging import Staging

SECONDS_BETWEEN_LOOKS = 0.5
"""How often it is looked whether a task is still wanted."""

_turn = Lock()
_opened = ExitStack()
_servers: list[KernelServer | None] = []


def make_on_worker(task: Task) -> Handed:
    """Make the task's report; whatever goes wrong is handed back as what it is."""
    from distributed import get_worker

    worker: Any = get_worker()
    if differs := program_differs(task.program, program()):
        told = (
            f"`{task.plan.survey}` {task.plan.name}: nothing was published; the worker has another program: "
        )
        return Handed(worker.address, failure=failure_of(RunError(told + differs), task.plan))
    if _begun_before(task.attempt):
        return Handed(worker.address, passing="the worker that made it was lost")
    try:
        if differs := _files_differ(task):
            return Handed(worker.address, passing=f"the worker sees another file: {differs}")
        with Staging(Path(worker.local_directory).parent) as staging:
            return _made(task, staging, worker)
    except Exception as error:  # noqa: BLE001 - it is that report's failure, whatever it is
        return Handed(worker.address, failure=failure_of(error, task.plan))


def _made(task: Task, staging: Staging, worker: Any) -> Handed:
    plan, said = task.plan, _Said()
    folder = staging.new_folder()
    kernel = start_kernel(folder, plan.notebook.file.parent, plan.survey_folder, _server())
    try:
        with _while_wanted(worker, kernel, said), said.report(plan.title) as progress:
            made = make_report(plan, task.inputs, task.revision, kernel, progress)
        files = sorted(file for file in made.rglob("*") if file.is_file())
        return Handed(worker.address, tuple(said.remarks), report=packed(made, files))
    except HalfRunError as half:
        kept = folder / "kept"
        kept.mkdir()
        for file in half.files:
            if file.is_file() and file.stat().st_size:
                file.rename(kept / file.name)
        left = packed(kept, sorted(kept.iterdir()))
        return Handed(worker.address, tuple(said.remarks), half=HalfRun(str(half), half.cell, left))
    finally:
        kernel.end()


class _Said(BatchProgress):
    """What a report's reader should know is kept, and sent with it; nothing is shown here."""

    def __init__(self) -> None:
        super().__init__("nothing")
        self.remarks: list[str] = []

    def remark(self, text: str) -> None:
        """Keep a remark."""
        self.remarks.append(text)


@contextmanager
def _while_wanted(worker: Any, kernel: Kernel, progress: BatchProgress) -> Iterator[None]:
    """Should the task be cancelled, or whoever asked be gone, the kernel is ended.

    Dask cannot end a thread: it marks the task, and here that is seen.
    """
    key, done = worker.get_current_task(), Event()

    def look() -> None:
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            state = worker.state.tasks.get(key)
            if state is None or state.state in ("cancelled", "released", "forgotten"):
                progress.stop()
                with suppress(OSError):
                    kernel.end()
                return

    Thread(target=look, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _begun_before(attempt: str) -> bool:
    """Whether another worker began this attempt, and was lost: a scheduler gives its tasks to another at once.

    Without this the scheduler's own count of attempts, which nobody sees, would multiply with ours.
    """
    from distributed import Event as SharedEvent

    begun: Any = SharedEvent(attempt)  # type: ignore[no-untyped-call]
    if begun.is_set():
        return True
    begun.set()
    return False


def _files_differ(task: Task) -> str:
    """The first file that decides the report and is another one here; "" where all are the same."""
    asked = {file["path"]: file["sha256"] for file in task.inputs}
    try:
        here = {file["path"]: file["sha256"] for file in task.plan.inputs()}
    except FileNotFoundError as error:
        return f"`{Path(str(error.filename)).name}` is not there"
    for path in sorted(asked.keys() | here.keys()):
        if asked.get(path) != here.get(path):
            how = "is not there" if path not in here else "is not here" if path not in asked else "differs"
            return f"`{path}` {how}"
    return ""


def _server() -> KernelServer | None:
    """The server of this worker's warm kernels, started with its first report; it ends with the worker."""
    with _turn:
        if not _servers:
            _servers.append(_opened.enter_context(kernel_server(WORTH_A_SERVER)))
        return _servers[0]
