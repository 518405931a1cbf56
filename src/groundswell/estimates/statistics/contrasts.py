"""Differences between estimates that may be correlated: contrasts, changes between waves, and slopes.

The trap: two waves that share sampling units or respondents are correlated, and the standard error of their
difference is not the root of the sum of squares. For six waves of the same clusters, treating them as
independent made the standard error of the change 8.4 times too large. Every function here takes the
covariance that came with the estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.estimates.statistics.table import COLUMNS
from groundswell.estimates.variance.intervals import mean_interval


def contrast(
    estimates: pd.Series, covariance: pd.DataFrame, *, coefficients: Mapping[str, float]
) -> pd.DataFrame:
    """One row `estimate, se`: the sum of coefficients times estimates, which are named as `covariance` is.

    Raises:
        InputError: a coefficient for an estimate that does not exist.

    Example:
        >>> panel = pd.DataFrame({"wave": [1, 1, 1, 2, 2, 2], "who": list("abcabc"), "calm": [1, 1, 0, 1, 0, 0]})
        >>> design = gs.Design(respondent="who")
        >>> table, covariance = gs.shares_and_covariance(panel, design, "calm", by=["wave"])
        >>> shares = pd.Series(table["estimate"].to_numpy(), index=covariance.index)
        >>> gs.contrast(shares, covariance, coefficients={"2:calm=1": 1, "1:calm=1": -1}).round(3)
           estimate     se
        0    -0.333  0.333
    """
    unknown = [name for name in coefficients if name not in covariance.columns]
    if unknown:
        raise InputError(
            f"`{unknown[0]}` is not an estimate: {nearest(unknown[0], map(str, covariance.columns))}"
        )
    names = list(coefficients)
    factors = np.array([coefficients[name] for name in names])
    variance = factors @ covariance.loc[names, names].to_numpy() @ factors
    return pd.DataFrame(
        {"estimate": [factors @ estimates[names].to_numpy()], "se": [np.sqrt(max(variance, 0.0))]}
    )


def changes(
    table: pd.DataFrame,
    covariance: ArrayLike,
    *,
    wave: str,
    against: Literal["previous", "first"] = "previous",
    level: float = 0.95,
) -> pd.DataFrame:
    """Changes from wave to wave of every row of a table of estimates.

    Args:
        table: from `shares` or `means`, with `wave` among its `by` columns; waves are ordered by their
            values.
        covariance: of the table's rows, in their order.
        wave: the `by` column that tells waves apart.
        against: each wave against the one before, or against the first.
        level: coverage of the interval.

    Returns: the other `by` columns, `statistic, variable, category, start, end, estimate, se, low,
        high, df, p`, of the change. `df` is the smaller of the two waves'; `p` is two-sided for no change.

    Raises:
        InputError: `wave` is not a column of the table, or the covariance is not square with the table's rows.

    Example:
        >>> panel = pd.DataFrame({"wave": [1, 1, 1, 2, 2, 2], "who": list("abcabc"), "calm": [1, 1, 0, 1, 0, 0]})
        >>> design = gs.Design(respondent="who")
        >>> table, covariance = gs.shares_and_covariance(panel, design, "calm", by=["wave"])
        >>> gs.changes(table, covariance, wave="wave")[["start", "end", "estimate", "se"]].round(3)
           start  end  estimate     se
        0      1    2    -0.333  0.333
    """
    by = [name for name in table.columns if name not in COLUMNS]
    matrix = np.asarray(covariance, dtype=np.float64)
    if wave not in by:
        raise InputError(
            f"`wave=` names `{wave}`, which the table has no estimates by: {nearest(wave, map(str, by))}"
        )
    if matrix.shape != (len(table), len(table)):
        raise InputError(
            f"the covariance is {matrix.shape} for a table of {len(table)} rows: give the two together"
        )
    groups = [name for name in by if name != wave] + ["statistic", "variable", "category"]
    rows = table.reset_index(drop=True).assign(place=np.arange(len(table))).sort_values(wave, kind="stable")
    parts = rows.groupby(groups, sort=False, dropna=False)["place"]
    before = parts.shift(1) if against == "previous" else parts.transform("first")
    after = rows.loc[before.notna() & (before != rows["place"]), "place"].sort_values().to_numpy(np.int64)
    start = before.loc[after].to_numpy(np.int64)
    estimate, df = table["estimate"].to_numpy(np.float64), table["df"].to_numpy(np.float64)
    variance = matrix[after, after] + matrix[start, start] - 2 * matrix[after, start]
    result = rows.loc[after, groups].reset_index(drop=True)
    result["start"], result["end"] = table[wave].to_numpy()[start], table[wave].to_numpy()[after]
    told = differences(estimate[after] - estimate[start], variance, np.minimum(df[after], df[start]), level)
    return pd.concat([result, told], axis=1)


def differences(change: Floats, variance: Floats, df: Floats, level: float = 0.95) -> pd.DataFrame:
    """Differences of two estimates with their variance and degrees of freedom: `estimate, se, low, high, df, p`.

    The interval is Student's t; `p` is two-sided for no difference.
    """
    se = np.sqrt(np.maximum(variance, 0.0))
    low, high = mean_interval(change, se, df, level)
    p = t_probability(change, se, df)
    return pd.DataFrame({"estimate": change, "se": se, "low": low, "high": high, "df": df, "p": p})


def slope(
    estimates: ArrayLike, covariance: ArrayLike, *, at: ArrayLike, method: Literal["ols", "gls"] = "ols"
) -> pd.DataFrame:
    """Straight line through estimates at known points: "intercept" and "slope", `term, estimate, se`.

    "ols" weighs the estimates equally; "gls" by the inverse of their covariance. Both standard errors use the
    covariance.

    Raises:
        InputError: fewer than two distinct points.

    Example: three independent shares, each with a standard error of 0.02, two years apart.
        >>> gs.slope([0.30, 0.40, 0.50], np.diag([0.0004] * 3), at=[2020, 2022, 2024]).round(3)
                term  estimate      se
        0  intercept   -100.70  14.298
        1      slope      0.05   0.007
    """
    y, v, x = (np.asarray(part, dtype=np.float64) for part in (estimates, covariance, at))
    if len(np.unique(x)) < 2:
        raise InputError("a slope needs estimates at two points or more")
    line = np.column_stack([np.ones(len(x)), x])
    left = line.T if method == "ols" else np.linalg.solve(v, line).T
    solve = np.linalg.solve(left @ line, left)
    se = np.sqrt(np.diag(solve @ v @ solve.T))
    return pd.DataFrame({"term": ["intercept", "slope"], "estimate": solve @ y, "se": se})


def wald_test(estimates: ArrayLike, covariance: ArrayLike, df: float) -> pd.DataFrame:
    """One row `statistic, df, ddf, p`: F test that all the estimates are zero; `df` is the denominator's.

    Raises:
        InputError: a covariance that is singular: the estimates repeat each other.
    """
    b, v = np.asarray(estimates, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    if np.linalg.matrix_rank(v, hermitian=True) < len(b):
        raise InputError(
            "the covariance is singular: test fewer estimates, leaving out those that repeat others"
        )
    statistic = float(b @ np.linalg.solve(v, b)) / len(b)
    p = special.fdtrc(len(b), df, statistic) if df > 0 else np.nan
    return pd.DataFrame({"statistic": [statistic], "df": [len(b)], "ddf": [df], "p": [p]})


def t_probability(estimate: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided probability of a Student's t as far from zero; NaN without degrees of freedom."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p: Floats = 2 * special.stdtr(np.where(df > 0, df, np.nan), -np.abs(estimate / se))
    return p
