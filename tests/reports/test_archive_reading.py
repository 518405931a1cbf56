"""Which folder of the archive is which report: names, revisions, what comes before what, and what is damaged."""

from __future__ import annotations

import errno
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reports.test_archive import publish

from groundswell.errors import RunError
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import (
    DEFAULT_NOTEBOOK,
    archive_faults,
    folder_name,
    folders_of,
    latest_report,
    newest_report,
    newest_revision,
    next_revision,
    previous_report,
    read_archive,
    read_report,
    report_folders,
    survey_names,
)

DAY = "2025-01-13"


@pytest.fixture
def mood(tmp_path: Path) -> Path:
    """The reports of a survey whose folder is not there yet."""
    return tmp_path / "reports" / "mood"


def of_mood(folder: Path, as_of: str, **other: Any) -> Path:
    return publish(folder.parent, "mood", as_of, **other)


def test_the_notebook_of_a_surveys_own_report_is_there(repository: Path) -> None:
    assert (repository / "notebooks" / f"{DEFAULT_NOTEBOOK}.ipynb").is_file()


def test_the_first_revision_has_the_reports_own_name() -> None:
    assert [folder_name(DAY, each) for each in (1, 2, 10)] == [DAY, f"{DAY}-r2", f"{DAY}-r10"]


def test_revisions_are_counted_as_numbers_and_each_name_by_itself(mood: Path) -> None:
    assert next_revision(mood, DAY) == 1
    assert newest_revision(mood, DAY) is None
    of_mood(mood, DAY)
    assert (next_revision(mood, DAY), newest_revision(mood, DAY)) == (2, mood / DAY)
    for number in (2, 9, 10):
        of_mood(mood, DAY, revision=number)
    of_mood(mood, DAY, edition="seed-2", revision=30)
    of_mood(mood, "2025-01-14", revision=40)
    assert (next_revision(mood, DAY), newest_revision(mood, DAY)) == (11, mood / f"{DAY}-r10")
    other = f"{DAY}~seed-2"
    assert (next_revision(mood, other), newest_revision(mood, other)) == (31, mood / f"{other}-r30")


def test_a_damaged_revision_and_a_broken_link_take_their_place(mood: Path) -> None:
    of_mood(mood, DAY)
    (mood / f"{DAY}-r2").mkdir()
    (mood / f"{DAY}-r3").symlink_to("nowhere")
    assert next_revision(mood, DAY) == 4
    assert newest_revision(mood, DAY) == mood / f"{DAY}-r3"


@pytest.mark.parametrize("name", [f"{DAY}-r0", f"{DAY}-r02", f"{DAY}-r", f"{DAY}-rx", f"{DAY}-draft"])
def test_a_folder_with_another_ending_is_no_revision(mood: Path, name: str) -> None:
    (mood / name).mkdir(parents=True)
    assert next_revision(mood, DAY) == 1


def test_reports_are_listed_by_date_then_survey_then_edition_the_newest_revision_first(
    tmp_path: Path,
) -> None:
    for survey, day, edition, revision in (
        ("a", "2025-01-06", "", 1),
        ("b", "2025-01-13", "", 1),
        ("a", "2025-01-13", "seed-2", 1),
        ("a", "2025-01-13", "", 1),
        ("a", "2025-01-13", "", 2),
        ("a", "2025-01-13", "", 10),
        ("c", "2025-01-20", "", 1),
    ):
        publish(tmp_path, survey, day, edition=edition, revision=revision)
    assert [each.name for each in read_archive(tmp_path)] == [
        "c/2025-01-20", "a/2025-01-13-r10", "a/2025-01-13-r2", "a/2025-01-13", "a/2025-01-13~seed-2",
        "b/2025-01-13", "a/2025-01-06",
    ]  # fmt: skip
    assert all(each.content["survey"] == each.survey for each in read_archive(tmp_path))
    assert [folder.name for folder in report_folders(tmp_path)][:2] == ["2025-01-06", "2025-01-13"]


