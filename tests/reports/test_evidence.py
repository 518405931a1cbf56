"""The records of evidence: a report's numbers, its checks, what was published before, and the truth of simulations."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import AS_OF, DrawnTrend, a_manifest, a_reading, a_row, a_survey, an_evidence, observed

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave.weights.population import population_shares
from groundswell.reports.evidence.changes import Change, of_kinds, read_changes
from groundswell.reports.evidence.earlier.previous import Before, read_before
from groundswell.reports.evidence.manifest import write_manifest
from groundswell.reports.evidence.report import read_report
from groundswell.reports.evidence.summary import SPARK, summary, wave_count
from groundswell.reports.html.tables import csv_text
from groundswell.trends.checks.truth import held_truth
from groundswell.waves.wave.wave_toml import Wave


def checks(*verdicts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [{"code": f"c{n}", "verdict": verdict, "values": {}} for n, verdict in enumerate(verdicts)]
    )


@pytest.mark.parametrize(
    ("verdicts", "status", "passed", "run"),
    [
        (("passed", "not applicable"), "passed", 1, 1),
        (("passed", "warned"), "warned", 1, 2),
        (("warned", "failed", "passed"), "failed", 1, 3),
        (("not applicable",), "passed", 0, 0),
    ],
)
def test_a_report_is_as_good_as_its_worst_check(
    verdicts: tuple[str, ...], status: str, passed: int, run: int
) -> None:
    trend = DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, checks=checks(*verdicts))
    numbers = summary(an_evidence(a_reading(trend=trend)))
    assert (numbers["status"], numbers["checks_passed"], numbers["checks_run"]) == (status, passed, run)


def test_the_summary_counts_a_wave_once_and_gives_the_newest_level() -> None:
    plans = a_reading(
        *(a_row(day, 0.3, indicator="plans", house="bell") for day in ("2024-01-10", "2024-06-10")),
        key="plans",
    )
    moods = a_reading(*(a_row(end, share) for end, share in (("2024-01-10", 0.5), ("2024-10-10", 0.3))))
    same_wave = a_reading(a_row("2024-01-10", 0.3, indicator="plans"), key="plans")
    assert wave_count({"mood": moods, "plans": same_wave}) == 2
    assert wave_count({"mood": moods, "plans": plans}) == 4
    assert wave_count({}) == 0
    trend = DrawnTrend({"2024-01-01": 0.4, "2024-12-31": 0.4}, checks=checks("passed"))
    numbers = summary(an_evidence(a_reading(trend=trend), plans_of(trend)))
    assert (numbers["waves"], numbers["houses"]) == (5, 2)
    (mood, other) = numbers["indicators"]
    assert (mood["indicator"], mood["title"], mood["date"]) == ("mood", "Mood", "2024-10-09")
    assert (mood["share"], mood["low95"], mood["high95"]) == pytest.approx((0.4, 0.37, 0.43))
    assert len(mood["spark"]) == SPARK
    assert other["indicator"] == "plans"


def plans_of(trend: DrawnTrend) -> Any:
    return a_reading(a_row("2024-06-10", 0.3, indicator="plans", house="bell"), key="plans", trend=trend)


def test_the_small_line_runs_evenly_in_time_and_only_since_the_last_break() -> None:
    rows = [
        a_row(end, share) for end, share in (("2024-01-10", 0.8), ("2024-06-10", 0.2), ("2024-10-10", 0.4))
    ]
    trend = DrawnTrend({"2024-01-09": 0.8, "2024-06-09": 0.2, "2024-10-09": 0.4}, checks=checks("passed"))
    (whole,) = summary(an_evidence(a_reading(*rows, trend=trend)))["indicators"]
    assert (whole["spark"][0], whole["spark"][-1]) == (0.8, 0.4)
    (broken,) = summary(an_evidence(a_reading(*rows, trend=trend, cuts=("2024-06-01",))))["indicators"]
    assert np.allclose(broken["spark"], np.linspace(0.2, 0.4, SPARK), atol=1e-4)


def test_an_indicator_without_a_trend_is_not_in_the_summary() -> None:
    unfitted = a_reading(a_row("2024-01-10", left_out="n_unknown"))
    numbers = summary(an_evidence(unfitted))
    assert (numbers["indicators"], numbers["waves"], numbers["houses"], numbers["checks_run"]) == (
        [],
        0,
        0,
        0,
    )


def test_an_indicator_that_the_report_does_not_show_is_named() -> None:
    evidence = an_evidence()
    assert evidence.reading("mood").key == "mood"
    with pytest.raises(InputError, match="`modo` is not an indicator of this report: did you mean `mood`"):
        evidence.reading("modo")


def test_trend_csv_names_the_indicator_first_and_an_empty_report_has_columns() -> None:
    level = an_evidence().level
    assert list(level.columns[:3]) == ["indicator", "date", "share"]
    assert set(level["indicator"]) == {"mood"}
    unfitted = an_evidence(a_reading(a_row("2024-01-10", left_out="n_unknown")))
    assert list(unfitted.level.columns) == ["indicator", "date", "share", "scale_low", "scale_high"]
    assert unfitted.comparisons.empty
    assert "adjusted" in unfitted.comparisons
    assert unfitted.comparisons_of("mood").empty


def test_a_change_is_a_row_of_the_comparisons_under_its_own_names() -> None:
    row = {
        "indicator": "mood", "kind": "wave", "label": "", "start": pd.Timestamp("2024-01-01"),
        "end": pd.Timestamp("2024-06-01"), "estimate": 0.05, "se": 0.01, "low": 0.02, "high": 0.08, "segment": 1,
        "probability": 0.99, "adjusted": 0.97, "waves": 3, "houses": 2, "compared": 5, "share_start": 0.40,
        "share_end": 0.45, "within": np.nan,
    }  # fmt: skip
    (change,) = read_changes(pd.DataFrame([row]))
    assert (change.estimate, change.low, change.high, change.fall) == (0.05, 0.02, 0.08, False)
    assert (change.waves, change.houses, change.compared, change.adjusted) == (3, 2, 5, 0.97)
    assert (change.segment, change.share_start, change.share_end) == (1, 0.40, 0.45)
    others = [change, Change(**{**vars(change), "kind": "year", "estimate": -0.0001})]
    assert others[1].fall
    assert of_kinds(others, "year") == [others[1]]
    assert of_kinds(others, "wave", "year") == others


def published(folder: Path, text: str, **report: Any) -> Path:
    """A folder that looks like a published report with this observations.csv."""
    folder.mkdir(parents=True)
    (folder / "observations.csv").write_text(text, encoding="utf-8")
    rows = folder / "observations.csv"
    files = [{"path": rows.name, "sha256": checksum(rows), "bytes": rows.stat().st_size}]
    write_manifest(folder, a_manifest("2024-11-30", schema=1, files=files, report=report))
    return folder


def test_a_report_of_an_earlier_version_is_read_under_today_s_names(tmp_path: Path) -> None:
    rows = observed(a_row("2024-01-10", source="=1+1"))
    old = csv_text(rows).replace("share_high", "share_upp").replace(",note\n", "\n", 1).replace(",\n", "\n")
    level = {"indicator": "mood", "date": "2024-01-09", "share": 0.4, "low95": 0.3, "upp95": 0.5}
    level |= {"title": "Mood", "spark": []}
    before = read_before(published(tmp_path / "old", old, indicators=[level]))
    assert before.fault == ""
    assert before.as_of == pd.Timestamp("2024-11-30")
    assert before.observations["share_high"].tolist() == rows["share_high"].tolist()
    assert before.observations["source"].tolist() == ["=1+1"]
    assert before.observations["note"].tolist() == [""]
    assert before.level_of("mood") == (
        pd.Timestamp("2024-01-09"),
        {"share": 0.4, "low95": 0.3, "high95": 0.5},
    )
    assert before.level_of("plans") is None
    today = {**level, "high95": 0.6}
    del today["upp95"]
    level_now = Before(a_manifest("2024-11-30", report={"indicators": [today]}), rows).level_of("mood")
    assert level_now is not None
    assert level_now[1]["high95"] == 0.6


def test_a_published_file_that_was_changed_or_lost_is_the_fault(tmp_path: Path) -> None:
    folder = published(tmp_path / "one", csv_text(observed(a_row("2024-01-10"))))
    (folder / "observations.csv").write_text("changed", encoding="utf-8")
    assert read_before(folder).fault == "observations.csv"
    (folder / "observations.csv").unlink()
    assert read_before(folder).fault == "observations.csv"
    assert read_before(folder).observations.empty
    assert read_before(tmp_path / "none").fault == "manifest.json"


def simulated_wave(name: str, end: str, *, simulated: bool = True) -> Any:
    return SimpleNamespace(name=name, house="acme", end=pd.Timestamp(end).date(), simulated=simulated)


def test_the_truth_is_held_by_an_interval_that_reaches_it(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text(
        "wave,indicator,domain,share\n01,mood,all,0.42\n01,mood,sex: women,0.4201\n02,mood,all,0.37\n",
        encoding="utf-8",
    )
    survey = a_survey(folder=tmp_path)
    rows = observed(
        a_row("2024-01-10"), a_row("2024-01-10", domain="sex: women"), a_row("2024-01-10", None, domain="sex: men"),
        a_row("2024-02-10"), a_row("2024-03-10"),
    )  # fmt: skip
    waves = [simulated_wave("01", "2024-01-10"), simulated_wave("02", "2024-02-10")]
    table = held_truth(survey, rows, waves)
    assert table[["wave", "domain", "held"]].to_numpy().tolist() == [
        ["01", "all", True], ["01", "sex: women", False], ["02", "all", False],
    ]  # fmt: skip
    assert held_truth(survey, rows, [simulated_wave("01", "2024-01-10", simulated=False)]).empty
    assert held_truth(a_survey(), rows, waves).empty


def test_the_population_s_shares_add_up_to_one_in_each_margin(tmp_path: Path) -> None:
    (tmp_path / "margins").mkdir()
    (tmp_path / "margins" / "sex.csv").write_text("category,total,source\nwomen,30,census\nmen,10,census\n")
    (tmp_path / "margins" / "age.csv").write_text("category,total,source\nyoung,1,register\nold,3,register\n")
    stated = {
        "file": "01.csv",
        "sha256": "0" * 64,
        "house": "acme",
        "start": AS_OF.date(),
        "end": AS_OF.date(),
    }
    counted = {"mood": {"variant": "acme", "item": "Q1", "numerator": (1,)}}
    wave = Wave.model_validate(
        {**stated, "indicators": counted, "name": "01", "toml": tmp_path / "waves" / "01.toml"}
    )
    table = population_shares(wave).set_index("domain")
    assert table["of_population"].to_dict() == {
        "sex: women": 0.75, "sex: men": 0.25, "age: young": 0.25, "age: old": 0.75,
    }  # fmt: skip
    assert table.loc["age: old", "source"] == "register"


def test_read_report_keeps_what_decides_the_numbers_and_refuses_an_unknown_indicator(
    repository: Path,
) -> None:
    from groundswell.waves import load_survey

    survey = load_survey(repository / "surveys" / "ukraine-outlook")
    key = next(iter(survey.indicators))
    with pytest.raises(InputError, match="has no indicator `nothing`"):
        read_report(survey, as_of=AS_OF, indicator="nothing")
    evidence = read_report(survey, as_of=AS_OF, indicator=key, since=pd.Timestamp("2023-05-01"), seed=5)
    assert evidence.given == {
        "indicator": key, "since": "2023-05-01", "certainty": None, "unknown_n": "typical", "seed": 5,
    }  # fmt: skip
    assert list(evidence.readings) == [key]
    assert evidence.before is None
    assert set(evidence.observations["indicator"]) == {key}
    assert (evidence.observations["end"] <= AS_OF).all()
    assert evidence.reading(key).shown["end"].min() >= pd.Timestamp("2023-05-01")
    assert set(evidence.checks["indicator"]) == {key}
    # The only wave since then has nothing to be compared with; the fit still reads those before it.
    assert evidence.comparisons.empty
    earlier = read_report(survey, as_of=AS_OF, indicator=key, since=pd.Timestamp("2022-01-01"), seed=5)
    assert (earlier.comparisons["start"] >= pd.Timestamp("2022-01-01")).all()
    assert len(earlier.comparisons) > 0
