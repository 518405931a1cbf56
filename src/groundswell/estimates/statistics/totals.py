"""Totals and ratios by domain, in the same long table as shares.

A total needs weights that add up to the population; with weights scaled to a mean of 1 it is a count of
respondents. A ratio is the total of one number over the total of another, over respondents who have both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.table import estimates_table, row_names, rows_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.variance.means import LinearisedMeans, ReplicateMeans, means_asked, means_of
from groundswell.estimates.variance.moments import Moments, stated_df
from groundswell.estimates.variance.replicates import ReplicateSums, replicate_distances
from groundswell.estimates.variance.scores import mean_scores, moments_of, total_scores
from groundswell.estimates.variance.taylor import covariance, variances
from groundswell.vocabulary import KISH, DeffKind

TOTAL = "total"


def totals(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    numbers: Sequence[str] = (),
    by: Sequence[str] = (),
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    cascade: bool = False,
) -> pd.DataFrame:
    """Weighted counts of answers (`questions`, as in `shares`), then totals of `numbers`, by domain.

    Raises:
        InputError: as `shares`.

    Example: R's `svytotal(~enroll)` gives 3687178, standard error 114642.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> gs.totals(schools, design, numbers=["enroll"])[["estimate", "se"]].round(0)
            estimate        se
        0  3687178.0  114642.0
    """

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        summed = means_asked(respondents, design, questions, numbers, by)
        return total_table(summed, level=level, deff_kind=deff_kind)

    return cascaded(tabled, by, cascade=cascade)


def total_table(
    summed: LinearisedMeans | ReplicateMeans, *, level: float, deff_kind: DeffKind
) -> pd.DataFrame:
    """The table of `totals` of what is summed already."""
    return estimates_table(
        _total_moments(summed),
        summed.domains,
        summed.items,
        interval="mean",
        level=level,
        deff_kind=deff_kind,
        statistic=TOTAL,
    )


def totals_covariance(
    respondents: pd.DataFrame,
    design: Design,
    *questions: str,
    numbers: Sequence[str] = (),
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Covariance of the rows of `totals`: a square table named by its rows.

    Raises:
        InputError: as `totals`.
    """
    summed = means_asked(respondents, design, questions, numbers, by)
    if isinstance(summed, ReplicateMeans):
        distance = _total_distances(summed)
        matrix = distance.T @ distance
    else:
        matrix = covariance(total_scores(summed.cells)[0], summed.units, summed.lonely_psu)
    names = row_names(rows_of(summed.domains, summed.items, TOTAL))
    return pd.DataFrame(matrix, index=names, columns=names)


def ratios(
    respondents: pd.DataFrame,
    design: Design,
    *,
    numerator: str,
    denominator: str,
    by: Sequence[str] = (),
    level: float = 0.95,
    cascade: bool = False,
) -> pd.DataFrame:
    """Ratio of two totals by domain; `variable` is "numerator/denominator", the design effect is Kish's.

    Raises:
        InputError: as `shares`.

    Example: R's `svyratio(~api.stu, ~enroll)` gives 0.8370, standard error 0.0078.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> tested = gs.ratios(schools, design, numerator="api.stu", denominator="enroll")
        >>> tested[["variable", "estimate", "se"]].round(4)
                 variable  estimate      se
        0  api.stu/enroll     0.837  0.0078
    """
    for name in (numerator, denominator):
        check_column(name, respondents.columns)
    both = respondents[numerator].notna() & respondents[denominator].notna()
    joint = respondents.assign(**{name: respondents[name].where(both) for name in (numerator, denominator)})

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        return ratio_table(means_of(joint, design, (Item(numerator), Item(denominator)), by), level=level)

    return cascaded(tabled, by, cascade=cascade)


def ratio_table(summed: LinearisedMeans | ReplicateMeans, *, level: float) -> pd.DataFrame:
    """The table of `ratios` of two numbers that are summed already, over respondents who have both."""
    if isinstance(summed, ReplicateMeans):
        sums = summed.sums
        ratio = sums.wy[:, 0] / sums.wy[:, 1]
        variance = (replicate_distances(ratio.T, summed.design, sums.largest) ** 2).sum(axis=0)
        first = replace(sums, **{name: getattr(sums, name)[:, :1] for name in ("n", "w2", "w", "wyy", "df")})
        moments = stated_df(_replicate_moments(first, ratio[:, :1], variance[:, None]), summed.design.df)
    else:
        moments = stated_df(_ratio_moments(summed), summed.df)
    upper, lower = summed.items
    items = (Item(f"{upper.variable}/{lower.variable}"),)
    return estimates_table(
        moments, summed.domains, items, interval="mean", level=level, deff_kind=KISH, statistic="ratio"
    )


def _total_moments(summed: LinearisedMeans | ReplicateMeans) -> Moments:
    if isinstance(summed, ReplicateMeans):
        sums = summed.sums
        variance = (_total_distances(summed) ** 2).sum(axis=0).reshape(sums.n.shape)
        return stated_df(_replicate_moments(sums, sums.wy[:, :, 0], variance), summed.design.df)
    cells, units = summed.cells, summed.units
    scores, estimate = total_scores(cells)
    variance = variances(scores, units, summed.lonely_psu)
    return stated_df(moments_of(cells, units, estimate, variance, cells.by_domain(cells.w)), summed.df)


def _ratio_moments(summed: LinearisedMeans) -> Moments:
    """The second item's weighted values take the place of weights in a mean of the first."""
    cells, units = summed.cells, summed.units
    calibration = cells.calibration
    if calibration is not None:
        crossed = {"cross_w": calibration.cross_wy[:, 1:], "cross_wy": calibration.cross_wy[:, :1]}
        calibration = replace(calibration, **crossed)
    kept = {name: getattr(cells, name)[:, :1] for name in ("n", "w", "w2", "wy")}
    first = replace(cells, items=cells.items[:1], wyy=None, **kept)
    weighed = replace(first, w=cells.wy[:, 1:], calibration=calibration)
    scores, ratio = mean_scores(weighed)
    return moments_of(first, units, ratio, variances(scores, units, summed.lonely_psu))


def _total_distances(summed: ReplicateMeans) -> Floats:
    sums = summed.sums
    rows = sums.wy.reshape(-1, sums.wy.shape[2]).T
    return replicate_distances(rows, summed.design, sums.largest)


def _replicate_moments(sums: ReplicateSums, estimate: Floats, variance: Floats) -> Moments:
    weight = sums.w[:, :, 0]
    return Moments(sums.n, weight, sums.w2, sums.wyy, estimate, variance, sums.df, weight)
