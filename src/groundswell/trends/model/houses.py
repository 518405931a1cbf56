"""What the level is an average of: which houses are established, and which effects have a state of their own.

The level averages over established houses. A house's *information* is its effective n, each wave's halved for every
`HALF_LIFE_DAYS` that it is older than the newest of all; its weight grows with the information and soon stops growing.
Worked example: houses with forty recent waves of 1,000, with one such wave, with one respondent, and with a wave of
thirty years ago weigh 0.82, 0.18, 0 and 0.

House effects are what is left of independent ones when their weighted average is taken out: they sum to zero in these
weights, and a house without weight changes nothing of what is thought of the others. With equal weights they are the
contrasts that sum to zero.

The filter's work grows with the third power of its states. Beyond `MOST_HOUSES` houses only those with most waves,
or with a bridge, have states; the level is then their average. The effect of any other house counts as error: a house
with m waves gives each the variance m × house_sd², so that its waves together weigh as much as one house that is off by
its effect. Worked example: 3 waves with house_sd = 0.1 have an error of 0.03 each, and their mean one of 0.01 = 0.1².
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from groundswell.arrays import Flags, Floats
from groundswell.trends.model.measurement import Waves

MOST_HOUSES: Final = 30
HALF_LIFE_DAYS: Final = 2 * 365.25
# A house with this part of the largest information has half of the weight that more could give it.
HALF_ESTABLISHED: Final = 0.1
# A house that would weigh less than this part of the heaviest is not part of the average.
NEGLIGIBLE: Final = 0.01


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
    @lru_cache(maxsize=2)
    def of(cls, waves: Waves) -> Layout:
        """The layout for the combinations in `waves`; kept, since every choice of shocks asks for it again."""
        combinations = waves.combinations
        counts = np.bincount(combinations.house[waves.combination], minlength=len(combinations.houses))
        bridged = combinations.house[np.concatenate([waves.bridges.old, waves.bridges.new])]
        order = np.lexsort((-counts, ~np.isin(np.arange(len(counts)), bridged)))
        kept = np.sort(order[: max(MOST_HOUSES, len(np.unique(bridged)))])
        basis = np.zeros((len(counts), max(len(kept) - 1, 0)))
        basis[kept] = weighted_contrasts(established(information(waves)[kept]))
        stateless = ~np.isin(combinations.house, kept)
        extra = np.flatnonzero(~combinations.first & ~stateless)
        switched = np.zeros((len(combinations.first), len(extra)))
        switched[extra, np.arange(len(extra))] = 1.0
        crowd = np.where(stateless[waves.combination], counts[combinations.house[waves.combination]], 0.0)
        loadings = np.hstack([basis[combinations.house], switched])
        return cls(loadings, basis.shape[1], len(extra), stateless, crowd)


def information(waves: Waves, inside: Flags | None = None) -> Floats:
    """Each house's effective n, older waves for less, shape (houses,); by default of all waves, else of those
    `inside`. Of rolling windows those that share nothing count: a respondent is one, however often she is published."""
    some = np.ones(len(waves), dtype=bool) if inside is None else inside
    age = waves.midpoint[some].max() - waves.midpoint[some]
    worth = waves.apart[some] * waves.n_effective[some] * 0.5 ** (age / HALF_LIFE_DAYS)
    house = waves.combinations.house[waves.combination[some]]
    return np.asarray(np.bincount(house, worth, minlength=len(waves.combinations.houses)))


def established(known: Floats) -> Floats:
    """Weights of houses from their information, which sum to one."""
    weight = known / (known + HALF_ESTABLISHED * known.max())
    weight[weight < NEGLIGIBLE * weight.max()] = 0.0
    return np.asarray(weight / weight.sum())


def weighted_contrasts(weights: Floats) -> Floats:
    """Columns B, shape (houses, houses − 1), with B Bᵀ = (I − 1wᵀ)(I − w1ᵀ): independent effects less their average.

    In the `weights` w, which sum to one, each column sums to zero.
    """
    basis = sum_to_zero_basis(len(weights))
    return np.asarray(basis - weights @ basis)


def sum_to_zero_basis(houses: int) -> Floats:
    """Orthonormal columns, shape (houses, houses − 1), each summing to zero (Helmert's contrasts)."""
    basis = np.zeros((houses, max(houses - 1, 0)))
    for column in range(houses - 1):
        basis[: column + 1, column] = 1.0
        basis[column + 1, column] = -(column + 1.0)
        basis[:, column] /= np.sqrt((column + 1.0) * (column + 2.0))
    return basis
