"""What `groundswell doctor` says of an archive, and its exit code; each kind of damage is named with its way out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from reports.test_damaged_archive import DAYS, whole_report

from groundswell.checksum import checksum
from groundswell.cli import cli
from groundswell.errors import InputError
from groundswell.reports.evidence.earlier.ledger import FORECASTS, linked
from groundswell.reports.evidence.manifest import read_manifest, sealed, write_manifest
from groundswell.reports.publish.assets import shared_script, write_assets
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.runs.doctor.examination import examine
from groundswell.runs.run.staging import Staging


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole archive of two reports along a chain of forecasts."""
    project = tmp_path_factory.mktemp("project")
    for name in ("surveys", "notebooks"):
        (project / name).mkdir()
    chain, before = "", None
    for day in DAYS[:2]:
        folder = whole_report(project, "mood", day, before)
        manifest = read_manifest(folder)
        assert manifest is not None
        chain, read = linked(chain, checksum(folder / FORECASTS)), None
        if before is not None:
            read = checksum(project / "reports" / "mood" / before / FORECASTS)
        link = {"previous": before and f"reports/mood/{before}", "forecasts": read, "chain": chain}
        write_manifest(folder, sealed(manifest, ledger=link))
        before = day
    write_assets(project / "reports")
    rebuild_index(project / "reports")
    return project


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "project")


def doctor(project: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--project", str(project), "doctor", *options])
    return done.exit_code, done.output


def prints(project: Path) -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(project.rglob("*"))
        if file.is_file()
    }


def test_a_whole_archive_is_whole_and_is_only_read(project: Path) -> None:
    before = prints(project)
    code, said = doctor(project)
    assert code == 0, said
    assert said.splitlines()[-1] == "the archive is whole"
    assert "2 reports, 14 files" in said
    assert "2 reports with frozen forecasts" in said
    assert prints(project) == before


def rewrite(name: str, text: str) -> Callable[[Path], None]:
    def write(reports: Path) -> None:
        (reports / name).write_text(text, encoding="utf-8")

    return write


def reword(reports: Path) -> None:
    file = reports / "mood" / DAYS[0] / "manifest.json"
    file.write_text(file.read_text(encoding="utf-8").replace("It fell", "It rose"), encoding="utf-8")


def link(reports: Path) -> None:
    file = reports / "mood" / DAYS[1] / "trend.csv"
    file.rename(reports.parent / "trend.csv")
    file.symlink_to(reports.parent / "trend.csv")


def lay_a_folder(reports: Path) -> None:
    (reports / shared_script().path).unlink()
    (reports / shared_script().path).mkdir()


def lay_a_file(reports: Path) -> None:
    (reports.parent / "surveys" / "other").mkdir()
    (reports.parent / "surveys" / "other" / "survey.toml").touch()
    (reports / "other").touch()


def forget(reports: Path) -> None:
    shutil.rmtree(reports / "mood" / DAYS[0])


@pytest.mark.parametrize(
    ("harm", "group", "place", "fault", "way_out"),
    [
        (rewrite(f"mood/{DAYS[0]}/manifest.json", "{"), "reports", f"mood/{DAYS[0]}", "json is damaged", "a copy"),
        (reword, "reports", f"mood/{DAYS[0]}/manifest.json", "its own checksum", "a copy"),
        (rewrite(f"mood/{DAYS[1]}/trend.csv", "x"), "reports", f"mood/{DAYS[1]}/trend.csv", "changed", "a copy"),
        (rewrite(f"mood/{DAYS[1]}/new.csv", "x"), "reports", f"mood/{DAYS[1]}/new.csv", "not published", "move"),
        (rewrite(f"mood/{DAYS[0]}/{FORECASTS}", "x"), "forecasts", f"mood/{DAYS[1]}", "are not the", "stand without"),
        (forget, "forecasts", f"mood/{DAYS[1]}", "is missing or damaged", "stand without"),
        (rewrite(shared_script().path, "x"), "shared files", shared_script().path, "changed", "brings it back"),
        (link, "reports", f"mood/{DAYS[1]}/trend.csv", "was replaced by a link", "a copy"),
        (lay_a_folder, "shared files", shared_script().path, "was replaced by a folder", "remove the folder"),
        (lay_a_file, "reports", "other", "is a file, where the folder", "move the file out"),
        (rewrite("index.html", "x"), "index", "index.html", "not up to date", "up to date"),
    ],
)  # fmt: skip
def test_each_kind_of_damage_is_named_with_its_way_out(
    project: Path, harm: Callable[[Path], None], group: str, place: str, fault: str, way_out: str
) -> None:
    harm(project / "reports")
    found = {each.name: each.findings for each in examine(project)}
    named = {finding.place: finding for finding in found[group]}
    assert fault in named[f"reports/{place}"].fault
    assert way_out in named[f"reports/{place}"].way_out
    code, said = doctor(project)
    assert code == 1
    assert f"reports/{place}: " in said
    assert said.splitlines()[-1].startswith("the archive is damaged: ")


def test_a_link_in_the_shared_scripts_place_gives_way_to_the_script(project: Path) -> None:
    script, elsewhere = project / "reports" / shared_script().path, project / "elsewhere.js"
    script.rename(elsewhere)
    script.symlink_to(elsewhere)
    assert write_assets(project / "reports")
    assert not script.is_symlink()
    assert elsewhere.read_bytes() == script.read_bytes()


def test_leftovers_are_named_with_their_age_and_are_no_damage(project: Path) -> None:
    reports = project / "reports"
    gone = reports / ".staging" / "tmpgone"
    failed = reports / ".failed" / "mood" / "2025-12-31-060000"
    for folder in (gone, failed):
        folder.mkdir(parents=True)
    (gone / "lock").touch()
    (reports / ".staging" / "mood~2025-12-31.lock").touch()
    (failed / "report.ipynb").write_bytes(b"x" * 2000)
    os.utime(failed, (1, 1))
    (reports / "mood" / ".0123456789abcdef.part").touch()
    code, said = doctor(project)
    assert code == 0, said
    for place in (gone, failed, reports / ".staging" / "mood~2025-12-31.lock"):
        assert f"{place.relative_to(project)}: is " in said
    assert ".0123456789abcdef.part: was being written" in said
    assert "days old, 2.0 KB" in said


def test_what_a_running_process_holds_is_no_leftover(project: Path) -> None:
    with Staging(project / "reports") as staging, staging.claim("mood", "2026-01-31"):
        (leftovers,) = (group for group in examine(project) if group.name == "leftovers")
        assert leftovers.findings == ()


def test_where_there_is_no_archive_it_cannot_look(tmp_path: Path) -> None:
    for name in ("surveys", "notebooks"):
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="there is no archive to look at"):
        examine(tmp_path)
    assert doctor(tmp_path)[0] == 2


def test_json_says_the_same(project: Path) -> None:
    (project / "reports" / "feed.xml").unlink()
    code, said = doctor(project, "--json")
    told = json.loads(said)
    assert (code, told["whole"]) == (1, False)
    (index,) = (group for group in told["groups"] if group["name"] == "index")
    assert [finding["place"] for finding in index["findings"]] == ["reports/feed.xml"]
