"""papermill's engine for a kernel that is already running.

Registered with papermill as `groundswell`; papermill keeps doing what it does best (parameters, the executed
notebook, the failing cell), and the kernel's start and end stay with `runs.kernels`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from groundswell.errors import RunError
from groundswell.happenings import tell
from groundswell.runs.kernel.cells import describe_failure
from groundswell.runs.kernel.kernels import Kernel, how_it_ended
from groundswell.runs.kernel.unused_libraries import without_unused
from groundswell.runs.kernel.watch import Watch

with without_unused():
    from nbclient.exceptions import DeadKernelError
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook
    from papermill.iorw import write_ipynb

ENGINE = "groundswell"
# papermill's own look at the parameters cell overlooks `str | None`; ours has checked every name.
logging.getLogger("papermill").setLevel(logging.ERROR)

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
    """Runs a notebook in the `kernel` that it is given."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernel: Kernel,
        on_cell: Callable[[int, int], None],
        half_run: Path,
        log_output: bool = False,
        **_unused: Any,
    ) -> None:
        """Run every cell; where the kernel dies or a limit is passed, leave the half-run notebook at `half_run`."""
        cells = len(nb_man.nb.cells)

        def begin(cell: Any, cell_index: int) -> None:
            watch.enter(cell)
            on_cell(cell_index + 1, cells)

        def executed(cell: Any, cell_index: int, execute_reply: Any) -> None:
            asked, status = cell.execution_count, execute_reply["content"]["status"]
            tell("cell executed", logging.DEBUG, cell=asked, place=cell_index + 1, of=cells, status=status)

        with Watch(kernel) as watch:
            client = WatchedClient(
                nb_man,
                watch,
                km=kernel.manager(),
                kernel_name=kernel_name,
                timeout=None,
                iopub_timeout=NO_TIMEOUT,
                startup_timeout=START_TIMEOUT,
                log_output=log_output,
                on_cell_start=begin,
                on_cell_executed=executed,
            )
            try:
                client.execute(cleanup_kc=False)
            except (DeadKernelError, RuntimeError) as error:
                write_ipynb(nb_man.nb, str(half_run))
                raise RunError(f"{watch.where()} {watch.over or how_it_ended(kernel)}") from error
            except RunError:
                write_ipynb(nb_man.nb, str(half_run))
                raise
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()


papermill_engines.register(ENGINE, RunningKernelEngine)


def execute(
    notebook: Path,
    *,
    executed: Path,
    parameters: dict[str, Any],
    kernel: Kernel,
    on_cell: Callable[[int, int], None],
) -> Any:
    """Run `notebook` with `parameters` in `kernel`, write it as executed to `executed`, and return it.

    `on_cell(number, of)` is called before each cell.

    Raises: RunError where a cell raises, the kernel dies or a limit is passed; `executed` then holds the notebook
    as far as it ran.
    """
    try:
        return execute_notebook(
            _literal(notebook),
            _literal(executed),
            parameters,
            engine_name=ENGINE,
            kernel_name="python3",
            request_save_on_cell_execute=False,
            progress_bar=False,
            kernel=kernel,
            on_cell=on_cell,
            half_run=executed,
        )
    except PapermillExecutionError as error:
        failure = describe_failure(error.source, error.exec_count, error.ename, error.evalue)
        raise RunError(failure, cell=error.exec_count) from error


def _literal(path: Path) -> str:
    """papermill fills parameters into paths ("{survey}.ipynb"); here a brace is just a brace."""
    return str(path).replace("{", "{{").replace("}", "}}")
