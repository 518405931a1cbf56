"""Margins brought to one population total: what rounding explains is rescaled, what it cannot is refused.

A printed total is right to half a unit of its last digit: 1,350,000 next to 1,000,000 to 5,000, 33.3 to 0.05. The sums
of two margins may differ by as much as their totals' roundings add up to, and never by more than `LARGEST`.

Example: 33 + 33 + 33 = 99 and 48 + 52 = 100 are one population in percent; 66,300,000 and 67,000,000 are those of two
years.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from groundswell.arrays import Floats
from groundswell.estimates.weighting.coded import MarginError

LARGEST = 0.01
"""Largest difference of two sums that passes for rounding, in parts of the larger."""

EXACT = 1e-6
"""Relative difference that no reader would call one: not worth a word."""


def one_total(totals: Mapping[str, Floats]) -> float:
    """The total that all margins share: 1 or 100 where they are shares or percent, else that of the first.

    Args:
        totals: by name of the margin, the totals of its categories as given.

    Raises:
        MarginError: sums that differ by more than rounding, or are below 1 by more: shares of which some are missing.
    """
    sums = {name: float(given.sum()) for name, given in totals.items()}
    for name, total in sums.items():
        if total < 1 - LARGEST:
            raise MarginError(
                f"`{name}` sums to {total:,.12g}: shares sum to 1; give those that are missing, or counts of people",
                "totals_differ",
                variables=[name],
                totals=[total],
            )
    first = next(iter(totals))
    for name, given in totals.items():
        if not _one(sums[name], sums[first], _rounding(given) + _rounding(totals[first])):
            listed = ", ".join(f"`{margin}` {total:,.12g}" for margin, total in sums.items())
            raise MarginError(
                f"margins sum to different totals ({listed}), by more than rounding explains: give one population's "
                "totals, or shares, in all of them",
                "totals_differ",
                variables=list(sums),
                totals=list(sums.values()),
            )
    for whole in (1.0, 100.0):
        if any(_one(sums[name], whole, _rounding(given)) for name, given in totals.items()):
            return whole
    return sums[first]


def rescaled(given: float, whole: float) -> bool:
    """Whether bringing a sum to the one total is worth a word."""
    return abs(given - whole) > EXACT * whole


def _one(total: float, other: float, rounding: float) -> bool:
    larger = max(total, other)
    return abs(total - other) <= max(EXACT * larger, min(rounding, LARGEST * larger) * (1 + 1e-9))


def _rounding(totals: Floats) -> float:
    """By how much the sum may be off, each total being right to half a unit of the last digit that any shows."""
    shown = [Decimal(repr(float(total))).normalize().as_tuple().exponent for total in totals if total > 0]
    exponents = [exponent for exponent in shown if isinstance(exponent, int)]
    return 0.5 * len(totals) * float(np.float64(10.0) ** min(exponents)) if exponents else 0.0
