"""What decides a report, and what does not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from projects import Project

from groundswell.reports.evidence.manifest import read_manifest
from groundswell.runs.plan.manifest import (
    describe_code,
    describe_files,
    describe_packages,
    fingerprint,
    survey_inputs,
)


def test_files_are_described_by_relative_path_and_checksum(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.csv").write_bytes(b"1\n")
    (tmp_path / "a.toml").write_bytes(b"")
    described = describe_files([tmp_path / "b" / "x.csv", tmp_path / "a.toml"], tmp_path)
    assert [entry["path"] for entry in described] == ["a.toml", "b/x.csv"]
    assert described[1] == {"path": "b/x.csv", "sha256": hashlib.sha256(b"1\n").hexdigest(), "bytes": 2}


def test_a_readme_or_a_half_saved_file_decides_nothing(project: Project) -> None:
    folder = project.folder / "surveys" / "testland"
    before = describe_files(survey_inputs(folder), folder)
    for name in ("README.md", ".toplines.csv.swp", "toplines.csv~", "~$wave.xlsx", "toplines.csv.part"):
        (folder / name).write_text("x")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "x").write_text("x")
    assert describe_files(survey_inputs(folder), folder) == before
    (folder / "waves").mkdir()
    (folder / "waves" / "01.toml").write_text("x")
    assert describe_files(survey_inputs(folder), folder) != before


def test_a_fingerprint_changes_with_inputs_and_parameters_only() -> None:
    inputs = [{"path": "a", "sha256": "0", "bytes": 1}]
    assert fingerprint(inputs, {"since": None, "seed": 1}) == fingerprint(inputs, {"seed": 1, "since": None})
    assert fingerprint(inputs, {"seed": 1}) != fingerprint(inputs, {"seed": 2})
    assert fingerprint(inputs, {"seed": 1}) != fingerprint([{**inputs[0], "sha256": "1"}], {"seed": 1})


def test_code_and_packages_are_named_by_version() -> None:
    code = describe_code()
    assert len(code["sha256"]) == 64
    assert code["version"]
    packages = describe_packages()
    assert {"numpy", "pandas", "plotly", "papermill", "nbconvert", "statsmodels"} <= packages.keys()
    assert "pytest" not in packages


def test_a_broken_manifest_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    for text in ("", "[]", "\x00", '{"schema"'):
        (tmp_path / "manifest.json").write_text(text)
        assert read_manifest(tmp_path) is None
