"""At which wave the level was highest and at which lowest, as probabilities: what nobody measured is no extreme."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from groundswell.trends.answers.changes import draw_shares
from groundswell.trends.answers.trend import Trend
from groundswell.trends.compared.chance import DRAWS

CANDIDATES: Final = 60
"""Waves with the highest levels, and as many with the lowest, among which each extreme is sought."""


def extremes(trend: Trend, days: pd.DatetimeIndex) -> pd.DataFrame:
    """How probably the level on each of these days is the highest of them all, and the lowest.

    Returns: `date, highest, lowest`, one row a day, oldest first; days are waves of one segment.
    """
    asked = days.unique().sort_values()
    shares = trend.level(asked)["share"].to_numpy()
    order = np.argsort(shares)
    chosen = np.unique([*order[:CANDIDATES], *order[-CANDIDATES:]])
    draws = draw_shares(trend.joint(asked[chosen]), DRAWS, trend.seed)
    table = pd.DataFrame({"date": asked, "highest": 0.0, "lowest": 0.0})
    for name, winners in (("highest", draws.argmax(axis=1)), ("lowest", draws.argmin(axis=1))):
        table.loc[chosen, name] = np.bincount(winners, minlength=len(chosen)) / DRAWS
    return table
