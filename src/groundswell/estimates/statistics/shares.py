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

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.units import Units
from groundswell.estimates.statistics.table import estimates_table, names_of
from groundswell.estimates.sums.cells import Cells, cells_of
from groundswell.estimates.sums.items import Item, items_of
from groundswell.estimates.variance.replicates import ReplicateSums, replicate_moments, replicate_sums
from groundswell.estimates.variance.scores import mean_scores, moments_of
from groundswell.estimates.variance.taylor import covariance, variances
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
    items = items_of(respondents, questions)
    return _estimate(respondents, design, items, by, interval, level, deff_kind)


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
    items = tuple(Item(variable) for variable in variables)
    return _estimate(respondents, design, items, by, "mean", level, deff_kind)


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
    items = (*items_of(respondents, questions), *(Item(name) for name in numbers))
    if not items:
        raise InputError("no question was named: name a column, or `column=category`")
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        sums = replicate_sums(respondents, design, items, by)
        table = estimate_replicates(sums, design, interval=interval, level=level, deff_kind=deff_kind)
        matrix, domains = replicate_moments(sums, design).covariance(), sums.domains
    else:
        cells, units = cells_of(respondents, design, items, by)
        table = estimate(cells, units, design, interval=interval, level=level, deff_kind=deff_kind)
        matrix, domains = estimate_covariance(cells, units, design), cells.domains
    names = names_of(domains, items)
    return table, pd.DataFrame(matrix, index=names, columns=names)


def estimate(
    cells: Cells,
    units: Units,
    design: Design,
    *,
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """The table of `shares` from sums made elsewhere; rows are domain by domain, items within.

    Raises:
        InputError: a lonely PSU where the design says "fail"; an unknown interval or deff kind.
    """
    scores, ratio = mean_scores(cells)
    moments = moments_of(cells, units, ratio, variances(scores, units, design.lonely_psu))
    return estimates_table(
        moments, cells.domains, cells.items, interval=interval, level=level, deff_kind=deff_kind
    )


def estimate_covariance(cells: Cells, units: Units, design: Design) -> Floats:
    """(rows, rows) covariance of the rows of `estimate`; NaN for rows without a valid answer.

    Raises:
        InputError: as `estimate`; or respondents summed without the products that a covariance needs.
    """
    scores, ratio = mean_scores(cells)
    matrix = covariance(scores, units, design.lonely_psu)
    unanswered = np.isnan(ratio.ravel())
    matrix[unanswered, :] = matrix[:, unanswered] = np.nan
    return matrix


def estimate_replicates(
    sums: ReplicateSums,
    design: Design,
    *,
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """The table of `shares` from sums with replicate weights.

    Raises:
        InputError: an unknown interval or deff kind; scales that the kind of replicates needs.
    """
    replicated = replicate_moments(sums, design)
    return estimates_table(
        replicated.moments, sums.domains, sums.items, interval=interval, level=level, deff_kind=deff_kind
    )


def _estimate(
    respondents: pd.DataFrame,
    design: Design,
    items: tuple[Item, ...],
    by: Sequence[str],
    interval: Interval,
    level: float,
    deff_kind: DeffKind,
) -> pd.DataFrame:
    if not items:
        raise InputError("no question was named: name a column, or `column=category`")
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        sums = replicate_sums(respondents, design, items, by)
        return estimate_replicates(sums, design, interval=interval, level=level, deff_kind=deff_kind)
    cells, units = cells_of(respondents, design, items, by)
    return estimate(cells, units, design, interval=interval, level=level, deff_kind=deff_kind)
