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

where z_i is the normal quantile of the change's own probability.

Worked example: two waves of one house that are far apart. N is nearly P, and q is the two-sided p of the difference of
two shares. The same difference found among 60 waves has a q some twenty times as large.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from groundswell.arrays import Floats, Ints
from groundswell.trends.answers.changes import ROUNDING, Joint

DRAWS: Final = 4000
# Of a prior variance: less than this is a direction in which the level cannot move.
RIGID: Final = 1e-10
CHUNK: Final = 500
# Hyperparameters that together hold this much of the posterior speak for all of it.
ENOUGH: Final = 0.9


class Levels(NamedTuple):
    """The levels' logits on the same days: before any wave has spoken, and after all have."""

    days: pd.DatetimeIndex
    before: Joint
    after: Joint

    def places(self, days: Iterable[pd.Timestamp]) -> Ints:
        """The numbers of some of the days."""
        return np.asarray(self.days.get_indexer(pd.DatetimeIndex(list(days))))


def chance_tails(levels: Levels, probability: Floats, starts: Ints, ends: Ints, seed: int) -> Floats:
    """The tail of each of these changes among all of them, two-sided, in (0, 1].

    Args:
        levels: `starts` and `ends` number their days.
        probability: that of each change's own direction, shape (changes,).
        seed: the same seed, the same draws.
    """
    largest = np.sort(_largest(levels, starts, ends, seed))
    clearness = ndtri(np.clip(probability, 0.5, 1.0 - 1e-12))
    beyond = len(largest) - np.searchsorted(largest, clearness)
    return np.asarray((1 + beyond) / (1 + len(largest)))


def _largest(levels: Levels, starts: Ints, ends: Ints, seed: int) -> Floats:
    """The clearest change of each of many series of waves in which nothing moved, in standard deviations."""
    rng = np.random.default_rng(seed)
    found = []
    weights = levels.after.weights
    heaviest = np.argsort(-weights, kind="stable")
    heaviest = heaviest[: int(np.searchsorted(np.cumsum(weights[heaviest]), ENOUGH)) + 1]
    counts = rng.multinomial(DRAWS, weights[heaviest] / weights[heaviest].sum())
    for part, count in zip(heaviest, counts, strict=True):
        before, after = levels.before.parts[part][1], levels.after.parts[part][1]
        root = chance_root(before, after)
        variance = np.diag(after)
        total = variance[starts] + variance[ends]
        square = total - 2.0 * after[starts, ends]
        sd = np.sqrt(np.where(square > ROUNDING * total, square, np.inf))
        for begin in range(0, count, CHUNK):
            means = rng.standard_normal((min(CHUNK, count - begin), root.shape[1])) @ root.T
            found.append(np.abs((means[:, ends] - means[:, starts]) / sd).max(axis=1))
    return np.concatenate(found)


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
