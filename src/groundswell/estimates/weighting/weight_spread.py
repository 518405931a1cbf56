"""How far weights are spread and what that costs: their range, concentration and design effect."""

from __future__ import annotations

from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from groundswell.errors import InputError
from groundswell.estimates.variance.kish import kish_deff, kish_n


def weight_diagnostics(weights: ArrayLike) -> pd.DataFrame:
    """One row: `n, sum, mean, low, high, range, cv, deff, n_effective, top_share`.

    `deff` is Kish's, `n_effective` is n over it, `range` the largest weight over the smallest, `cv` the
    coefficient of variation, and `top_share` the share of all weight that the heaviest 1% of respondents hold
    (rounded up to whole respondents). Zero weights are left out.

    Raises:
        InputError: no weight above zero.

    Example: Kish's design effect is n Σw² / (Σw)², here 4 × 10 / 36.
        >>> gs.weight_diagnostics([1, 1, 2, 2])[["n", "deff", "n_effective"]].round(3)
           n   deff  n_effective
        0  4  1.111          3.6
    """
    weights = np.asarray(weights, dtype=np.float64)
    kept = np.sort(weights[weights > 0])
    if not len(kept):
        raise InputError("`weights=` holds no weight above zero: there is nothing to describe")
    n, total, squared = len(kept), kept.sum(), kept @ kept
    deff = float(kish_deff(n, total, squared))
    heaviest = kept[-ceil(n / 100) :]
    return pd.DataFrame(
        {
            "n": [n],
            "sum": [total],
            "mean": [total / n],
            "low": [kept[0]],
            "high": [kept[-1]],
            "range": [kept[-1] / kept[0]],
            "cv": [np.sqrt(max(deff - 1, 0.0))],
            "deff": [deff],
            "n_effective": [float(kish_n(n, total, squared))],
            "top_share": [heaviest.sum() / total],
        }
    )
