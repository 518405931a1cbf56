"""Codes for distinct keys, and sums by code: what every table of sums is made with."""

from __future__ import annotations

import numpy as np

from groundswell.arrays import Floats, Ints


def compact(keys: Ints) -> tuple[Ints, Ints]:
    """Codes 0, 1, … for the distinct values of `keys` in rising order, and those values."""
    if len(keys) < 2 or (keys[0] < keys[1] and (keys[1:] > keys[:-1]).all()):
        return np.arange(len(keys), dtype=np.int64), keys
    largest = int(keys.max())
    if keys.min() >= 0 and largest < 8 * len(keys) + 1024:
        seen = np.zeros(largest + 1, dtype=bool)
        seen[keys] = True
        return (np.cumsum(seen) - 1)[keys], np.flatnonzero(seen)
    order = np.argsort(keys)
    ordered = keys[order]
    new = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    codes = np.empty(len(keys), np.int64)
    codes[order] = np.repeat(np.arange(len(new)), np.diff(new, append=len(keys)))
    return codes, ordered[new]


def distinct(keys: Ints) -> Ints:
    """The distinct values of `keys` in rising order (sorting beats hashing at the sizes met here)."""
    ordered = np.sort(keys)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))] if len(keys) else ordered


def sum_by(group: Ints, values: Floats, groups: int) -> Floats:
    """(groups,) or (groups, columns) sums of the rows of `values` with each code."""
    if values.ndim == 1:
        return np.bincount(group, values, groups).astype(np.float64, copy=False)
    return np.column_stack([np.bincount(group, column, groups) for column in values.T])
