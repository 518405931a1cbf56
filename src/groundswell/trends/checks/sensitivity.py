"""What a change rests on: a single house, or a bias that nobody can see.

Leaving a house out asks what the others say by themselves. Its waves are given no weight, while the level
stays the average over the same houses; hyperparameters and shocks stay those of the whole fit, so that only
the evidence differs.

A bias that all houses share and that never changes cannot make a change; one that grows between the two dates
can. Worked example: the level fell by 8 points (95%: 5 to 11). Had all houses come to print 8 points too little
in between, nothing happened; had they come to print 5 too little, chance would explain the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from groundswell.trends.answers.trend import Trend
from groundswell.trends.fit.shocks import UNSEEN

MOST_HOUSES: Final = 6


def without_each_house(trend: Trend, start: str | pd.Timestamp, end: str | pd.Timestamp) -> pd.DataFrame:
    """The change between two dates once more without each house, those with most waves first.

    Returns: `house, waves` (how many are left out), then the columns of `Trend.change`; at most `MOST_HOUSES`
    rows, none where there is only one house.
    """
    posterior = trend.posterior.weightiest()
    houses = posterior.waves.table["house"]
    if houses.nunique() < 2:
        return pd.DataFrame()
    rows = []
    for house, waves in houses.value_counts().head(MOST_HOUSES).items():
        rounding = np.where(houses == house, UNSEEN, posterior.noise.rounding)
        others = replace(posterior, noise=posterior.noise._replace(rounding=rounding))
        change = replace(trend, posterior=others).change(start, end)
        rows.append(change.assign(house=str(house), waves=int(waves)))
    table = pd.concat(rows, ignore_index=True)
    return table[["house", "waves", *(name for name in table if name not in ("house", "waves"))]]


def overturning_bias(change: pd.Series) -> tuple[float, float]:
    """By how many share units the bias of all houses must have moved between two dates to overturn a change.

    Args: change: a row with `estimate, low, high`, in share units.

    Returns: the move after which the estimated change is zero, and the smaller one after which its 95%
    interval holds zero (0 where it does already). Both have the sign of the change.
    """
    nearest = change["low"] if change["estimate"] > 0 else change["high"]
    clear = change["low"] * change["high"] > 0
    return float(change["estimate"]), float(nearest) if clear else 0.0
