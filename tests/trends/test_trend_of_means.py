"""The trend of a mean: its waves weigh by their own standard error, and its level holds the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from waves.ladders import PRINTED, ladder_survey, people

import groundswell as gs
from groundswell.cli import main
from groundswell.trends import on_scale
from groundswell.trends.model.measurement import measure

DAYS = pd.date_range("2022-01-15", periods=16, freq="45D")
SD, N, DEFF = 2.1, 900, 1.3


def series(means: Any, **columns: Any) -> pd.DataFrame:
    """Waves of one house with these means on a scale from 0 to 10."""
    se = SD * np.sqrt(DEFF / N) / 10
    stated = {"house": "acme", "end": DAYS[: len(means)], "share": np.asarray(means) / 10, "share_se": se}
    stated |= {"n": N, "n_effective": N / DEFF, "deff": DEFF, "scale_low": 0.0, "scale_high": 10.0}
    return pd.DataFrame(stated | columns)


def test_a_mean_is_worth_the_answers_that_its_standard_error_says() -> None:
    waves = measure(series([6.9, 5.0]))
    variance = (SD / 10) ** 2 * DEFF / N
    assert waves.n_effective == pytest.approx([0.69 * 0.31 / variance, 0.25 / variance])
    shares = measure(series([6.9, 5.0], scale_low=np.nan, scale_high=np.nan))
    assert shares.n_effective == pytest.approx([N / DEFF] * 2)


def test_a_mean_without_spread_counts_for_its_respondents() -> None:
    assert measure(series([10.0, 5.0], share_se=[0.0, 0.0])).n_effective == pytest.approx([N / DEFF] * 2)


def test_a_steady_mean_is_known_as_the_pooled_one_would_be() -> None:
    """Sixteen waves of a level that stands still: the level's error is near that of all their respondents pooled."""
    drawn = np.random.default_rng(1).normal(6.4, SD * np.sqrt(DEFF / N), len(DAYS))
    level = on_scale(gs.fit_trend(series(drawn), search_shocks=False).level(DAYS[8]), (0, 10)).iloc[0]
    pooled = SD * np.sqrt(DEFF / N / len(DAYS))
    assert level["share"] == pytest.approx(drawn.mean(), abs=2 * pooled)
    assert 0.8 * pooled < level["share_se"] < 1.6 * pooled
    as_shares = gs.fit_trend(series(drawn, scale_low=np.nan), search_shocks=False).level(DAYS[8])
    assert as_shares["share_se"].iloc[0] * 10 > 1.5 * level["share_se"]


def test_the_intervals_of_a_moving_mean_hold_the_truth() -> None:
    """Twelve series whose level is known; of 192 intervals of 95% so many hold it as chance allows."""
    rng, held = np.random.default_rng(5), []
    for _ in range(12):
        walk = 0.6 + np.cumsum(rng.normal(0, 0.05, len(DAYS)))
        truth = 10 / (1 + np.exp(-walk))
        fit = gs.fit_trend(
            series(truth + rng.normal(0, SD * np.sqrt(DEFF / N), len(DAYS))), search_shocks=False
        )
        level = on_scale(fit.level(DAYS), (0, 10))
        held.append((level["low95"].to_numpy() <= truth) & (truth <= level["high95"].to_numpy()))
    assert 0.89 < np.mean(held) <= 0.995


def test_the_next_wave_of_a_mean_varies_as_its_waves_did() -> None:
    """Of the error of a wave of 900 people, sampling is sd sqrt(deff / n); the level's own comes on top."""
    drawn = np.random.default_rng(2).normal(6.4, SD * np.sqrt(DEFF / N), len(DAYS))
    following = gs.fit_trend(series(drawn), search_shocks=False).next_wave("acme", N, DAYS[-1])
    sampling = SD * np.sqrt(DEFF / N)
    assert sampling < following["share_se"].iloc[0] * 10 < 2.2 * sampling


def test_a_surveys_means_have_their_scale_in_the_observations_table(tmp_path: Path) -> None:
    answers = np.random.default_rng(4).integers(0, 11, 200)
    survey = ladder_survey(tmp_path, {"one": people(answers)}, PRINTED)
    rows = gs.observations(survey)
    whole = rows[rows["domain"] == "all"].set_index(["indicator", "origin"])
    assert whole.loc[("anxiety", "microdata"), ["scale_low", "scale_high"]].isna().all()
    printed = whole.loc[("satisfaction", "topline")]
    assert (printed["scale_low"], printed["scale_high"], printed["share"]) == (0.0, 10.0, pytest.approx(0.69))
    assert printed["share_se"] == pytest.approx(0.21 / np.sqrt(1200 / 1.5))
    assert printed["share_high"] == pytest.approx(0.69 + 1.959964 * printed["share_se"], rel=1e-6)
    assert "sd_of_survey" in printed["flags"]
    trend = gs.fit_trend(survey, "satisfaction", as_of="2023-12-31")
    assert (
        5
        < on_scale(trend.level("2023-01-12"), survey.indicators["satisfaction"].scale)["share"].iloc[0]
        < 7.5
    )


def test_the_command_says_that_a_survey_follows_a_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = ladder_survey(
        tmp_path, None, *(PRINTED | {"end": f"2022-{month:02d}-18"} for month in (9, 10, 11))
    )
    asked, out, changes = (tmp_path / name for name in ("asked.csv", "out.csv", "changes.csv"))
    asked.write_text("date,indicator\n2022-11-01,satisfaction\n")
    stated = ["trend", str(survey.folder), "--at", str(asked), "--out", str(out), "--changes", str(changes)]
    main([*stated, "--as-of", "2023-01-01"])
    assert "note: `satisfaction`: a mean on 0–10 points, written by its place" in capsys.readouterr().err
    level = pd.read_csv(out)
    assert level[["scale_low", "scale_high"]].to_numpy().tolist() == [[0.0, 10.0]]
    assert on_scale(level)["share"].iloc[0] == pytest.approx(6.9, abs=0.2)
    assert pd.read_csv(changes)["scale_high"].eq(10.0).all()
