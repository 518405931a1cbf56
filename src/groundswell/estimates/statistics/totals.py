"""Totals and ratios by domain, in the same long table as shares.

A total needs weights that add up to the population; with weights scaled to a mean of 1 it is a count of
respondents. A ratio is the total of one number over the total of another, over respondents who have both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.design.columns import check_column
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.units import Units
from groundswell.estimates.statistics.table import estimates_table, row_names, rows_of
from groundswell.estimates.sums.cells import Cells, cells_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.questions import TableAnswers, items_of
from groundswell.estimates.variance.moments import Moments
from groundswell.estimates.variance.replicates import ReplicateSums, replicate_distances, replicate_sums
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
) -> pd.DataFrame:
    """Weighted counts of answers (`questions`, as in `shares`), then totals of `numbers`, by domain.

    Raises:
        InputError: as `shares`.
    """
    items = (*items_of(questions, TableAnswers(respondents)), *(Item(name) for name in numbers))
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        sums = replicate_sums(respondents, design, items, by)
        variance = (_total_distances(sums, design) ** 2).sum(axis=0).reshape(sums.n.shape)
        moments, domains = _replicate_moments(sums, sums.wy[:, :, 0], variance), sums.domains
    else:
        cells, units = cells_of(respondents, design, items, by)
        scores, estimate = total_scores(cells)
        variance = variances(scores, units, design.lonely_psu)
        moments, domains = (
            moments_of(cells, units, estimate, variance, cells.by_domain(cells.w)),
            cells.domains,
        )
    return estimates_table(
        moments, domains, items, interval="mean", level=level, deff_kind=deff_kind, statistic=TOTAL
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
    items = (*items_of(questions, TableAnswers(respondents)), *(Item(name) for name in numbers))
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        sums = replicate_sums(respondents, design, items, by)
        distance, domains = _total_distances(sums, design), sums.domains
        matrix = distance.T @ distance
    else:
        cells, units = cells_of(respondents, design, items, by)
        matrix, domains = covariance(total_scores(cells)[0], units, design.lonely_psu), cells.domains
    names = row_names(rows_of(domains, items, TOTAL))
    return pd.DataFrame(matrix, index=names, columns=names)


def ratios(
    respondents: pd.DataFrame,
    design: Design,
    *,
    numerator: str,
    denominator: str,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Ratio of two totals by domain; `variable` is "numerator/denominator", the design effect is Kish's.

    Raises:
        InputError: as `shares`.
    """
    for name in (numerator, denominator):
        check_column(name, respondents.columns)
    both = respondents[numerator].notna() & respondents[denominator].notna()
    joint = respondents.assign(**{name: respondents[name].where(both) for name in (numerator, denominator)})
    parts = (Item(numerator), Item(denominator))
    items = (Item(f"{numerator}/{denominator}"),)
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        sums = replicate_sums(joint, design, parts, by)
        ratio = sums.wy[:, 0] / sums.wy[:, 1]
        variance = (replicate_distances(ratio.T, design, sums.largest) ** 2).sum(axis=0)
        first = replace(sums, **{name: getattr(sums, name)[:, :1] for name in ("n", "w2", "w", "wyy", "df")})
        moments, domains = _replicate_moments(first, ratio[:, :1], variance[:, None]), sums.domains
    else:
        cells, units = cells_of(joint, design, parts, by)
        moments, domains = _ratio_moments(cells, units, design), cells.domains
    return estimates_table(
        moments, domains, items, interval="mean", level=level, deff_kind=KISH, statistic="ratio"
    )


def _ratio_moments(cells: Cells, units: Units, design: Design) -> Moments:
    """The second item's weighted values take the place of weights in a mean of the first."""
    calibration = cells.calibration
    if calibration is not None:
        crossed = {"cross_w": calibration.cross_wy[:, 1:], "cross_wy": calibration.cross_wy[:, :1]}
        calibration = replace(calibration, **crossed)
    kept = {name: getattr(cells, name)[:, :1] for name in ("n", "w", "w2", "wy")}
    first = replace(cells, items=cells.items[:1], wyy=None, **kept)
    weighed = replace(first, w=cells.wy[:, 1:], calibration=calibration)
    scores, ratio = mean_scores(weighed)
    return moments_of(first, units, ratio, variances(scores, units, design.lonely_psu))


def _total_distances(sums: ReplicateSums, design: Design) -> Floats:
    rows = sums.wy.reshape(-1, sums.wy.shape[2]).T
    return replicate_distances(rows, design, sums.largest)


def _replicate_moments(sums: ReplicateSums, estimate: Floats, variance: Floats) -> Moments:
    weight = sums.w[:, :, 0]
    return Moments(sums.n, weight, sums.w2, sums.wyy, estimate, variance, sums.df, weight)
