"""How forecasts held, on the archive's pages: from the scores.csv of the reports along the chain, if they are sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reports.test_archive import Links, publish

from groundswell.reports.evidence.earlier.ledger import SCORED, SCORES, record_of
from groundswell.reports.evidence.manifest import read_manifest, sealed, write_manifest
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.reports.publish.index.archived_scores import ForecastRecord, forecast_record
from groundswell.runs.plan.manifest import describe_files

DAYS = ("2025-10-31", "2025-11-30", "2025-12-31")


def figure(end: str, crps: float | None = 0.01, **changes: Any) -> dict[str, Any]:
    inside = dict.fromkeys(("inside50", "inside80", "inside95"), None if crps is None else 1.0)
    about = {
        "indicator": "mood",
        "house": "acme",
        "variant": "a",
        "mode": "",
        "start": end,
        "end": end,
        "ahead": True,
    }
    return about | {"crps": crps, "unscored": "range" if crps is None else ""} | inside | changes


def score(reports: Path, day: str, previous: str | None, *figures: dict[str, Any]) -> Path:
    """A report whose scores.csv has these figures."""
    folder = publish(reports, "mood", day)
    table = pd.DataFrame(list(figures), columns=SCORED)
    table.to_csv(folder / SCORES, index=False)
    manifest = read_manifest(folder)
    assert manifest is not None
    link = {"previous": previous and f"reports/mood/{previous}", "forecasts": None, "chain": ""}
    write_manifest(folder, sealed(manifest, ledger=link, files=describe_files([folder / SCORES], folder)))
    return folder


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Three reports: the first scored nothing, the second two figures, the newest two, and one that it could not."""
    reports = tmp_path / "reports"
    out = {"inside50": 0.0, "inside80": 0.0, "inside95": 0.0}
    score(reports, DAYS[0], None)
    score(
        reports, DAYS[1], DAYS[0], figure("2024-12-30", 0.01), figure("2025-11-02", 0.03, house="bell", **out)
    )
    newest = (figure("2025-12-02", 0.02, ahead=False, inside50=0.0), figure("2025-12-03", 0.04, house="bell"))
    score(reports, DAYS[2], DAYS[1], *newest, figure("2025-12-04", None))
    return reports


def record(reports: Path, day: str = DAYS[2]) -> ForecastRecord | None:
    manifest = read_manifest(reports / "mood" / day)
    assert manifest is not None
    found = record_of(reports.parent, reports / "mood" / day, manifest)
    return forecast_record(found, manifest.report.house_names)


def test_every_figure_along_the_chain_counts_once_in_all_by_house_and_by_year(reports: Path) -> None:
    found = record(reports)
    assert found is not None
    assert (found.all.figures, found.all.held, found.all.crps) == (
        4,
        {50: 0.5, 80: 0.75, 95: 0.75},
        pytest.approx(0.025),
    )
    assert [(each.whose, each.figures, each.held[95]) for each in found.by_house] == [
        ("acme", 2, 1),
        ("bell", 2, 0.5),
    ]
    assert [(each.whose, each.figures, each.crps) for each in found.by_year] == [
        ("2025", 3, pytest.approx(0.03)),
        ("2024", 1, pytest.approx(0.01)),
    ]
    assert (found.afterwards, found.unscored, found.unsound) == (1, 1, ())


def test_a_house_has_the_name_that_the_newest_report_knows_it_by(reports: Path) -> None:
    folder = reports / "mood" / DAYS[2]
    manifest = read_manifest(folder)
    assert manifest is not None
    named = manifest.content["report"] | {"house_names": {"acme": "Acme & Co"}}
    write_manifest(folder, sealed(manifest, report=named))
    found = record(reports)
    assert found is not None
    assert [each.whose for each in found.by_house] == ["Acme & Co", "bell"]


def test_a_revision_that_nobody_built_on_does_not_count_twice(reports: Path) -> None:
    publish(reports, "mood", DAYS[1], revision=2)
    found = record(reports)
    assert found is not None
    assert found.all.figures == 4


def test_scores_that_are_not_as_published_are_left_out_and_named(reports: Path) -> None:
    file = reports / "mood" / DAYS[1] / SCORES
    file.write_text(file.read_text().replace("0.03", "0.00"))
    found = record(reports)
    assert found is not None
    assert (found.all.figures, found.unsound) == (2, (DAYS[1],))
    rebuild_index(reports)
    assert f"not as they were published: {DAYS[1]}." in (reports / "mood" / "index.html").read_text()


@pytest.mark.parametrize("content", ["", "indicator,crps\nmood,0.1\n", "\0", "a,b\n1,2,3\n"])
def test_a_scores_file_of_another_kind_counts_for_nothing(reports: Path, content: str) -> None:
    folder = reports / "mood" / DAYS[1]
    (folder / SCORES).write_text(content)
    manifest = read_manifest(folder)
    assert manifest is not None
    write_manifest(folder, sealed(manifest, files=describe_files([folder / SCORES], folder)))
    found = record(reports)
    assert found is not None
    assert found.all.figures == 2


def test_a_chain_that_breaks_says_where(reports: Path) -> None:
    rebuild_index(reports)
    assert "missing or damaged" not in text(reports / "mood" / "index.html")
    (reports / "mood" / DAYS[1] / "manifest.json").write_text("{")
    rebuild_index(reports)
    said = text(reports / "mood" / "index.html")
    assert "Forecasts: 2 figures scored" in said
    assert (
        f"The report of {DAYS[1]} is missing or damaged: what was scored up to then is not counted." in said
    )


def text(page: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())


def test_the_pages_say_how_forecasts_held_and_nothing_where_none_was_scored(reports: Path) -> None:
    publish(reports, "outlook", "2025-12-31")
    rebuild_index(reports)
    line = "Forecasts: 4 figures scored, 95% intervals held 3 (75%), CRPS 2.5 points"
    assert text(reports / "index.html").count("Forecasts:") == 1
    assert line in text(reports / "index.html")
    own = text(reports / "mood" / "index.html")
    assert line in own
    assert "included. 1 of these forecasts was made, for an earlier date, when its figure was out." in own
    assert "out. 1 more figure came that no forecast was made of" in own
    assert "House Figures 50% held 80% held 95% held CRPS, points acme 2 50% 100% 100% 1.5 bell 2 50%" in own
    assert "Year Figures 50% held 80% held 95% held CRPS, points 2025 3 33% 67% 67% 3.0 2024 1" in own
    assert "Forecasts" not in text(reports / "outlook" / "index.html")
    assert all((reports / link).is_file() for link in Links(reports / "index.html").links)


def test_the_first_report_has_no_record(reports: Path) -> None:
    assert record(reports, DAYS[0]) is None
