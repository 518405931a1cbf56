"""The cumulative distribution of a number by domain: the share of people at or below each point.

It is a share like any other, and has a share's errors. R's `svycdf` gives the same shares without errors; those of
`svyciprop(~I(income <= 1000), design)` are the ones here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.columns import answer_text, numbers
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer
from groundswell.estimates.variance.means import means_of
from groundswell.estimates.variance.moments import Means
from groundswell.vocabulary import DeffKind, Interval

MOST_POINTS = 1000
"""Numbers at all of which a distribution is told where no points are named."""

_BELOW = "groundswell_at_or_below_"


def cumulative_distribution(
    respondents: pd.DataFrame,
    design: Design,
    variable: str,
    *,
    at: Sequence[float] | None = None,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    deff_kind: DeffKind = "replace",
    cascade: bool = False,
) -> pd.DataFrame:
    """Shares at or below points: the table of `shares`, `statistic` "cumulative" and `category` the point as text.

    Args:
        respondents, design, by, interval, level, deff_kind, cascade: as in `shares`.
        variable: column of numbers.
        at: the points; None: every number that the column holds.

    Raises:
        InputError: a point that is not a number, or more than 1,000 numbers and no points named; as `means`.

    Example: R's `svycdf(~api00, design)[[1]](c(600, 700))` gives 0.3292 and 0.5957.
        >>> from groundswell.estimates import cumulative_distribution
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> cumulative_distribution(schools, design, "api00", at=[600, 700])[["category", "estimate", "se"]].round(4)
          category  estimate      se
        0      600    0.3292  0.0356
        1      700    0.5957  0.0375
    """
    by = [by] if isinstance(by, str) else list(by)
    for name in (variable, *by):
        check_column(name, respondents.columns)
    warn_no_answer(respondents, (Item(variable),))
    held = numbers(respondents, variable)
    points = _points(held, variable, at)
    names = [answer_text(point) for point in points]

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        below = shares_below(respondents, design, held, points, by)
        table = estimate(below, interval=interval, level=level, deff_kind=deff_kind)
        category = pd.array(names * (len(table) // len(points)), dtype="str")
        return table.assign(statistic="cumulative", variable=variable, category=category)

    return cascaded(tabled, by, cascade=cascade)


def shares_below(
    respondents: pd.DataFrame, design: Design, held: Floats, ends: Iterable[Floats | float], by: Sequence[str]
) -> Means:
    """The share of those whose number is at or below each of some ends, which may differ from person to person."""
    below = {
        f"{_BELOW}{place}": np.where(np.isnan(held), np.nan, held <= end) for place, end in enumerate(ends)
    }
    return means_of(respondents.assign(**below), design, tuple(Item(name, "1") for name in below), by)


def _points(held: Floats, variable: str, at: Sequence[float] | None) -> list[float]:
    if at is None:
        known = np.unique(held[np.isfinite(held)])
        if not 0 < len(known) <= MOST_POINTS:
            raise InputError(
                f"`{variable}` holds {len(known)} different numbers: name 1 to {MOST_POINTS} points with `at=`"
            )
        return list(map(float, known))
    points = np.asarray(at, dtype=np.float64).ravel()
    if not len(points) or np.isnan(points).any():
        got = "none" if not len(points) else "a missing one"
        raise InputError(
            f"`at=` are the points at or below which people are counted, got {got}: give numbers"
        )
    return list(map(float, points))
