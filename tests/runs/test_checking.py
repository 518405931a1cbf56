"""`check` and `list` see the waves of respondents too, not only the published shares."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from projects import Project

from groundswell.runs.checks.folders import check_folders
from groundswell.runs.checks.listing import list_project


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Project:
    shutil.copytree(repository / "surveys" / "simulated-panel", tmp_path / "surveys" / "panel")
    (tmp_path / "notebooks").mkdir()
    return Project(tmp_path)


def messages(project: Project) -> list[str]:
    (faults,) = check_folders(lambda: project.folder, ["panel"]).values()
    return [str(fault).removeprefix(f"{project.folder}/surveys/panel/waves/") for fault in faults]


def test_sound_waves_have_no_fault_and_are_counted(project: Project) -> None:
    assert messages(project) == []
    (panel,) = list_project(project.folder)
    assert panel.waves == 12


def test_respondents_that_changed_a_broken_key_and_a_torn_file_are_all_told_at_once(project: Project) -> None:
    waves = project.folder / "surveys" / "panel" / "waves"
    with (waves / "wave-03.csv").open("a") as file:
        file.write("\n")
    with (waves / "wave-04.toml").open("a") as file:
        file.write('houze = "simulator"\n')
    (waves / "wave-05.toml").write_text('like = "wave-99"\n')
    changed, unknown, unlike = messages(project)
    assert changed.startswith("wave-03.toml")
    assert "has changed: its SHA-256 is" in changed
    assert unknown.startswith("wave-04.toml")
    assert "houze" in unknown
    assert unlike.startswith("wave-05.toml:1: like: `wave-99`: no such wave")


def test_absent_respondents_are_no_fault(project: Project) -> None:
    (project.folder / "surveys" / "panel" / "waves" / "wave-05.csv").unlink()
    assert messages(project) == []


@pytest.mark.parametrize("command", [["check"], ["list"]])
def test_what_only_looks_writes_nothing(project: Project, command: list[str]) -> None:
    """No estimates, no covariances, no folders, and nothing is touched: also where nothing was kept yet."""
    for kept in project.folder.rglob("*.json"):
        kept.unlink()
    before = tree(project.folder)
    looked = project.run(*command)
    assert looked.returncode == 0, looked.stderr
    assert tree(project.folder) == before


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file and folder with its mode, size and the moment of its last change."""
    every = [folder, *folder.rglob("*")]
    said = ((str(path), path.stat()) for path in every)
    return {path: (about.st_mode, about.st_size, about.st_mtime_ns) for path, about in said}
