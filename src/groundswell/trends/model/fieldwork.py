"""When each wave was in the field: from its dates and their precision to moments in days."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError

EPOCH: Final = pd.Timestamp("2000-01-01")
DAY: Final = pd.Timedelta(days=1)
_CALENDAR: Final = {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def day_number(dates: pd.Series | pd.DatetimeIndex) -> Floats:
    """Days from `EPOCH` to the midnight before each date."""
    return np.asarray((pd.DatetimeIndex(dates) - EPOCH) / DAY, dtype=np.float64)


def fieldwork(table: pd.DataFrame) -> tuple[Floats, Floats, Flags]:
    """First midnight, last midnight and roughness of each wave's fieldwork."""
    end = table["end"].dt.normalize()
    if end.isna().any():
        raise InputError(f"every wave needs an `end`; {int(end.isna().sum())} of {len(end)} have none")
    start = table["start"].dt.normalize() if "start" in table else pd.Series(pd.NaT, index=end.index)
    precision = table["precision"]
    if unknown := set(precision) - {"day", *_CALENDAR}:
        raise InputError(f"`precision` is day, week, month, quarter or year, got {sorted(unknown)[0]!r}")
    for name, frequency in _CALENDAR.items():
        dated = precision == name
        if dated.any() and (bare := dated & (start.isna() | (start == end))).any():
            period = end[bare].dt.to_period(frequency)
            start[bare], end[bare] = period.dt.start_time, period.dt.end_time.dt.normalize()
    start = start.fillna(end)
    if (start > end).any():
        bad = table.loc[start > end].iloc[0]
        raise InputError(
            f"fieldwork of `{bad['house']}` ends ({bad['end']}) before it starts ({bad['start']})"
        )
    return day_number(start), day_number(end) + 1.0, (precision != "day").to_numpy()
