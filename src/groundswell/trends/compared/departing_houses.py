"""How far a house moved away from the level that all houses share, which no shock common to all does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.answers.tables import NOON, level_targets
from groundswell.trends.answers.trend import Trend
from groundswell.trends.compared.alarms import Movement
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit


def house_movement(trend: Trend, house: str, since: pd.Timestamp) -> Movement | None:
    """How far a house, in what it asked last, moved away from the level, from a day to its own newest wave.

    None where the house has no two waves in what it asked last, the newest after that day, and where no other house
    says where the level is.
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
    return _departure(trend, pd.DatetimeIndex([start, end]), last.scale.weights, own)


def _departure(trend: Trend, days: pd.DatetimeIndex, common: Floats, own: Floats) -> Movement:
    """What a house measures against the level, on the second day less on the first; in share units at the level."""
    moments = np.tile(day_number(days) + NOON, 2)
    posterior = trend.posterior
    parts = posterior.joint(level_targets(moments, np.array([common, common, own, own])))
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
