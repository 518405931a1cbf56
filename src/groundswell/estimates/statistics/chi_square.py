"""Tests that two questions are independent, under the design.

Pearson's statistic on weighted shares does not have a chi-square distribution in a complex sample; its
distribution is a mix whose weights are generalised design effects (Rao & Scott 1984, Annals of Statistics
12). "F" is their second-order correction with denominator degrees of freedom, the default in R's survey;
"Chisq" the first-order one; "Wald" and "adjWald" test the distances of totals from independence (Koch,
Freeman & Freeman 1975).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.statistics.shares import shares_and_covariance
from groundswell.estimates.statistics.totals import totals, totals_covariance

KINDS = ("F", "Chisq", "Wald", "adjWald")
"""The tests, in the order of the table."""

_CELL = "cell"


def chi_square(respondents: pd.DataFrame, design: Design, *, row: str, column: str) -> pd.DataFrame:
    """One row a kind of test: `kind, statistic, df, ddf, p`; `ddf` is NaN for "Chisq".

    Respondents without an answer to either question are left out as a domain is. The two Wald tests are NaN
    where the table has more cells than the design has degrees of freedom.

    Raises:
        InputError: an unknown column, or a question with fewer than two answers.

    Example: R's `svychisq(~sch.wide + stype)` gives F = 17.2474, 1.8287 and 360.25 degrees of freedom.
        >>> schools = pd.read_csv("tests/reference/apistrat.csv")
        >>> design = gs.Design(weights="pw", strata="stype", fpc="fpc")
        >>> tests = gs.chi_square(schools, design, row="sch.wide", column="stype")
        >>> tests.loc[tests["kind"] == "F", ["statistic", "df", "ddf"]].round(4)
           statistic      df       ddf
        0    17.2474  1.8287  360.2483
    """
    for name in (row, column):
        check_column(name, respondents.columns)
    return tests_of(respondents, design, (row, column), called=(row, column))


def tests_of(
    respondents: pd.DataFrame, design: Design, crossed_by: tuple[str, str], *, called: tuple[str, str]
) -> pd.DataFrame:
    """As `chi_square` of two columns, which messages call as the reader does."""
    crossed, rows, columns = _crossed(respondents, design, *crossed_by)
    for name, answers in zip(called, (rows, columns), strict=True):
        if answers < 2:
            raise InputError(f"`{name}` has fewer than two answers: there is nothing to test")
    cells = rows * columns
    filled = sorted(set(crossed[_CELL].dropna().astype(int)))
    questions = [f"{_CELL}={place}" for place in filled]
    table, covariance = shares_and_covariance(crossed, design, *questions)
    n, df = float(table["n"].iloc[0]), float(table["df"].max())
    share = _with_empty(table["estimate"].to_numpy(), filled, cells).reshape(rows, columns)
    tests = _rao_scott(share, _with_empty(covariance.to_numpy(), filled, cells), n, df)
    count = _with_empty(totals(crossed, design, *questions)["estimate"].to_numpy(), filled, cells)
    spread = _with_empty(totals_covariance(crossed, design, *questions).to_numpy(), filled, cells)
    tests += _wald(count.reshape(rows, columns), spread, df)
    return pd.DataFrame(tests, columns=["kind", "statistic", "df", "ddf", "p"])


def _crossed(
    respondents: pd.DataFrame, design: Design, row: str, column: str
) -> tuple[pd.DataFrame, int, int]:
    """Respondents with the number of their cell, and the table's size; weight zero gives no answer."""
    here = np.ones(len(respondents), dtype=bool)
    if design.weights is not None:
        here = check_weights(respondents, design.weights) > 0
    codes = [pd.factorize(respondents[name].where(here), sort=True) for name in (row, column)]
    (first, rows), (second, columns) = codes
    cell = np.where((first < 0) | (second < 0), np.nan, first * len(columns) + second)
    return respondents.assign(**{_CELL: cell}), len(rows), len(columns)


def _with_empty(numbers: Floats, filled: list[int], cells: int) -> Floats:
    """A vector or square table of the filled cells with zeros for the empty ones."""
    whole = np.zeros((cells,) * numbers.ndim)
    whole[np.ix_(*(filled,) * numbers.ndim)] = numbers
    return whole


def _rao_scott(
    share: Floats, covariance: Floats, n: float, df: float
) -> list[tuple[str, float, float, float, float]]:
    expected = share.sum(axis=1, keepdims=True) * share.sum(axis=0)
    pearson = n * float(((share - expected) ** 2 / expected).sum())
    cell = share.ravel()[:, None]
    interaction = np.divide(
        _interaction(*share.shape),
        cell,
        out=np.zeros((len(cell), (share.shape[0] - 1) * (share.shape[1] - 1))),
        where=cell > 0,
    )
    simple = interaction.T @ np.diag(share.ravel() / n) @ interaction
    effects = np.linalg.solve(simple, interaction.T @ covariance @ interaction)
    trace, square, size = float(np.trace(effects)), float(np.trace(effects @ effects)), len(effects)
    second = trace**2 / square
    f = pearson / trace
    return [
        ("F", f, second, second * df, float(special.fdtrc(second, second * df, f))),
        ("Chisq", pearson, size, np.nan, float(special.chdtrc(size, pearson / (trace / size)))),
    ]


def _interaction(rows: int, columns: int) -> Floats:
    """(cells, contrasts) what of the interaction the two questions' main effects do not explain."""
    row = np.repeat(np.eye(rows), columns, axis=0)[:, 1:]
    column = np.tile(np.eye(columns), (rows, 1))[:, 1:]
    main = np.column_stack([np.ones(rows * columns), row, column])
    products = (row[:, :, None] * column[:, None, :]).reshape(rows * columns, -1)
    residual: Floats = products - main @ np.linalg.lstsq(main, products, rcond=None)[0]
    return residual


def _wald(count: Floats, covariance: Floats, df: float) -> list[tuple[str, float, float, float, float]]:
    rows, columns = count.shape
    total, row, column = count.sum(), count.sum(axis=1), count.sum(axis=0)
    distance = (count - np.outer(row, column) / total)[1:, 1:].ravel()
    by_row, by_column = np.repeat(np.eye(rows), columns, axis=0), np.tile(np.eye(columns), (rows, 1))
    slopes = (
        np.eye(rows * columns) + np.outer(np.outer(row, column).ravel(), np.ones(rows * columns)) / total**2
    )
    slopes -= (by_row @ by_row.T) * np.tile(column, rows)[:, None] / total
    slopes -= (by_column @ by_column.T) * np.repeat(row, columns)[:, None] / total
    used = np.arange(rows * columns).reshape(rows, columns)[1:, 1:].ravel()
    size = len(used)
    spread = (slopes @ covariance @ slopes.T)[np.ix_(used, used)]
    if np.linalg.matrix_rank(spread, hermitian=True) < size:
        return [
            (kind, np.nan, size, left, np.nan) for kind, left in (("Wald", df), ("adjWald", df - size + 1))
        ]
    wald = float(distance @ np.linalg.solve(spread, distance))
    left = df - size + 1
    adjusted = wald * left / (size * df)
    return [
        ("Wald", wald / size, size, df, float(special.fdtrc(size, df, wald / size))),
        ("adjWald", adjusted, size, left, float(special.fdtrc(size, left, adjusted)) if left > 0 else np.nan),
    ]
