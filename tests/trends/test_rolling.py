"""Rolling windows: what neighbouring waves of one house share, against the same model written out day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.arrays import Floats
from groundswell.simulate import SCENARIOS, SimulatedSeries, simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.checks.forecasts_held import backtest, earlier_forecasts
from groundswell.trends.model.houses import established, information
from groundswell.trends.model.measurement import Noise, Waves, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SHOCK_SD, SWITCH_SD
from groundswell.trends.model.shared_errors import SharedErrors
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import StateSpace, Targets
from groundswell.trends.model.system import YEAR

HYPER = {"level_sd": 1.5, "house_sd": 0.15, "dispersion": 1.2, "excess_sd": 0.08, "decay_days": 20.0}
HYPER |= {"window_sd": 0.02, "pace_1": 0.6}
HOUSE_YEARS = 4.0
TIGHT = 1e-7
FIRST = pd.Timestamp("2024-01-01")


def window_rows(house: str, days: int, every: int, count: int, n_a_day: float) -> pd.DataFrame:
    """`count` windows of so many days, published every so many days."""
    start = FIRST + pd.to_timedelta(every * np.arange(count), unit="D")
    rng = np.random.default_rng([days, count])
    rows = {"house": house, "start": start, "end": start + pd.Timedelta(days=days - 1)}
    rows |= {
        "share": 0.4 + 0.01 * rng.standard_normal(count),
        "n_effective": n_a_day * days,
        "rounding": 0.001,
    }
    return pd.DataFrame(rows)


@pytest.fixture(params=["a", "a and weekly", "two trackers and days", "another wording"])
def waves(request: pytest.FixtureRequest) -> Waves:
    rows = [window_rows("a", 3, 1, 20, 500.0)]
    if request.param == "a and weekly":
        rows += [window_rows("weekly", 4, 7, 4, 300.0)]
    if request.param == "two trackers and days":
        # Of tracker b every second window has more people a day, and one house asks on single days.
        odd = window_rows("b", 7, 2, 8, 150.0)
        odd.loc[::2, "n_effective"] *= 1.5
        rows += [odd, window_rows("days", 1, 2, 10, 400.0)]
    if request.param == "another wording":
        # Its first window opens before the last of the old wording has closed.
        rows[0]["variant"] = ["old"] * 12 + ["new"] * 8
    return measure(pd.concat(rows, ignore_index=True))


def dense(
    waves: Waves, noise: Noise, shocks: tuple[Shock, ...], day: Floats, stated: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Covariance of what the waves show, of levels on `day`, and between, from slices of half a day.

    The level's walk is averaged over every pair of moments in closed form: the mean of min(s, t) over two windows.
    """
    since = min(waves.moment.min(), waves.opened[waves.rolling].min(initial=np.inf))
    spans = [
        (waves.opened[w], waves.closed[w]) if waves.rolling[w] else (waves.midpoint[w],) * 2
        for w in range(len(waves))
    ] + [(one, one) for one in day]
    size, count = len(spans), len(waves)
    # An earlier stretch has a pace of its own: its days count for as much of the newest one's.
    newest = np.where(waves.rolling, waves.opened, waves.midpoint)[waves.stretch == 0].min()
    slow = HYPER["pace_1"] ** 2

    def clock(moment: float) -> float:
        return moment - since - (1.0 - slow) * (min(moment, newest) - since)

    walk = np.array([[mean_of_least(*one, *other, newest, clock) for other in spans] for one in spans])
    covariance = FIRST_LEVEL_SD**2 + HYPER["level_sd"] ** 2 / YEAR * walk
    names = waves.combinations
    loadings = np.zeros((size, len(names.first)))
    loadings[:count] = np.eye(len(names.first))[waves.combination]
    # Independent effects less their weighted average.
    average = np.outer(np.ones(len(names.houses)), established(information(waves)))
    basis = (np.eye(len(names.houses)) - average)[names.house]
    moments = np.concatenate([waves.moment, day])
    switches = np.diag(np.where(names.first, 0.0, SWITCH_SD**2))
    covariance += loadings @ switches @ loadings.T
    apart = np.abs(np.subtract.outer(moments, moments))
    drift = HYPER["house_sd"] ** 2 * np.exp(-apart / (HOUSE_YEARS * YEAR))
    covariance += drift * (loadings @ basis @ basis.T @ loadings.T)
    opened, closed = np.concatenate([waves.opened, day]), np.concatenate([waves.closed, day])
    for shock in shocks:
        height = shock.response(opened, closed, HYPER["decay_days"])
        covariance += SHOCK_SD**2 * np.outer(height, height)
    covariance[:count, :count] += errors(waves, noise, stated)
    return covariance[:count, :count], covariance[count:, count:], covariance[count:, :count]


