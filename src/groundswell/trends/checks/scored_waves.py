"""The waves that came since forecasts were frozen, held against them.

A wave *came* where the report before did not have it and its middle lies on the days that were forecast or after them;
one of longer ago is history that was added. Not every wave that came can be scored; why is a code in `unscored`:

    left_out        the trend does not use it (the observations table says why)
    range           it was published as a range
    known_in_part   it shares days with a wave of the same house, wording and mode that the report before had: a window
                    of which some respondents were known, or a wave whose dates were corrected
    no_forecast     nothing was forecast for its house, wording and mode
    later           it lies beyond the last day that was forecast
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Flags
from groundswell.trends.checks.forecast_columns import SCORED, WHOSE
from groundswell.trends.checks.frozen_forecasts import GRID, forecasts_on
from groundswell.trends.checks.scoring_rules import score
from groundswell.trends.model.breaks import middles
from groundswell.vocabulary import EVERYONE

UNSCORED: Final = ("left_out", "range", "known_in_part", "no_forecast", "later")


def scored_waves(
    frozen: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Every wave that came between two observations tables, `before` and `now`, and how its forecast held.

    The forecasts were `frozen` on `as_of` by who had the rows of `before`.

    Returns: one row a wave, oldest first: `indicator, house, variant, mode, start, end, precision, published,
    n_effective`; the `share` forecast with its interval ends; `observed` with the `rounding` of what was printed;
    `crps` and `inside50, inside80, inside95` (see `scoring_rules.score`). Forecast and scores are missing where
    `unscored` has a code; it is "" where the wave was scored.
    """
    known, rows = _everyone(before), _everyone(now)
    first = as_of + pd.Timedelta(days=GRID[0])
    rows = rows[(middles(rows) >= first) & ~_is_in(known, rows)].reset_index(drop=True)
    said = forecasts_on(frozen, rows)
    foreseen = pd.MultiIndex.from_frame(frozen[WHOSE])
    reasons = {
        "left_out": (rows["left_out"] != "").to_numpy(),
        "range": (rows["range_low"].notna() | rows["share"].isna()).to_numpy(),
        "known_in_part": _shares_days(known, rows),
        "no_forecast": ~pd.MultiIndex.from_frame(rows[WHOSE]).isin(foreseen),
        "later": said["share"].isna().to_numpy(),
    }
    unscored = np.select(list(reasons.values()), list(reasons), default="")
    about = rows[[*WHOSE, "start", "end", "precision", "published", "n_effective", "rounding"]]
    table = pd.concat([about, said[unscored == ""].reindex(said.index)], axis=1)
    scores = score(table, rows["share"]).assign(unscored=unscored)
    return scores.sort_values(["end", *WHOSE], ignore_index=True)[SCORED]


def _everyone(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows about everyone; where only the end of fieldwork is known it began then too."""
    mine = rows[rows["domain"] == EVERYONE]
    return mine.assign(start=mine["start"].fillna(mine["end"]))


def _is_in(known: pd.DataFrame, rows: pd.DataFrame) -> Flags:
    """Which rows are waves that were known: the same house, wording, mode and fieldwork."""
    names = [*WHOSE, "start", "end"]
    there = pd.MultiIndex.from_frame(known[names])
    return np.asarray(pd.MultiIndex.from_frame(rows[names]).isin(there), dtype=bool)


def _shares_days(known: pd.DataFrame, rows: pd.DataFrame) -> Flags:
    """Which rows share a day of fieldwork with a known wave of the same house, wording and mode."""
    spans = {key: (of["start"].to_numpy(), of["end"].to_numpy()) for key, of in known.groupby(WHOSE)}
    shares = np.zeros(len(rows), dtype=bool)
    for place, (*key, start, end) in enumerate(rows[[*WHOSE, "start", "end"]].itertuples(index=False)):
        if (span := spans.get(tuple(key))) is not None:
            shares[place] = bool(((span[0] <= np.datetime64(end)) & (span[1] >= np.datetime64(start))).any())
    return shares
