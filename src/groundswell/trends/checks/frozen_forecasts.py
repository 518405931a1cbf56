"""What each house would print next, frozen on a day, and read again for the waves that came.

`frozen_forecasts` asks a trend what every house that still asks would print, on a grid of days; `forecasts_on` reads
the table for other days. On the logit scale the median goes straight from one day of the grid to the next, and so
does the square of an end's distance from it. That is exact for a level that walks: its variance grows in proportion to
time. Beyond the grid there is no forecast.

The grid begins before the as-of date, since a wave is often published weeks after its fieldwork: the report did not
know it, and what it thought of those weeks is as much a forecast as what it thought of the next.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.answers.trend import Trend
from groundswell.trends.checks.forecast_columns import COMBINATION, FROZEN, WHOSE
from groundswell.trends.checks.scoring_rules import INTERVAL_COLUMNS
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.logit import SHARE_FLOOR, expit, logit

GRID: Final = (*range(-91, 0, 7), 0, 30, 90, 180, 365)
"""Days from the as-of date: every week of the thirteen before it, and a year after it."""
STILL_ASKS: Final = pd.DateOffset(years=2)
"""A house is forecast in a wording and mode of which a wave ended at most so long before the as-of date."""


def frozen_forecasts(trend: Trend) -> pd.DataFrame:
    """What each house would print in each wording and mode in which it still asks, sampling error included.

    Returns: one row a combination and day of the `GRID`: `indicator, house, variant, mode, date`, the `n_effective`
    that it is for (the median of its waves in the time of `STILL_ASKS`), `share, share_se` and the intervals of
    `Trend.next_waves`. Only combinations with a wave in the newest segment; no rows where nobody still asks.
    """
    used, newest = trend.used, trend.segments[-1]
    recent = used[(used["middle"] >= newest.first) & (used["end"] >= trend.as_of - STILL_ASKS)]
    usual = recent.groupby(COMBINATION)["n_effective"].median().rename("n_effective").reset_index()
    if usual.empty:
        return pd.DataFrame(columns=FROZEN)
    days = pd.DataFrame({"date": trend.as_of + pd.to_timedelta(GRID, unit="D")})
    asked = usual.merge(days, how="cross")
    said = trend.next_waves(asked.assign(n=asked["n_effective"], deff=1.0, on=asked["date"]))
    return asked.assign(indicator=trend.indicator, **said.drop(columns=["date", "house"]))[FROZEN]


def forecasts_on(frozen: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """The frozen forecast of each wave: `share` and interval ends for the middle of its fieldwork.

    `waves` has the columns of an observations table. All is missing of a wave whose house, wording and mode were not
    forecast, or whose middle lies outside the days that were.
    """
    said = pd.DataFrame(np.nan, index=waves.index, columns=["share", *INTERVAL_COLUMNS])
    foreseen = dict(iter(frozen.groupby(WHOSE)))
    for key, rows in waves.groupby(WHOSE):
        if key in foreseen:
            said.loc[rows.index] = _between(foreseen[key], middles(rows))
    return said


def _between(frozen: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """One combination's forecasts on some days."""
    known = frozen.sort_values("date")
    dates, asked = (dates.to_numpy("datetime64[s]").astype(np.float64) for dates in (known["date"], days))

    def read(heights: Floats) -> Floats:
        return np.asarray(np.interp(asked, dates, heights, left=np.nan, right=np.nan))

    inside = known[["share", *INTERVAL_COLUMNS]].clip(SHARE_FLOOR, 1 - SHARE_FLOOR).map(logit)
    median = inside["share"].to_numpy(dtype=np.float64)
    columns = {"share": expit(read(median))}
    for name in INTERVAL_COLUMNS:
        distance = inside[name].to_numpy(dtype=np.float64) - median
        side = -1.0 if name.startswith("low") else 1.0
        columns[name] = expit(read(median) + side * np.sqrt(read(distance**2)))
    return pd.DataFrame(columns, index=days.index)
