"""How fast the level moves in each part of a series, where its speed varies (see `trends.model.clock`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.model.fieldwork import DAY, EPOCH
from groundswell.trends.model.statespace import StateSpace
from groundswell.trends.model.system import YEAR


class PartSpeed(NamedTuple):
    """The days of the first and the last wave of a part, and how fast the level moves there, in logits a year."""

    first: pd.Timestamp
    last: pd.Timestamp
    a_year: float


class Speeds(NamedTuple):
    """How probable it is that the level's speed varies, and if so the speed of each part, oldest first; no parts where
    the waves are too few to tell."""

    probability: float
    parts: tuple[PartSpeed, ...]


def level_speeds(posterior: Posterior) -> Speeds:
    """The speeds as the components have them whose speed varies; of one speed where none has."""
    waves = posterior.waves
    system = StateSpace(waves, house_years=posterior.house_years).system
    if not (names := system.clock.names):
        return Speeds(0.0, ())
    varying = [part for part in posterior.components if names[0] in part.hyper]
    told = varying or list(posterior.components)
    # Logarithms of a standard deviation; of a level that is still there is none.
    told = [part for part in told if part.hyper.get("level_sd", 0.0) > 0.0] or told
    variance = np.array([system.walk(part.hyper).waves for part in told])
    weights = np.array([part.weight for part in told])
    a_year = np.exp(np.average(0.5 * np.log(np.maximum(variance * YEAR, 1e-12)), axis=0, weights=weights))
    days = pd.DatetimeIndex(EPOCH + np.floor(waves.midpoint) * DAY)
    parts = []
    for number in range(len(names)):
        mine = system.clock.of_wave == number
        if mine.any():
            parts.append(PartSpeed(days[mine].min(), days[mine].max(), float(np.median(a_year[mine]))))
    return Speeds(float(sum(part.weight for part in varying)), tuple(parts))
