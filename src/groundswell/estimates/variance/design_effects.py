"""Design effects, each with its kind; the effective n that follows is n over it.

The kinds answer different questions, so a number never goes without its kind:
- "wor": the variance against simple random sampling without replacement from a population of size sum(w) (R's
  `deff=TRUE`); undefined where the weights sum to no more than n, as weights scaled to a mean of 1 do;
- "replace": against simple random sampling with replacement (R's `deff="replace"`);
- "kish": what unequal weights alone cost (see `kish`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.arrays import Floats, Ints
from groundswell.vocabulary import KISH, DeffKind

_NOTHING = 1e-18
"""A variance this small next to simple random sampling's is rounding error."""


def srs_variance(n: Ints, w: Floats, mean: Floats, wyy: Floats, kind: DeffKind) -> Floats:
    """Variance that a mean would have under simple random sampling of the same n; NaN where undefined."""
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.maximum(wyy / w - mean**2, 0.0) * n / (n - 1)
        if kind != "wor":
            return variance / n
        return np.where(w > n * (1 + 1e-12), variance * (w - n) / (w * n), np.nan)


def effects(
    variance: Floats, srs: Floats, kish_effect: Floats, kind: DeffKind
) -> tuple[Floats, NDArray[np.str_]]:
    """Design effects and the kind of each: Kish's where the asked kind is 0/0 or the variance is zero.

    A share of 0 or 1, or a domain within one sampling unit, has a variance of zero, which would pass for an endless n.
    """
    asked = kish_effect if kind == KISH else np.full_like(variance, np.nan)
    if kind != KISH:
        np.divide(variance, srs, out=asked, where=srs > 0)
    fallen = ~np.isfinite(asked) | ~(variance > _NOTHING * srs)
    return np.where(fallen, kish_effect, asked), np.where(fallen, KISH, kind)
