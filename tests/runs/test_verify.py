"""`groundswell verify`: what was tampered with, what changed since, and what comes out again, each told apart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import Project

from groundswell.cli.text.verification import as_text
from groundswell.reports.evidence.manifest import checksum_of
from groundswell.runs.plan.manifest import describe_files
from groundswell.runs.verify import verification
from groundswell.runs.verify.check import Check, Verification
from groundswell.runs.verify.compared_texts import TOLERANCE, compare_texts
from groundswell.runs.verify.verification import every_report, verify_report

DAY = "2024-06-01"


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Project:
    """A copy of that project, to be spoiled."""
    shutil.copytree(published, tmp_path / "copy")
    return Project(tmp_path / "copy")


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the re-execution, which has tests of its own below."""
    skipped = Check("numbers", "ok", "not looked at")
    monkeypatch.setattr(verification, "check_numbers", lambda *_: skipped)


def report(project: Project) -> Path:
    return project.folder / "reports" / "testland" / DAY


def verify(project: Project) -> Verification:
    return verify_report(project.folder, report(project))


def verdicts(found: Verification) -> dict[str, str]:
    """The checks that are not ok."""
    return {check.name: check.verdict for check in found.checks if check.verdict != "ok"}


def edit(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_text(encoding="utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")


def edit_manifest(project: Project, *, sealed: bool, **parts: Any) -> None:
    file = report(project) / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8")) | parts
    file.write_text(
        json.dumps(manifest | ({"sha256": checksum_of(manifest)} if sealed else {})), encoding="utf-8"
    )


def forge(project: Project, name: str, change: Callable[[str], str]) -> None:
    """Change a published file and every checksum that would show it."""
    edit(report(project) / name, change)
    manifest = json.loads((report(project) / "manifest.json").read_text(encoding="utf-8"))
    inside = [file for file in report(project).rglob("*") if file.is_file() and file.name != "manifest.json"]
    files = describe_files(inside, report(project))
    assert files != manifest["files"]
    edit_manifest(project, sealed=True, files=files)


@pytest.mark.kernel
def test_an_untouched_report_is_reproduced_and_the_archive_stays_as_it_was(project: Project) -> None:
    before = {file: file.stat().st_mtime_ns for file in (project.folder / "reports").rglob("*")}
    run = project.run("verify", f"reports/testland/{DAY}")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1] == f"testland/{DAY}: reproduced"
    assert len(run.stdout.splitlines()) == 11  # the report, a line a check, the verdict
    assert {file: file.stat().st_mtime_ns for file in (project.folder / "reports").rglob("*")} == before


@pytest.mark.parametrize("name", ["index.html", "observations.csv", "findings.json", "report.ipynb"])
def test_a_file_changed_after_publishing_is_named(project: Project, name: str, still: None) -> None:
    edit(report(project) / name, lambda text: text.replace("0", "1", 1))
    found = verify(project)
    assert found.failed[0] == "files"
    assert f"{name} changed after publishing" in found.checks[1].sentence


def test_a_missing_and_an_added_file_are_named(project: Project, still: None) -> None:
    (report(project) / "observations.csv").unlink()
    (report(project) / "extra.html").write_text("<p>more</p>")
    assert verify(project).checks[1].sentence == "extra.html was not published; observations.csv missing"


@pytest.mark.parametrize(
    "parts", [{"seed": 1}, {"created": "2020-01-01T00:00:00+00:00"}, {"inputs": []}, {"title": "Other"}]
)
def test_a_changed_manifest_does_not_fit_its_own_checksum(
    project: Project, parts: dict[str, Any], still: None
) -> None:
    edit_manifest(project, sealed=False, **parts)
    assert verify(project).failed[0] == "manifest"


