"""papermill's engine for a kernel of ours: one that is already running, as a report's is, else one that it starts.

papermill knows it as `groundswell` (see `papermill_engine`), and goes on doing what it does best (parameters, the
executed notebook, the failing cell); the kernel's start and end stay with `runs.kernels`. Where papermill is used by
itself the kernel is told of no survey and saves no report, and all that a cell shows stays as it is.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from groundswell.errors import InputError, RunError
from groundswell.happenings import tell
from groundswell.runs.kernel.kernels import Kernel, how_it_ended, start_kernel
from groundswell.runs.kernel.unused_libraries import without_unused
from groundswell.runs.kernel.watch import Watch

with without_unused():
    from nbclient.exceptions import DeadKernelError
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import Engine, NotebookExecutionManager
    from papermill.iorw import write_ipynb

PYTHON = "python3"
"""The one kernel that there is: this interpreter."""

START_TIMEOUT = 120
"""Seconds until a kernel that does not answer is given up; the first start after an install compiles much."""

NO_TIMEOUT = 10**9
"""Seconds for what a cell shows to arrive: how long a cell may take is the watch's to say."""


class WatchedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """papermill's client, which weighs all that the kernel shows before it is kept."""

    def __init__(self, manager: NotebookExecutionManager, watch: Watch, **options: Any) -> None:
        super().__init__(manager, **options)
        self._watch = watch

    def process_message(self, message: dict[str, Any], *place: Any) -> Any:
        """Keep what a cell shows as long as it may show more."""
        kept = message["msg_type"] in ("status", "execute_input") or self._watch.weigh(message["content"])
        return super().process_message(message, *place) if kept else None


class RunningKernelEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Runs a notebook in the `kernel` that it is given, or in one of its own."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernel: Kernel | None = None,
        on_cell: Callable[[int, int], None] | None = None,
        half_run: Path | None = None,
        **options: Any,
    ) -> None:
        """Run every cell; where the kernel dies or a limit is passed, leave the half-run notebook at `half_run`.

        Raises: RunError there; InputError where another kernel is asked for than this interpreter.
        """
        if kernel is not None:
            _run(nb_man, kernel, on_cell, half_run, options)
            return
        if kernel_name != PYTHON:
            raise InputError(
                f"`kernel_name`: groundswell runs a notebook in its own Python, `{PYTHON}`, got `{kernel_name}`; use "
                f"papermill's own engine, or ask for `{PYTHON}`"
            )
        with _own_kernel() as own:
            _run(nb_man, own, on_cell, half_run, options)


@contextmanager
def _own_kernel() -> Iterator[Kernel]:
    """A kernel for one notebook that is no report, which runs where papermill does."""
    with tempfile.TemporaryDirectory(prefix="groundswell-papermill-") as folder:
        kernel = start_kernel(Path(folder), Path.cwd(), None)
        try:
            yield kernel
        finally:
            kernel.end()


def _run(
    nb_man: NotebookExecutionManager,
    kernel: Kernel,
    on_cell: Callable[[int, int], None] | None,
    half_run: Path | None,
    options: dict[str, Any],
) -> None:
    """Run every cell in a kernel, within its limits; of papermill's `options` those that speak of running."""
    cells = len(nb_man.nb.cells)
    kept = ("log_output", "stdout_file", "stderr_file")

    def begin(cell: Any, cell_index: int) -> None:
        watch.enter(cell)
        if on_cell is not None:
            on_cell(cell_index + 1, cells)

    def executed(cell: Any, cell_index: int, execute_reply: Any) -> None:
        asked, status = cell.execution_count, execute_reply["content"]["status"]
        tell("cell executed", logging.DEBUG, cell=asked, place=cell_index + 1, of=cells, status=status)

    with Watch(kernel) as watch:
        client = WatchedClient(
            nb_man,
            watch,
            km=kernel.manager(),
            kernel_name=PYTHON,
            timeout=options.get("execution_timeout"),
            iopub_timeout=NO_TIMEOUT,
            startup_timeout=START_TIMEOUT,
            on_cell_start=begin,
            on_cell_executed=executed,
            **{name: options[name] for name in kept if name in options},
        )
        try:
            client.execute(cleanup_kc=False)
        except (DeadKernelError, RuntimeError) as error:
            _keep_half_run(nb_man, half_run)
            raise RunError(f"{watch.where()} {watch.over or how_it_ended(kernel)}") from error
        except RunError:
            _keep_half_run(nb_man, half_run)
            raise
        finally:
            if client.kc is not None:
                client.kc.stop_channels()


def _keep_half_run(nb_man: NotebookExecutionManager, half_run: Path | None) -> None:
    if half_run is not None:
        write_ipynb(nb_man.nb, str(half_run))
