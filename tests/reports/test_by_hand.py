"""A researcher opens a bundled notebook in JupyterLab, runs all cells, and sees what the scheduled report shows."""

from __future__ import annotations

import ast
from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_committed_notebook_is_thin_and_holds_no_outputs(repository: Path, name: str) -> None:
    notebook = nbformat.read(repository / "notebooks" / name, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    (parameters,) = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert all(isinstance(line, ast.AnnAssign) for line in ast.parse(parameters.source).body)
    made = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node for cell in code for node in ast.walk(ast.parse(cell.source)) if isinstance(node, made)]


def shown(notebook: nbformat.NotebookNode) -> dict[str, list[object]]:
    """What each cell shows, by the cell's id: HTML where there is any, else a figure's numbers."""
    return {
        cell.id: [
            output.data.get("text/html") or output.data.get("application/vnd.plotly.v1+json")
            for output in cell.outputs
            if "data" in output
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


@pytest.mark.kernel
def test_run_by_hand_the_notebook_shows_what_the_scheduled_report_shows(russian_report: Path) -> None:
    project = russian_report.parents[2]
    by_hand = nbformat.read(project / "notebooks" / "wave_report.ipynb", as_version=4)
    (parameters,) = [cell for cell in by_hand.cells if cell.id == "parameters"]
    parameters.source = parameters.source.replace(
        "as_of: str | None = None", 'as_of: str | None = "2025-12-31"'
    )
    nbclient.NotebookClient(
        by_hand, timeout=120, resources={"metadata": {"path": str(project / "notebooks")}}
    ).execute()
    scheduled = shown(nbformat.read(russian_report / "report.ipynb", as_version=4))
    mine = shown(by_hand)
    # Run by hand, a notebook is compared with no earlier report, and saves nothing.
    compared = [cell for cell, pieces in mine.items() if pieces and cell not in ("since-last", "save")]
    assert {"open", "findings", "trends", "waves", "how-sure", "how-measured"} <= set(compared)
    for cell in compared:
        assert mine[cell] == scheduled[cell], cell
