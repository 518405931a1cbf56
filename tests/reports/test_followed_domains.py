"""The domains of a page are `fit_domains`' own numbers, told from the higher to the lower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.reports.evidence.by_domain.followed_domains import _downward
from groundswell.reports.notebook.report import Report

AS_OF = "2024-12-31"


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return gs.open_report("simulated-panel", as_of=AS_OF, indicator="anxiety", project=repository)


def test_every_variable_is_followed_and_each_level_is_that_of_the_fit(
    report: Report, repository: Path
) -> None:
    levels = report.evidence.domain_levels
    survey = gs.load_survey(repository / "surveys" / "simulated-panel")
    for by in ("sex", "age", "region"):
        mine = levels[levels["domain"].str.startswith(f"{by}: ")]
        alone = gs.fit_domains(survey, "anxiety", by=by, as_of=AS_OF).levels(mine["date"].unique())
        pd.testing.assert_frame_equal(mine[alone.columns].reset_index(drop=True), alone, rtol=1e-12)
    middles = pd.DatetimeIndex(report.evidence.reading("anxiety").used["middle"]).normalize()
    assert set(middles) <= set(levels["date"])


def test_gaps_are_those_of_the_fit_turned_downward(report: Report, repository: Path) -> None:
    gaps = report.evidence.domain_gaps
    survey = gs.load_survey(repository / "surveys" / "simulated-panel")
    sex = gaps[gaps["domain"].str.startswith("sex: ")].iloc[0]
    alone = (
        gs.fit_domains(survey, "anxiety", by="sex", as_of=AS_OF).gaps(sex["date"], since=sex["since"]).iloc[0]
    )
    assert (sex["domain"], sex["other"]) == (alone["other"], alone["domain"]) == ("sex: women", "sex: men")
    assert sex["estimate"] == pytest.approx(-alone["estimate"], rel=1e-12)
    assert (sex["low"], sex["high"]) == pytest.approx((-alone["high"], -alone["low"]), rel=1e-12)
    assert sex["probability"] == pytest.approx(1 - alone["probability"], abs=1e-12)
    assert sex["change"] == pytest.approx(-alone["change"], rel=1e-9)
    assert (gaps["estimate"] >= 0).all()
    wide = gaps[gaps["domain"].str.startswith("age: ")]["estimate"].to_numpy()
    assert (np.diff(wide) <= 0).all()


def test_a_year_before_is_not_asked_of_a_series_that_is_younger(report: Report) -> None:
    first = report.evidence.reading("anxiety").used["middle"].min().normalize()
    assert set(report.evidence.domain_gaps["since"]) == {first}
    assert report.evidence.domain_gaps["change"].notna().all()


def test_a_report_without_respondents_has_no_domains(repository: Path) -> None:
    other = gs.open_report("ukraine-outlook", as_of="2025-06-30", indicator="outlook", project=repository)
    assert other.evidence.domain_levels.empty
    assert other.evidence.domain_gaps.empty


def test_a_report_that_shows_no_wave_is_saved_without_domains(repository: Path, tmp_path: Path) -> None:
    early = gs.open_report("ukraine-outlook", as_of="2026-06-01", since="2026-05-01", project=repository)
    early.save(tmp_path)
    assert early.indicators == []
    assert (tmp_path / "trend.csv").is_file()
    assert not (tmp_path / "domain_trend.csv").exists()


def test_turning_a_gap_turns_its_ends_and_its_probabilities() -> None:
    gap = {
        "domain": "a", "other": "b", "estimate": -0.10, "se": 0.02, "low": -0.14, "high": -0.06, "probability": 0.01,
        "change": 0.03, "change_se": 0.02, "change_low": -0.01, "change_high": 0.07, "change_probability": 0.9,
    }  # fmt: skip
    turned = _downward(pd.DataFrame([gap, gap | {"estimate": 0.0}])).to_dict("records")
    assert turned[1] == gap | {"estimate": 0.0}
    assert turned[0] == pytest.approx(
        gap
        | {"domain": "b", "other": "a", "estimate": 0.10, "low": 0.06, "high": 0.14, "probability": 0.99}
        | {"change": -0.03, "change_low": -0.07, "change_high": 0.01, "change_probability": 0.1}
    )
