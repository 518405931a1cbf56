"""What weights cost and what they achieved: concentration, range, and distance from the margins."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.design import Margin
from groundswell.estimates.design.grouping import sum_by
from groundswell.estimates.variance.design_effects import kish
from groundswell.estimates.weighting.coded import Totals
from groundswell.estimates.weighting.margins import code_margins


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
    n, total = len(kept), kept.sum()
    deff = float(kish(n, total, kept @ kept))
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
            "n_effective": [n / deff],
            "top_share": [heaviest.sum() / total],
        }
    )


def margin_distances(
    respondents: pd.DataFrame, margins: Mapping[Margin, Totals], *, before: Floats, after: Floats
) -> pd.DataFrame:
    """Each category's share of the population, and of the respondents before and after weighting.

    Columns `margin, category, population, before, after, distance_before, distance_after`; shares and their
    differences are in [0, 1] and [-1, 1]. Respondents' shares are of those with a category of the margin.

    Raises:
        InputError: as `code_margins`; not one weight a respondent.

    Example:
        >>> people = pd.DataFrame({"sex": ["f", "m", "m", "m"]})
        >>> margins = {"sex": {"f": 0.5, "m": 0.5}}
        >>> after = gs.rake(people, margins).weights
        >>> distances = gs.margin_distances(people, margins, before=np.ones(4), after=after)
        >>> distances[["category", "before", "population", "after"]].round(6)
          category  before  population  after
        0        f    0.25         0.5    0.5
        1        m    0.75         0.5    0.5
    """
    for name, weights in (("before", before), ("after", after)):
        if len(weights) != len(respondents):
            raise InputError(
                f"`{name}=` has {len(weights)} weights for {len(respondents)} respondents: give one each"
            )
    parts = []
    for margin in code_margins(respondents, margins, before, "other_margins").margins:
        population, known = margin.shares, margin.code >= 0
        held = [
            sum_by(margin.code[known], weights[known], len(population)) / weights[known].sum()
            for weights in (before, after)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "category": margin.categories,
                    "population": population,
                    "before": held[0],
                    "after": held[1],
                    "distance_before": held[0] - population,
                    "distance_after": held[1] - population,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
