"""One project for plan, kernel, manifest and verify: a notebook from elsewhere never publishes another's data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from projects import Project, wait_until

from groundswell.errors import InputError
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.calibration import open_calibration
from groundswell.reports.notebook.report import open_report
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY, this_project
from groundswell.reports.notebook.wave_profile import open_profile
from groundswell.runs.kernel.kernels import start_kernel
from groundswell.runs.plan.plan import plan_report, surveys_for

AS_OF = {"as_of": "2024-06-01"}


@pytest.fixture
def other(tmp_path: Path, project: Project) -> Project:
    """Another project with a survey of the same name, and one more wave."""
    made = Project(tmp_path / "other")
    shutil.copytree(project.folder, made.folder)
    made.add_wave(2)
    return made


def link_notebooks(project: Project, to: Path) -> None:
    shutil.rmtree(project.folder / "notebooks")
    (project.folder / "notebooks").symlink_to(to)


def test_notebooks_that_are_another_projects_publish_nothing(project: Project, other: Project) -> None:
    link_notebooks(project, other.folder / "notebooks")
    ran = project.run("report", "testland", "--as-of", "2024-06-01")
    assert ran.returncode == 2
    assert f"stands in the project `{other.folder}`, and a notebook is run where it stands" in ran.stderr
    assert f"copy it into a folder `notebooks` in `{project.folder}` itself" in ran.stderr
    assert not (project.folder / "reports").exists()


@pytest.mark.parametrize(
    "name", ["../../other/notebooks/wave_report", "{other}/notebooks/wave_report", "in/wave_report"]
)
def test_a_notebook_is_named_and_not_found_by_a_path(project: Project, other: Project, name: str) -> None:
    (project.folder / "notebooks" / "in").mkdir()
    shutil.copy(project.folder / "notebooks" / "wave_report.ipynb", project.folder / "notebooks" / "in")
    named = name.format(other=other.folder)
    for act in (
        lambda: plan_report(project.folder, "testland", AS_OF, named),
        lambda: surveys_for(project.folder, named),
    ):
        with pytest.raises(InputError) as found:
            act()
        assert f"must be the name of a notebook in `{project.folder / 'notebooks'}`, got `{named}`" in str(
            found.value
        )
        assert "name the project in which it stands with `project=`" in str(found.value)


def test_the_command_names_its_own_options(project: Project, other: Project) -> None:
    ran = project.run("report", "testland", "--notebook", "../../other/notebooks/wave_report")
    assert ran.returncode == 2
    assert "`--notebook`: must be the name of a notebook in" in ran.stderr
    assert "with `--project`" in ran.stderr


def test_a_notebook_that_is_a_link_to_another_projects_is_refused(project: Project, other: Project) -> None:
    notebook = project.folder / "notebooks" / "wave_report.ipynb"
    notebook.unlink()
    notebook.symlink_to(other.folder / "notebooks" / "wave_report.ipynb")
    with pytest.raises(InputError, match=r"is a link to .* which stands in the project"):
        plan_report(project.folder, "testland", AS_OF)


def test_notebooks_that_stand_in_no_project_are_refused(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder / "notebooks", tmp_path / "shared")
    link_notebooks(project, tmp_path / "shared")
    with pytest.raises(InputError, match="which stands in no project"):
        plan_report(project.folder, "testland", AS_OF)


def test_links_inside_a_project_and_to_a_project_are_followed(project: Project, tmp_path: Path) -> None:
    (project.folder / "notebooks").rename(project.folder / "kept")
    (project.folder / "notebooks").symlink_to("kept")
    (tmp_path / "linked").symlink_to(project.folder)
    for folder in (project.folder, tmp_path / "linked"):
        assert plan_report(folder, "testland", AS_OF).as_of == AS_OF["as_of"]


def test_a_kernel_is_told_survey_and_project(project: Project, tmp_path: Path) -> None:
    folder, survey = tmp_path / "run", project.folder / "surveys" / "testland"
    folder.mkdir()
    kernel = start_kernel(folder, project.folder / "notebooks", survey)
    environment = Path("/proc", str(kernel.process.pid), "environ")
    try:
        # a program that has only just begun shows the environment of the one before it, or none
        wait_until(
            lambda: f"{RUN_SURVEY}={survey}".encode() in environment.read_bytes().split(b"\0"), seconds=10
        )
    finally:
        kernel.end()


def in_a_run(monkeypatch: pytest.MonkeyPatch, project: Project, folder: Path) -> None:
    monkeypatch.setenv(RUN_FOLDER, str(folder))
    monkeypatch.setenv(RUN_SURVEY, str(project.folder / "surveys" / "testland"))


def test_in_a_run_a_notebook_reads_the_runs_project_wherever_it_works(
    project: Project, other: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(other.folder / "notebooks")
    assert this_project(None) == other.folder
    in_a_run(monkeypatch, project, tmp_path / "report")
    assert this_project(None) == project.folder
    assert this_project(str(other.folder)) == other.folder  # to look at; what it may save is told below


def test_every_face_opens_the_project_that_it_is_told(
    project: Project, other: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add_survey("only-here")
    monkeypatch.chdir(other.folder / "notebooks")
    in_a_run(monkeypatch, project, tmp_path / "report")
    with pytest.raises(InputError, match="has no wave of respondents"):  # the survey itself is found
        open_profile("only-here")
    assert open_calibration("only-here", as_of="2024-06-01").evidence.survey.name == "only-here"
    with pytest.raises(InputError, match=r"known: "):
        open_report("only-here", as_of="2024-06-01", language="xx")


@pytest.mark.parametrize("inside", ["", "more"])
def test_what_is_published_is_of_the_runs_survey(
    project: Project, other: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    folder = tmp_path / "report"
    in_a_run(monkeypatch, project, folder)
    project.add_survey("second")
    target = folder / inside if inside else None
    tables, english = {"rows": pd.DataFrame({"n": [1]})}, Language("en")
    for survey in (other.folder / "surveys" / "testland", project.folder / "surveys" / "second"):
        with pytest.raises(InputError, match="is not the survey that is published here"):
            save_files(target, tables, {}, english, survey=survey)
        save_files(tmp_path / "elsewhere", tables, {}, english, survey=survey)
    assert not folder.exists()
    save_files(target, tables, {}, english, survey=(project.folder / "surveys" / "testland").resolve())
    assert (folder / inside / "rows.csv").is_file()
