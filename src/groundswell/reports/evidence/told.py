"""Which levels may be told: an extreme that was measured, a line between enough waves, a nowcast that says something.

A level can be computed on every day. Between waves that lie years apart, and long after the newest one, it says what
the prior says, and a reader would take it for news.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.trends.answers.segments import Segment

CLEARLY = 0.80
"""Probability from which on a month's wave is called the highest or the lowest."""
FEWEST_FOR_EXTREME = 3
"""Waves of which one may be called the highest: of two it is the other word for a change."""
FEWEST_FOR_LINE = 5
"""Waves of a stretch from which on its level is drawn as a line; of fewer, what lies between is the prior's."""
WIDEST, WIDER = 0.30, 4.0
"""A nowcast is told up to this width of its 95% interval, in share units, and up to so many times a typical wave's."""


def is_extreme(reading: Reading, day: pd.Timestamp, name: str) -> bool:
    """Whether a wave's day clearly has the "highest" or the "lowest" level of all shown waves of its segment."""
    return bool((clear_extremes(reading, name)["date"] == day).any())


def newest_extreme(reading: Reading, name: str) -> pd.Series | None:
    """The level at the wave that clearly has the "highest" or the "lowest" of the newest segment, if there is one."""
    clear = clear_extremes(reading, name)
    days = clear.loc[clear["segment"] == reading.segments[-1].number, "date"]
    return None if days.empty else reading.level_on(pd.DatetimeIndex(days)).iloc[0]


def clear_extremes(reading: Reading, name: str) -> pd.DataFrame:
    """The waves that clearly have the "highest", or the "lowest", level of their segment.

    Sentences name a month: what counts is how probably it was in that month, and its most probable wave stands for it.
    """
    table = reading.extremes
    # asked for every sentence: in arrays, since a table's groups take as long as the sentence
    if table.empty:
        return table
    month = table["date"].to_numpy().astype("datetime64[M]").astype(np.int64)
    segment, waves = np.unique(table["segment"].to_numpy(), return_inverse=True, return_counts=True)[1:]
    _, group = np.unique(np.stack([segment, month]), axis=1, return_inverse=True)
    probability = table[name].to_numpy(dtype=np.float64)
    most = np.full(group.max() + 1, -np.inf)
    np.maximum.at(most, group, probability)
    clear = np.bincount(group, weights=probability)[group] >= CLEARLY
    foremost, enough = most[group] == probability, waves[segment] >= FEWEST_FOR_EXTREME
    shown: pd.DataFrame = table[clear & foremost & enough]
    return shown


def has_line(reading: Reading, segment: Segment) -> bool:
    """Whether a segment has waves enough for its level to be drawn as a line."""
    inside = reading.used["middle"].between(segment.first, segment.last)
    return bool(reading.used["middle"][inside].nunique() >= FEWEST_FOR_LINE)


def nowcast(reading: Reading) -> pd.Series | None:
    """The level on the as-of date; None where the newest wave is too old to tell it."""
    assert reading.level is not None
    now = reading.level_on(pd.DatetimeIndex([reading.as_of])).iloc[0]
    waves = reading.level_on(pd.DatetimeIndex(reading.used["middle"]).normalize())
    typical = float((waves["high95"] - waves["low95"]).median())
    return now if now["high95"] - now["low95"] <= min(WIDEST, WIDER * typical) else None
