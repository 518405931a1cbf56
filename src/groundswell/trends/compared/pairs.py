"""Which changes of a level are looked at: those that are declared beforehand, and those that are searched for.

- *Declared*: the newest wave against one year before it; the last wave before a declared event against the first after
  it. There are few of them, and they do not depend on what the waves say.
- *Searched*: every wave of a segment against every other. Among them are the newest against each earlier one, the moves
  between turning points, and the waves on the two sides of a shock that nobody declared.
- *Searched, a house's own*: the same among the waves of one house in one wording and mode, on its own scale. Houses
  drift: what one of them prints may move where the level does not.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.dates import parse_date
from groundswell.trends.answers.segments import Segment
from groundswell.trends.answers.tables import shock_day
from groundswell.trends.answers.trend import Trend

SEARCHED: Final = 60
"""Waves of a segment that are compared with one another, at most; its first and its last are among them."""
FEWEST_OF_HOUSE: Final = 3
"""Days on which a house must have asked in one wording and mode for its own figures to be followed."""
MOST_HOUSES: Final = 3
YEAR: Final = pd.DateOffset(years=1)


class Pair(NamedTuple):
    """Two dates to compare: why (`kind`), the label of an event or "", and the dates."""

    kind: str
    label: str
    start: pd.Timestamp
    end: pd.Timestamp


def shown_waves(trend: Trend, segment: Segment, since: pd.Timestamp | None) -> pd.DataFrame:
    """The waves of a segment that are looked at, oldest first."""
    used = trend.used
    inside = used["middle"].between(segment.first, segment.last)
    if since is not None:
        inside &= used["end"] >= since
    return used[inside].sort_values("middle")


def wave_days(waves: pd.DataFrame) -> pd.DatetimeIndex:
    """The middles of waves, each day once, oldest first; at most `SEARCHED` of them, evenly chosen."""
    days = pd.DatetimeIndex(waves["middle"].drop_duplicates().sort_values())
    if len(days) <= SEARCHED:
        return days
    return days[np.unique(np.linspace(0, len(days) - 1, SEARCHED).round().astype(int))]


def house_paths(
    trend: Trend, segment: Segment, waves: pd.DataFrame
) -> list[tuple[str, Floats, pd.DataFrame]]:
    """The combinations asked often enough that are not the level itself, most waves first: house, scale and waves."""
    paths = []
    for place, asked in enumerate(trend.combinations.to_dict("records")):
        mine = waves[(waves[list(asked)] == pd.Series(asked)).all(axis=1)]
        if mine["middle"].nunique() >= FEWEST_OF_HOUSE and segment.scale.weights[place] < 1.0:
            paths.append((str(asked["house"]), np.eye(len(trend.combinations))[place], mine))
    return sorted(paths, key=lambda path: -len(path[2]))[:MOST_HOUSES]


def every_pair(count: int) -> tuple[Ints, Ints]:
    """The numbers of the older and of the newer day of every pair of `count` days."""
    older, newer = np.triu_indices(count, 1)
    return older, newer


def declared_pairs(trend: Trend, segment: Segment, waves: pd.DataFrame) -> list[Pair]:
    """What a segment is asked whatever its waves say: its last year, if it is the newest, and its events."""
    if waves.empty:
        return []
    first, last = waves["middle"].iloc[0], waves["middle"].iloc[-1]
    pairs = []
    if segment is trend.segments[-1] and first <= last - YEAR:
        pairs.append(Pair("year", "", last - YEAR, last))
    for event in sorted(trend.events, key=lambda event: str(event.date)):
        happened = pd.Timestamp(parse_date(event.date, "events"))
        pairs += [Pair("event", event.label, *days) for days in around(waves, happened)]
    return pairs


def shock_pairs(trend: Trend, waves: pd.DataFrame) -> list[Pair]:
    """The waves before and after each shock that was found and not declared."""
    found = [one.shock for one in trend.weighed_shocks if one.shock.kind == "found"]
    return [Pair("shock", "", *pair) for shock in found for pair in around(waves, shock_day(shock))]


def around(waves: pd.DataFrame, day: pd.Timestamp) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The middles of the last wave that ended before a day and of the first that began on it or later, if both are.

    A wave that was in the field on that day says nothing of either side.
    """
    opened = waves["start"].fillna(waves["end"]) if "start" in waves else waves["end"]
    before, after = waves.loc[waves["end"] < day, "middle"], waves.loc[opened >= day, "middle"]
    return [(before.iloc[-1], after.iloc[0])] if len(before) and len(after) else []
