"""A survey of thousands of waves: the page keeps to what a reader can use, and says where the rest is."""

from __future__ import annotations

from pathlib import Path

import pytest

import groundswell as gs
from groundswell.reports.figures.trend import marks
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.report import Report
from groundswell.reports.sections import wave_table


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return gs.open_report("ukraine-outlook", as_of="2025-12-31", indicator="outlook", project=repository)


def html(report: Report) -> str:
    reading = report.evidence.reading("outlook")
    return str(wave_table.wave_section(reading, report.evidence.wave_changes_of("outlook"), report.language))


def test_all_waves_stand_in_the_table_where_there_are_few(report: Report) -> None:
    waves = len(report.evidence.reading("outlook").shown)
    assert html(report).count("data-day=") == waves
    assert "observations.csv" not in html(report)


def test_of_many_waves_the_newest_stand_in_the_table_and_it_says_where_the_others_are(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = report.evidence.reading("outlook").shown
    monkeypatch.setattr(wave_table, "MOST_LISTED", 2)
    text = html(report)
    assert text.count("data-day=") == 2
    for day in shown["end"].iloc[-2:]:
        assert f'data-day="{day.date()}"' in text
    assert f"The table has the newest 2 of {len(shown)} waves; observations.csv" in text


def test_of_very_many_waves_the_figure_has_every_point_and_leaves_margins_to_the_file(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, language = report.evidence.reading("outlook"), Language("en")
    told = marks.house_traces(reading, language)
    monkeypatch.setattr(marks, "CROWDED", 1)
    crowded = marks.house_traces(reading, language)
    points = [trace for trace in crowded if trace["mode"] == "markers"]
    assert [(trace["x"], trace["y"]) for trace in points] == [
        (trace["x"], trace["y"]) for trace in told if trace["mode"] == "markers"
    ]
    assert not any("error_y" in trace or "text" in trace for trace in points)
    notes = " ".join(report.trend_figure("outlook").notes)
    assert "Marks: published waves, too many to draw their margins; observations.csv has them." in notes
