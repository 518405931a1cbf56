"""The answer scale of a mean: between its ends and [0, 1].

Below the reports a mean is kept as its place between the ends of its scale, in the columns of shares, so that it goes
the same way: 6.9 on a scale from 0 to 10 is 0.69, 3.0 on one from 1 to 5 is 0.5.

>>> number_at(0.5, (1, 5)), place_on((1, 5), 3)
(3.0, 0.5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    from groundswell.arrays import Floats

Ends = tuple[float, float]
"""The lowest and the highest answer that can be given."""

Numbers = TypeVar("Numbers", float, "Floats", "pd.Series[float]")


def number_at(place: Numbers, ends: Ends) -> Numbers:
    """The number on the scale that stands at a place in [0, 1]."""
    return ends[0] + place * (ends[1] - ends[0])


def place_on(ends: Ends, number: Numbers) -> Numbers:
    """The place in [0, 1] of a number on the scale; outside it for a number that is off the scale."""
    return (number - ends[0]) / (ends[1] - ends[0])
