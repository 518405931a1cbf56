"""How often a level that stands still would look as if it had moved: the allowance for having looked at many changes.

Two ideas that are easily confused:

- the *probability* of a change's direction is the posterior's. It says how sure a reader may be of this one change;
- the *tail* of a change says how often waves of a public that never moves would show, somewhere among all the changes
  that were looked at, one as clear as this. Whoever picks the clearest of many needs it.

Given the hyperparameters, the level at some days is normal with the covariance C before any wave has spoken and P
after all have. Over waves of a level that stands still, the posterior's mean is then normal with the covariance

    N = P - P C^-1 P,

what the waves' errors alone make of it (the algebra of P^-1 = C^-1 + I, where I is what the waves say). Where the
waves say much, N is nearly P; where the prior smooths much, it is far less, and a band that took P for it would be too
shy. With changes D_j, their posterior means m_j and standard deviations s_j, the tail of change i is

    q_i = P( max_j |M_j| / s_j  >=  |z_i| ),   M from a normal with covariance N,

with z_i = m_i / s_i, averaged over the hyperparameters' posterior.

Worked example: two waves of one house that are far apart. N is nearly P, and q is the two-sided p of the difference of
two shares. The same difference found among 60 waves has a q some twenty times as large.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.trends.answers.changes import ROUNDING, Joint
from groundswell.trends.fit.components import weightiest

DRAWS: Final = 4000
# Of a prior variance: less than this is a direction in which the level cannot move.
RIGID: Final = 1e-10
CHUNK: Final = 500


class Levels(NamedTuple):
    """The levels' logits on the same days: before any wave has spoken, under the `weightiest` components, and after
    all have."""

    days: pd.DatetimeIndex
    before: Joint
    after: Joint

    def places(self, days: Iterable[pd.Timestamp]) -> Ints:
        """The numbers of some of the days."""
        return np.asarray(self.days.get_indexer(pd.DatetimeIndex(list(days))))


def chance_tails(levels: Levels, starts: Ints, ends: Ints, seed: int) -> Floats:
    """The tail of each of these changes among all of them, two-sided, in (0, 1]: averaged over the hyperparameters.

    Args:
        levels: `starts` and `ends` number their days.
        seed: the same seed, the same draws.
    """
    rng = np.random.default_rng(seed)
    weights = levels.after.weights
    heaviest = weightiest(weights)
    counts = rng.multinomial(DRAWS, weights[heaviest] / weights[heaviest].sum())
    beyond = np.zeros(len(starts))
    for part, (_, before), count in zip(heaviest, levels.before.parts, counts, strict=True):
        mean, after = levels.after.parts[part]
        spread = _spread(after, starts, ends)
        if not np.isfinite(spread).any():  # where the level cannot move, no change is clear
            beyond += count
            continue
        root = chance_root(before, after)
        largest = np.sort(_largest(root, spread, starts, ends, rng.standard_normal((count, root.shape[1]))))
        beyond += count - np.searchsorted(largest, np.abs(mean[ends] - mean[starts]) / spread)
    return np.asarray((1 + beyond) / (1 + DRAWS))


def _largest(root: Floats, spread: Floats, starts: Ints, ends: Ints, draws: Floats) -> Floats:
    """The clearest change, in standard deviations, of each of many series of waves in which nothing moved."""
    found = [np.zeros(0)]
    for begin in range(0, len(draws), CHUNK):
        means = draws[begin : begin + CHUNK] @ root.T
        found.append(np.abs((means[:, ends] - means[:, starts]) / spread).max(axis=1))
    return np.concatenate(found)


def _spread(after: Floats, starts: Ints, ends: Ints) -> Floats:
    """The standard deviation of each change in logits; infinite where the two levels are one."""
    variance = np.diag(after)
    total = variance[starts] + variance[ends]
    square = total - 2.0 * after[starts, ends]
    return np.asarray(np.sqrt(np.where(square > ROUNDING * total, square, np.inf)))


def chance_root(before: Floats, after: Floats) -> Floats:
    """A root of N: what the waves' errors alone make of the posterior's mean (see above).

    On the axes of C, each scaled to one, P lies between 0 and 1, and N = P - P P there.
    """
    values, axes = np.linalg.eigh(before)
    kept = values > RIGID * values.max()
    scale = axes[:, kept] * np.sqrt(values[kept])
    inverse = axes[:, kept] / np.sqrt(values[kept])
    left, turned = np.linalg.eigh(inverse.T @ after @ inverse)
    left = np.clip(left, 0.0, 1.0)
    return np.asarray(scale @ turned * np.sqrt(left * (1.0 - left)))
