"""Weights that add up to the population: raking, post-stratification and trimming.

Raking multiplies the starting weights by one factor a category of each margin in turn until every margin
holds (Deming & Stephan 1940; Kalton & Flores-Cervantes 2003). It works on the combinations of categories that
occur, not on respondents, so that a million respondents cost little more than a thousand. The starting
weights matter: raking from 1 instead of from design weights gives other weights and no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, ModelError
from groundswell.estimates.design.design import Margin, check_column
from groundswell.estimates.design.grouping import compact, sum_by
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.weighting.margins import CodedMargin, Totals, code_margins


@dataclass(frozen=True)
class Weighting:
    """New weights, and how they were reached.

    Attributes:
        weights: (respondents,) the new weights; 0 stays 0.
        iterations: rounds over the margins.
        distance: largest relative distance of a weighted total from its target.
    """

    weights: Floats
    iterations: int
    distance: float


def rake(
    respondents: pd.DataFrame,
    margins: Mapping[Margin, Totals],
    *,
    weights: str | None = None,
    tolerance: float = 1e-12,
    max_iterations: int = 1000,
) -> Weighting:
    """Weights that hold every margin, by iterative proportional fitting.

    Args:
        respondents: one row each.
        margins: for each column (or tuple of columns) the population's total or share by category.
        weights: column of starting weights; None: 1 each.
        tolerance: largest relative distance from a target at which raking stops.
        max_iterations: rounds over the margins before it gives up.

    Raises:
        InputError: as `code_margins` and `check_weights`.
        ModelError: margins that cannot be held together (no convergence), with the worst category.

    Example:
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m"], "age": ["<40", "40+", "<40", "40+"]})
        >>> gs.rake(people, {"sex": {"f": 60, "m": 40}, "age": {"<40": 50, "40+": 50}}).weights
        array([30., 30., 20., 20.])
    """
    start = starting_weights(respondents, weights)
    coded = code_margins(respondents, margins, start)
    cell, codes = _cells(coded)
    before = sum_by(cell, start, len(codes[0]))
    after, iterations, distance = _fit(
        before, codes, [margin.target for margin in coded], tolerance, max_iterations
    )
    if distance > tolerance:
        name, label, got, wanted = _worst(after, codes, coded)
        raise ModelError(
            f"raking did not converge in {iterations} rounds: `{name}` category `{label}` weighs {got:g} instead of "
            f"{wanted:g}; margins contradict each other, or too few respondents are in some combination: "
            "merge categories"
        )
    factor = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    return Weighting(start * factor[cell], iterations, distance)


def post_stratify(
    respondents: pd.DataFrame, *, margin: Margin, totals: Totals, weights: str | None = None
) -> Weighting:
    """Weights that hold the totals of one set of categories (cells of several columns: a tuple of names).

    Raises:
        InputError: as `code_margins`; an empty cell is named.

    Example: shares are of the number of people, here three.
        >>> people = pd.DataFrame({"sex": ["f", "f", "m"]})
        >>> gs.post_stratify(people, margin="sex", totals={"f": 0.5, "m": 0.5}).weights
        array([0.75, 0.75, 1.5 ])
    """
    return rake(respondents, {margin: totals}, weights=weights)


def trim(weights: ArrayLike, *, lower: float = 0.0, upper: float = np.inf, strict: bool = True) -> Floats:
    """Weights pulled into [lower, upper], the rest shared equally among the others (R's `trimWeights`).

    The sum of weights stays. Sharing out can push others over a bound: `strict` repeats until none is.

    Raises:
        InputError: bounds that no weights with this sum can hold.

    Example: 5 is pulled to 3, and the 2 that this frees are shared by the other four.
        >>> gs.trim([1, 1, 1, 1, 5], upper=3)
        array([1.5, 1.5, 1.5, 1.5, 3. ])
    """
    weights = np.asarray(weights, dtype=np.float64)
    kept = weights > 0
    count, total = int(kept.sum()), float(weights.sum())
    if not lower <= total / max(count, 1) <= upper:
        raise InputError(
            f"`lower=` {lower:g} and `upper=` {upper:g} leave out the mean weight {total / max(count, 1):g}: "
            "weights of that sum cannot be trimmed into them"
        )
    trimmed = weights.copy()
    outside = kept & ((trimmed < lower) | (trimmed > upper))
    while outside.any():
        pulled = np.where(outside, np.clip(trimmed, lower, upper), trimmed)
        inside = kept & ~outside
        pulled[inside] += (trimmed - pulled).sum() / max(int(inside.sum()), 1)
        trimmed = pulled
        if not strict:
            break
        slack = 1e-12 * np.abs(trimmed)
        outside = kept & ((trimmed < lower - slack) | (trimmed > upper + slack))
    return trimmed


def starting_weights(respondents: pd.DataFrame, weights: str | None) -> Floats:
    """The column of starting weights, or 1 each.

    Raises:
        InputError: no respondents; no such column; as `check_weights`.
    """
    if respondents.empty:
        raise InputError("the table of respondents has no rows: there is nobody to weight")
    if weights is None:
        return np.ones(len(respondents))
    check_column(weights, respondents.columns, named_by="weights")
    return check_weights(respondents, weights)


def _cells(margins: tuple[CodedMargin, ...]) -> tuple[Ints, list[Ints]]:
    """Combination of categories of each respondent, and each combination's category in every margin."""
    key = margins[0].code
    for margin in margins[1:]:
        key = key * len(margin.categories) + margin.code
    cell, keys = compact(key)
    codes: list[Ints] = []
    for margin in reversed(margins):
        codes.insert(0, keys % len(margin.categories))
        keys = keys // len(margin.categories)
    return cell, codes


def _fit(
    start: Floats, codes: list[Ints], targets: list[Floats], tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    """Fit cell weights to the targets; the rounds taken and the largest relative distance left."""
    fitted = start.copy()
    distance, rounds = np.inf, 0
    while distance > tolerance and rounds < max_iterations:
        rounds += 1
        for code, target in zip(codes, targets, strict=True):
            total = sum_by(code, fitted, len(target))
            fitted *= np.divide(target, total, out=np.zeros_like(target), where=total > 0)[code]
        distance = max(
            _distances(fitted, code, target).max() for code, target in zip(codes, targets, strict=True)
        )
    return fitted, rounds, float(distance)


def _distances(fitted: Floats, code: Ints, target: Floats) -> Floats:
    total = sum_by(code, fitted, len(target))
    return np.divide(np.abs(total - target), target, out=np.zeros_like(target), where=target > 0)


def _worst(
    fitted: Floats, codes: list[Ints], margins: tuple[CodedMargin, ...]
) -> tuple[str, str, float, float]:
    """The category furthest from its target: margin, category, weighted total, target."""
    distances = [_distances(fitted, code, m.target) for code, m in zip(codes, margins, strict=True)]
    worst = int(np.argmax([part.max() for part in distances]))
    margin, category = margins[worst], int(np.argmax(distances[worst]))
    total = sum_by(codes[worst], fitted, len(margin.target))
    return margin.name, margin.categories[category], float(total[category]), float(margin.target[category])
