"""`check` and `list` see the waves of respondents too, not only the published shares."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from groundswell.runs.checks.folders import check_folders
from groundswell.runs.checks.listing import describe_project


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Path:
    shutil.copytree(repository / "surveys" / "simulated-panel", tmp_path / "surveys" / "panel")
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def messages(project: Path) -> list[str]:
    (faults,) = check_folders(lambda: project, ["panel"]).values()
    return [str(fault).removeprefix(f"{project}/surveys/panel/waves/") for fault in faults]


def test_sound_waves_have_no_fault_and_are_counted(project: Path) -> None:
    assert messages(project) == []
    (panel,) = describe_project(project)
    assert panel["waves"] == 12


def test_respondents_that_changed_a_broken_key_and_a_torn_file_are_all_told_at_once(project: Path) -> None:
    waves = project / "surveys" / "panel" / "waves"
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


def test_absent_respondents_are_no_fault(project: Path) -> None:
    (project / "surveys" / "panel" / "waves" / "wave-05.csv").unlink()
    assert messages(project) == []
