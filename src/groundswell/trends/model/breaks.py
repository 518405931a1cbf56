"""Days that no wording bridges: the level breaks there, and each stretch between them has a pace of its own.

A *combination* is a house in one variant and one mode. A *break* is a day that no combination bridges: whatever was
asked before it is not asked after it, so that a change across that day cannot be told from the change of wording.
Combinations that a declared bridge joins count as one (see `bridges`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.trends.model.bridges import Bridges

RUN: Final = 3
"""Waves on both sides that make a break where the houses on its two sides differ."""


def middles(rows: pd.DataFrame) -> pd.Series:
    """The middle day of each row's fieldwork; where only the end is known, the end."""
    start = rows["start"].fillna(rows["end"]) if "start" in rows else rows["end"]
    return (start + (rows["end"] - start) / 2).dt.normalize()


def breaks(table: pd.DataFrame, combination: NDArray[np.intp], bridges: Bridges) -> list[pd.Timestamp]:
    """The days that no combination bridges, oldest first: the middle of the first wave after each.

    `table` holds the waves in time order, `combination` the number of each one's combination. Where the same houses
    stand on both sides, each in other combinations than before, any number of waves makes a break: everyone who asks
    has changed what is asked. Where houses come or go as well, `RUN` waves on both sides are needed: a lone wave of
    another house is not a reason to give up a scale.
    """
    middle, house = middles(table).to_numpy("datetime64[ns]"), table["house"].to_numpy(str)
    joined = bridges.joined(combination)
    spans = [middle[joined == one] for one in np.unique(joined)]
    first, last = (np.array([getattr(span, end)() for span in spans]) for end in ("min", "max"))
    order = np.argsort(first, kind="stable")
    first, reached = first[order], np.maximum.accumulate(last[order])
    cuts: list[np.datetime64] = []
    for day in first[1:][first[1:] > reached[:-1]]:
        # What stood before an earlier break has no say in this one.
        before, after = middle < day, middle >= day
        if cuts:
            before &= middle >= cuts[-1]
        same_houses = set(house[before]) == set(house[after])
        if same_houses or min(before.sum(), after.sum()) >= RUN:
            cuts.append(day)
    return [pd.Timestamp(day) for day in cuts]


def stretches(table: pd.DataFrame, combination: NDArray[np.intp], bridges: Bridges) -> NDArray[np.intp]:
    """How many breaks lie between each wave and the newest one: 0 in the newest stretch."""
    cuts = np.array(breaks(table, combination, bridges), dtype="datetime64[ns]")
    passed = np.searchsorted(cuts, middles(table).to_numpy("datetime64[ns]"), side="right")
    return np.asarray(len(cuts) - passed, dtype=np.intp)
