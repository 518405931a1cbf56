"""Kish's design effect and effective n: what unequal weights alone cost (Kish 1965).

It knows nothing of clusters or strata; `design_effects` has the kinds that do. It is at least 1, and 1 where all
weights are alike. Worked example: weights 1, 1, 2 and 2 have a design effect of 4 × 10 / 36 = 1.11, so that the four
are worth 3.6.
"""

from __future__ import annotations

import numpy as np

from groundswell.arrays import Floats, Ints


def kish_deff(n: Ints | int, w: Floats, w2: Floats) -> Floats:
    """n Σw² / (Σw)², from n, the sum of weights and the sum of squared weights; NaN where nothing has weight."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return n * w2 / w**2


def kish_n(n: Ints | int, w: Floats, w2: Floats) -> Floats:
    """n over Kish's design effect, from the same three: (Σw)² / Σw²."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return n / kish_deff(n, w, w2)
