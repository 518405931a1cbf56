"""The pages about the archive are right after each publication, whatever was kept, and are cut by year."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reports.test_archive import Links, publish
from reports.test_archived_scores import figure, score

from groundswell.reports.publish.index import survey_index
from groundswell.reports.publish.index.archive_pages import (
    add_to_index,
    all_pages,
    known_damage,
    rebuild_index,
)
from groundswell.reports.publish.index.survey_index import PAGE
from groundswell.runs.run.staging import Staging


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    score(folder, "2025-01-06", None, figure("2025-01-02"))
    score(folder, "2025-01-13", "2025-01-06", figure("2025-01-09"))
    publish(folder, "outlook", "2025-01-13")
    rebuild_index(folder)
    return folder


def written(reports: Path) -> dict[Path, str]:
    """Every page about the archive as it stands, whatever it is called."""
    places = [
        "*.html",
        "*.xml",
        "*.json",
        "*/index.html",
        "*/????.html",
        "*/????.json",
        "*/latest/index.html",
    ]
    pages = (file for place in places for file in reports.glob(place) if file.parent.name != ".index")
    return {file: file.read_text(encoding="utf-8") for file in pages}


def test_what_is_added_report_by_report_is_what_is_made_of_all_at_once(reports: Path) -> None:
    score(reports, "2025-01-20", "2025-01-13", figure("2025-01-16", 0.02, house="bell"))
    changed = add_to_index(reports, "mood")
    assert reports / "mood" / "2025.json" in changed
    assert reports / "outlook" / "index.html" not in changed
    assert written(reports) == all_pages(reports)
    publish(reports, "new", "2024-12-30", edition="since-2022-01-01")
    add_to_index(reports, "new")
    assert written(reports) == all_pages(reports)
    assert rebuild_index(reports) == []


def test_a_survey_that_was_not_published_is_not_looked_at(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = survey_index.read_report

    def counted(folder: Path, *, whole: bool = True) -> object:
        opened.append(folder.name)
        return real(folder, whole=whole)

    monkeypatch.setattr(survey_index, "read_report", counted)
    publish(reports, "mood", "2025-01-27")
    add_to_index(reports, "mood")
    assert opened == ["2025-01-27"]
    rebuild_index(reports)
    assert opened == ["2025-01-27"]


@pytest.mark.parametrize("kept", ["", "x", "a b c\n{}\n{}", "cut", "flipped", "other program"])
def test_what_is_kept_may_be_damaged_or_gone(reports: Path, kept: str) -> None:
    file = reports / ".index" / "mood.json"
    content = file.read_bytes()
    file.unlink()
    if kept == "cut":
        file.write_bytes(content[:-7])
    elif kept == "flipped":
        file.write_bytes(content.replace(b"It fell", b"It rose"))
    elif kept == "other program":
        first, rest = content.split(b"\n", 1)
        changed = rest.replace(b"It fell", b"It rose")
        file.write_bytes(first[:-1] + (b"0" if first[-1:] != b"0" else b"1") + b"\n" + changed)
    else:
        file.write_text(kept, encoding="utf-8")
    publish(reports, "mood", "2025-02-03")
    add_to_index(reports, "mood")
    assert written(reports) == all_pages(reports)
    assert "It rose" not in (reports / "index.html").read_text(encoding="utf-8")


def test_a_report_that_is_removed_or_edited_by_hand_is_seen(reports: Path) -> None:
    shutil.rmtree(reports / "mood" / "2025-01-13")
    rebuild_index(reports)
    assert written(reports) == all_pages(reports)
    file = reports / "outlook" / "2025-01-13" / "manifest.json"
    file.write_text(file.read_text(encoding="utf-8").replace("It fell", "It rose a little"), encoding="utf-8")
    rebuild_index(reports)
    assert "It rose a little" in (reports / "index.html").read_text(encoding="utf-8")
    file.unlink()
    rebuild_index(reports)
    assert known_damage(reports) == {reports / "outlook" / "2025-01-13": "manifest.json is missing"}
    assert written(reports) == all_pages(reports)


def test_a_survey_without_reports_any_more_has_no_pages(reports: Path) -> None:
    shutil.rmtree(reports / "outlook" / "2025-01-13")
    rebuild_index(reports)
    assert "outlook" not in (reports / "index.html").read_text(encoding="utf-8")
    assert not (reports / "outlook" / "index.html").exists()
    assert written(reports) == all_pages(reports)


def test_a_page_that_was_edited_or_removed_is_made_again(reports: Path) -> None:
    (reports / "mood" / "index.html").write_text("edited", encoding="utf-8")
    (reports / "outlook" / "2025.json").unlink()
    (reports / "feed.xml").unlink()
    changed = rebuild_index(reports)
    assert len(changed) == 3
    assert written(reports) == all_pages(reports)


def test_publications_at_once_are_all_on_the_index(tmp_path: Path) -> None:
    def make(number: int) -> None:
        with Staging(tmp_path) as staging:
            survey = f"survey-{number % 3}"
            publish(tmp_path, survey, f"2025-01-{number + 10}")
            with staging.index_turn():
                add_to_index(tmp_path, survey)

    with ThreadPoolExecutor(6) as together:
        list(together.map(make, range(12)))
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["total"] == 12
    assert written(tmp_path) == all_pages(tmp_path)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More reports of a survey than one page shows, of two years; and a few of another."""
    folder = tmp_path / "reports"
    for number in range(PAGE + 20):
        year, rest = (2024, number) if number < 50 else (2025, number - 50)
        publish(folder, "mood", f"{year}-{1 + rest // 28:02}-{1 + rest % 28:02}")
    for day in (6, 13):
        publish(folder, "outlook", f"2025-01-{day:02}")
    rebuild_index(folder)
    return folder


