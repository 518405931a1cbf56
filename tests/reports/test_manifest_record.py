"""A manifest comes back as it was written, and whatever is wrong with one, it is a damaged report and no traceback."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.reports.evidence.earlier.previous import read_before
from groundswell.reports.evidence.manifest import (
    checksum_of,
    manifest_of,
    read_manifest,
    sealed,
    write_manifest,
)
from groundswell.reports.publish.archive import archive_faults, read_archive
from groundswell.reports.publish.card import card_page
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.reports.publish.reproduce import command

LEVEL = {
    "indicator": "anxiety",
    "title": "Anxiety",
    "date": "2024-12-01",
    "share": 0.4,
    "low95": 0.35,
    "high95": 0.45,
}
CONTENT: dict[str, Any] = {
    "schema": 2,
    "survey": "mood",
    "title": "Mood",
    "as_of": "2024-12-31",
    "revision": 1,
    "folder": "2024-12-31",
    "edition": "",
    "notebook": "wave_report",
    "notebook_code": {"state": "committed", "sha256": "ab" * 32},
    "created": "2025-01-01T06:00:00+00:00",
    "language": "en",
    "parameters": {"survey": "mood", "as_of": "2024-12-31", "since": None, "certainty": ["derived"]},
    "chosen": {"certainty": ["derived"]},
    "seed": 7,
    "ledger": {"previous": "reports/mood/2024-11-30", "forecasts": None, "chain": "45" * 32},
    "inputs": [{"path": "surveys/mood/survey.toml", "sha256": "cd" * 32, "bytes": 12}],
    "fingerprint": "ef" * 32,
    "code": {"version": "0.1.0", "sha256": "01" * 32, "commit": None, "dirty": None},
    "python": "3.11.7",
    "packages": {"numpy": "2.0"},
    "checks": [{"check": "convergence", "indicator": "anxiety", "verdict": "passed", "sentence": "It did."}],
    "tables": ["trend.csv"],
    "times": {"page": 0.5},
    "files": [{"path": "index.html", "sha256": "23" * 32, "bytes": 9}],
    "report": {
        "headline": "It fell",
        "deck": "Share of adults",
        "status": "passed",
        "waves": 3,
        "houses": 2,
        "checks_passed": 3,
        "checks_run": 4,
        "indicators": [LEVEL | {"spark": [0.5, 0.45, 0.4]}],
    },
    "something_newer": {"kept": ["as", "it", "is", 1.5]},
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def write(folder: Path, text: str | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())


def places(content: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and position inside `content`."""
    inside = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    return [place for key, part in inside for place in ((*at, key), *places(part, (*at, key)))]


def changed(place: tuple[Any, ...], part: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(CONTENT))
    at = copy
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = part
    return dict(copy)


def test_a_manifest_comes_back_as_it_was_written_word_for_word(tmp_path: Path) -> None:
    written = sealed(manifest_of(CONTENT), times={"page": 1.5})
    write_manifest(tmp_path, written)
    read = read_manifest(tmp_path)
    assert read == written
    assert read is not None
    assert read.content == CONTENT | {"times": {"page": 1.5}, "sha256": read.sha256}
    assert checksum_of(read.content) == read.sha256
    assert (read.as_of, read.created.isoformat()) == (date(2024, 12, 31), CONTENT["created"])
    assert read.report.indicators[0].spark == (0.5, 0.45, 0.4)


def test_what_an_older_program_wrote_is_read() -> None:
    level = {key: part for key, part in LEVEL.items() if key != "high95"} | {"upp95": 0.45, "spark": []}
    keys = ("survey", "title", "as_of", "revision", "folder", "created")
    older = manifest_of(
        {key: CONTENT[key] for key in keys}
        | {"schema": 1, "report": {"headline": "It fell", "indicators": [level]}}
    )
    assert older.report.indicators[0].high95 == 0.45
    assert older.notebook_code is None
    assert older.chosen is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "5", "{}", '{"schema"', "\x00", b"\xff\xfe", "[" * 100_000, '{"schema":' * 5000,
     json.dumps(CONTENT)[:-9], json.dumps(CONTENT | {"schema": 3}), json.dumps(CONTENT | {"title": "\ud800"}),
     json.dumps(CONTENT | {"created": "2025-01-01T06:00:00"}), json.dumps(CONTENT | {"as_of": "2024"}),
     json.dumps(CONTENT).replace("0.35", "NaN"), json.dumps(CONTENT).replace('"seed": 7', '"seed": ' + "9" * 9999)],
)  # fmt: skip
def test_a_damaged_manifest_is_none(tmp_path: Path, text: str | bytes) -> None:
    write(tmp_path, text)
    assert read_manifest(tmp_path) is None


def test_no_manifest_or_a_folder_in_its_place_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / "manifest.json").mkdir()
    assert read_manifest(tmp_path) is None


@given(place=st.sampled_from(places(CONTENT)), part=anything)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_whatever_place_the_archive_goes_on(
    tmp_path: Path, place: tuple[Any, ...], part: Any
) -> None:
    """Either the report is sound, and every page about it can be made, or it is listed as damaged."""
    folder = tmp_path / "mood" / "2024-12-31"
    write(folder, json.dumps(changed(place, part)))
    write(tmp_path / "outlook" / "2024-12-31", json.dumps(CONTENT | {"survey": "outlook"}))
    sound = [manifest for manifest in read_archive(tmp_path) if manifest.survey == "mood"]
    assert len(sound) + (folder in archive_faults(tmp_path)) == 1
    rebuild_index(tmp_path)
    assert (tmp_path / "outlook" / "index.html").is_file()
    read_before(folder).level_of("anxiety")
    for manifest in sound:
        assert command(manifest).startswith("groundswell report mood --as-of ")
        if manifest.language == "en":
            assert "<h1>" in card_page(manifest)


def test_a_manifest_of_another_folder_is_a_damaged_report(tmp_path: Path) -> None:
    write(tmp_path / "mood" / "2025-01-01", json.dumps(CONTENT))
    assert read_archive(tmp_path) == []
    assert archive_faults(tmp_path) == {
        tmp_path / "mood" / "2025-01-01": "manifest.json belongs to another report: mood, 2024-12-31"
    }