def test_a_manifest_without_its_checksum_is_no_published_one(project: Project, still: None) -> None:
    file = report(project) / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    del manifest["sha256"]
    file.write_text(json.dumps(manifest))
    assert verify(project).failed == ["manifest"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null"])
def test_a_damaged_manifest_is_told_as_one(project: Project, text: str) -> None:
    (report(project) / "manifest.json").write_text(text)
    assert verify(project).failed == ["manifest"]


def test_another_version_and_other_packages_are_notes_told_apart(project: Project, still: None) -> None:
    manifest = json.loads((report(project) / "manifest.json").read_text(encoding="utf-8"))
    edit_manifest(project, sealed=True, code=manifest["code"] | {"sha256": "0" * 64})
    assert verdicts(verify(project)) == {"code": "note", "page": "note"}
    edit_manifest(
        project, sealed=True, code=manifest["code"], packages=manifest["packages"] | {"numpy": "1.0"}
    )
    found = verify(project)
    assert verdicts(found) == {"packages": "note", "page": "note"}
    assert any("numpy 1.0 then, " in check.sentence for check in found.checks)
    assert found.reproduced


def test_a_changed_input_is_told_apart_from_a_number_that_follows_from_it(
    project: Project, here: None
) -> None:
    toplines = project.folder / "surveys" / "testland" / "toplines.csv"
    edit(toplines, lambda text: text.replace("bulletin", "newsletter"))
    found = verify(project)
    assert verdicts(found) == {"inputs": "note"}
    (line,) = (line for line in as_text(found).splitlines() if line.strip().startswith("inputs"))
    assert "surveys/testland/toplines.csv changed since" in line
    edit(toplines, lambda text: text.replace(",0.41,", ",0.45,"))
    found = verify(project)
    assert verdicts(found) == {"inputs": "note", "numbers": "differs"}
    assert "published `0.41`, now `0.45`" in found.checks[-1].sentence


def test_a_forger_who_mends_every_checksum_is_found_by_the_numbers(project: Project, here: None) -> None:
    forge(project, "observations.csv", lambda text: text.replace("0.41", "0.14"))
    found = verify(project)
    assert verdicts(found) == {"numbers": "differs"}
    assert (
        "observations.csv line 2, column `share`: published `0.14`, now `0.41`" in found.checks[-1].sentence
    )


def test_a_forged_page_is_found_by_drawing_it_again(project: Project, still: None) -> None:
    forge(project, "index.html", lambda text: text.replace("Nothing moved", "Everything moved"))
    assert verify(project).failed == ["page"]


def test_another_seed_gives_other_numbers(project: Project, here: None) -> None:
    manifest = json.loads((report(project) / "manifest.json").read_text(encoding="utf-8"))
    edit_manifest(project, sealed=True, parameters=manifest["parameters"] | {"seed": 5}, seed=5)
    assert verify(project).failed == ["page", "numbers"]  # the page prints the seed


def test_a_notebook_that_fails_now_is_a_difference_with_its_reason(project: Project, here: None) -> None:
    project.use_notebook("raises_in_cell")
    found = verify(project)
    assert verdicts(found) == {"inputs": "note", "numbers": "differs"}
    assert (
        as_text(found).splitlines()[-2].endswith("not made again: no wave of red fieldwork")
    )  # no terminal codes


def test_what_a_manifest_names_outside_the_project_is_not_read(project: Project, still: None) -> None:
    (project.folder / "elsewhere").symlink_to("/etc/hostname")
    edit_manifest(project, sealed=True, inputs=[{"path": "elsewhere", "sha256": "0", "bytes": 1}])
    (inputs,) = (check for check in verify(project).checks if check.name == "inputs")
    assert "elsewhere missing" in inputs.sentence
    (report(project) / "manifest.json").write_text(
        (report(project) / "manifest.json")
        .read_text()
        .replace('"elsewhere"', '"../../../../../etc/hostname"')
    )
    (told,) = verify(project).checks
    assert (told.name, told.verdict) == ("manifest", "differs")
    assert "a path leads inside its folder" in told.sentence


def test_another_projects_notebooks_make_no_report_again(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder, tmp_path / "other")
    shutil.rmtree(project.folder / "notebooks")
    (project.folder / "notebooks").symlink_to(tmp_path / "other" / "notebooks")
    found = verify(project)
    assert not found.reproduced
    told = {check.name: check.sentence for check in found.checks}
    assert "not made again" in told["numbers"]
    assert f"which stands in the project `{tmp_path / 'other'}`" in told["numbers"]
    assert "notebooks/wave_report.ipynb missing" in told["inputs"]


def test_a_survey_folder_that_is_a_link_holds_the_inputs(
    project: Project, tmp_path: Path, still: None
) -> None:
    survey = project.folder / "surveys" / "testland"
    survey.rename(tmp_path / "kept")
    survey.symlink_to(tmp_path / "kept")
    assert {check.name: check.verdict for check in verify(project).checks}["inputs"] == "ok"


@pytest.mark.parametrize("arguments", [(), ("reports/testland",), ("--all", "reports/testland/2024-06-01")])
def test_wrong_use_is_code_two(project: Project, arguments: tuple[str, ...]) -> None:
    run = project.run("verify", *arguments)
    assert run.returncode == 2
    assert not run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.kernel
def test_all_takes_every_revision_and_what_should_be_one(project: Project, here: None) -> None:
    project.add_wave(2)
    assert project.run("report", "testland", "--as-of", DAY).returncode == 0
    damaged = project.folder / "reports" / "testland" / "2023-01-01"
    damaged.mkdir()
    folders = every_report(project.folder)
    assert [folder.name for folder in folders] == ["2023-01-01", DAY, f"{DAY}-r2"]
    found = [verify_report(project.folder, folder).failed for folder in folders]
    # the new row came before the date: the first revision's numbers do not come out any more
    assert found == [["manifest"], ["numbers"], []]


def test_numbers_are_compared_within_the_tolerance_and_words_exactly() -> None:
    near, far = 0.5 + TOLERANCE / 2, 0.5 + 3 * TOLERANCE
    assert compare_texts("x", published="a,0.5\nb,-3e-4", made=f"a,{near}\nb,-3e-4") == []
    (found,) = compare_texts("x", published="a\nb,0.5", made=f"a\nb,{far}")
    assert (found.file, found.row, found.published) == ("x", "line 2", "0.5")
    assert compare_texts("x", published="fell by 3", made="rose by 3")
    checksums = "of efa120e441ef, 0.5"  # digits of a checksum read as a number beyond all bounds
    assert [
        each.made for each in compare_texts("x", published=checksums, made=f"of efa120e441ef, {far}")
    ] == [str(far)]
    assert compare_texts("x", published="1,2", made="1,2,3")
    assert compare_texts("x", published="\u22123 pts", made="3 pts")
