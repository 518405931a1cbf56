"""The rows of the filter: one for each wave, one for each date asked for, one where a rolling window opens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.model.measurement import Ints, Waves


@dataclass(frozen=True)
class Rows:
    """Rows in time order: `moment` (rows,) in days, and `gap`, the days from each row to the next.

    `waves` and `asked` are the rows of the waves and of the dates asked for. `ahead` has, for each row before all that
    the waves say, the days from it to the first that they say, and a 0 for that one.
    """

    moment: Floats
    gap: Floats
    waves: Ints
    asked: Ints
    ahead: Floats

    @classmethod
    def of(cls, waves: Waves, asked: Floats) -> Rows:
        """The rows for some waves and some dates, in days."""
        openings = np.setdiff1d(waves.opened[waves.rolling], waves.moment)
        moments = np.concatenate([waves.moment, asked, openings])
        order = np.argsort(moments, kind="stable")
        place, until = np.argsort(order), len(waves) + len(asked)
        gap = np.append(np.diff(moments[order]), 0.0)
        first = min(place[: len(waves)].min(), place[until:].min(initial=len(order)))
        ahead = np.append(np.cumsum(gap[:first][::-1])[::-1], 0.0)
        return cls(moments[order], gap, place[: len(waves)], place[len(waves) : until], ahead)

    def __len__(self) -> int:
        return len(self.moment)
