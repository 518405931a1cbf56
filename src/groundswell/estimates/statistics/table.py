"""The long table of estimates that every way of estimating ends in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.estimates.sums.items import Item
from groundswell.estimates.variance.design_effects import effects, srs_variance
from groundswell.estimates.variance.intervals import check_interval, mean_interval, share_interval
from groundswell.estimates.variance.kish import kish_deff, kish_n
from groundswell.estimates.variance.moments import Means, Moments
from groundswell.vocabulary import DeffKind, Interval

SCHEMA = 1
"""Number of the promise that `COLUMNS` are, with their order, names and units; docs/estimate.md says when it rises."""

COLUMNS = (
    *("statistic", "variable", "category", "n", "n_effective", "estimate", "se", "low", "high"),
    *("df", "deff", "deff_kind"),
)


def estimate(
    means: Means,
    *,
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
) -> pd.DataFrame:
    """The table of shares and means that are summed already; rows are domain by domain, items within.

    Raises:
        InputError: as `Means.moments`; an unknown interval or deff kind.
    """
    return estimates_table(
        means.moments(), means.domains, means.items, interval=interval, level=level, deff_kind=deff_kind
    )


def estimates_table(
    moments: Moments,
    domains: pd.DataFrame,
    items: Sequence[Item],
    *,
    interval: Interval,
    level: float,
    deff_kind: DeffKind,
    statistic: str | None = None,
) -> pd.DataFrame:
    """The long table, domain by domain and item by item within; `statistic` None: share or mean by item.

    Raises:
        InputError: an unknown kind of interval or design effect, or a level outside (0, 1).
    """
    check_interval(interval, level)
    if deff_kind not in get_args(DeffKind):
        raise InputError(f"`deff_kind=` is `{deff_kind}`: {nearest(str(deff_kind), get_args(DeffKind))}")
    weighted = (moments.n, moments.w, moments.w2)
    se = np.sqrt(moments.variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        srs = srs_variance(moments.n, moments.w, moments.estimate / moments.scale, moments.wyy, deff_kind)
        deff, kinds = effects(moments.variance, srs * moments.scale**2, kish_deff(*weighted), deff_kind)
        n_effective = moments.n / deff
    low, high = mean_interval(moments.estimate, se, moments.df, level)
    share = np.array([item.category is not None and statistic is None for item in items])
    if share.any():
        parts = (moments.estimate, se, moments.df, moments.n.astype(np.float64), kish_n(*weighted))
        logit_se = None if moments.logit_se is None else moments.logit_se[:, share]
        ends = share_interval(
            *(part[:, share] for part in parts), interval=interval, level=level, logit_se=logit_se
        )
        low[:, share], high[:, share] = ends
    table = rows_of(domains, items, statistic)
    table["n"], table["n_effective"] = moments.n.ravel(), n_effective.ravel()
    table["estimate"], table["se"] = moments.estimate.ravel(), se.ravel()
    table["low"], table["high"] = low.ravel(), high.ravel()
    table["df"], table["deff"], table["deff_kind"] = moments.df.ravel(), deff.ravel(), kinds.ravel()
    return table


def rows_of(domains: pd.DataFrame, items: Sequence[Item], statistic: str | None = None) -> pd.DataFrame:
    """The `by` columns, `statistic`, `variable` and `category` of every row.

    Raises:
        InputError: a `by` column with the name of a result column.
    """
    clash = [name for name in domains.columns if name in COLUMNS]
    if clash:
        raise InputError(
            f"`by=` column `{clash[0]}` has the name of a result column: rename it in the respondents"
        )
    rows = domains.loc[domains.index.repeat(len(items))].reset_index(drop=True)
    rows["statistic"] = [statistic or item.statistic for item in items] * len(domains)
    rows["variable"] = [item.variable for item in items] * len(domains)
    rows["category"] = pd.array([item.category or "" for item in items] * len(domains), dtype="str")
    return rows


def row_names(rows: pd.DataFrame) -> list[str]:
    """A name for every row, to head the rows and columns of a covariance: "2024-05:North:anxious=Yes"."""
    by = [rows[name] for name in rows.columns if name not in COLUMNS]
    what = rows["variable"] + ("=" + rows["category"]).where(rows["category"] != "", "")
    return [":".join(map(str, row)) for row in zip(*by, what, strict=True)]
