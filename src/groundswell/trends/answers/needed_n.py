"""How many respondents a share would need to be known to a margin, and how many an interval is worth."""

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


def worth_n(share: float, low: float, high: float, *, sd: float | None = None) -> float:
    """Respondents of a simple random sample whose 95% interval would be as wide as `low` to `high`.

    With `sd`, the standard deviation between people, of a mean. p (1 - p) (2 · 1.96 / width)²: 40% with an interval of
    34 to 46% is worth 256.
    """
    variance = share * (1 - share) if sd is None else sd**2
    return variance * (2 * Z95 / (high - low)) ** 2
