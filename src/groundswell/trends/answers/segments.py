"""Stretches of time whose levels can be compared, and the scale on which each level stands.

A *combination* is a house in one variant and one mode. Three ideas that are easily confused:

- a *change of wording* is one house's own: it moves on to another combination, others bridge it;
- a *break* is a day that no combination bridges: whatever was asked before it is not asked after it, so that a
  change across that day cannot be told from the change of wording. The level breaks there by itself, unless a bridge
  is declared between the two (see `bridges`);
- the *scale* of a segment is the combinations whose average the level is: those of the named reference where they
  were asked in it, else what each of its established houses asked last (see `houses`).

Worked example: one house asks A (38%), then B (50%, 52%) and never both. There is a break before the first B; the level
is 38% on A's scale before it and about 51% on B's after it, and no change between the two is ever stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError, nearest
from groundswell.trends.model.breaks import breaks, middles
from groundswell.trends.model.houses import Layout, established, information
from groundswell.trends.model.measurement import Waves

ScaleKind = Literal["reference", "newest", "only"]


@dataclass(frozen=True)
class Scale:
    """Whose answers a level speaks of.

    `kind` is "only" where one combination was ever asked, "reference" where the survey or the caller named it, else
    "newest": the average over established houses, each in what it asked last. `asked` has the columns `house, variant,
    mode, weight` of those that weigh anything (weights sum to one); `weights` is the same for every combination of the
    trend, shape (combinations,).
    `wordings` counts the variants that were ever asked, in all segments.
    """

    kind: ScaleKind
    asked: pd.DataFrame
    weights: Floats
    wordings: int

    @property
    def named(self) -> str:
        """The houses on whose scale it is, each with its wording."""
        asked = self.asked[["house", "variant"]].astype(str).to_numpy()
        return ", ".join(f"{house}: {variant or 'one wording'}" for house, variant in asked)


@dataclass(frozen=True)
class Segment:
    """A stretch of comparable levels from `start` to before `end` (both open at the series' own ends).

    `first` and `last` are the middles of its oldest and newest wave; `number` counts from 1, the oldest.
    """

    number: int
    start: pd.Timestamp
    end: pd.Timestamp
    first: pd.Timestamp
    last: pd.Timestamp
    scale: Scale

    def holds(self, day: pd.Timestamp) -> bool:
        """Whether a day lies in the segment."""
        return bool(self.start <= day < self.end)


def segments(waves: Waves, reference: str | None = None) -> list[Segment]:
    """The segments of a series, oldest first, each with its scale.

    `reference` is a variant or a house; a segment in which it was not asked stands on its own houses' newest questions.

    Raises: InputError for a `reference` that no wave has.
    """
    names = waves.combinations.names
    if reference is not None and not ((names["variant"] == reference) | (names["house"] == reference)).any():
        known = nearest(reference, (set(names["variant"]) | set(names["house"])) - {""})
        raise InputError(f"`reference=` must be a variant or a house, got `{reference}`; {known}")
    cuts, days = breaks(waves.table, waves.combination, waves.bridges), middles(waves.table)
    edges = [pd.Timestamp.min, *cuts, pd.Timestamp.max]
    found: list[Segment] = []
    for number, (start, end) in enumerate(pairwise(edges), start=1):
        inside = ((days >= start) & (days < end)).to_numpy()
        first, last = days[inside].min(), days[inside].max()
        found.append(Segment(number, start, end, first, last, _scale(waves, inside, reference)))
    return found


def segment_of(found: Sequence[Segment], day: pd.Timestamp) -> Segment:
    """The segment that holds a day."""
    return next(segment for segment in found if segment.holds(day))


def _scale(waves: Waves, inside: Flags, reference: str | None) -> Scale:
    """The scale of the waves `inside` a segment."""
    names, order = waves.combinations.names, waves.combination[inside]
    newest_first = list(dict.fromkeys(order[::-1].tolist()))
    wordings = int(names["variant"].nunique())
    weights = np.zeros(len(names))
    hits = [c for c in newest_first if reference in (names["variant"][c], names["house"][c])]
    if reference is not None and hits:
        kind: ScaleKind = "reference"
        weights[hits[0]] = 1.0
    else:
        kind = "newest"
        stateless = Layout.of(waves).stateless
        newest = [c for c in newest_first if not stateless[c]] or newest_first
        house = names["house"].to_numpy()[newest]
        kept = pd.Series(newest).groupby(house).first().to_numpy()
        weights[kept] = established(information(waves, inside)[waves.combinations.house[kept]])
    if len(names) == 1:
        kind = "only"
    asked = names[weights > 0].assign(weight=weights[weights > 0]).reset_index(drop=True)
    return Scale(kind, asked, weights, wordings)


def refuse_across(parts: Sequence[Segment], dates: pd.DatetimeIndex) -> None:
    """Raises: InputError for two dates on two sides of a break."""
    for segment in parts[1:]:
        if min(dates) < segment.start <= max(dates):
            raise InputError(
                f"`start=` {dates[0]:%Y-%m-%d} and `end=` {dates[1]:%Y-%m-%d} lie on two sides of "
                f"{segment.start:%Y-%m-%d}, from when on nothing is asked that was asked before: a change across "
                "it cannot be told from the change of wording; ask for two dates on one side"
            )