def mean_of_least(
    a: float, b: float, c: float, d: float, change: float, clock: Callable[[float], float]
) -> float:
    """Mean of the earlier of two moments by `clock`, in (a, b) and in (c, d): exact between all ends, as the clock is
    straight but at `change`."""
    ends = np.unique([a, b, c, d, change])
    pieces = list(pairwise(ends))
    total = weight = 0.0
    for one in [p for p in pieces if a <= p[0] and p[1] <= b] or [(a, a)]:
        for other in [p for p in pieces if c <= p[0] and p[1] <= d] or [(c, c)]:
            begin, end, middle = clock(one[0]), clock(one[1]), (clock(other[0]) + clock(other[1])) / 2
            mean = begin + (end - begin) / 3 if one == other else min((begin + end) / 2, middle)
            area = (one[1] - one[0] or 1.0) * (other[1] - other[0] or 1.0)
            total, weight = total + area * mean, weight + area
    return total / weight


def errors(waves: Waves, noise: Noise, stated: Floats | None) -> Floats:
    """The errors' covariance: people of one day, asked by the house with more people a day, in all its windows."""
    sampling = HYPER["dispersion"] * noise.sampling
    own = np.where(waves.rolling, HYPER["window_sd"], HYPER["excess_sd"]) ** 2
    own = own + noise.rounding + HYPER["level_sd"] ** 2 / YEAR * waves.spread_days
    found = np.diag(own + np.where(waves.rolling, 0.0, sampling))
    span, variance = (
        waves.closed - waves.opened,
        HYPER["excess_sd"] ** 2 + (sampling if stated is None else 0.0),
    )
    for one in np.flatnonzero(waves.rolling):
        for other in np.flatnonzero(waves.rolling & (waves.combination == waves.combination[one])):
            days = min(waves.closed[one], waves.closed[other]) - max(waves.opened[one], waves.opened[other])
            smaller = min((variance * span)[one], (variance * span)[other])
            found[one, other] += max(days, 0.0) * smaller / span[one] / span[other]
    if stated is not None:
        found += np.outer(waves.rolling, waves.rolling) * np.sqrt(np.outer(sampling, sampling)) * stated
    return found


@pytest.mark.parametrize("covariance", [False, True])
def test_rolling_windows_are_those_of_the_dense_normal(waves: Waves, covariance: bool) -> None:
    noise, correlation = Noise.at(waves, waves.share), None
    if covariance:
        apart = np.abs(np.subtract.outer(waves.moment, waves.moment))
        correlation = np.exp(-apart / 3) * np.equal.outer(waves.combination, waves.combination)
        correlation[~waves.rolling] = correlation[:, ~waves.rolling] = 0.0
        correlation[np.diag_indices(len(waves))] = 1.0
        parts = SharedErrors.of_correlation(correlation)
        waves = replace(waves, errors=parts._replace(stated=waves.rolling))
    shocks = (
        Shock(waves.opened[0] + 6.3, "a", "declared", "decay"),
        Shock(waves.opened[0] + 10.0, "b", "declared", "step"),
    )
    day = waves.opened[0] + np.array([-40.0, -0.5, 0.0, 3.5, 3.7, 9.0, 16.5, 60.0])
    seen, asked, between = dense(waves, noise, shocks, day[2:], correlation)
    expected = multivariate_normal(np.zeros(len(waves)), seen).logpdf(waves.log_odds)
    weights = np.zeros((len(day), len(waves.combinations.first)))
    model = StateSpace(waves, shocks, Targets(day, np.ones(len(day)), weights), HOUSE_YEARS)
    assert model.loglike(HYPER, noise) == pytest.approx(expected, rel=TIGHT)
    alone = StateSpace(waves, shocks, house_years=HOUSE_YEARS)
    assert alone.loglike(HYPER, noise) == pytest.approx(expected, rel=TIGHT)
    gain = between @ np.linalg.inv(seen)
    ((mean,), (joint,)) = model.joint([HYPER], noise)
    assert mean[2:] == pytest.approx(gain @ waves.log_odds, abs=1e-6)
    assert joint[2:, 2:] == pytest.approx(asked - gain @ between.T, abs=1e-6)


