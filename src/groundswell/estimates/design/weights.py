"""The one check of weights, whether they are looked at in memory or by SQL in a file.

Weights are numbers of zero or above, one for every respondent and one at least above zero. Zero leaves a respondent
out of every estimate; a weight that is missing, negative, infinite or text is an error with its row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.columns import text_fault
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT, RowName


@dataclass(frozen=True, kw_only=True)
class WeightsSeen:
    """What a look at a column of weights saw.

    Attributes:
        column: its name.
        rows: how many respondents were looked at.
        text: the first cell that is not a number, and its row.
        wrong: the first weight that is missing (None), not finite or negative, and its row.
        many: how many such weights there are.
        highest: the largest weight.
    """

    column: str
    rows: int
    text: tuple[str, RowName] | None = None
    wrong: tuple[float | None, RowName] | None = None
    many: int = 0
    highest: float = 0.0

    def check(self) -> None:
        """Refuse what cannot be weights.

        Raises:
            InputError: text, a missing or negative weight with its row, or nothing but zeros.
        """
        subject = f"`{self.column}` (the weights)"
        if self.text is not None:
            raise InputError(text_fault(subject, *self.text))
        if self.wrong is not None:
            weight, row = self.wrong
            got = f" ({weight:g} there)" if _fault(weight) == "negative" else ""
            raise InputError(
                f"{subject} is {_fault(weight)} in {row.text} and {self.many - 1} more{got}: every respondent needs "
                f"a weight of zero or above; zero leaves a respondent out of every estimate{row.how}"
            )
        if not self.highest > 0:
            raise InputError(
                f"{subject} is zero for every respondent ({self.rows}): at least one weight must be above zero; "
                "name another column"
            )


def _fault(weight: float | None) -> str:
    """What is wrong with a weight."""
    if weight is None or np.isnan(weight):
        return "missing"
    return "infinite" if np.isinf(weight) else "negative"


def check_weights(respondents: pd.DataFrame, column: str) -> Floats:
    """The column as weights.

    Raises:
        InputError: as `WeightsSeen.check`.
    """
    cells = respondents[column]
    parsed = pd.to_numeric(cells, errors="coerce")
    text = np.flatnonzero((parsed.isna() & cells.notna()).to_numpy())
    weights = parsed.to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    WeightsSeen(
        column=column,
        rows=len(weights),
        text=(str(cells.iloc[text[0]]), BY_COUNT.name(int(text[0]) + 1)) if len(text) else None,
        wrong=(float(weights[wrong[0]]), BY_COUNT.name(int(wrong[0]) + 1)) if len(wrong) else None,
        many=len(wrong),
        highest=float(np.nanmax(weights, initial=0.0)),
    ).check()
    return weights
