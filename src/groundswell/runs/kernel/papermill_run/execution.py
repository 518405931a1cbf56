"""A report's notebook executed by papermill, in a kernel that is already running."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from groundswell.errors import RunError
from groundswell.runs.kernel.cells import describe_failure
from groundswell.runs.kernel.kernels import Kernel
from groundswell.runs.kernel.papermill_run.papermill_engine import GroundswellEngine
from groundswell.runs.kernel.unused_libraries import without_unused

with without_unused():
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

ENGINE = "groundswell"
papermill_engines.register(ENGINE, GroundswellEngine)


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
    # papermill's own look at the parameters cell overlooks `str | None`; ours has checked every name.
    logging.getLogger("papermill").setLevel(logging.ERROR)
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
