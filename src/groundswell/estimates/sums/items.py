"""What is estimated: one answer category of a question, or the mean of a number.

`answers` turns a column of respondents into 0/1 (the category against the others) or numbers, with missing
answers kept as missing: the valid base of a question is the respondents who gave any valid answer to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.design.columns import answer_text, numbers


@dataclass(frozen=True)
class Item:
    """A share or a mean: `variable` is a column; `category` an answer as text, None for a mean."""

    variable: str
    category: str | None = None

    @property
    def statistic(self) -> str:
        """ "share" or "mean"."""
        return "mean" if self.category is None else "share"


def answers(respondents: pd.DataFrame, item: Item) -> Floats:
    """Each respondent's value: 1 or 0 for a category, the number for a mean, NaN where missing."""
    if item.category is None:
        return numbers(respondents, item.variable)
    codes, given = pd.factorize(respondents[item.variable], sort=True)
    labels = list(map(answer_text, given))
    wanted = labels.index(item.category) if item.category in labels else -2
    return np.where(codes < 0, np.nan, (codes == wanted).astype(np.float64))
