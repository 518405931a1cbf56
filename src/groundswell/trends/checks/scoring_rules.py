"""How good forecasts of shares were: continuous ranked probability score, coverage of intervals.

A forecast is a row with central intervals `low50, high50, low80, high80, low95, high95`. The CRPS rewards a
forecast that is both near and narrow, in the unit of the share itself (smaller is better; a forecast without
uncertainty scores its absolute error). Coverage asks only whether the intervals hold what they promise.
Source: Gneiting & Raftery 2007, Strictly proper scoring rules, JASA 102.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtr, ndtri

from groundswell.arrays import Floats

INTERVALS = (50, 80, 95)
INTERVAL_COLUMNS = tuple(f"{side}{percent}" for percent in INTERVALS for side in ("low", "high"))
INSIDE_COLUMNS = tuple(f"inside{percent}" for percent in INTERVALS)

_QUANTILES = 400


def crps_normal(mean: ArrayLike, sd: ArrayLike, observed: ArrayLike) -> Floats:
    """CRPS of normal forecasts with standard deviations `sd` > 0, in closed form.

    Source: Gneiting et al. 2005, Monthly Weather Review 133, equation 5.
    """
    spread = np.asarray(sd, dtype=np.float64)
    z = (np.asarray(observed, dtype=np.float64) - np.asarray(mean, dtype=np.float64)) / spread
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return np.asarray(spread * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi)))


def crps_sample(draws: ArrayLike, observed: ArrayLike) -> Floats:
    """CRPS of forecasts given as draws, `(draws, forecasts)`, unbiased in the number of draws (at least two).

    Source: Zamo & Naveau 2018, Mathematical Geosciences 50, the "fair" estimator.
    """
    ordered = np.sort(np.asarray(draws, dtype=np.float64), axis=0)
    count = len(ordered)
    error = np.abs(ordered - np.asarray(observed, dtype=np.float64)).mean(axis=0)
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    apart = (ranks[:, None] * ordered).sum(axis=0) * 2.0 / (count * (count - 1.0))
    return np.asarray(error - apart / 2.0)


def crps_intervals(forecasts: pd.DataFrame, observed: ArrayLike) -> Floats:
    """CRPS of forecasts known by their six interval ends.

    The quantile function runs through the six ends, straight against the normal quantiles between and beyond
    them (so it is exact where the forecast is normal), and stays within 0 and 1. The CRPS is twice the mean
    pinball loss.
    """
    ends = forecasts[list(INTERVAL_COLUMNS)].to_numpy(dtype=np.float64)
    levels = np.array([(50 + sign * percent / 2) / 100 for percent in INTERVALS for sign in (-1, 1)])
    order = np.argsort(levels)
    knots, heights = ndtri(levels[order]), np.maximum.accumulate(ends[:, order], axis=1)
    wanted = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    z = ndtri(wanted)
    piece = np.clip(np.searchsorted(knots, z) - 1, 0, len(knots) - 2)
    slopes = np.diff(heights, axis=1) / np.diff(knots)
    quantiles = np.clip(heights[:, piece] + slopes[:, piece] * (z - knots[piece]), 0.0, 1.0)
    actual = np.asarray(observed, dtype=np.float64)[:, None]
    loss = ((actual <= quantiles) - wanted) * (quantiles - actual)
    return np.asarray(2.0 * loss.mean(axis=1))


def score(forecasts: pd.DataFrame, observed: ArrayLike) -> pd.DataFrame:
    """`forecasts` with `observed`, its `crps` (share units) and `inside50, inside80, inside95` added.

    A forecast with a missing interval end (the forecaster had nothing to say) scores missing everywhere.
    """
    scored = forecasts.assign(observed=np.asarray(observed, dtype=np.float64))
    said = scored[list(INTERVAL_COLUMNS)].notna().all(axis=1)
    scored["crps"] = np.where(said, crps_intervals(scored, scored["observed"]), np.nan)
    for percent in INTERVALS:
        held = scored["observed"].between(scored[f"low{percent}"], scored[f"high{percent}"])
        scored[f"inside{percent}"] = np.where(said, held, np.nan)
    return scored


def score_summary(scores: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Mean scores, one row for each combination of the columns `by` (one row in all where `by` is empty).

    Returns: the columns `by`, `forecasts` (their number), `crps` (share units), and for each interval
    `coverage<percent>` (a proportion) with `_low` and `_high`, its own 95% interval. That interval treats the
    forecasts as independent, so it is too narrow where many of them look at one stretch of one series.
    Source of the interval: Jeffreys, in Brown, Cai & DasGupta 2001, Statistical Science 16.
    """
    said = scores.loc[scores["crps"].notna(), [*by, "crps", *INSIDE_COLUMNS]]
    if by:  # a row of which a column `by` is missing is of no group
        said = said.dropna(subset=list(by))
        group = said.groupby(list(by), sort=False).ngroup().to_numpy()
    else:
        group = np.zeros(len(said), np.intp)
    _, first, forecasts = np.unique(group, return_index=True, return_counts=True)

    def total(column: str) -> Floats:
        figures = np.nan_to_num(said[column].to_numpy(dtype=np.float64))
        return np.asarray(np.bincount(group, weights=figures), dtype=np.float64)

    columns: dict[str, Any] = {name: said[name].iloc[first].reset_index(drop=True) for name in by}
    columns |= {"forecasts": forecasts, "crps": total("crps") / forecasts}
    for percent in INTERVALS:
        inside = total(f"inside{percent}")
        outside = forecasts - inside
        low, high = (betaincinv(inside + 0.5, outside + 0.5, end) for end in (0.025, 0.975))
        columns[f"coverage{percent}"] = inside / forecasts
        columns[f"coverage{percent}_low"] = np.where(inside > 0, low, 0.0)
        columns[f"coverage{percent}_high"] = np.where(outside > 0, high, 1.0)
    return pd.DataFrame(columns)
