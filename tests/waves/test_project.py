"""Finding the project and naming its surveys."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.errors import InputError
from groundswell.waves import find_project, list_surveys, survey_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project with spaces"
    for name in ("surveys/mood/waves", "surveys/plans", "surveys/.new-1", "surveys/no-survey", "notebooks"):
        (folder / name).mkdir(parents=True)
    for name in ("mood", "plans", ".new-1"):
        (folder / "surveys" / name / "survey.toml").touch()
    return folder


def test_the_project_is_found_upward(project: Path) -> None:
    assert find_project(project) == find_project(project / "surveys/mood/waves") == project.resolve()


def test_outside_a_project_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`project=`"):
        find_project(tmp_path)


def test_only_folders_with_a_survey_are_surveys(project: Path) -> None:
    assert list_surveys(project) == ["mood", "plans"]
    assert survey_folder(project, "mood") == project / "surveys/mood"


@pytest.mark.parametrize(
    "name", ["../mood", "mo od", "mood/..", "..", ".", "", "-mood", "Mood", "mööd", "a\n", "a_b"]
)
def test_names_that_could_leave_the_folder_are_refused(project: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a survey"):
        survey_folder(project, name)


def test_an_unknown_survey_names_the_nearest(project: Path) -> None:
    with pytest.raises(InputError, match="did you mean `mood`"):
        survey_folder(project, "moood")


def test_whoever_works_elsewhere_may_name_the_project(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_PROJECT", str(project))
    elsewhere = tmp_path / "staged by a scheduler"
    elsewhere.mkdir()
    assert find_project(elsewhere) == project.resolve()
    monkeypatch.setenv("GROUNDSWELL_PROJECT", str(elsewhere))
    assert (
        find_project(project / "surveys") == project.resolve()
    )  # where one stands counts more than what is named
    with pytest.raises(InputError, match="GROUNDSWELL_PROJECT` names"):
        find_project(elsewhere)
