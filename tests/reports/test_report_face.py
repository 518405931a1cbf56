"""The face that a notebook asks: each method is the section or figure of that name, and saving writes what it shows."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pandas as pd
import pytest
from reports.hand_made import DrawnTrend, a_change, a_reading, a_row, an_evidence
from reports.test_findings import compared

from groundswell.errors import InputError
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.report import Report, open_report
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.notebook.told_by_run import RUN_FOLDER
from groundswell.reports.notebook.wave_profile import open_profile

EN = Language("en")


@pytest.fixture
def report() -> Report:
    checks = pd.DataFrame([{"code": "warnings", "verdict": "passed", "values": {"warnings": []}}])
    trend = DrawnTrend({"2024-01-09": 0.40, "2024-04-09": 0.46, "2024-10-09": 0.36}, checks=checks)
    rows = [
        a_row(end, share, source="=1")
        for end, share in (("2024-01-10", 0.40), ("2024-04-10", 0.46), ("2024-10-10", 0.36))
    ]
    table = compared(a_change(), a_change(kind="year", adjusted=0.6))
    return Report(an_evidence(a_reading(*rows, trend=trend), compared=table), EN)


def test_everything_after_the_survey_is_named_in_a_call() -> None:
    for opening in (open_report, open_profile):
        first, *others = inspect.signature(opening).parameters.values()
        assert first.name == "survey"
        assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in others)


def test_the_face_shows_each_piece_of_the_page_under_its_section(report: Report) -> None:
    assert repr(report).startswith("report: testland, as of 2024-12-31\nindicators: mood\nobservations: 3\n")
    assert report.indicators == ["mood"]
    assert report.claim() == "Mood fell from its highest, 46% in April 2024, to 36% in October 2024"
    pieces = [
        report.headline(),
        report.findings(),
        report.since_last(),
        report.how_sure(),
        report.how_measured(),
    ]
    assert [piece.section for piece in pieces] == [
        "top",
        "findings",
        "since-last",
        "how-sure",
        "how-measured",
    ]
    assert report.trend_figure("mood").key == "trend-mood"
    assert report.wave_table("mood").section == "waves-mood"
    assert isinstance(report.house_figure("mood"), Block)
    assert (report.domain_figure("mood").part, report.domain_table("mood").part) == ("note", "note")
    assert report.data_quality().html == ""
    with pytest.raises(InputError, match="`moods` is not an indicator of this report"):
        report.wave_table("moods")


def test_what_is_saved_is_what_the_page_rests_on(report: Report, tmp_path: Path) -> None:
    assert report.save(tmp_path / "new").html == ""
    tables = {
        name: pd.read_csv(tmp_path / "new" / f"{name}.csv") for name in ("observations", "trend", "changes")
    }
    assert tables["observations"]["share"].tolist() == [0.40, 0.46, 0.36]
    assert set(tables["observations"]["source"]) == {"'=1"}
    newest = tables["trend"][tables["trend"]["date"] == "2024-10-09"].iloc[0]
    assert newest["indicator"] == "mood"
    assert (newest["share"], newest["low95"]) == pytest.approx((0.36, 0.33))
    assert tables["changes"]["adjusted"].tolist() == [0.995, 0.6]
    kept = json.loads((tmp_path / "new" / "findings.json").read_text(encoding="utf-8"))
    assert kept["headline"] == kept["summary"]["headline"] == report.claim()
    assert kept["findings"] == [finding.record() for finding in report.all_findings.chosen]
    assert kept["summary"]["deck"] == report.all_findings.chosen[0].sentence
    assert list(kept["summary"])[:3] == ["headline", "deck", "status"]
    checks = json.loads((tmp_path / "new" / "checks.json").read_text(encoding="utf-8"))
    (check,) = checks
    assert (check["code"], check["indicator"], check["verdict"]) == ("warnings", "mood", "passed")
    assert check["sentence"] == "The numerical libraries gave no warning."


def test_run_by_hand_nothing_is_written_and_a_run_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(RUN_FOLDER, raising=False)
    monkeypatch.chdir(tmp_path)
    rows = pd.DataFrame({"n": [1]})
    by_hand = save_files(None, {"rows": rows}, {}, EN, survey=tmp_path)
    assert "Run by hand: nothing was saved." in by_hand.html
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(RUN_FOLDER, str(tmp_path / "run"))
    assert save_files(None, {"rows": rows}, {"record": {"a": "ё"}}, EN, survey=tmp_path).html == ""
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == ["record.json", "rows.csv"]
    assert "ё" in (tmp_path / "run" / "record.json").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON compliant"):
        save_files(None, {}, {"record": {"a": float("nan")}}, EN, survey=tmp_path)
