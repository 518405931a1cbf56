"""Sampling errors that waves have in common, because they asked the same respondents or sampling units.

A covariance of estimates is turned into a correlation, and each wave's error keeps the variance that it has
by itself. Worked example: two waves of one panel, each with standard error 0.02 and covariance 0.0003, have
the correlation 0.75; the change between them has the standard error 0.02 √(2 − 1.5) = 0.014, not 0.028.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError

# Loadings nearer to zero than this are left to the wave's own error: they are rounding.
NEGLIGIBLE: Final = 1e-6
# How far from symmetric and how negative an eigenvalue of the correlation may be: rounding in a file.
TOLERANCE: Final = 1e-4


class SharedErrors(NamedTuple):
    """Each wave's sampling error, in its own standard deviations, as a sum of independent standard parts.

    A part that a later wave contains too has a slot, from its first wave to its last; slots are used again.
    `starts` has shape (waves,): the slot in which a part of this wave begins, or −1. `loadings` has shape
    (waves, slots); `own` (waves,) is the proportion of the wave's variance that no other wave shares; `stated`
    (waves,) says of which waves that is known rather than taken for granted.
    """

    starts: NDArray[np.intp]
    loadings: Floats
    own: Floats
    stated: Flags

    @classmethod
    def independent(cls, waves: int) -> SharedErrors:
        """Of waves that share nothing."""
        return cls(np.full(waves, -1), np.empty((waves, 0)), np.ones(waves), np.zeros(waves, bool))

    def first(self, count: int) -> Self:
        """Of the first `count` waves."""
        return type(self)(self.starts[:count], self.loadings[:count], self.own[:count], self.stated[:count])

    def begin(
        self, transition: Floats, noise: Floats, rows: NDArray[np.intp], states: NDArray[np.intp]
    ) -> None:
        """Let each part begin with its wave, of which `rows` has the row: what was in its slot is forgotten.

        The slots are the filter's `states`; `noise` is the covariance of what states gain from row to row.
        """
        for wave in np.flatnonzero(self.starts >= 0):
            slot, before = self.starts[wave], rows[wave] - 1
            if before >= 0:
                transition[states[slot], states[slot], before] = 0.0
                noise[states[slot], states[slot], before] = 1.0

    @classmethod
    def of_correlation(cls, correlation: Floats) -> SharedErrors:
        """Of waves in time order whose errors have this correlation.

        Cholesky's factor writes each error as parts that begin in it or in an earlier wave. Where only
        neighbouring waves share units the factor is a band, and few slots do.
        """
        waves = len(correlation)
        steadied = (correlation + 1e-9 * np.eye(waves)) / (1.0 + 1e-9)
        factor = np.linalg.cholesky(steadied)
        factor[np.abs(factor) < NEGLIGIBLE] = 0.0
        last = np.array([np.flatnonzero(column)[-1] for column in factor.T], dtype=np.intp)
        occupied: list[int] = []
        starts = np.full(waves, -1)
        for wave in range(waves):
            if last[wave] == wave:
                continue
            free = [slot for slot, until in enumerate(occupied) if until < wave]
            slot = free[0] if free else len(occupied)
            occupied[slot : slot + 1] = [int(last[wave])]
            starts[wave] = slot
        loadings = np.zeros((waves, len(occupied)))
        for first in np.flatnonzero(starts >= 0):
            alive = slice(first, last[first] + 1)
            loadings[alive, starts[first]] = factor[alive, first]
        own = np.maximum(1.0 - (loadings**2).sum(axis=1), 0.0)
        return cls(starts, loadings, own, np.ones(waves, bool))


def shared_errors(table: pd.DataFrame, covariance: pd.DataFrame | None) -> SharedErrors:
    """The errors of the waves in `table`, in its order, from a covariance of some (see `stated_correlation`)."""
    if covariance is None:
        return SharedErrors.independent(len(table))
    correlation, known = stated_correlation(table, covariance)
    return SharedErrors.of_correlation(correlation)._replace(stated=known)


def stated_correlation(table: pd.DataFrame, covariance: pd.DataFrame) -> tuple[Floats, Flags]:
    """The correlation of the errors of the waves in `table`, in its order, and of which waves it is stated.

    The covariance, in squared share units, is square with the same labels on both sides. Where the levels of
    its index are named, the names are columns of `table` that tell its rows apart; a plain index holds the
    labels of the table's own. Waves that it lacks, or to which it gives no variance, share nothing.

    Raises: InputError where it is not square, names a wave twice, or is not a covariance.
    """
    if not covariance.index.equals(covariance.columns) or covariance.index.has_duplicates:
        raise InputError("`covariance` must have the same labels, each once, on its rows and its columns")
    place = covariance.index.get_indexer(_labels(table, covariance))
    numbers = covariance.to_numpy(dtype=np.float64)
    known = np.flatnonzero(place >= 0)
    known = known[numbers[place[known], place[known]] > 0.0]
    if len(set(place[known])) < len(known):
        twice = pd.Series(place[known]).duplicated().to_numpy()
        label = covariance.index[place[known][twice][0]]
        raise InputError(f"`covariance` must tell the waves apart; several have the label `{label}`")
    part = numbers[np.ix_(place[known], place[known])]
    sd = np.sqrt(np.diag(part))
    correlation = np.eye(len(table))
    correlation[np.ix_(known, known)] = part / np.outer(sd, sd)
    lopsided = not np.allclose(correlation, correlation.T, atol=TOLERANCE)
    if lopsided or np.linalg.eigvalsh(correlation).min(initial=0.0) < -TOLERANCE:
        raise InputError(
            "`covariance` is not symmetric, or implies a negative variance: it is not a covariance"
        )
    return _proper((correlation + correlation.T) / 2.0), np.isin(np.arange(len(table)), known)


def _labels(table: pd.DataFrame, covariance: pd.DataFrame) -> pd.Index:
    """Each row's label in the covariance."""
    names = list(covariance.index.names)
    if names == [None]:
        return table.index
    if lacking := [str(name) for name in names if name not in table]:
        raise InputError(f"`covariance` labels its rows by `{lacking[0]}`, which is not a column")
    return pd.MultiIndex.from_frame(table[names]) if len(names) > 1 else pd.Index(table[names[0]])


def _proper(correlation: Floats) -> Floats:
    """The correlation without the slightly negative eigenvalues that rounding leaves."""
    values, vectors = np.linalg.eigh(correlation)
    if values[0] >= 0.0:
        return correlation
    positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(np.diag(positive))
    return np.asarray(positive / np.outer(scale, scale))
