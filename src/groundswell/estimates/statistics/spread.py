"""Variances and correlations of numbers by domain, with their errors under the design.

The *variance* here is how far people lie apart (the square of a standard deviation), not the error of an estimate. It
estimates the population's: the weighted mean of squared distances from the mean, times n / (n - 1), as R's `svyvar`.
A correlation is a covariance over the root of two such variances. Both are smooth functions of weighted means, so that
their errors follow from the covariance of those means, or from making them again with each set of replicate weights.

Numbers are taken from their domain's mean first: the mean of squares less the square of the mean would lose digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.statistics.cascade import cascaded
from groundswell.estimates.statistics.table import estimates_table
from groundswell.estimates.sums.cells import domains_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer
from groundswell.estimates.variance.intervals import mean_interval
from groundswell.estimates.variance.means import LinearisedMeans, ReplicateMeans, means_of
from groundswell.estimates.variance.moments import Moments
from groundswell.estimates.variance.replicates import replicate_distances
from groundswell.vocabulary import KISH

_APART = "groundswell_apart_"
_CERTAIN = 1e-12
"""A correlation this near to 1 or -1 is one: its numbers lie on a line."""

Function = Callable[[Floats], Floats]
"""Of means, along the last axis."""


def variances(
    respondents: pd.DataFrame,
    design: Design,
    *variables: str,
    by: Sequence[str] = (),
    level: float = 0.95,
    cascade: bool = False,
) -> pd.DataFrame:
    """Variances of columns of numbers by domain: the table of `means`, in the square of the column's unit.

    The interval is the estimate plus and minus t standard errors, the design effect Kish's.

    Raises:
        InputError: as `means`.

    Example: R's `svyvar(~api00, design)` gives 15191, standard error 1255.7.
        >>> from groundswell.estimates import variances
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> variances(schools, design, "api00")[["statistic", "variable", "estimate", "se"]].round(1)
          statistic variable  estimate      se
        0  variance    api00   15190.6  1255.7
    """
    by = _checked(respondents, variables, by)
    if not variables:
        raise InputError("no column of numbers was named: name one or more")

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        return _domain_by_domain([_variance(respondents, design, name, by, level) for name in variables])

    return cascaded(tabled, by, cascade=cascade)


def correlations(
    respondents: pd.DataFrame,
    design: Design,
    *variables: str,
    by: Sequence[str] = (),
    level: float = 0.95,
    cascade: bool = False,
) -> pd.DataFrame:
    """Correlations of each two columns of numbers by domain, over respondents who have both: the table of `means`.

    `variable` is "first:second". The interval is that of Fisher's z = atanh(r), carried back, so that it stays
    between -1 and 1; the design effect is Kish's.

    Raises:
        InputError: fewer than two columns; as `means`.

    Example: R's `cov2cor(as.matrix(svyvar(~api00 + api99, design)))` gives 0.9759.
        >>> from groundswell.estimates import correlations
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> correlations(schools, design, "api00", "api99")[["variable", "estimate", "se"]].round(4)
              variable  estimate      se
        0  api00:api99    0.9759   0.004
    """
    by = _checked(respondents, variables, by)
    if len(set(variables)) < 2:
        raise InputError(f"a correlation is of two columns: got {len(set(variables))}; name two or more")

    def tabled(by: Sequence[str]) -> pd.DataFrame:
        pairs = combinations(variables, 2)
        return _domain_by_domain([_correlation_of(respondents, design, pair, by, level) for pair in pairs])

    return cascaded(tabled, by, cascade=cascade)


def _variance(
    respondents: pd.DataFrame, design: Design, variable: str, by: Sequence[str], level: float
) -> pd.DataFrame:
    (apart,) = _apart(respondents, design, [variable], by)
    summed = _summed(respondents, design, [apart, apart**2], by)
    moments = _function_of(summed, lambda m: m[..., 1] - m[..., 0] ** 2, _variance_slopes)
    factor = moments.n / np.where(moments.n > 1, moments.n - 1.0, np.nan)
    moments = replace(moments, estimate=moments.estimate * factor, variance=moments.variance * factor**2)
    return _table(summed, moments, variable, "variance", level)


def _correlation_of(
    respondents: pd.DataFrame, design: Design, pair: Sequence[str], by: Sequence[str], level: float
) -> pd.DataFrame:
    x, y = _apart(respondents, design, pair, by)
    summed = _summed(respondents, design, [x, y, x * x, x * y, y * y], by)
    moments = _function_of(summed, _correlation, _correlation_slopes)
    table = _table(summed, moments, ":".join(pair), "correlation", level)
    return table.assign(**_fisher(table, level))


def _checked(respondents: pd.DataFrame, variables: Sequence[str], by: Sequence[str]) -> list[str]:
    by = [by] if isinstance(by, str) else list(by)
    for name in (*variables, *by):
        check_column(name, respondents.columns)
    warn_no_answer(respondents, map(Item, variables))
    return by


def _apart(
    respondents: pd.DataFrame, design: Design, variables: Sequence[str], by: Sequence[str]
) -> list[Floats]:
    """Each variable's distances from its mean in the respondent's domain, NaN where one of the variables is missing."""
    held = np.column_stack([numbers(respondents, name) for name in variables])
    held[np.isnan(held).any(axis=1)] = np.nan
    summed = _summed(respondents, design, list(held.T), by)
    place, _ = domains_of(respondents, by)
    return list((held - summed.moments().estimate[place]).T)


def _summed(
    respondents: pd.DataFrame, design: Design, columns: Sequence[Floats], by: Sequence[str]
) -> LinearisedMeans | ReplicateMeans:
    named = {f"{_APART}{place}": column for place, column in enumerate(columns)}
    return means_of(respondents.assign(**named), design, tuple(map(Item, named)), by)


def _function_of(summed: LinearisedMeans | ReplicateMeans, function: Function, slopes: Function) -> Moments:
    """A smooth function of the means in each domain, with its variance: by `slopes`, or made again by replicates."""
    moments = summed.moments()
    if isinstance(summed, ReplicateMeans):
        sums = summed.sums
        with np.errstate(divide="ignore", invalid="ignore"):
            made = function(np.moveaxis(sums.wy / sums.w, 2, 0))
        spread = (replicate_distances(made, summed.design, sums.largest) ** 2).sum(axis=0)
        value = made[0]
    else:
        domains, items = moments.estimate.shape
        value, slope = function(moments.estimate), slopes(moments.estimate)
        blocks = np.einsum("dkdl->dkl", summed.covariance().reshape(domains, items, domains, items))
        spread = np.einsum("dk,dkl,dl->d", slope, blocks, slope)
    first = {name: getattr(moments, name)[:, :1] for name in ("n", "w", "w2", "wyy", "df")}
    return replace(moments, **first, estimate=value[:, None], variance=np.maximum(spread, 0.0)[:, None])


def _variance_slopes(m: Floats) -> Floats:
    return np.stack([-2 * m[..., 0], np.ones_like(m[..., 0])], axis=-1)


def _correlation(m: Floats) -> Floats:
    x, y, xx, xy, yy = np.moveaxis(m, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = (xy - x * y) / np.sqrt((xx - x * x) * (yy - y * y))
    return value


def _correlation_slopes(m: Floats) -> Floats:
    """Where the first two means are 0, as they are of distances from the mean."""
    _, _, xx, _, yy = np.moveaxis(m, -1, 0)
    r, none = _correlation(m), np.zeros_like(xx)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([none, none, -r / (2 * xx), 1 / np.sqrt(xx * yy), -r / (2 * yy)], axis=-1)


def _fisher(table: pd.DataFrame, level: float) -> dict[str, Floats]:
    r, se, df = (table[name].to_numpy(np.float64) for name in ("estimate", "se", "df"))
    on_a_line = np.abs(r) > 1 - _CERTAIN
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = mean_interval(np.arctanh(r), se / (1 - r**2), df, level)
    return {
        name: np.where(on_a_line, r, np.tanh(end)) for name, end in zip(("low", "high"), ends, strict=True)
    }


def _table(
    summed: LinearisedMeans | ReplicateMeans, moments: Moments, variable: str, statistic: str, level: float
) -> pd.DataFrame:
    return estimates_table(
        moments,
        summed.domains,
        (Item(variable),),
        interval="mean",
        level=level,
        deff_kind=KISH,
        statistic=statistic,
    )


def _domain_by_domain(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all parts, which have the same domains, domain by domain."""
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
