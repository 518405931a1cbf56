"""How far a house moved away from the other houses, which no shock common to all does.

Against the others, and not against a level that it is a part of: of two houses that part each moves away from the
middle by half, and the trend cannot tell which one of them responded otherwise to a shock. What each measures is all
that it measures, its own response to a shock included (see `fit.otherwise`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Floats, Ints
from groundswell.trends.answers.tables import NOON
from groundswell.trends.answers.trend import Trend
from groundswell.trends.compared.alarms import Movement
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit
from groundswell.trends.model.statespace import Targets


def house_movement(trend: Trend, house: str, since: pd.Timestamp) -> Movement | None:
    """How far a house, in what it asked last, moved away from the others, from a day to its own newest wave.

    None where the house has no two waves in what it asked last, the newest after that day, and where there is no other.
    """
    waves = trend.posterior.waves
    houses = waves.combinations.names["house"].to_numpy()[waves.combination]
    last = trend.segments[-1]
    days = middles(waves.table).dt.normalize()
    inside = (days >= last.first.normalize()).to_numpy()
    mine = np.flatnonzero(inside & (houses == house))
    if len(mine) == 0 or len(set(houses[inside])) < 2:
        return None
    combination = waves.combination[mine[-1]]
    asked = days.iloc[mine[waves.combination[mine] == combination]]
    start, end = max(since, asked.min()), asked.max()
    if start >= end:
        return None
    own = np.eye(len(waves.combinations.names))[combination]
    others = _others(last.scale.weights, waves.combination[inside], houses[inside], house)
    return _departure(trend, pd.DatetimeIndex([start, end]), others, own)


def _others(scale: Floats, combination: Ints, houses: NDArray[Any], house: str) -> Floats:
    """The level's own weights on the other houses; where it stands on this house alone, each other one as it asked
    last."""
    weights = np.zeros_like(scale)
    for other in sorted(set(houses) - {house}):
        asked = np.unique(combination[houses == other])
        weights[asked] = scale[asked]
    if not weights.any():
        for other in sorted(set(houses) - {house}):
            weights[combination[houses == other][-1]] = 1.0
    return np.asarray(weights / weights.sum())


def _departure(trend: Trend, days: pd.DatetimeIndex, others: Floats, own: Floats) -> Movement:
    """What a house measures against the others, on the second day less on the first; in share units at their level."""
    moments = np.tile(day_number(days) + NOON, 2)
    posterior = trend.posterior
    scales = np.array([others, others, own, own])
    parts = posterior.joint(Targets(moments, np.ones(len(moments)), scales))
    away = np.array([1.0, -1.0, -1.0, 1.0])
    mean = np.array([[each @ away] for each, _ in parts])
    sd = np.sqrt(np.maximum([[away @ covariance @ away] for _, covariance in parts], 1e-24))
    mixture = Mixture(posterior.weights, mean, sd)
    _, level, before, after = posterior.weights @ np.array([each for each, _ in parts])
    estimate, low, high = (
        float(expit(level + mixture.quantile(p)[0]) - expit(level)) for p in (0.5, 0.025, 0.975)
    )
    fall = float(mixture.probability_below(0.0)[0])
    return Movement(days[0], days[1], float(expit(before)), float(expit(after)), estimate, low, high, fall)