def test_a_windows_expectation_is_the_mean_of_its_fieldwork(waves: Waves) -> None:
    """Without its error, as everywhere; the mean is read off the filter's rows, a day apart (level: 1.5 a year)."""
    noise = Noise.at(waves, waves.share)
    seen, _, _ = dense(waves, noise, (), np.empty(0))
    expected = (seen - errors(waves, noise, None)) @ np.linalg.inv(seen) @ waves.log_odds
    found = StateSpace(waves, house_years=HOUSE_YEARS).smooth(HYPER, noise).wave_mean
    assert found == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("shape", ["step", "decay"])
def test_a_jump_is_scored_by_its_mean_over_the_fieldwork(
    waves: Waves, shape: Literal["step", "decay"]
) -> None:
    """What the score promises is what the likelihood gains where a jump of that size is taken out of the waves."""
    noise, size, fade = Noise.at(waves, waves.share), 0.07, 30.0
    model = StateSpace(waves, house_years=HOUSE_YEARS, probes=(fade,))
    scores, informations = model.jumps(HYPER, noise)
    plain = StateSpace(waves, house_years=HOUSE_YEARS)
    starts = np.where(waves.rolling, waves.opened, waves.moment)
    # A jump just before a row: of rows at the same moment it comes before the first.
    for wave in np.flatnonzero(np.diff(waves.moment) > 0)[[3, 7, -1]] + 1:
        shock = Shock(waves.moment[wave], "", "found", shape)
        height = shock.response(starts, waves.moment, fade)
        cleared = replace(waves, log_odds=waves.log_odds - size * height)
        gain = StateSpace(cleared, house_years=HOUSE_YEARS).loglike(HYPER, noise) - plain.loglike(
            HYPER, noise
        )
        row = 0 if shape == "step" else 1
        promised = size * scores[row, wave] - size**2 * informations[row, wave] / 2
        assert promised == pytest.approx(gain, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("days", [2, 3, 7])
def test_windows_over_a_still_level_say_what_their_days_say(days: int) -> None:
    """Rolling means of independent days: all that they say of a level that stands still is the mean of all days."""
    tiles, day_variance = 4, 0.02
    count = days * (tiles - 1) + 1
    rows = window_rows("a", days, 1, count, 500.0).assign(rounding=0.0)
    daily = np.random.default_rng(days).normal(-0.4, np.sqrt(day_variance), days * tiles)
    windows = np.convolve(daily, np.ones(days) / days, mode="valid")
    waves = replace(measure(rows), log_odds=windows)
    still = {"level_sd": 1e-9, "dispersion": 1.0, "excess_sd": 1e-9, "window_sd": 1e-5}
    noise = Noise(np.full(count, day_variance / days), np.zeros(count), np.zeros(count), np.ones(1))
    target = Targets(waves.midpoint[:1], np.ones(1), np.zeros((1, 1)))
    found = StateSpace(waves, (), target).smooth(still, noise)
    precision = FIRST_LEVEL_SD**-2 + days * tiles / day_variance
    assert found.target_variance == pytest.approx([1.0 / precision], rel=1e-4)
    assert found.target_mean == pytest.approx([daily.sum() / day_variance / precision], rel=1e-4)


@pytest.mark.parametrize("scenario", ["random walk", "mode switch", "sparse", "rough dates"])
def test_without_overlap_nothing_moves(scenario: str) -> None:
    """Waves that share no day are read as ever, whatever is stated of their houses."""
    rows = simulate_series(scenario, seed=5).observations.head(50)
    days = rows["end"].iloc[::9]
    plain, *others = (
        fit_trend(rows.assign(overlap=word), search_shocks=False) for word in ("", "rolling", "separate")
    )
    assert not plain.posterior.waves.rolling.any()
    assert "window_sd" not in plain.best.names
    waves = plain.posterior.waves
    assert (waves.moment == waves.midpoint).all()
    assert (waves.spread_days == (waves.closed - waves.opened) * np.where(waves.rough, 1 / 4, 1 / 12)).all()
    for other in others:
        pd.testing.assert_frame_equal(other.level(days), plain.level(days), rtol=0, atol=1e-9)


def tracker(seed: int, days: int = 5) -> SimulatedSeries:
    kind = replace(SCENARIOS["rolling windows"], houses=1, days=200, window_days=days)
    return simulate_series(kind, seed)


def test_intervals_hold_the_level_though_windows_overlap() -> None:
    """Eight trackers, 19 days each: 95% intervals hold between 87 and 100% of the days (their errors are correlated);
    taken as a sample each, the same windows held two thirds."""
    held: dict[str, list[float]] = {"": [], "separate": []}
    for seed in range(8):
        series = tracker(seed)
        truth = series.truth.set_index("date")["share"].iloc[5:-1:10]
        for word, parts in held.items():
            level = fit_trend(series.observations.assign(overlap=word), search_shocks=False).level(
                truth.index
            )
            parts.append(
                float(np.mean((level["low95"] <= truth.to_numpy()) & (truth.to_numpy() <= level["high95"])))
            )
    assert np.mean(held[""]) >= 0.87
    assert np.mean(held["separate"]) < 0.8


def test_windows_say_as_much_as_those_that_share_nothing() -> None:
    series = tracker(3)
    rows = series.observations
    trend = fit_trend(rows, search_shocks=False)
    thinned = fit_trend(rows[trend.posterior.waves.apart], search_shocks=False)
    days = rows["end"].iloc[::20]
    wide, wider = (one.level(days)["share_se"].to_numpy() for one in (trend, thinned))
    assert 0.8 < np.mean(wide / wider) < 1.2


def test_a_tracker_is_established_by_its_respondents_not_by_its_windows() -> None:
    rows = pd.concat([window_rows("a", 3, 1, 31, 500.0), window_rows("b", 4, 7, 4, 300.0)], ignore_index=True)
    alone = pd.concat([rows[rows["house"] == "a"].iloc[::3], rows[rows["house"] == "b"]], ignore_index=True)
    shared, thinned, separate = (
        dict(zip(found.combinations.houses, information(found), strict=True))
        for found in map(measure, (rows, alone, rows.assign(overlap="separate")))
    )
    assert shared == pytest.approx(thinned, rel=1e-12)
    assert separate["a"] > 2.5 * thinned["a"]


def test_a_misprinted_window_is_named_alone() -> None:
    rows = tracker(4).observations
    odd = 100
    rows.loc[odd, "share"] += 0.06
    trend = fit_trend(rows)
    assert np.flatnonzero(trend.used["outlying"] > 0.5).tolist() == [odd]
    without = fit_trend(rows.drop(index=odd))
    day = rows["end"].iloc[odd]
    assert trend.level(day)["share"].iloc[0] == pytest.approx(without.level(day)["share"].iloc[0], abs=0.002)


def test_an_odd_day_is_no_shock_and_no_crowd_of_misprints() -> None:
    """One day's people answer otherwise (a fifth of five windows): the level does not follow it."""
    rows = tracker(6).observations
    held = (rows["start"] <= rows["end"].iloc[100]) & (rows["end"] >= rows["end"].iloc[100])
    assert held.sum() == 5
    odd = rows.assign(share=rows["share"] + 0.02 * held)
    trend, plain = fit_trend(odd), fit_trend(rows)
    assert not len(trend.shocks)
    assert (trend.used["outlying"] > 0.5).sum() <= 1
    day = rows["end"].iloc[102]
    moved = trend.level(day)["share"].iloc[0] - plain.level(day)["share"].iloc[0]
    assert 0 <= moved < 0.01


def test_no_forecast_counts_whose_respondents_are_partly_known() -> None:
    tables = [
        earlier_forecasts(fit_trend(tracker(seed).observations, search_shocks=False)) for seed in range(4)
    ]
    for table in tables:
        # 40 windows share nothing: of the first ten none is forecast.
        assert len(table) in (29, 30)
        assert (table["end"].diff().dropna() >= pd.Timedelta(days=5)).all()
    assert pd.concat(tables)["inside95"].mean() > 0.9
    rows = tracker(0).observations
    origins = list(rows["end"].iloc[[90, 150]])
    scored = backtest(rows, origins=origins, horizon_days=20)
    assert set(scored["origin"]) == set(origins)
    assert (scored["start"] > scored["origin"]).all()
    assert len(backtest(rows.assign(overlap="separate"), origins=origins, horizon_days=20)) == len(scored) + 8
