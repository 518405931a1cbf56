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
    rows = pd.DataFrame(
        {"middle": middles(table), "house": table["house"], "combination": bridges.joined(combination)}
    )
    spans = rows.groupby("combination")["middle"].agg(["min", "max"]).sort_values("min")
    reached = spans["max"].cummax().shift()
    cuts: list[pd.Timestamp] = []
    for day in spans.loc[spans["min"] > reached, "min"]:
        # What stood before an earlier break has no say in this one.
        begin = cuts[-1] if cuts else pd.Timestamp.min
        before = rows[(rows["middle"] >= begin) & (rows["middle"] < day)]
        after = rows[rows["middle"] >= day]
        same_houses = set(before["house"]) == set(after["house"])
        if same_houses or min(len(before), len(after)) >= RUN:
            cuts.append(pd.Timestamp(day))
    return cuts


def stretches(table: pd.DataFrame, combination: NDArray[np.intp], bridges: Bridges) -> NDArray[np.intp]:
    """How many breaks lie between each wave and the newest one: 0 in the newest stretch."""
    cuts = np.array(breaks(table, combination, bridges), dtype="datetime64[ns]")
    passed = np.searchsorted(cuts, middles(table).to_numpy("datetime64[ns]"), side="right")
    return np.asarray(len(cuts) - passed, dtype=np.intp)
