"""Letters of column differences: which columns of a cross-table a share is higher than, as pollsters print it.

Columns are called A, B, C … in their order. A share carries the letters of the columns whose share in the same row is
lower with a two-sided p below one less the level. Columns that share sampling units are correlated, and the test knows
it. Bonferroni's adjustment multiplies p by the number of pairs of columns that are compared in the row. A share of
exactly 0 or 1 has no standard error and is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from string import ascii_uppercase
from typing import Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.statistics.contrasts import differences

Letters = Literal["bonferroni", "none"]
"""How the tests behind the letters allow for there being several."""


def letter(place: int) -> str:
    """A, B … Z, AA, AB …"""
    before, last = divmod(place, len(ascii_uppercase))
    return (letter(before - 1) if before else "") + ascii_uppercase[last]


def higher_than(
    rows: pd.DataFrame,
    covariance: Floats,
    *,
    within: Sequence[str],
    column: str,
    level: float,
    adjust: Letters,
) -> list[str]:
    """For each row the letters of the columns that it is higher than.

    Args:
        rows: `estimate, se, df`, the number of each row's `column`, and the columns `within` which rows are compared.
        covariance: of the rows, in their order.
        within, column: names of columns of `rows`.
        level, adjust: one less the level is the bound of p, after the adjustment.
    """
    estimate, se, df = (rows[name].to_numpy(np.float64) for name in ("estimate", "se", "df"))
    names = [letter(int(place)) for place in rows[column]]
    found: list[list[str]] = [[] for _ in names]
    compared = rows.groupby(list(within), sort=False).ngroup().to_numpy()
    for place in np.unique(compared[compared >= 0]):
        places = np.flatnonzero(compared == place)
        pairs = np.array(list(combinations(places[se[places] > 0], 2)), dtype=np.int64).reshape(-1, 2)
        one, other = pairs.T
        variance = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
        told = differences(estimate[one] - estimate[other], variance, np.minimum(df[one], df[other]), level)
        p = told["p"].to_numpy() * (len(pairs) if adjust == "bonferroni" else 1)
        for (a, b), change in zip(pairs[p < 1 - level], told["estimate"][p < 1 - level], strict=True):
            high, low = (a, b) if change > 0 else (b, a)
            found[high].append(names[low])
    return [" ".join(sorted(each, key=lambda name: (len(name), name))) for each in found]
