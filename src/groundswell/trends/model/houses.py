"""Which effects of houses have a state of their own, and how a combination is read off the states.

The filter's work grows with the third power of its states. Beyond `MOST_HOUSES` houses only those with most waves
have states; the level is then their average. The effect of any other house counts as error: a house with m waves
gives each the variance m × house_sd², so that its waves together weigh as much as one house that is off by its
effect. Worked example: 3 waves with house_sd = 0.1 have an error of 0.03 each, and their mean one of 0.01 = 0.1².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from groundswell.arrays import Flags, Floats
from groundswell.trends.model.measurement import Waves

MOST_HOUSES: Final = 30


@dataclass(frozen=True)
class Layout:
    """`combination_loadings` has shape (combinations, house_states + switches): contrasts between houses, then a
    constant for every combination of a house beyond its first.

    `stateless` says which combinations have no state; `crowd` (waves,) is the number of waves of a wave's house
    where the house has none, else 0.
    """

    combination_loadings: Floats
    house_states: int
    switches: int
    stateless: Flags
    crowd: Floats

    @classmethod
    def of(cls, waves: Waves) -> Layout:
        """The layout for the combinations in `waves`."""
        combinations = waves.combinations
        counts = np.bincount(combinations.house[waves.combination], minlength=len(combinations.houses))
        kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_HOUSES])
        basis = np.zeros((len(counts), max(len(kept) - 1, 0)))
        basis[kept] = sum_to_zero_basis(len(kept))
        stateless = ~np.isin(combinations.house, kept)
        extra = np.flatnonzero(~combinations.first & ~stateless)
        switched = np.zeros((len(combinations.first), len(extra)))
        switched[extra, np.arange(len(extra))] = 1.0
        crowd = np.where(stateless[waves.combination], counts[combinations.house[waves.combination]], 0.0)
        loadings = np.hstack([basis[combinations.house], switched])
        return cls(loadings, basis.shape[1], len(extra), stateless, crowd)


def sum_to_zero_basis(houses: int) -> Floats:
    """Orthonormal columns, shape (houses, houses − 1), each summing to zero (Helmert's contrasts)."""
    basis = np.zeros((houses, max(houses - 1, 0)))
    for column in range(houses - 1):
        basis[: column + 1, column] = 1.0
        basis[column + 1, column] = -(column + 1.0)
        basis[:, column] /= np.sqrt((column + 1.0) * (column + 2.0))
    return basis