def test_only_folders_that_begin_with_a_digit_should_be_reports(mood: Path) -> None:
    of_mood(mood, DAY)
    for name in (".2025-01-14", "newest", "2025-01-15"):
        (mood / name).mkdir()
    (mood / "2025-01-16").write_text("a file")
    (mood / "2025-01-17").symlink_to("nowhere")
    assert sorted(folder.name for folder in folders_of(mood)) == [DAY, "2025-01-15", "2025-01-17"]
    (mood.parent / ".staging").mkdir()
    (mood.parent / "index.html").write_text("a file")
    (mood.parent / "behind").mkdir()
    assert survey_names(mood.parent) == ["behind", "mood"]
    assert archive_faults(mood.parent) == {
        mood / "2025-01-15": "manifest.json is missing",
        mood / "2025-01-17": "leads nowhere: it is a broken link",
    }


def test_an_archive_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "reports"
    assert (read_archive(nowhere), survey_names(nowhere), archive_faults(nowhere)) == ([], [], {})


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("survey", "calm"),
        ("folder", "2025-01-14"),
        ("as_of", "2025-01-14"),
        ("revision", 2),
        ("edition", "x"),
    ],
)
def test_a_manifest_of_another_report_is_damage(mood: Path, key: str, other: object) -> None:
    file = of_mood(mood, DAY) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {key: other}))
    said = {"survey": "calm, 2025-01-13", "as_of": "mood, 2025-01-14", "revision": "mood, 2025-01-13-r2"}
    said |= {"edition": "mood, 2025-01-13~x", "folder": "mood, 2025-01-13"}
    assert read_report(mood / DAY) == f"manifest.json belongs to another report: {said[key]}"


def test_a_sound_report_is_read_with_or_without_all_that_it_says(mood: Path) -> None:
    folder = of_mood(mood, DAY, edition="seed-2", revision=3)
    whole, short = read_report(folder), read_report(folder, whole=False)
    assert isinstance(whole, Manifest)
    assert isinstance(short, Manifest)
    assert (whole.name, short.name) == (f"mood/{folder.name}",) * 2
    assert (whole.content["revision"], short.content) == (3, {})


def test_what_comes_before_a_day_is_the_newest_sound_report_of_the_same_edition(mood: Path) -> None:
    reports = mood.parent
    for day in ("2025-01-06", DAY):
        for revision in (1, 2, 10):
            of_mood(mood, day, revision=revision)
    of_mood(mood, "2025-01-14", edition="seed-2")
    assert previous_report(reports, "mood", date(2025, 1, 6)) is None
    assert previous_report(reports, "mood", date(2025, 1, 13)) == mood / "2025-01-06-r10"
    assert previous_report(reports, "mood", date(2025, 1, 14)) == mood / f"{DAY}-r10"
    assert previous_report(reports, "mood", date(2025, 2, 1), edition="seed") is None
    assert previous_report(reports, "mood", date(2025, 2, 1), edition="seed-2") == mood / "2025-01-14~seed-2"
    assert newest_report(reports, "mood", date(2025, 1, 12)) == mood / "2025-01-06-r10"
    assert newest_report(reports, "mood", date(2025, 1, 13)) == mood / f"{DAY}-r10"
    assert latest_report(reports, "mood") == mood / f"{DAY}-r10"
    (mood / f"{DAY}-r10" / "manifest.json").write_text("{")
    assert latest_report(reports, "mood") == mood / f"{DAY}-r2"
    (mood / "2025-03-01 copy").mkdir()
    assert latest_report(reports, "mood") == mood / f"{DAY}-r2"
    assert latest_report(reports, "calm") is None


def test_a_folder_that_cannot_be_read_is_named_with_the_reason(
    mood: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    said = f"`{mood}` cannot be read: Permission denied; the archive needs to be readable"
    with pytest.raises(RunError, match=rf"^{re.escape(said)}$"):
        folders_of(mood)
