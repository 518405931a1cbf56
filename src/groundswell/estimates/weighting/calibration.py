"""Calibration: weights close to the starting ones that hold totals of categories and of numbers.

Three measures of closeness, as in R's `calibrate`: "linear" (the regression estimator; weights may be
negative), "raking" (multiplicative, always positive) and "logit" (between bounds). "linear" with bounds
truncates.

Reference: Deville, Särndal & Sautory 1993, Generalized raking procedures in survey sampling, JASA 88.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, ModelError, nearest
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.design import Margin, check_column
from groundswell.estimates.weighting.coded import CodedMargin, Totals
from groundswell.estimates.weighting.margins import CodedMargins, Rule, code_margins
from groundswell.estimates.weighting.raking import Weighting, starting_weights
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT

Method = Literal["linear", "raking", "logit"]
Curve = Callable[[Floats], tuple[Floats, Floats]]


def calibrate(
    respondents: pd.DataFrame,
    margins: Mapping[Margin, Totals] | None = None,
    *,
    weights: str | None = None,
    totals: Mapping[str, float] | None = None,
    method: Method = "linear",
    bounds: tuple[float, float] = (-np.inf, np.inf),
    without_category: Rule = None,
    tolerance: float = 1e-11,
    max_iterations: int = 100,
) -> Weighting:
    """Weights that hold the margins and the population totals of number columns.

    Args:
        respondents: one row each.
        margins: as in `rake`. A margin also holds the number of people; where there are only `totals`, nothing does,
            unless a column of ones has a total.
        weights: column of starting weights; None: 1 each.
        totals: population totals of number columns.
        method: "linear", "raking" or "logit".
        bounds: least and largest factor of the starting weight; "logit" needs both.
        without_category: as in `rake`. With "other_margins" a respondent without a category counts in each by the
            population's share of it, which comes to what `rake` does where starting weights are near the margins.
        tolerance: largest relative distance from a target at which it stops.
        max_iterations: Newton steps before it gives up.

    Raises:
        InputError: neither margins nor totals; as `code_margins`; a total that is no finite number; an unknown method;
            bounds that do not hold 1 between them.
        ModelError: no weights within the bounds hold the totals.

    Example: 60 women and 40 men, and 160 children between them.
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m"], "children": [1, 2, 1, 3]})
        >>> new = gs.calibrate(people, {"sex": {"f": 60, "m": 40}}, totals={"children": 160}).weights
        >>> new.round(6)
        array([32., 28., 24., 16.])
        >>> round(float(new @ people["children"]), 6)
        160.0

    The children alone: the sum of weights, 84, is nobody's number of people.
        >>> gs.calibrate(people, totals={"children": 160}).weights
        array([11.2, 21.4, 11.2, 31.6])
    """
    if not margins and not totals:
        raise InputError(
            "`margins=` and `totals=` are empty: name a column with the population's total of each category, or a "
            "column of numbers with its total"
        )
    start = starting_weights(respondents, weights)
    if margins:
        coded = code_margins(respondents, margins, start, without_category)
        coded.warn()
    else:
        coded = CodedMargins((), {}, {}, float(start.sum()), start)
    numbers_held = _numbers(respondents, totals or {})
    calibrated = calibrate_coded(
        coded,
        numbers_held,
        method=method,
        bounds=bounds,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    return replace(calibrated, imputed=coded.imputed(respondents))


def calibrate_coded(
    coded: CodedMargins,
    numbers_held: tuple[Floats, Floats] | None = None,
    *,
    method: Method,
    bounds: tuple[float, float],
    tolerance: float = 1e-11,
    max_iterations: int = 100,
) -> Weighting:
    """`calibrate` for margins that were met with the respondents already; `numbers_held` as `_numbers` gives it.

    Raises: as `calibrate`.
    """
    if method not in get_args(Method):
        raise InputError(f"`method=` is `{method}`: {nearest(str(method), get_args(Method))}")
    if not bounds[0] < 1 < bounds[1] or (method == "logit" and not np.isfinite(bounds).all()):
        raise InputError(
            f"`bounds=` are {bounds}: a least factor below 1 and a largest above 1 (both finite for logit)"
        )
    x = np.hstack([*map(_membership, coded.margins), *([numbers_held[0]] if numbers_held else [])])
    target = np.concatenate(
        [*(margin.target for margin in coded.margins), *([numbers_held[1]] if numbers_held else [])]
    )
    factor, steps, distance = _newton(
        x, coded.start, target, _curve(method, bounds), tolerance, max_iterations
    )
    if distance > tolerance:
        raise ModelError(
            f"calibration did not converge in {steps} steps (largest relative distance {distance:.3g}): no weights "
            f"within bounds {bounds} hold these totals, or totals contradict each other; widen the bounds"
        )
    return Weighting(coded.start * factor, steps, distance, coded.without, coded.rescaled)


def _membership(margin: CodedMargin) -> Floats:
    """(respondents, categories) 1 in the respondent's category; the population's shares where there is none."""
    member: Floats = (margin.code[:, None] == np.arange(len(margin.categories))).astype(np.float64)
    member[margin.code < 0] = margin.shares
    return member


def _numbers(respondents: pd.DataFrame, totals: Mapping[str, float]) -> tuple[Floats, Floats] | None:
    """(respondents, p) columns of numbers, and the (p,) totals they are to have; None where there are none."""
    columns: list[Floats] = []
    for name, total in totals.items():
        check_column(name, respondents.columns, named_by="totals")
        if not np.isfinite(total):
            raise InputError(f"`totals=` has `{total}` for `{name}`: give the population's total as a number")
        values = numbers(respondents, name)
        missing = np.flatnonzero(~np.isfinite(values))
        if len(missing):
            row = BY_COUNT.name(int(missing[0]) + 1)
            raise InputError(
                f"`{name}` is missing in {row.text}: every respondent needs a number to calibrate to{row.how}"
            )
        columns.append(values)
    if not columns:
        return None
    return np.column_stack(columns), np.array([float(total) for total in totals.values()])


def _newton(
    x: Floats, start: Floats, target: Floats, curve: Curve, tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    """Factors of the starting weights, the steps taken and the largest relative distance left."""
    scale = np.maximum(np.abs(target), 1.0)
    eta = np.zeros(x.shape[1])
    factor, slope = curve(x @ eta)
    distance, steps = np.inf, 0
    while distance > tolerance and steps < max_iterations:
        steps += 1
        tangent = (x * (start * slope)[:, None]).T @ x / np.outer(scale, scale)
        misfit = (target - x.T @ (start * factor)) / scale
        move = np.linalg.lstsq(tangent, misfit, rcond=1e-13)[0] / scale
        factor, slope = curve(x @ (eta + move))
        while not np.isfinite(factor).all() and np.abs(move).max() > 0:
            move = move / 2
            factor, slope = curve(x @ (eta + move))
        eta = eta + move
        distance = float(np.abs((target - x.T @ (start * factor)) / scale).max())
    return factor, steps, distance


def _curve(method: Method, bounds: tuple[float, float]) -> Curve:
    """The factor as a function of the linear predictor, with its slope."""
    low, high = bounds

    def linear(u: Floats) -> tuple[Floats, Floats]:
        return np.clip(1 + u, low, high), ((1 + u > low) & (1 + u < high)).astype(np.float64)

    def raking(u: Floats) -> tuple[Floats, Floats]:
        with np.errstate(over="ignore"):
            factor = np.exp(u)
        return np.clip(factor, low, high), np.where((factor > low) & (factor < high), factor, 0.0)

    def logit(u: Floats) -> tuple[Floats, Floats]:
        rate = (high - low) / ((high - 1) * (1 - low))
        grown = np.exp(np.clip(rate * u, -700, 700))
        factor = (low * (high - 1) + high * (1 - low) * grown) / (high - 1 + (1 - low) * grown)
        return factor, (factor - low) * (high - factor) * rate / (high - low)

    return {"linear": linear, "raking": raking, "logit": logit}[method]
