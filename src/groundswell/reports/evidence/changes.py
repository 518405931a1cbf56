"""One change of a level that was looked at, as a record: between which days, how large, and how probable.

It is a row of `comparisons` under names that do not depend on the table's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Change:
    """The level's change from `start` to `end`: `estimate` in share units, its 95% interval from `low` to `high`.

    `kind` and `label` are those of `comparisons`. `probability` is that of the change's own direction (of "still": that
    no two waves lie further apart than `within`), `adjusted` what chooses its word after all `compared` changes of its
    family. `waves` and `houses` count what lies between the two days; `share_start` and `share_end` are the levels on
    them.
    """

    kind: str
    label: str
    start: pd.Timestamp
    end: pd.Timestamp
    estimate: float
    low: float
    high: float
    probability: float
    adjusted: float
    waves: int
    houses: int
    compared: int
    segment: int
    share_start: float
    share_end: float
    within: float

    @property
    def fall(self) -> bool:
        """Whether the level went down."""
        return self.estimate < 0


def read_changes(compared: pd.DataFrame) -> list[Change]:
    """The rows of `comparisons` as records, in their order."""
    return [
        Change(
            kind=str(row["kind"]),
            label=str(row["label"]),
            start=pd.Timestamp(row["start"]),
            end=pd.Timestamp(row["end"]),
            estimate=float(row["estimate"]),
            low=float(row["low"]),
            high=float(row["high"]),
            probability=float(row["probability"]),
            adjusted=float(row["adjusted"]),
            waves=int(row["waves"]),
            houses=int(row["houses"]),
            compared=int(row["compared"]),
            segment=int(row["segment"]),
            share_start=float(row["share_start"]),
            share_end=float(row["share_end"]),
            within=float(row["within"]),
        )
        for _, row in compared.iterrows()
    ]


def of_kinds(changes: Sequence[Change], *kinds: str) -> list[Change]:
    """The changes of these kinds, in their order."""
    return [change for change in changes if change.kind in kinds]
