"""A copy of a report's folder, in no project: made again from what it carries, and nothing of a stranger's is run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from projects import Project

from groundswell.checksum import checksum
from groundswell.cli import cli
from groundswell.cli.text.verification import as_text
from groundswell.estimates.of_wave.estimate_flags import PUBLISHED_BEFORE
from groundswell.reports.evidence.manifest import MANIFEST, checksum_of, read_manifest
from groundswell.reports.publish.page import render_page
from groundswell.runs.kernel.cells import read_notebook
from groundswell.runs.plan.manifest import describe_files
from groundswell.runs.plan.notebook import notebook_of_executed
from groundswell.runs.verify import again
from groundswell.runs.verify.check import Verification
from groundswell.runs.verify.copy import Given
from groundswell.runs.verify.verification import verify_copy

TRUSTED = Given(trust_notebook=True)
WAVE = "surveys/testland/waves/w1.csv"


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """A copy of a published report, under another name, away from its project."""
    return Path(shutil.copytree(published / "reports" / "testland" / "2024-06-01", tmp_path / "from a mail"))


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is run is a failure of the test."""

    def run(*_: object) -> None:
        pytest.fail("a notebook was run")

    monkeypatch.setattr(again, "run_again", run)


def manifest(copy: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    return content


def forge(copy: Path, **parts: Any) -> None:
    """Change the manifest and every checksum that would show it."""
    inside = [file for file in copy.rglob("*") if file.is_file() and file.name != MANIFEST]
    content = {**manifest(copy), "files": describe_files(inside, copy), **parts}
    (copy / MANIFEST).write_text(json.dumps(content | {"sha256": checksum_of(content)}), encoding="utf-8")


def draw_again(copy: Path) -> None:
    """The page of the manifest as it is now."""
    told = read_manifest(copy)
    assert told is not None
    page = render_page(read_notebook(copy / "report.ipynb"), told, script="shared")
    (copy / "index.html").write_text(page, encoding="utf-8")
    forge(copy)


def verdicts(found: Verification) -> dict[str, str]:
    return {check.name: check.verdict for check in found.checks if check.verdict != "ok"}


def sentence(found: Verification, name: str) -> str:
    (told,) = (check.sentence for check in found.checks if check.name == name)
    return told


def with_respondents(copy: Path, content: str = "age\n44\n") -> Path:
    """A folder with a file that the copy then names by checksum only, under another name than it had."""
    kept = copy.parent / "kept" / "inner"
    kept.mkdir(parents=True)
    (kept / "renamed.csv").write_text(content)
    record = {"path": WAVE, "sha256": checksum(kept / "renamed.csv"), "bytes": len(content)}
    forge(copy, inputs=[*manifest(copy)["inputs"], record])
    draw_again(copy)
    return kept.parent


def test_a_copy_alone_is_made_again_from_what_it_carries(copy: Path, here: None) -> None:
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    found = verify_copy(copy, TRUSTED)
    assert verdicts(found) == {"assets": "note"}
    assert found.reproduced
    assert as_text(found).splitlines()[-1].endswith("a copy of testland/2024-06-01: reproduced")
    assert {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()} == before


def test_its_numbers_follow_the_carried_inputs(copy: Path, here: None) -> None:
    toplines = copy / "inputs" / "surveys" / "testland" / "toplines.csv"
    toplines.write_text(toplines.read_text(encoding="utf-8").replace(",0.41,", ",0.45,"), encoding="utf-8")
    forge(copy)
    found = verify_copy(copy, TRUSTED)
    assert verdicts(found) == {"assets": "note", "inputs": "differs", "numbers": "differs"}
    moved = next(each for each in found.moved if each.file == "observations.csv")
    assert (moved.column, moved.published, moved.made) == ("share", "0.41", "0.45")


def test_a_notebook_that_is_not_known_here_is_not_run(copy: Path, nothing_runs: None) -> None:
    found = verify_copy(copy, Given())
    assert verdicts(found) == {"assets": "note", "numbers": "open"}
    assert "--trust-notebook" in sentence(found, "numbers")
    assert not found.reproduced


def test_a_notebook_of_this_project_is_known(copy: Path, published: Path, here: None) -> None:
    assert verify_copy(copy, Given(project=published)).reproduced


def test_code_that_was_changed_in_the_copy_is_not_run_under_a_known_name(
    copy: Path, published: Path, nothing_runs: None
) -> None:
    text = (copy / "report.ipynb").read_text(encoding="utf-8")
    (copy / "report.ipynb").write_text(text.replace("import csv", "import os"), encoding="utf-8")
    forge(copy)
    told = sentence(verify_copy(copy, Given(project=published)), "numbers")
    assert "other code than the notebook that the manifest names" in told
    code = notebook_of_executed(Path("wave_report.ipynb"), (copy / "report.ipynb").read_bytes())
    forge(copy, notebook_code={"state": "committed", "sha256": code.sha256})
    assert "--trust-notebook" in sentence(verify_copy(copy, Given(project=published)), "numbers")


def test_a_parameter_that_the_notebook_does_not_declare_is_not_filled_in(
    copy: Path, published: Path, nothing_runs: None
) -> None:
    forge(copy, parameters={**manifest(copy)["parameters"], "x = 1; import os": 1})
    told = sentence(verify_copy(copy, Given(project=published)), "numbers")
    assert "which the notebook does not declare" in told


@pytest.mark.parametrize("other", ["/etc", "reports/otherland/2024-05-01", "reports/testland/../../x"])
def test_a_report_before_that_is_not_in_the_copy_is_not_read(
    copy: Path, published: Path, nothing_runs: None, other: str
) -> None:
    forge(copy, parameters={**manifest(copy)["parameters"], "previous": other})
    assert "is no report of `testland`" in sentence(verify_copy(copy, Given(project=published)), "numbers")


@pytest.mark.parametrize(
    "parts", [{"survey": "../elsewhere"}, {"folder": "../2024-06-01"}, {"notebook": "../../wave_report"}]
)
def test_names_that_lead_elsewhere_are_refused(copy: Path, nothing_runs: None, parts: dict[str, str]) -> None:
    forge(copy, **parts)
    assert verify_copy(copy, TRUSTED).failed == ["manifest"]


def test_an_input_that_leads_elsewhere_is_not_read(copy: Path, nothing_runs: None) -> None:
    carried = manifest(copy)["carried"]
    forge(copy, carried=[*carried, "notebooks/sitecustomize.py"])
    assert "is no input of `testland`" in sentence(verify_copy(copy, TRUSTED), "inputs")
    forge(copy, carried=carried)
    toplines = copy / "inputs" / "surveys" / "testland" / "toplines.csv"
    toplines.unlink()
    assert "toplines.csv` is missing in the copy" in sentence(verify_copy(copy, TRUSTED), "inputs")
    toplines.symlink_to("/etc/hostname")
    assert "is a link" in sentence(verify_copy(copy, TRUSTED), "inputs")


def test_respondents_are_asked_for_and_found_by_checksum(copy: Path, here: None) -> None:
    kept = with_respondents(copy)
    found = verify_copy(copy, TRUSTED)
    assert verdicts(found) == {"assets": "note", "inputs": "open", "numbers": "open"}
    assert WAVE in sentence(found, "inputs")
    assert "--respondents" in sentence(found, "inputs")
    given = Given(respondents=kept, trust_notebook=True)
    assert verify_copy(copy, given).reproduced
    (kept / "inner" / "renamed.csv").write_text("age\n45\n")  # as long, and another file
    assert verdicts(verify_copy(copy, given))["inputs"] == "open"


def test_what_other_reports_hide_is_not_guessed(copy: Path, nothing_runs: None) -> None:
    (copy / "shares.csv").write_text(f"domain,flags\nage:18-29,hidden;{PUBLISHED_BEFORE}\n")
    given = Given(respondents=with_respondents(copy), trust_notebook=True)
    assert "domains are hidden because of other reports" in sentence(verify_copy(copy, given), "numbers")


@pytest.mark.parametrize("text", ["[]", '{"cells": [{"cell_type": 1}], "nbformat": 4}', "\x00", "9"])
def test_a_notebook_that_is_none_is_a_difference_and_no_traceback(
    copy: Path, nothing_runs: None, text: str
) -> None:
    (copy / "report.ipynb").write_text(text)
    assert verdicts(verify_copy(copy, Given()))["page"] == "differs"


def test_a_report_from_before_there_were_inputs_in_it_says_so(copy: Path, nothing_runs: None) -> None:
    content = manifest(copy)
    del content["carried"]
    (copy / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    draw_again(copy)
    found = verify_copy(copy, TRUSTED)
    assert not found.failed
    assert "verify it in its project" in sentence(found, "inputs")


def test_packages_are_told_against_the_lock(copy: Path, nothing_runs: None) -> None:
    lock = copy / "requirements.txt"
    assert "pytest==" not in lock.read_text(encoding="utf-8")
    lines = lock.read_text(encoding="utf-8").splitlines()
    changed = ["patsy==0.0.1" if line.startswith("patsy==") else line for line in lines]
    lock.write_text("\n".join(changed) + "\n", encoding="utf-8")
    forge(copy)
    found = verify_copy(copy, Given())
    assert verdicts(found)["packages"] == "note"
    assert "patsy 0.0.1 then, " in sentence(found, "packages")


def test_the_command_takes_a_copy_outside_any_project(
    copy: Path, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy.parent)
    assert CliRunner().invoke(cli, ["verify", copy.name]).exit_code == 2
    toplines = copy / "inputs" / "surveys" / "testland" / "toplines.csv"
    toplines.write_text(toplines.read_text(encoding="utf-8").replace(",0.41,", ",0.45,"), encoding="utf-8")
    moved = copy.parent / "moved.csv"
    run = CliRunner().invoke(cli, ["verify", str(copy), "--trust-notebook", "--moved", str(moved)])
    assert run.exit_code == 1
    rows = moved.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "report,file,row,column,published,now,relative_difference"
    assert any(row.endswith("observations.csv,line 2,share,0.41,0.45,0.097561") for row in rows)


def test_what_is_no_report_is_named(tmp_path: Path, project: Project) -> None:
    run = CliRunner().invoke(cli, ["verify", "--project", str(project.folder), str(tmp_path)])
    assert run.exit_code == 2
    assert "neither a report of this project nor a copy of one" in run.stderr
