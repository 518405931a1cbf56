"""Rolling windows: what neighbouring waves of one house share, against the same model written out day by day."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.arrays import Floats
from groundswell.trends.model.houses import sum_to_zero_basis
from groundswell.trends.model.measurement import Noise, Waves, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SHOCK_SD
from groundswell.trends.model.shared_errors import SharedErrors
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import YEAR, StateSpace, Targets

HYPER = {"level_sd": 1.5, "house_sd": 0.15, "dispersion": 1.2, "excess_sd": 0.08, "decay_days": 20.0}
HYPER |= {"window_sd": 0.02}
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


@pytest.fixture(params=["a", "a and weekly", "two trackers and days"])
def waves(request: pytest.FixtureRequest) -> Waves:
    rows = [window_rows("a", 3, 1, 20, 500.0)]
    if request.param == "a and weekly":
        rows += [window_rows("weekly", 4, 7, 4, 300.0)]
    if request.param == "two trackers and days":
        # Of tracker b every second window has more people a day, and one house asks on single days.
        odd = window_rows("b", 7, 2, 8, 150.0)
        odd.loc[::2, "n_effective"] *= 1.5
        rows += [odd, window_rows("days", 1, 2, 10, 400.0)]
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
    walk = np.array([[mean_of_least(*one, *other, since) for other in spans] for one in spans])
    covariance = FIRST_LEVEL_SD**2 + HYPER["level_sd"] ** 2 / YEAR * walk
    names = waves.combinations
    loadings = np.zeros((size, len(names.first)))
    loadings[:count] = np.eye(len(names.first))[waves.combination]
    basis = sum_to_zero_basis(len(names.houses))[names.house]
    moments = np.concatenate([waves.moment, day])
    apart = np.abs(np.subtract.outer(moments, moments))
    drift = HYPER["house_sd"] ** 2 * np.exp(-apart / (HOUSE_YEARS * YEAR))
    covariance += drift * (loadings @ basis @ basis.T @ loadings.T)
    opened, closed = np.concatenate([waves.opened, day]), np.concatenate([waves.closed, day])
    for shock in shocks:
        height = shock.response(opened, closed, HYPER["decay_days"])
        covariance += SHOCK_SD**2 * np.outer(height, height)
    covariance[:count, :count] += errors(waves, noise, stated)
    return covariance[:count, :count], covariance[count:, count:], covariance[count:, :count]


def mean_of_least(a: float, b: float, c: float, d: float, since: float) -> float:
    """Mean of min(s, t) − since over s in (a, b) and t in (c, d), by exact integration between all ends."""
    ends = np.unique([a, b, c, d])
    pieces = list(pairwise(ends)) or [(a, a)]
    total = weight = 0.0
    for one in [p for p in pieces if a <= p[0] and p[1] <= b] or [(a, a)]:
        for other in [p for p in pieces if c <= p[0] and p[1] <= d] or [(c, c)]:
            mean = one[0] + (one[1] - one[0]) / 3 if one == other else min(sum(one) / 2, sum(other) / 2)
            area = (one[1] - one[0] or 1.0) * (other[1] - other[0] or 1.0)
            total, weight = total + area * (mean - since), weight + area
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
