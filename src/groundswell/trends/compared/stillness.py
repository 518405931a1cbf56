"""Whether a level stood still: within which small distance all its waves of the last year probably lie.

That no change can be told from chance is not evidence of calm. This is: the probability, from the joint posterior, that
no two waves' levels lie further apart than so much.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.trends.answers.changes import Joint, draw_shares
from groundswell.trends.compared.chance import DRAWS

BOUNDS: Final = (0.005, 0.01, 0.02, 0.03)
"""Distances that are news, in share units, smallest first."""
SURELY: Final = 0.95
FEWEST: Final = 3
LENGTH: Final = pd.Timedelta(days=366)


class Stillness(NamedTuple):
    """The level's waves lie within `within` share units of one another with this probability."""

    within: float
    probability: float


def last_year(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The days of at most one year before the newest; none where there are too few to speak of."""
    recent = days[days >= days[-1] - LENGTH] if len(days) else days
    return recent if len(recent) >= FEWEST else recent[:0]


def stillness(joint: Joint, seed: int) -> Stillness | None:
    """The smallest of `BOUNDS` that surely holds; None where not even the largest does."""
    shares = draw_shares(joint, DRAWS, seed)
    spread = np.ptp(shares, axis=1)
    held = ((bound, float((spread <= bound).mean())) for bound in BOUNDS)
    return next((Stillness(*one) for one in held if one[1] >= SURELY), None)
