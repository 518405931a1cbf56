"""Shares for a notebook: those of `shares`, under the names that the observations table has."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import shares as estimated
from groundswell.vocabulary import DeffKind, Interval

NAMES = {
    "variable": "indicator",
    "estimate": "share",
    "se": "share_se",
    "low": "share_low",
    "high": "share_high",
}
COLUMNS = [
    *("indicator", "category", "n", "n_effective", "deff", "deff_kind"),
    *("share", "share_se", "share_low", "share_high", "df"),
]


def shares(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """Shares of answers by domain, with errors that know how respondents were drawn.

    >>> shares(respondents, Design(weights="w", strata="region", psu="town"), "anxious", by=["wave", "region"])

    Columns: those of `by`, then `indicator, category, n, n_effective, deff, deff_kind, share, share_se, share_low,
    share_high, df`, one row a domain and answer. Shares and their errors are in [0, 1]; the interval is
    `level`'s. Never filter respondents to a domain first: ask for it with `by`.

    Args:
        respondents: one row each.
        design: how they were drawn.
        questions: "column=answer", or a column (its 1 or True where it is 0/1 or boolean, else every answer).
        by: columns whose combinations are the domains.
        interval, level: kind and coverage of the interval.
        deff_kind: "replace", "wor" or "kish".

    Raises:
        InputError: as `groundswell.estimates.statistics.shares`; a `by` column with the name of a result column.
    """
    if clash := [name for name in by if name in COLUMNS]:
        raise InputError(
            f"`by` column `{clash[0]}` has the name of a result column: rename it in the respondents"
        )
    table = estimated(
        respondents, design, *questions, by=by, interval=interval, level=level, deff_kind=deff_kind
    )
    return table.rename(columns=NAMES)[[*by, *COLUMNS]]
