"""The level's clock: the same model written as one dense normal, slopes by differences, and what is gained by it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.arrays import Floats
from groundswell.simulate import Scenario, levels, simulate_series
from groundswell.simulate.truth import truth_on
from groundswell.trends import Trend, fit_trend
from groundswell.trends.checks.forecasts_held import earlier_forecasts
from groundswell.trends.fit.components import points
from groundswell.trends.fit.fitting import fit_mode, integrate
from groundswell.trends.fit.speeds import HOPEFUL, most_probable, with_speeds
from groundswell.trends.model.clock import MOST_PARTS, WAVES_A_PART
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, WIDER, prior_sd
from groundswell.trends.model.statespace import StateSpace, Targets
from groundswell.trends.model.system import YEAR

HYPER = {"level_sd": 0.3, "dispersion": 1.0, "excess_sd": 0.02}
YEARS = 6
FAST = slice(3 * 365, 4 * 365)


def steps(rng: np.random.Generator, days: int, a_year: Floats) -> levels.TrueLevel:
    """A level that walks so many logits a year on each day."""
    walked = rng.normal(size=days) * a_year / np.sqrt(YEAR)
    return levels.TrueLevel(-0.6 + np.cumsum(walked))


def one_fast_year(calm: float = 0.1, fast: float = 0.8) -> Scenario:
    """Three houses for six years; the level moves `fast` in the fourth."""
    a_year = np.full(YEARS * 365, calm)
    a_year[FAST] = fast
    level = partial(steps, a_year=a_year)
    return Scenario(level, days=YEARS * 365, houses=3, spacing=42.0, excess_df=1e6)


def weight_of_speeds(trend: Trend) -> float:
    """How probable it is that the level's speed varies."""
    return sum(part.weight for part in trend.posterior.components if "speed_1" in part.hyper)


def test_a_level_with_speeds_is_that_of_the_dense_normal() -> None:
    rows = simulate_series("single house", seed=3).observations.head(3 * WAVES_A_PART)
    waves = measure(rows)
    noise, known = Noise.at(waves, waves.share), len(waves)
    speeds = {"speed_1": 2.0, "speed_2": 0.5, "speed_3": 3.0}
    first, second = waves.part_edges
    # Days before all waves, on both sides of an edge, and after all waves.
    day = np.array(
        [waves.midpoint[0] - 50.0, first - 1.0, first + 1.0, second + 7.0, waves.midpoint[-1] + 90.0]
    )

    def clock(moment: Floats) -> Floats:
        middle = np.clip(moment, first, second) - first
        return 4.0 * np.minimum(moment - first, 0.0) + 0.25 * middle + 9.0 * np.maximum(moment - second, 0.0)

    on_clock = clock(np.concatenate([waves.midpoint, day])) - clock(waves.midpoint[:1])
    walked = np.where(
        np.sign(on_clock)[:, None] == np.sign(on_clock),
        np.minimum.outer(np.abs(on_clock), np.abs(on_clock)),
        0.0,
    )
    prior = FIRST_LEVEL_SD**2 + HYPER["level_sd"] ** 2 / YEAR * walked
    part = np.searchsorted(waves.part_edges, waves.midpoint)
    spread = HYPER["level_sd"] ** 2 / YEAR * np.array([4.0, 0.25, 9.0])[part] * waves.spread_days
    error = noise.sampling + noise.rounding + HYPER["excess_sd"] ** 2 + spread
    total = prior[:known, :known] + np.diag(error)
    model = StateSpace(waves, (), Targets(day, np.ones(len(day)), np.zeros((len(day), 1))))
    expected = multivariate_normal(np.zeros(known), total).logpdf(waves.log_odds)
    assert model.loglike(HYPER | speeds, noise) == pytest.approx(expected, rel=1e-7)
    gain = prior[known:, :known] @ np.linalg.inv(total)
    (mean,), (covariance,) = model.joint([HYPER | speeds], noise)
    assert mean == pytest.approx(gain @ waves.log_odds, abs=1e-6)
    assert covariance == pytest.approx(prior[known:, known:] - gain @ prior[:known, known:], abs=1e-6)


@pytest.mark.parametrize("scenario", ["drifting houses", "rolling windows"])
def test_slopes_are_those_of_the_likelihood(scenario: str) -> None:
    fitted = fit_mode(measure(simulate_series(scenario, seed=2).observations))
    model = fitted.model()
    names = model.system.clock.names
    speeds = dict(zip(names, np.linspace(0.4, 2.5, len(names)), strict=True))
    hyper = fitted.hyper | {"level_sd": 0.4} | speeds
    _, slopes = model.evidence_of_speeds(hyper, fitted.noise)
    for name, slope in zip(names, slopes, strict=True):
        up, down = (
            model.loglike(hyper | {name: hyper[name] * step}, fitted.noise) for step in (1.001, 1 / 1.001)
        )
        assert slope == pytest.approx((up - down) / (2 * np.log(1.001)), rel=1e-3, abs=1e-3)


