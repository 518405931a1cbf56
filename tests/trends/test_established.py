"""The level averages over established houses: a house that hardly asked, or asked long ago, changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.simulate import simulate_series
from groundswell.trends import Trend, fit_trend
from groundswell.trends.answers.segments import segments
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.statespace import StateSpace, Targets

HYPER = {"level_sd": 0.3, "house_sd": 0.15, "dispersion": 1.0, "excess_sd": 0.05}


def with_stray(observations: pd.DataFrame, end: str | pd.Timestamp, n: float) -> pd.DataFrame:
    """The waves with one more, of a house of its own that finds half as many again."""
    row = observations.iloc[[-1]].copy()
    for name in ("start", "end", "published"):
        row[name] = pd.Timestamp(end)
    share = min(1.5 * float(observations["share"].mean()), 0.9)
    row = row.assign(house="stray", mode="cati", n=round(n), n_effective=n, share=share)
    return pd.concat([observations, row], ignore_index=True)


def newest(observations: pd.DataFrame, day: pd.Timestamp) -> tuple[Trend, pd.Series]:
    trend = fit_trend(observations, search_shocks=False)
    return trend, trend.level(day).iloc[0]


@pytest.mark.parametrize("scenario", ["random walk", "single house", "drifting houses"])
@pytest.mark.parametrize(("end", "n"), [("2019-06-01", 1), ("2020-12-31", 1), ("1995-06-01", 1000)])
def test_a_house_that_hardly_asked_or_long_ago_changes_neither_level_nor_band(
    scenario: str, end: str, n: float
) -> None:
    observations = simulate_series(scenario, seed=1).observations
    day = observations["end"].max()
    _, before = newest(observations, day)
    trend, after = newest(with_stray(observations, end, n), day)
    width_before, width_after = (level["high95"] - level["low95"] for level in (before, after))
    assert width_after == pytest.approx(width_before, rel=0.02)
    assert abs(after["share"] - before["share"]) < 0.1 * before["share_se"]
    assert "stray" not in trend.segments[-1].scale.asked["house"].tolist()


@pytest.mark.parametrize("scenario", ["random walk", "sparse", "single house", "mode switch"])
def test_at_given_hyperparameters_a_tiny_house_is_no_news(scenario: str) -> None:
    observations = simulate_series(scenario, seed=4).observations
    said, day = [], measure(observations).midpoint[-1:]
    for table in (observations, with_stray(observations, observations["end"].max(), 1)):
        measured = measure(table)
        scale = segments(measured)[-1].scale.weights[None, :]
        model = StateSpace(measured, targets=Targets(day, np.ones(1), scale))
        smoothed = model.smooth(HYPER, Noise.at(measured, measured.share))
        said.append((smoothed.target_mean[0], np.sqrt(smoothed.target_variance[0])))
    (mean, sd), (mean_after, sd_after) = said
    assert sd_after == pytest.approx(sd, rel=0.002)
    assert mean_after == pytest.approx(mean, abs=0.05 * sd)


def test_the_weights_of_the_scale_are_those_in_which_house_effects_sum_to_zero() -> None:
    """So that the level is the average that it is said to be, exactly."""
    observations = with_stray(simulate_series("random walk", seed=5).observations, "2020-12-01", 200)
    trend = fit_trend(observations, search_shocks=False)
    asked = trend.segments[-1].scale.asked
    assert asked["weight"].sum() == pytest.approx(1.0)
    houses = trend.houses().set_index("house")
    level = trend.level(houses["date"].iloc[0])["share"].iloc[0]
    moved = np.log((level + houses["estimate"]) / (1 - level - houses["estimate"]))
    average = (moved[asked["house"]].to_numpy() * asked["weight"].to_numpy()).sum()
    # Shares are posterior means, so the logits' average is met up to their curvature.
    assert average == pytest.approx(np.log(level / (1 - level)), abs=2e-3)
