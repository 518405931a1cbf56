"""Logistic and linear regression under the design: trends over waves, and differences between domains.

Coefficients solve the weighted likelihood equations; their variance is the design's, by linearisation (Binder
1983) or by refitting with each set of replicate weights. Degrees of freedom are the design's less the
coefficients but one, as in R's `svyglm`. A two-sample t test (R's `svyttest`) is a linear regression on one
0/1 term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError, ModelError, nearest
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.design import Design, check_column, check_columns
from groundswell.estimates.design.units import units_of, weights_of
from groundswell.estimates.statistics.contrasts import t_probability, wald_test
from groundswell.estimates.sums.asked.questions import TableAnswers, items_of
from groundswell.estimates.sums.calibrated import calibration_sums
from groundswell.estimates.sums.cells import sum_cells
from groundswell.estimates.sums.items import Item, answers
from groundswell.estimates.variance.intervals import check_interval, mean_interval
from groundswell.estimates.variance.replicates import (
    largest_factors,
    replicate_df,
    replicate_distances,
    replicate_weights,
)
from groundswell.estimates.variance.scores import degrees_of_freedom, total_scores
from groundswell.estimates.variance.taylor import covariance

Family = Literal["logistic", "linear"]
_STEPS = 25
_CONVERGED = 1e-8
"""Relative change of the deviance at which R's `glm` stops."""
_CERTAIN = 1e-10
"""A fitted probability this near 0 or 1 means that a coefficient runs to infinity."""
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Regression:
    """A fitted regression.

    Attributes:
        table: `term, estimate, se, low, high, t, df, p`; `p` is two-sided for a coefficient of zero.
        covariance: of the coefficients, named by term.
        dispersion: weighted variance of Pearson's residuals.
        df: degrees of freedom of the tests.
    """

    table: pd.DataFrame
    covariance: pd.DataFrame
    dispersion: float
    df: float

    def test(self, *terms: str) -> pd.DataFrame:
        """F test that the named coefficients are all zero: one row `statistic, df, ddf, p`.

        Raises:
            InputError: a term that does not exist.
        """
        unknown = [term for term in terms if term not in self.covariance.columns]
        if unknown:
            raise InputError(f"`{unknown[0]}` is not a term: {nearest(unknown[0], self.covariance.columns)}")
        estimates = self.table.set_index("term").loc[list(terms), "estimate"]
        return wald_test(estimates, self.covariance.loc[list(terms), list(terms)], self.df)


def regression(
    respondents: pd.DataFrame,
    design: Design,
    *,
    outcome: str,
    terms: Sequence[str],
    family: Family = "logistic",
    level: float = 0.95,
) -> Regression:
    """Fit `outcome` on `terms` and an intercept; the result has a `table` of coefficients and their `covariance`.

    Args:
        respondents: one row each; those with a missing outcome or term are left out as a domain is.
        design: how they were drawn.
        outcome: for "logistic" a question with one answer ("awards=Yes", or a 0/1 column); for "linear" a
            number.
        terms: columns; numbers enter as they are, dates in years since the first, text as an indicator of
            each answer but the first.
        family: "logistic" or "linear".
        level: coverage of the intervals.

    Raises:
        InputError: unknown columns, an unknown family, an outcome with several answers, terms that repeat each other.
        ModelError: no convergence, as where a term separates the answers.

    Example: women are 35 years old on average, men 40.
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m"], "age": [30, 40, 35, 45]})
        >>> fitted = gs.regression(people, gs.Design(), outcome="age", terms=["sex"], family="linear")
        >>> fitted.table[["term", "estimate"]].round(3)
                term  estimate
        0  intercept      35.0
        1      sex=m       5.0
    """
    check_interval("mean", level)
    if family not in get_args(Family):
        raise InputError(f"`family=` is `{family}`: {nearest(str(family), get_args(Family))}")
    terms = (terms,) if isinstance(terms, str) else terms
    y = _outcome(respondents, outcome, family)
    for term in terms:
        check_column(term, respondents.columns)
    design = design.over(map(str, respondents.columns))
    check_columns(design, respondents.columns)
    kept = np.isfinite(y) & respondents[list(terms)].notna().all(axis=1).to_numpy()
    if design.replicates:
        weights = replicate_weights(respondents, design)
    else:
        units, unit = units_of(respondents, design)
        weights = weights_of(respondents, design, units, unit)[:, None]
    kept &= weights[:, 0] > 0
    if not kept.any():
        raise InputError(f"nobody answered `{outcome}` and every term: there is nothing to fit")
    x, names = _terms(respondents, terms, kept)
    y, full = y[kept], weights[kept, 0]
    beta, working, residual = _fit(x, y, full / weights[:, 0].mean(), family, names)
    if design.replicates:
        refits = np.vstack(
            [beta, *(_refit(x, y, column, family, names, beta) for column in weights[kept, 1:].T)]
        )
        distance = replicate_distances(refits, design, largest_factors(weights, design))
        matrix, df = distance.T @ distance, replicate_df(weights[kept, 1:])
    else:
        bread = np.linalg.inv((x * working[:, None]).T @ x)
        z = np.full((len(kept), len(names)), np.nan)
        z[kept] = x * (working * residual / full)[:, None] @ bread
        matrix, df = _covariance(respondents, design, z)
    df = (df if design.df is None else design.df) + 1 - len(names)
    dispersion = _dispersion(y, _mean(x @ beta, family), full, family)
    return Regression(
        _table(names, beta, matrix, df, level), pd.DataFrame(matrix, names, names), dispersion, df
    )


