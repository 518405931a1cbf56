"""papermill by itself with groundswell's kernel: the same engine as a report's, under the name that papermill finds."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from groundswell.errors import InputError
from groundswell.runs.kernel.papermill_run.engine import RunningKernelEngine
from groundswell.runs.kernel.papermill_run.execution import ENGINE
from groundswell.runs.kernel.papermill_run.papermill_engine import GroundswellEngine


def named(repository: Path) -> EntryPoint:
    """The entry point that pyproject.toml declares."""
    declared = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    ((name, value),) = declared["project"]["entry-points"]["papermill.engine"].items()
    return EntryPoint(name, value, "papermill.engine")


def test_papermill_finds_the_engine_that_a_report_runs_with(repository: Path) -> None:
    from papermill.engines import papermill_engines

    entry = named(repository)
    assert entry.name == ENGINE
    assert entry.load() is papermill_engines.get_engine(ENGINE) is GroundswellEngine


def test_what_papermill_looks_up_as_it_is_imported_imports_no_papermill(repository: Path) -> None:
    code = f"import sys, {named(repository).module}; print({{'papermill', 'nbclient', 'pandas'}} & set(sys.modules))"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "set()"


def test_another_kernel_than_this_python_is_refused() -> None:
    empty: Any = SimpleNamespace(nb=nbformat.v4.new_notebook())
    with pytest.raises(InputError, match="got `ir`"):
        RunningKernelEngine.execute_managed_notebook(empty, "ir")


CELLS = (
    "x: int = 1",
    "import os, sys; print(x, os.getcwd(), 'GROUNDSWELL_RUN_FOLDER' in os.environ, 'SECRET' in os.environ)",
    "x + 1",
    "raise ValueError(x)",
    "print('never')",
)


@pytest.mark.kernel
def test_a_notebook_runs_with_parameters_in_a_kernel_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import papermill

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.cells[0].metadata["tags"] = ["parameters"]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "in.ipynb")
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("SECRET", "a token")
    with pytest.raises(papermill.PapermillExecutionError, match="41"):
        papermill.execute_notebook(
            tmp_path / "in.ipynb",
            tmp_path / "out.ipynb",
            {"x": 41},
            engine_name=ENGINE,
            cwd=tmp_path / "here",
            progress_bar=False,
        )
    ran = [cell for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells if cell.cell_type == "code"]
    outputs = {cell.source: cell.outputs for cell in ran if cell.outputs}
    assert outputs[CELLS[1]][0].text == f"41 {tmp_path / 'here'} False False\n"
    assert outputs[CELLS[2]][0].data["text/plain"] == "42"
    assert outputs[CELLS[3]][0].ename == "ValueError"
    assert CELLS[4] not in outputs
