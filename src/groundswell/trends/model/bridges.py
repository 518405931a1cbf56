"""Bridges over a change of wording: what somebody measured, or judges, of the distance between two wordings.

A *bridge* goes from one combination (a house in one variant and one mode) to another. What it says of their distance
is read like one more observation: the difference of the two shares' logits, with the bridge's own error. Days that only
a bridge crosses are no breaks (see `breaks`), and the level goes on there with the bridge's error.

Worked example: a split ballot puts the old wording to 1,000 people (40%) and the new one to another 1,000 (50%). The
distance is 0.41 logits with a standard error of 0.09: 1 / (1,000 · 0.4 · 0.6) + 1 / (1,000 · 0.5 · 0.5) = 0.09².
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Floats
from groundswell.dates import parse_date
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import logit, logit_variance, sampling_variance
from groundswell.waves import Bridge

NOON: Final = 0.5


@dataclass(frozen=True)
class Bridges:
    """The bridges of some waves: the numbers of the combinations that each joins, its `distance` (new less old, in
    logits) with its `variance`, and its `moment` in days. `of` numbers the declared bridges that they come from.
    """

    old: NDArray[np.intp]
    new: NDArray[np.intp]
    distance: Floats
    variance: Floats
    moment: Floats
    of: NDArray[np.intp]

    @classmethod
    def between(cls, declared: Sequence[Bridge], table: pd.DataFrame, combination: NDArray[np.intp]) -> Self:
        """The declared bridges whose two ends both have a wave in `table`, which is in time order.

        Where a variant was asked in several modes and none is named, the old end is the one that was asked last, the
        new end the one that was asked first.
        """
        places = [
            (number, int(combination[before[-1]]), int(combination[after[0]]))
            for number, bridge in enumerate(declared)
            if (before := _asked(table, bridge.old, bridge.old_mode))
            and (after := _asked(table, bridge.new, bridge.new_mode))
        ]
        of, old, new = np.array(places, dtype=np.intp).reshape(-1, 3).T
        used = [declared[number] for number in of]
        shares = np.array([(each.old_share, each.new_share) for each in used]).reshape(-1, 2)
        days = pd.DatetimeIndex([parse_date(each.date, "bridges") for each in used])
        return cls(
            old=old,
            new=new,
            distance=logit(shares[:, 1]) - logit(shares[:, 0]),
            variance=np.array([_variance(each) for each in used], dtype=np.float64),
            moment=day_number(days) + NOON,
            of=of,
        )

    def __len__(self) -> int:
        return len(self.of)

    def known(self, combinations: Iterable[int], until: float) -> Self:
        """Those between the given combinations that are known by a moment."""
        here = list(combinations)
        kept = np.isin(self.old, here) & np.isin(self.new, here) & (self.moment <= until)
        return replace(self, **{name: part[kept] for name, part in vars(self).items()})

    def joined(self, combination: NDArray[np.intp]) -> NDArray[np.intp]:
        """The numbers in `combination`, those that bridges join replaced by one of theirs."""
        if not len(self):
            return combination
        from scipy.sparse import coo_array  # a tenth of a second, which only bridges need wait for
        from scipy.sparse.csgraph import connected_components

        size = int(max(combination.max(initial=-1), self.old.max(initial=-1), self.new.max(initial=-1))) + 1
        joins = coo_array((np.ones(len(self)), (self.old, self.new)), shape=(size, size))
        return np.asarray(connected_components(joins, directed=False)[1][combination], dtype=np.intp)


def _asked(table: pd.DataFrame, variant: str, mode: str | None) -> list[int]:
    """The rows of a variant, in one mode if that is named."""
    mine = table["variant"] == variant
    if mode is not None:
        mine &= table["mode"] == mode
    return np.flatnonzero(mine).tolist()


def _variance(bridge: Bridge) -> float:
    """The variance of a bridge's distance, in squared logits."""
    deff = bridge.deff or 1.0
    if bridge.old_n is not None and bridge.new_n is not None:
        ends = ((bridge.old_share, bridge.old_n), (bridge.new_share, bridge.new_n))
        return deff * float(sum(sampling_variance(share, n) for share, n in ends))
    assert bridge.se is not None, "a bridge has `se` or both n: checked where it is made"
    return float(logit_variance(bridge.se**2, (bridge.old_share + bridge.new_share) / 2.0))