def _outcome(respondents: pd.DataFrame, outcome: str, family: Family) -> Floats:
    if family == "linear":
        check_column(outcome, respondents.columns)
        return numbers(respondents, outcome)
    asked = TableAnswers(respondents)
    items = items_of([outcome], asked)
    if len(items) != 1:
        raise InputError(
            f"`{outcome}` has {len(items)} answers: name the one to model (`{outcome}={items[0].category}`)"
        )
    table, own = asked.sets.counted(items)
    return answers(table, own[0])


def _terms(respondents: pd.DataFrame, terms: Sequence[str], kept: Flags) -> tuple[Floats, list[str]]:
    """(kept, coefficients) what the outcome is regressed on, and the coefficients' names."""
    columns, names = [np.ones(int(kept.sum()))], ["intercept"]
    for term in terms:
        values = respondents[term]
        if pd.api.types.is_datetime64_any_dtype(values.dtype):
            columns.append(((values - values.min()).dt.days / _DAYS_A_YEAR).to_numpy(np.float64)[kept])
            names.append(term)
        elif pd.api.types.is_numeric_dtype(values.dtype):
            columns.append(numbers(respondents, term)[kept])
            names.append(term)
        else:
            codes, given = pd.factorize(values[kept], sort=True)
            for place, answer in enumerate(given[1:], start=1):
                columns.append((codes == place).astype(np.float64))
                names.append(f"{term}={answer}")
    return np.column_stack(columns), names


def _mean(predictor: Floats, family: Family) -> Floats:
    mean: Floats = special.expit(predictor) if family == "logistic" else predictor
    return mean


def _fit(
    x: Floats, y: Floats, weights: Floats, family: Family, names: list[str], start: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Coefficients, working weights of the last step, and working residuals.

    The steps, their start and the rule to stop are those of R's `glm`, whose last weights lag one step behind
    the coefficients; standard errors then agree with R's beyond its own convergence.
    """
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < len(names):
        listed = ", ".join(f"`{name}`" for name in names)
        raise InputError(f"the terms {listed} repeat each other: leave one out")
    if family == "linear":
        beta = _least_squares(x, y, weights)
        return beta, weights, y - x @ beta
    predictor = special.logit((weights * y + 0.5) / (weights + 1)) if start is None else x @ start
    mean, before = special.expit(predictor), np.inf
    for _ in range(_STEPS):
        working = weights * mean * (1 - mean)
        beta = _least_squares(x, predictor + (y - mean) / (mean * (1 - mean)), working)
        predictor = x @ beta
        mean = special.expit(predictor)
        if not np.isfinite(beta).all() or np.minimum(mean, 1 - mean).min() < _CERTAIN:
            break
        deviance = -2 * float(weights @ np.log(np.where(y > 0, mean, 1 - mean)))
        if abs(deviance - before) / (abs(deviance) + 0.1) < _CONVERGED:
            return beta, working, (y - mean) / (mean * (1 - mean))
        before = deviance
    raise ModelError("the logistic regression does not converge: a term separates the answers; leave it out")


def _refit(x: Floats, y: Floats, weights: Floats, family: Family, names: list[str], start: Floats) -> Floats:
    """Coefficients with a set of replicate weights; NaN where these leave nobody with a term's answer."""
    left = weights > 0
    if np.linalg.matrix_rank(x[left]) < len(names):
        return np.full(len(names), np.nan)
    return _fit(x[left], y[left], weights[left] / weights.sum(), family, names, start)[0]


def _least_squares(x: Floats, y: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)
    return np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0].astype(np.float64, copy=False)


def _covariance(respondents: pd.DataFrame, design: Design, z: Floats) -> tuple[Floats, float]:
    """Covariance of totals of scores `z` (NaN: left out), and the design's degrees of freedom."""
    units, unit = units_of(respondents, design)
    weights = weights_of(respondents, design, units, unit)
    domain = np.zeros(len(respondents), np.int64)
    calibration = None
    if design.calibrated:
        calibration = calibration_sums(respondents, design, weights, unit, len(units.count), domain, 1, z)
    items = tuple(Item(f"score {place}") for place in range(z.shape[1]))
    cells = sum_cells(pd.DataFrame(index=[0]), items, domain, unit, weights, z, calibration)
    matrix = covariance(total_scores(cells)[0], units, design.lonely_psu)
    return matrix, float(degrees_of_freedom(cells, units)[0, 0])


def _dispersion(y: Floats, fitted: Floats, weights: Floats, family: Family) -> float:
    residual = (y - fitted) / np.sqrt(fitted * (1 - fitted)) if family == "logistic" else y - fitted
    mean = np.average(residual, weights=weights)
    return float(np.average((residual - mean) ** 2, weights=weights) * len(y) / (len(y) - 1))


def _table(names: list[str], beta: Floats, matrix: Floats, df: float, level: float) -> pd.DataFrame:
    se = np.sqrt(np.diag(matrix))
    dfs = np.full(len(beta), df)
    low, high = mean_interval(beta, se, dfs, level)
    p = t_probability(beta, se, dfs)
    return pd.DataFrame(
        {
            "term": names,
            "estimate": beta,
            "se": se,
            "low": low,
            "high": high,
            "t": beta / se,
            "df": df,
            "p": p,
        }
    )
