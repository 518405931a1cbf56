"""How many respondents a share would need to be known to a margin."""

from __future__ import annotations

from math import ceil

Z95 = 1.96


def needed_n(share: float, *, margin: float, deff: float = 1.0, sd: float | None = None) -> int:
    """Respondents for a 95% margin of error of `margin` share units at a design effect, to the next hundred.

    With `sd`, the standard deviation between people, for the margin of a mean.

    The usual formula deff p (1 - p) (1.96 / margin)², in whole respondents: for p = 0.5, a margin of 0.03 and
    deff = 1 it is 1067, so 1100.
    """
    variance = share * (1 - share) if sd is None else sd**2
    return ceil(int(deff * variance * (Z95 / margin) ** 2) / 100) * 100
