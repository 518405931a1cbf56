"""What the tests of runs may ask for."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from projects import Project

from groundswell.errors import RunError
from groundswell.reports.evidence.manifest import Manifest
from groundswell.runs.kernel.cells import read_notebook
from groundswell.runs.plan.notebook import ReportNotebook
from groundswell.runs.verify import again


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in a folder with a space and a brace in its name."""
    made = Project(tmp_path / "my {surveys}")
    (made.folder / "notebooks").mkdir(parents=True)
    made.add_survey("testland")
    made.use_notebook("saves_a_report")
    return made


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one published report that holds numbers which follow its inputs and its seed."""
    made = Project(tmp_path_factory.mktemp("verified"))
    (made.folder / "notebooks").mkdir()
    made.add_survey("testland")
    made.use_notebook("saves_numbers")
    run = made.run("report", "testland", "--as-of", "2024-06-01")
    assert run.returncode == 0, run.stderr
    return made.folder


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook re-executed in this process; a real kernel runs it in the first test and in the archive's."""

    def run(manifest: Manifest, made_with: ReportNotebook, project: Path, scratch: Path) -> tuple[Path, Any]:
        made_with.write(scratch / "run.ipynb")
        notebook = read_notebook(scratch / "run.ipynb")
        names = dict(manifest.parameters)
        monkeypatch.setenv("GROUNDSWELL_RUN_FOLDER", str(scratch))
        monkeypatch.chdir(project / "notebooks")
        for cell in notebook.cells[1:]:
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    exec(cell.source, names)
            except ValueError as error:
                raise RunError(str(error)) from error
            cell.outputs = [nbformat.v4.new_output("stream", text=printed.getvalue())]
        return scratch, notebook

    monkeypatch.setattr(again, "run_again", run)
