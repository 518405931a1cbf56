"""Gaps between domains, and how they change: differences of shares whose logits are jointly normal.

A gap on one date is a difference of two shares, as a change between two dates is, and is as exact. The change of a gap
has four shares in it and is taken to be linear in their logits, about the levels; `tests/trends/test_domains.py` holds
it to draws.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from groundswell.arrays import Floats
from groundswell.trends.answers.changes import Joint, exact_changes
from groundswell.trends.model.logit import expit

Places = NDArray[np.intp]
CHANGES: Final = ("change", "change_se", "change_low", "change_high", "change_probability")
_OLDER: Final = np.array([1.0, -1.0])
"""How two dates, the newer first, count in a change."""


class Pairs(NamedTuple):
    """Every two of some domains, by their places: the gap is that of `first` over `second`."""

    first: Places
    second: Places

    @classmethod
    def of(cls, size: int) -> Pairs:
        """Every two of so many."""
        return cls(*np.array(list(combinations(range(size), 2)), dtype=np.intp).reshape(-1, 2).T)


def gaps(logits: Floats, covariance: Floats, pairs: Pairs) -> dict[str, Floats]:
    """The gaps on one date, from logits (domains,) and their covariance: estimate, se, 95% interval, probability that
    the first lies higher."""
    found = exact_changes(Joint(np.ones(1), [(logits, covariance)]), pairs.second, pairs.first)
    return {
        "estimate": found.estimate,
        "se": found.se,
        "low": found.low,
        "high": found.high,
        "probability": 1.0 - found.fall,
    }


def gap_changes(logits: Floats, covariance: Floats, pairs: Pairs) -> dict[str, Floats]:
    """The change of the gaps between two dates, the newer first, from logits (domains, 2) and their covariance
    (domains, 2, domains, 2): estimate, se, 95% interval, probability that the first rose against the second."""
    shares = expit(logits)
    risen, slopes = shares @ _OLDER, shares * (1.0 - shares) * _OLDER
    every, (domains, dates) = np.arange(len(pairs.first)), shares.shape
    load = np.zeros((len(every), domains, dates))
    load[every, pairs.first] = slopes[pairs.first]
    load[every, pairs.second] = -slopes[pairs.second]
    flat_load = load.reshape(len(every), -1)
    change = risen[pairs.first] - risen[pairs.second]
    flat = covariance.reshape(domains * dates, domains * dates)
    se = np.sqrt(np.maximum(((flat_load @ flat) * flat_load).sum(axis=1), np.finfo(np.float64).tiny))
    half = ndtri(0.975) * se
    return dict(zip(CHANGES, (change, se, change - half, change + half, ndtr(change / se)), strict=True))
