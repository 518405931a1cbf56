"""Lone rough shares: a house's only figure, printed as a range or without what a fit needs, and how it lies.

Such a figure is drawn and spoken of, never fitted. Where another house asked within NEAR_DAYS of it, it is held
against the level that the other houses give; where none did, it cannot be checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from groundswell.reports.evidence.reading import Reading, figure_range
from groundswell.trends.answers.needed_n import needed_n
from groundswell.trends.model.breaks import middles

NEAR_DAYS = 92
MARGIN = 0.03
"""The 95% margin, in share units, to which the needed respondents would tell the share."""


@dataclass(frozen=True, eq=False)
class LoneShare:
    """One lone share.

    Attributes:
        row: its row of the observations table.
        neighbour: the used wave of another house that is nearest in time; None where there is none.
        position: "alone" where it cannot be checked, else how its printed range lies against `band`.
        band: the 95% interval that the other houses give the population's share at that time; None where "alone".
        needed: respondents, at the row's design effect, that would tell the share to MARGIN.
    """

    row: pd.Series
    neighbour: pd.Series | None
    position: Literal["alone", "above", "below", "inside"]
    band: tuple[float, float] | None
    needed: int


def lone_shares(reading: Reading) -> list[LoneShare]:
    """The shown observations that are their house's only one and are left out of the fit, oldest first."""
    shown = reading.drawn
    alone = shown.groupby("house")["house"].transform("size") == 1
    return [_lone_share(reading, row) for _, row in shown[alone & (shown["left_out"] != "")].iterrows()]


def _lone_share(reading: Reading, row: pd.Series) -> LoneShare:
    neighbour, days = _nearest(row, reading.used[reading.used["house"] != row["house"]])
    low, high = figure_range(row)
    deff = 1.0 if pd.isna(row["deff"]) else float(row["deff"])
    needed = needed_n((low + high) / 2, margin=MARGIN, deff=deff, sd=reading.indicator.place_sd)
    if days > NEAR_DAYS or reading.trend is None:
        return LoneShare(row, neighbour, "alone", None, needed)
    day = middles(row.to_frame().T.infer_objects()).iloc[0]
    level = reading.trend.level(day).iloc[0]
    band = float(level["population_low95"]), float(level["population_high95"])
    return LoneShare(row, neighbour, _position(low, high, band), band, needed)


def _position(low: float, high: float, band: tuple[float, float]) -> Literal["above", "below", "inside"]:
    """How a printed range lies against an interval; one that touches it is inside."""
    return "above" if low > band[1] else "below" if high < band[0] else "inside"


def _nearest(row: pd.Series, others: pd.DataFrame) -> tuple[pd.Series | None, float]:
    """The wave of `others` that is nearest in time, and the days between the two fieldworks (0 where they overlap)."""
    if others.empty:
        return None, float("inf")
    start = row["end"] if pd.isna(row["start"]) else row["start"]
    after = (others["start"].fillna(others["end"]) - row["end"]).dt.days
    before = (start - others["end"]).dt.days
    gap = pd.concat([after, before], axis=1).max(axis=1).clip(lower=0)
    return others.loc[gap.idxmin()], float(gap.min())
