"""The archive: what is read from manifests, what the pages link to, and that untrusted text stays text."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from groundswell.reports.publish.archive import archive_faults, latest_report, previous_report, read_archive
from groundswell.reports.publish.index.archive_pages import rebuild_index

ATOM = "{http://www.w3.org/2005/Atom}"


def publish(
    reports: Path,
    survey: str,
    as_of: str,
    *,
    revision: int = 1,
    edition: str = "",
    language: str = "en",
    due: str | None = None,
    **summary: Any,
) -> Path:
    name = f"{as_of}~{edition}" if edition else as_of
    folder = reports / survey / (name if revision == 1 else f"{name}-r{revision}")
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("a report", encoding="utf-8")
    indicator = {"indicator": "anxiety", "title": "Anxiety", "share": 0.4, "low95": 0.35, "high95": 0.45}
    report = {"headline": "It fell", "deck": "Share of adults", "status": "passed", "checks_passed": 3,
              "checks_run": 4, "indicators": [indicator | {"spark": [0.5, 0.45, 0.4]}]}  # fmt: skip
    asked = {"language": language if "language" in edition else None}
    manifest = {"schema": 1, "survey": survey, "title": f"About {survey}", "as_of": as_of, "revision": revision,
                "edition": edition, "folder": folder.name, "created": f"{as_of}T06:00:{revision:02}+00:00",
                "language": language, "due": due, "parameters": asked, "report": report | summary}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    publish(folder, "mood", "2025-01-06")
    publish(folder, "mood", "2025-01-13")
    publish(folder, "mood", "2025-01-13", revision=2)
    publish(folder, "mood", "2025-01-20", edition="since-2022-01-01")
    publish(folder, "outlook", "2025-01-13")
    (folder / "mood" / "2025-02-01").mkdir()
    (folder / ".staging" / "1" / "2025-01-01").mkdir(parents=True)
    return folder


class Links(HTMLParser):
    """Collects what a page links to and which elements it has."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


def test_reports_are_read_newest_first_and_half_made_ones_are_not(reports: Path) -> None:
    read = [(each.survey, each.folder) for each in read_archive(reports)]
    assert read == [
        ("mood", "2025-01-20~since-2022-01-01"),
        ("mood", "2025-01-13-r2"),
        ("mood", "2025-01-13"),
        ("outlook", "2025-01-13"),
        ("mood", "2025-01-06"),
    ]
    assert archive_faults(reports) == {reports / "mood" / "2025-02-01": "manifest.json is missing"}


@pytest.mark.parametrize(
    ("as_of", "edition", "expected"),
    [
        (date(2025, 1, 6), "", None),
        (date(2025, 1, 13), "", "2025-01-06"),
        (date(2025, 1, 27), "", "2025-01-13-r2"),
        (date(2025, 1, 27), "since-2022-01-01", "2025-01-20~since-2022-01-01"),
    ],
)
def test_the_previous_report_is_the_newest_revision_before_the_date_in_the_same_edition(
    reports: Path, as_of: date, edition: str, expected: str | None
) -> None:
    found = previous_report(reports, "mood", as_of, edition=edition)
    assert (found.name if found else None) == expected


def test_the_latest_report_is_one_with_the_default_parameters(reports: Path) -> None:
    assert latest_report(reports, "mood") == reports / "mood" / "2025-01-13-r2"
    assert latest_report(reports, "nothing") is None


def test_every_link_of_every_page_leads_to_a_file_inside_the_archive(reports: Path) -> None:
    pages = [page for page in rebuild_index(reports) if page.suffix == ".html"]
    assert len(pages) == 5
    for page in pages:
        for link in Links(page).links:
            assert (page.parent / link).resolve().is_relative_to(reports.resolve())
            assert (page.parent / link).is_file(), f"{page}: {link}"


def test_rebuilding_an_unchanged_archive_touches_nothing(reports: Path) -> None:
    assert rebuild_index(reports)
    assert rebuild_index(reports) == []


def test_an_empty_archive_has_an_index_that_says_how_to_fill_it(tmp_path: Path) -> None:
    rebuild_index(tmp_path)
    assert "groundswell report --all" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_feed_is_sound_atom_with_one_entry_a_report_and_stable_ids(reports: Path) -> None:
    rebuild_index(reports)
    feed = ElementTree.parse(reports / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 5
    assert entries[0].findtext(f"{ATOM}updated") == "2025-01-20T06:00:01+00:00"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 5
    publish(reports, "outlook", "2025-01-20")
    rebuild_index(reports)
    again = ElementTree.parse(reports / "feed.xml").getroot()
    assert set(ids) < {entry.findtext(f"{ATOM}id") for entry in again.findall(f"{ATOM}entry")}


def test_every_entry_of_the_feed_has_what_rfc_4287_demands(reports: Path) -> None:
    rebuild_index(reports)
    feed = ElementTree.parse(reports / "feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link[@rel='self']")] == ["feed.xml"]
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert str(part.findtext(f"{ATOM}id")).startswith("urn:uuid:")
        assert datetime.fromisoformat(str(part.findtext(f"{ATOM}updated"))).tzinfo is not None
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}summary") is not None
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel", "alternate") == "alternate"
        assert (reports / str(link.get("href"))).is_file()