def test_a_survey_with_many_reports_has_a_page_a_year_that_leads_to_each(many: Path) -> None:
    own = Links(many / "mood" / "index.html").links
    newest = [link for link in own if link.startswith("20") and link.endswith("/index.html")]
    assert len(newest) == PAGE
    assert {"2024.html", "2025.html"} <= set(own)
    by_year = [link for year in (2024, 2025) for link in Links(many / "mood" / f"{year}.html").links]
    listed = {link for link in by_year if link.startswith("20")}
    assert listed == {
        f"{folder.parent.name}/index.html" for folder in (many / "mood").glob("20*/manifest.json")
    }
    assert not (many / "outlook" / "2025.html").exists()
    for page in many.rglob("*.html"):
        if page.parent.name in ("reports", "mood", "outlook", "latest"):
            assert all((page.parent / link).is_file() for link in Links(page).links), page


def test_the_summary_stays_small_and_its_parts_hold_every_report_once(many: Path) -> None:
    summary = json.loads((many / "summary.json").read_text(encoding="utf-8"))
    assert summary["total"] == PAGE + 22
    assert len(summary["reports"]) == 22
    assert summary["reports"][0]["as_of"] == max(each["as_of"] for each in summary["reports"])
    listed = [
        each["path"]
        for part in summary["parts"]
        for each in json.loads((many / part["path"]).read_text(encoding="utf-8"))["reports"]
    ]
    assert len(listed) == len(set(listed)) == summary["total"]
    assert all((many / path).is_file() for path in listed)
    assert [(part["survey"], part["year"], part["reports"]) for part in summary["parts"]] == [
        ("mood", 2025, 30),
        ("mood", 2024, 50),
        ("outlook", 2025, 2),
    ]


def test_a_page_of_a_year_goes_with_its_reports(many: Path) -> None:
    for folder in (many / "mood").glob("2024-*"):
        shutil.rmtree(folder)
    rebuild_index(many)
    assert not list((many / "mood").glob("202?.html"))
    assert {file.name for file in (many / "mood").glob("202?.json")} == {"2025.json"}
    assert written(many) == all_pages(many)


def test_a_stale_page_of_a_year_goes_even_where_nothing_was_kept(many: Path) -> None:
    shutil.rmtree(many / ".index")
    (many / "mood" / "1999.html").write_text("left", encoding="utf-8")
    rebuild_index(many)
    assert not (many / "mood" / "1999.html").exists()


def test_an_edit_that_keeps_the_size_is_seen_by_its_time(reports: Path) -> None:
    file = reports / "outlook" / "2025-01-13" / "manifest.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("It fell", "It FELL"), encoding="utf-8")
    os.utime(file, (1, 1))
    rebuild_index(reports)
    assert "It FELL" in (reports / "index.html").read_text(encoding="utf-8")
