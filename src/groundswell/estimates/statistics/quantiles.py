"""Quantiles of numbers by domain, with intervals by Woodruff's method.

A quantile is the least number at or below which at least a share `p` of the weight lies. Its error cannot be linearised
(the distribution has steps), so the interval is turned round: an interval for the *share* of people at or below the
quantile, read back through the same distribution. The standard error is that interval's length over two t quantiles.

Example: of incomes 10, 20, 30, 40 with equal weights the median is 20, the first number with half of them at or below.

Source: Woodruff 1952, Confidence intervals for medians and other position measures, JASA 47; R's `svyquantile` with
`qrule = "math"`, whose `interval.type` are `interval` here ("xlogit" is "logit").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.distribution import shares_below
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.cells import domains_of
from groundswell.estimates.variance.intervals import t_quantile
from groundswell.estimates.variance.moments import check_domains
from groundswell.vocabulary import KISH, Interval

QUARTILES = (0.25, 0.5, 0.75)

STEP = 1e-12
"""A cumulated share this close below `p` counts as reaching it: sums of weights round."""


def quantiles(
    respondents: pd.DataFrame,
    design: Design,
    variable: str,
    probabilities: Sequence[float] = QUARTILES,
    *,
    by: Sequence[str] = (),
    interval: Interval = "logit",
    level: float = 0.95,
    cascade: bool = False,
) -> pd.DataFrame:
    """Quantiles of one column of numbers by domain: the table of `shares`, `category` the probability as text.

    Args:
        respondents, design, by, cascade: as in `shares`.
        variable: column of numbers.
        probabilities: between 0 and 1, 0.5 for the median.
        interval, level: of the share at or below each quantile. An end is NaN where "mean" leaves [0, 1].

    Raises:
        InputError: a probability outside (0, 1); as `shares` and `means`.

    Example: R's `svyquantile(~api00, design, 0.5, interval.type = "xlogit")` gives 668 (642 to 694).
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> gs.quantiles(schools, design, "api00", [0.5])[["category", "estimate", "low", "high"]]
          category  estimate    low   high
        0      0.5     668.0  642.0  694.0
    """
    by = [by] if isinstance(by, str) else list(by)
    for name in (variable, *by):
        check_column(name, respondents.columns)
    wrong = [p for p in probabilities if not 0 < p < 1]
    if wrong or not len(probabilities):
        got = f"`{wrong[0]}`" if wrong else "none"
        raise InputError(f"`probabilities=` lie between 0 and 1 (0.5 for the median), got {got}")

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        return _quantiles(respondents, design, variable, probabilities, by, interval, level)

    return cascaded(tabled, by, cascade=cascade)


def _quantiles(
    respondents: pd.DataFrame,
    design: Design,
    variable: str,
    probabilities: Sequence[float],
    by: Sequence[str],
    interval: Interval,
    level: float,
) -> pd.DataFrame:
    check_domains(by, int(respondents[list(by)].notna().all(axis="columns").sum()))
    known = _Distribution.of(respondents, design, variable, by)
    at = np.array([[known.quantile(domain, p) for p in probabilities] for domain in range(known.domains)])
    inside = np.where(known.place >= 0, known.held, np.nan)
    below = shares_below(respondents, design, inside, at[known.place].T, by)
    shares = estimate(below, interval=interval, level=level, deff_kind=KISH)
    return _table(shares, known, at.ravel(), variable, probabilities, level)


@dataclass(frozen=True)
class _Distribution:
    """The weighted numbers of each domain, in order.

    Attributes:
        held: each respondent's number, NaN where missing.
        place: each respondent's domain, in the table's order; -1 in none.
        numbers, reached: by domain the numbers in order, and the share of weight up to each.
    """

    held: Floats
    place: Ints
    numbers: tuple[Floats, ...]
    reached: tuple[Floats, ...]

    @classmethod
    def of(cls, respondents: pd.DataFrame, design: Design, variable: str, by: Sequence[str]) -> _Distribution:
        held = numbers(respondents, variable)
        weights = np.ones(len(held))
        if design.weights is not None:
            weights = check_weights(respondents, design.weights)
        place, domains = domains_of(respondents, by)
        used = (weights > 0) & ~np.isnan(held) & (place >= 0)
        ordered = [np.flatnonzero(used & (place == domain)) for domain in range(len(domains))]
        ordered = [rows[np.argsort(held[rows], kind="stable")] for rows in ordered]
        sums = [np.cumsum(weights[rows]) for rows in ordered]
        return cls(
            held,
            place,
            tuple(held[rows] for rows in ordered),
            tuple(s / s[-1] if len(s) else s for s in sums),
        )

    @property
    def domains(self) -> int:
        """How many there are."""
        return len(self.numbers)

    def quantile(self, domain: int, p: float) -> float:
        """The least number with at least the share `p` of weight at or below it; NaN for p outside [0, 1]."""
        reached = self.reached[domain]
        if not len(reached) or not 0 <= p <= 1:
            return np.nan
        first = min(int(np.searchsorted(reached, p - STEP)), len(reached) - 1)
        return float(self.numbers[domain][first])


def _table(
    shares: pd.DataFrame,
    known: _Distribution,
    at: Floats,
    variable: str,
    probabilities: Sequence[float],
    level: float,
) -> pd.DataFrame:
    """The table of shares at or below each quantile, read back as quantiles."""
    many = len(probabilities)
    ends = {
        end: np.array([known.quantile(row // many, p) for row, p in enumerate(shares[end])])
        for end in ("low", "high")
    }
    reach = 2 * t_quantile(0.5 + level / 2, shares["df"].to_numpy(np.float64))
    return shares.assign(
        statistic="quantile",
        variable=variable,
        category=pd.array([f"{p:g}" for p in probabilities] * known.domains, dtype="str"),
        estimate=at,
        se=(ends["high"] - ends["low"]) / reach,
        **ends,
    )
