"""The rows of the filter: one for each wave, date asked for and bridge, and one where a rolling window opens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.model.measurement import Ints, Waves


@dataclass(frozen=True)
class Rows:
    """Rows in time order: `moment` (rows,) in days, and `gap`, the days from each row to the next.

    `waves`, `asked` and `bridges` are the rows of the waves, of the dates asked for and of the bridges, `stretch`
    numbers the stretch between breaks in which each row lies. `ahead` has, for each row before all that
    the waves say, the days from it to the first that they say, and a 0 for that one.
    """

    moment: Floats
    gap: Floats
    waves: Ints
    asked: Ints
    bridges: Ints
    ahead: Floats
    stretch: Ints

    @classmethod
    def of(cls, waves: Waves, asked: Floats) -> Rows:
        """The rows for some waves and some dates, in days."""
        openings = np.setdiff1d(waves.opened[waves.rolling], waves.moment)
        moments = np.concatenate([waves.moment, asked, waves.bridges.moment, openings])
        order = np.argsort(moments, kind="stable")
        place = np.argsort(order)
        of_waves, of_asked, of_bridges, _ = np.split(
            place, np.cumsum([len(waves), len(asked), len(waves.bridges)])
        )
        gap = np.append(np.diff(moments[order]), 0.0)
        first = min(of_waves.min(), place[len(order) - len(openings) :].min(initial=len(order)))
        ahead = np.append(np.cumsum(gap[:first][::-1])[::-1], 0.0)
        stretch = stretches_at(waves, moments[order])
        return cls(moments[order], gap, of_waves, of_asked, of_bridges, ahead, stretch)

    def __len__(self) -> int:
        return len(self.moment)


def stretches_at(waves: Waves, moments: Floats) -> Ints:
    """The stretch of each moment: the first wave after a break begins its own, so that no step lies in two."""
    begun = np.where(waves.rolling, waves.opened, waves.midpoint)
    begins = [begun[waves.stretch <= one].min() for one in range(int(waves.stretch.max()))]
    return np.asarray((moments[:, None] < np.array(begins)).sum(axis=1), dtype=np.intp)
