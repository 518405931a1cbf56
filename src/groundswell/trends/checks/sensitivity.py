"""What a change rests on: whether one house alone makes it.

Leaving a house out asks what the others say by themselves. Its waves are given no weight, while the level
stays the average over the same houses; hyperparameters and shocks stay those of the whole fit, so that only
the evidence differs.
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
