"""What of a notebook decides a report, and what an exploration cannot change without being named."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from projects import Project

from groundswell.errors import InputError
from groundswell.runs.plan.notebook import notebook_made_with, report_notebook
from groundswell.runs.plan.plan import Plan, plan_report

AS_OF = {"as_of": "2024-06-01"}


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(project: Project) -> Project:
    """The project in git, as it was committed."""
    git(project.folder, "init", "-q")
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "as it is")
    return project


def notebook_file(project: Project) -> Path:
    return project.folder / "notebooks" / "wave_report.ipynb"


def explore(project: Project, change: Callable[[dict[str, Any]], None]) -> None:
    """Save the notebook as JupyterLab would after a change."""
    content = json.loads(notebook_file(project).read_text(encoding="utf-8"))
    change(content)
    notebook_file(project).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def plan(project: Project) -> Plan:
    return plan_report(project.folder, "testland", AS_OF)


def leave_outputs(content: dict[str, Any]) -> None:
    content["metadata"] |= {
        "widgets": {"state": {}},
        "kernelspec": {"name": "other", "display_name": "Other"},
    }
    for number, cell in enumerate(content["cells"]):
        cell["execution_count"] = number + 7
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "explored\n"}]
        cell["metadata"] |= {"collapsed": True, "execution": {"iopub.execute_input": "2025"}}


def change_a_value(content: dict[str, Any]) -> None:
    lines = content["cells"][0]["source"]
    content["cells"][0]["source"] = [line.replace("seed: int = 20240101", "seed: int = 5") for line in lines]
    assert content["cells"][0]["source"] != lines


def add_a_cell(content: dict[str, Any]) -> None:
    cell = {"cell_type": "code", "id": "more", "metadata": {}, "source": "1 + 1", "outputs": []}
    content["cells"].append(cell | {"execution_count": None})


def change_code(content: dict[str, Any]) -> None:
    content["cells"][-1]["source"][-1] += "\nprint('explored')"


def write_prose(content: dict[str, Any]) -> None:
    content["cells"].append(
        {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": "All is well."}
    )


def declare_a_parameter(content: dict[str, Any]) -> None:
    content["cells"][0]["source"].append("\nmore: int = 1")


def compute_a_default(content: dict[str, Any]) -> None:
    content["cells"][0]["source"].append("\nlevel: float = __import__('os').getpid()")


def delete_the_last_cell(content: dict[str, Any]) -> None:
    del content["cells"][-1]


def add_empty_cells(content: dict[str, Any]) -> None:
    for kind in ("markdown", "code"):
        content["cells"].append({"cell_type": kind, "id": kind, "metadata": {}, "source": "\n"})


@pytest.mark.parametrize("change", [leave_outputs, add_empty_cells, lambda _: None])
def test_outputs_counts_metadata_and_empty_cells_never_count(
    committed: Project, change: Callable[[dict[str, Any]], None]
) -> None:
    before = plan(committed)
    explore(committed, change)
    after = plan(committed)
    assert (after.name, after.inputs(), after.notebook) == (before.name, before.inputs(), before.notebook)
    assert (after.notebook.state, after.notebook.remark) == ("committed", "")


def test_values_explored_in_the_parameters_cell_are_no_defaults_and_that_is_said(committed: Project) -> None:
    before = plan(committed)
    explore(committed, change_a_value)
    after = plan(committed)
    assert (after.name, after.parameters, after.inputs()) == (before.name, before.parameters, before.inputs())
    assert "its parameters cell has other values" in after.notebook.remark
    assert after.notebook.parameters_cell == before.notebook.parameters_cell


@pytest.mark.parametrize(
    "change", [add_a_cell, change_code, write_prose, declare_a_parameter, delete_the_last_cell]
)
def test_other_code_is_named_in_the_folder_and_said(
    committed: Project, change: Callable[[dict[str, Any]], None]
) -> None:
    before = plan(committed)
    explore(committed, change)
    after = plan(committed)
    assert after.notebook.state == "edited"
    assert after.name == f"2024-06-01~notebook-edited-{after.notebook.sha256[:8]}"
    assert after.inputs() != before.inputs()
    assert "differs from the committed one" in after.notebook.remark
    explore(committed, leave_outputs)
    assert plan(committed).name == after.name


def test_an_edited_notebook_keeps_the_committed_defaults(committed: Project) -> None:
    explore(committed, change_code)
    named = plan(committed).name
    explore(committed, change_a_value)
    assert plan(committed).parameters["seed"] == 20240101
    assert plan(committed).name == named


def test_a_default_that_is_computed_is_refused(committed: Project) -> None:
    explore(committed, compute_a_default)
    with pytest.raises(InputError, match="the default of parameter `level`"):
        plan(committed)


def test_an_edit_is_held_against_the_last_report_of_the_committed_notebook(committed: Project) -> None:
    folder = committed.folder / "reports" / "testland" / "2024-05-01"
    folder.mkdir(parents=True)
    about = {"schema": 2, "survey": "testland", "title": "x", "as_of": folder.name, "revision": 1}
    about |= {"folder": folder.name, "created": "2024-05-01T06:00:00+00:00", "report": {}}
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    explore(committed, change_code)
    assert plan(committed).parameters["previous"] == "reports/testland/2024-05-01"


def test_without_git_the_notebook_is_taken_as_it_is(project: Project) -> None:
    explore(project, change_a_value)
    taken = plan(project)
    assert (taken.notebook.state, taken.notebook.remark) == ("not under version control", "")
    assert (taken.name, taken.parameters["seed"]) == ("2024-06-01", 5)


def test_a_new_notebook_is_not_under_version_control(committed: Project) -> None:
    committed.use_notebook("saves_numbers", "mine")
    assert report_notebook(committed.folder / "notebooks" / "mine.ipynb").state == "not under version control"


def test_git_that_is_not_there_is_said_where_it_is_missed(
    committed: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    taken = report_notebook(notebook_file(committed))
    assert taken.state == "not under version control"
    assert "git is not installed" in taken.remark


def test_gits_own_settings_do_not_lead_elsewhere(committed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert report_notebook(notebook_file(committed)).state == "committed"


def test_a_notebook_is_found_again_by_its_checksum(committed: Project) -> None:
    made_with = plan(committed).notebook
    explore(committed, change_code)
    edited = plan(committed).notebook
    assert notebook_made_with(notebook_file(committed), made_with.sha256) == replace(
        made_with, state="not under version control"
    )
    assert notebook_made_with(notebook_file(committed), edited.sha256) == edited
    assert notebook_made_with(notebook_file(committed), "").sha256 == edited.sha256


def test_what_is_run_is_the_code_without_what_a_session_left(committed: Project, tmp_path: Path) -> None:
    explore(committed, leave_outputs)
    explore(committed, change_a_value)
    plan(committed).notebook.write(tmp_path / "run.ipynb")
    run = (tmp_path / "run.ipynb").read_text(encoding="utf-8")
    assert "explored" not in run
    assert "widgets" not in run
    assert report_notebook(tmp_path / "run.ipynb").sha256 == plan(committed).notebook.sha256
    assert json.loads(run)["cells"][0]["metadata"]["tags"] == ["parameters"]


@pytest.mark.kernel
def test_an_explored_copy_changes_nothing_published_unless_it_is_named_there(committed: Project) -> None:
    environment = os.environ | {"GIT_CONFIG_NOSYSTEM": "1"}
    command = committed.command("report", "testland", "--as-of", "2024-06-01")

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    run()
    before = committed.archive()
    explore(committed, leave_outputs)
    explore(committed, change_a_value)
    again = run()
    assert committed.archive() == before
    assert "nothing has changed" in again.stderr
    assert "note: `wave_report.ipynb`: its parameters cell has other values" in again.stderr
    explore(committed, change_code)
    edited = run()
    assert "note: `wave_report.ipynb`: its code differs from the committed one" in edited.stderr
    (folder,) = (committed.folder / "reports" / "testland").glob("2024-06-01~notebook-edited-*")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "Made with an edited notebook: its code differs from the committed one." in page
    assert "Made with an edited notebook" not in before["testland/2024-06-01/index.html"].decode()
    plain = {
        name: text for name, text in committed.archive().items() if name.startswith("testland/2024-06-01/")
    }
    assert plain == {name: text for name, text in before.items() if name.startswith("testland/2024-06-01/")}
    verified = committed.run("verify", "--all")
    assert verified.returncode == 0, verified.stdout
