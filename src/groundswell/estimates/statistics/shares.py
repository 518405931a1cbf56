"""Shares and means by domain with design-based standard errors, intervals and covariance.

>>> shares(respondents, Design(weights="w", strata="region", psu="town"), "anxious", by=["wave", "region"])

gives a long table: the `by` columns, then `statistic, variable, category, n, n_effective, estimate, se, low,
high, df, deff, deff_kind`. A share is in [0, 1]. `n` counts respondents with a weight above zero and a valid
answer; `df` is the number of sampling units less the number of strata among them (Korn & Graubard 1999), or
what the replicate weights can tell.

The trap: filtering respondents to a domain before estimating drops the sampling units that have nobody in it.
Ask for the domain with `by` and give every respondent.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.table import estimate, row_names
from groundswell.estimates.variance.means import means_asked
from groundswell.vocabulary import DeffKind, Interval


def shares(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """Shares of answers by domain.

    Args:
        respondents: one row each.
        design: how they were drawn.
        questions: "column=category", or a column (its 1 or True where it is 0/1 or boolean, else every
            answer).
        by: columns whose combinations are the domains.
        interval, level: kind and coverage of the interval (see `intervals`).
        deff_kind: "wor", "replace" or "kish" (see `effects`).

    Raises:
        InputError: unknown columns, categories or options; missing, negative or text weights; a design that
            does not hold (see `units`); a lonely PSU where the design says "fail".
    """
    summed = means_asked(respondents, design, questions, (), by)
    return estimate(summed, interval=interval, level=level, deff_kind=deff_kind)


def means(
    respondents: pd.DataFrame,
    design: Design,
    *variables: str,
    by: Sequence[str] = (),
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """Means of numbers by domain; the same table as `shares`, with `category` empty.

    Raises:
        InputError: as `shares`; or a column of text.
    """
    summed = means_asked(respondents, design, (), variables, by)
    return estimate(summed, interval="mean", level=level, deff_kind=deff_kind)


def shares_covariance(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> pd.DataFrame:
    """Covariance of the rows of `shares` (and means of `numbers`), a square table named by its rows.

    The rows of a domain are its shares, then its means. Domains that share sampling units or respondents
    (waves of a panel, say) are correlated, and the table says how much.

    Raises:
        InputError: as `shares`.
    """
    return shares_and_covariance(respondents, design, *questions, by=by, numbers=numbers)[1]


def shares_and_covariance(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    by: Sequence[str] = (),
    numbers: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of `shares` (and means of `numbers`) with the covariance of its rows, from one pass.

    Raises:
        InputError: as `shares`.
    """
    summed = means_asked(respondents, design, questions, numbers, by)
    table = estimate(summed, interval=interval, level=level, deff_kind=deff_kind)
    names = row_names(table)
    return table, pd.DataFrame(summed.covariance(), index=names, columns=names)
