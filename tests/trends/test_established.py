"""The level averages over established houses: a house that hardly asked, or asked long ago, changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.simulate import simulate_series
from groundswell.trends import Trend, fit_trend
from groundswell.trends.answers.segments import segments
from groundswell.trends.model.houses import (
    HALF_LIFE_DAYS,
    established,
    information,
    weighted_contrasts,
)
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.statespace import StateSpace, Targets

HYPER = {"level_sd": 0.3, "house_sd": 0.15, "dispersion": 1.0, "excess_sd": 0.05}


def waves(*asked: tuple[str, str, float]) -> pd.DataFrame:
    """House, end and effective n of each wave, all at 40%."""
    table = pd.DataFrame(asked, columns=["house", "end", "n_effective"])
    return table.assign(end=pd.to_datetime(table["end"]), share=0.4)


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


def test_a_house_without_weight_leaves_what_is_thought_of_the_others() -> None:
    """At given hyperparameters: the others' effects and the level have the prior that they have without it."""
    three = np.array([0.5, 0.3, 0.2])
    alone, beside = weighted_contrasts(three), weighted_contrasts(np.append(three, 0.0))
    assert (beside @ beside.T)[:3, :3] == pytest.approx(alone @ alone.T, abs=1e-12)
    average = np.outer(np.ones(3), three)
    assert alone @ alone.T == pytest.approx((np.eye(3) - average) @ (np.eye(3) - average).T, abs=1e-12)
    assert three @ alone == pytest.approx(0.0, abs=1e-12)


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


def test_houses_that_asked_alike_weigh_alike() -> None:
    table = waves(*((house, f"202{year}-05-01", 900) for year in range(4) for house in "abc"))
    assert established(information(measure(table))) == pytest.approx([1 / 3] * 3)


def test_information_is_the_effective_n_halved_with_age() -> None:
    ages = [0, 1, 2]
    days = [pd.Timestamp("2024-01-01") - pd.Timedelta(days=HALF_LIFE_DAYS * age) for age in ages]
    table = waves(*((f"h{age}", f"{day:%Y-%m-%d}", 1000) for age, day in zip(ages, days, strict=True)))
    # In order of first appearance: the oldest first.
    assert information(measure(table)) == pytest.approx([250, 500, 1000], rel=0.001)


def test_weight_grows_with_information_and_soon_stops_growing() -> None:
    weight = established(np.array([1.0, 5.0, 100.0, 1000.0, 10_000.0]))
    assert weight.sum() == pytest.approx(1.0)
    assert (np.diff(weight[1:]) > 0).all()
    assert weight[0] == weight[1] == 0.0
    # A tenth of the largest has just over half of its weight, a hundredth about a tenth.
    assert weight[3] / weight[4] == pytest.approx(0.55)
    assert weight[2] / weight[4] == pytest.approx(0.1)


def test_a_house_that_stopped_weighs_less_with_every_year() -> None:
    months = pd.date_range("2010-01-01", "2024-01-01", freq="MS")
    weights = []
    for stopped in (2023, 2019, 2015, 2011):
        asked = [("stays", f"{day:%Y-%m-%d}", 1000.0) for day in months]
        asked += [("stops", f"{day:%Y-%m-%d}", 1000.0) for day in months if day.year < stopped]
        scale = segments(measure(waves(*asked)))[-1].scale.asked.set_index("house")["weight"]
        weights.append(float(scale["stops"]))
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0.45 > 0.2 > weights[-1]


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