def test_parts_have_equally_many_waves() -> None:
    waves = measure(simulate_series("single house", seed=1).observations)
    inside = np.bincount(np.searchsorted(waves.part_edges, waves.midpoint, "right"))
    assert len(inside) == min(MOST_PARTS, len(waves) // WAVES_A_PART)
    assert inside.max() - inside.min() <= 1
    assert len(waves.first(2 * WAVES_A_PART - 1).part_edges) == 0


def test_the_rough_evidence_is_that_of_the_integral() -> None:
    """Only a level whose rough evidence is far below what would count is left with one speed unfitted."""
    for seed in range(4):
        fitted = fit_mode(measure(simulate_series(one_fast_year(), seed).observations))
        varying = with_speeds(fitted)
        assert varying is not None
        assert varying.mode.converged
        gain = integrate(varying).log_evidence - integrate(fitted).log_evidence
        rough = most_probable(fitted).gain
        assert gain > HOPEFUL
        assert rough == pytest.approx(gain, abs=1.5 + 0.25 * gain)


def test_a_storm_is_followed_and_calm_is_not_widened_by_it() -> None:
    """Against the same fit with one speed: narrower in the calm years, wider in the fast one."""
    likely, calmer, wilder, inside = [], [], [], []
    for seed in range(6):
        series = simulate_series(one_fast_year(), seed)
        trend = fit_trend(series.observations, search_shocks=False)
        likely.append(weight_of_speeds(trend))
        day = series.truth["date"]
        fast, calm = pd.DatetimeIndex(day[FAST][::15]), pd.DatetimeIndex(day[30 : 2 * 365 : 30])
        one = with_one_speed(trend)
        calmer.append(width(trend.level(calm)) / width(one.level(calm)))
        wilder.append(width(trend.level(fast)) / width(one.level(fast)))
        level, share = trend.level(fast), truth_on(series, trend.segments, fast).to_numpy()
        inside += list((level["low95"] <= share) & (share <= level["high95"]))
    assert np.median(likely) > 0.9
    assert np.mean(calmer) < 0.95
    assert np.mean(wilder) > 1.2
    # Of 150 days, neighbours alike and one of six years not seen to be fast; with one speed it is 0.69.
    assert np.mean(inside) > 0.74


def test_the_check_names_the_fastest_part() -> None:
    series = simulate_series(one_fast_year(), 0)
    checks = fit_trend(series.observations, search_shocks=False).diagnostics().set_index("code")
    assert "speed_1" in checks.loc["prior", "values"]["spread"]
    said = checks.loc["speed", "values"]
    assert said["probability"] > 0.9
    days = series.truth["date"][FAST]
    overlap = min(pd.Timestamp(said["fastest"]["last"]), days.iloc[-1]) - max(
        pd.Timestamp(said["fastest"]["first"]), days.iloc[0]
    )
    assert overlap > pd.Timedelta(days=120)
    # The truth is 0.8 and 0.1 logits a year; a part holds more than the fast year, or less.
    assert said["fastest"]["a_year"] == pytest.approx(0.8, rel=0.5)
    assert said["slowest"]["a_year"] < 0.15
    few = fit_trend(series.observations.head(2 * WAVES_A_PART - 1)).diagnostics().set_index("code")
    assert few.loc["speed", "verdict"] == "not applicable"
    assert "speed_1" not in few.loc["prior", "values"]["spread"]


def test_earlier_forecasts_have_the_speeds_that_the_waves_showed_by_then() -> None:
    """After the storm the level is calm again: forecasts with one speed are too wide there."""
    for seed in (2, 3):
        series = simulate_series(one_fast_year(), seed)
        trend = fit_trend(series.observations, search_shocks=False)
        late = series.truth["date"].iloc[FAST.stop + 120]
        spread = [
            found.loc[found["end"] > late, "surprise"].std()
            for found in (earlier_forecasts(trend), earlier_forecasts(with_one_speed(trend)))
        ]
        assert spread[1] < spread[0] - 0.05 < 1.0


def test_all_speeds_are_asked_for_one_prior() -> None:
    names = ("level_sd", "speed_1", "speed_2")
    assert (prior_sd(names, "speed_") / prior_sd(names)).tolist() == [1.0, WIDER, WIDER]
    assert (prior_sd(names, "level_sd") / prior_sd(names)).tolist() == [WIDER, 1.0, 1.0]


def test_a_level_of_one_speed_keeps_it() -> None:
    weights = [
        weight_of_speeds(fit_trend(simulate_series("single house", seed).observations)) for seed in range(6)
    ]
    assert np.median(weights) < 0.05
    assert max(weights) < 0.5


def with_one_speed(trend: Trend) -> Trend:
    """The same waves fitted with one speed."""
    parts = points(trend.best, integrate(trend.best))
    return replace(trend, posterior=replace(trend.posterior, components=parts))


def width(level: pd.DataFrame) -> float:
    return float((level["high95"] - level["low95"]).mean())