def test_latest_names_a_card_that_is_there_by_a_relative_address(reports: Path) -> None:
    rebuild_index(reports)
    latest = reports / "mood" / "latest" / "index.html"
    assert "og:image" not in latest.read_text(encoding="utf-8")
    (reports / "mood" / "2025-01-13-r2.png").write_bytes(b"a card")
    assert latest in rebuild_index(reports)
    assert '<meta property="og:image" content="../2025-01-13-r2.png">' in latest.read_text(encoding="utf-8")


def test_the_index_shows_the_newest_report_and_a_dozen_before_it(tmp_path: Path) -> None:
    for month in range(1, 13):
        for day in (6, 20):
            publish(tmp_path, "mood", f"2024-{month:02}-{day:02}")
    rebuild_index(tmp_path)
    index, own = Links(tmp_path / "index.html").links, Links(tmp_path / "mood" / "index.html").links
    shown = [link for link in index if link.startswith("mood/2")]
    assert shown[0] == "mood/2024-12-20/index.html"
    assert len(shown) == 13
    assert "mood/index.html" in index
    assert len([link for link in own if link.startswith("2024")]) == 24


def test_the_index_says_by_which_day_the_next_report_is_due_and_of_earlier_ones_nothing(
    tmp_path: Path,
) -> None:
    publish(tmp_path, "mood", "2024-01-31", due="2024-02-29")
    publish(tmp_path, "mood", "2024-02-29", due="2024-03-29")
    rebuild_index(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "the next report is due by 29 March 2024" in page
    assert "29 February 2024" in page
    assert "due by 29 February" not in page
    publish(tmp_path, "mood", "2024-03-31", due=None)
    rebuild_index(tmp_path)
    assert "is due by" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_headline_with_markup_or_control_characters_stays_text(reports: Path) -> None:
    payload = "<script>alert(1)</script>\u0001\"'><img src=x onerror=alert(1)>"
    publish(reports, "mood", "2025-03-03", headline=payload)
    for page in rebuild_index(reports):
        if page.suffix == ".html":
            assert not {"script", "img"} & set(Links(page).elements)
    titles = [each.text for each in ElementTree.parse(reports / "feed.xml").getroot().iter(f"{ATOM}title")]
    assert any("<script>alert(1)</script>" in (title or "") for title in titles)


def head(page: Path) -> tuple[str, str]:
    """The language that a page names, and its title."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<html dir="ltr" lang="([^"]+)">.*?<title>(.*?)</title>', text, re.DOTALL)
    assert found is not None
    return found[1], found[2]


def test_a_survey_s_pages_speak_its_own_language_and_the_index_that_of_all(tmp_path: Path) -> None:
    publish(tmp_path, "mood", "2025-01-13", language="ru")
    publish(tmp_path, "mood", "2025-02-13", language="en", edition="language-en")
    rebuild_index(tmp_path)
    assert head(tmp_path / "mood" / "index.html") == ("ru", "About mood: отчёты")
    assert head(tmp_path / "mood" / "latest" / "index.html") == ("ru", "About mood: новейший отчёт")
    assert head(tmp_path / "index.html") == ("ru", "Отчёты groundswell")
    assert "13 января 2025 года" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert ElementTree.parse(tmp_path / "feed.xml").getroot().findtext(f"{ATOM}title") == "Отчёты groundswell"
    publish(tmp_path, "outlook", "2025-01-13", language="en")
    rebuild_index(tmp_path)
    assert head(tmp_path / "mood" / "index.html") == ("ru", "About mood: отчёты")
    assert head(tmp_path / "outlook" / "index.html") == ("en", "About outlook: reports")
    assert head(tmp_path / "index.html") == ("en", "groundswell reports"), "surveys that share no language"


def test_a_report_in_a_language_without_catalogue_is_listed_in_english(tmp_path: Path) -> None:
    publish(tmp_path, "mood", "2025-01-13", language="qq")
    rebuild_index(tmp_path)
    assert head(tmp_path / "mood" / "index.html") == ("en", "About mood: reports")


def test_the_summary_for_machines_names_each_report_and_its_path(reports: Path) -> None:
    rebuild_index(reports)
    summary = json.loads((reports / "summary.json").read_text(encoding="utf-8"))
    assert summary["schema"] == 3
    assert all((reports / each["path"]).is_file() for each in summary["reports"])
