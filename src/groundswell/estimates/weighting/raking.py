"""Weights that add up to the population: raking, post-stratification and trimming.

Raking multiplies the starting weights by one factor a category of each margin in turn until every margin
holds (Deming & Stephan 1940; Kalton & Flores-Cervantes 2003). It works on the combinations of categories that
occur, not on respondents, so that a million respondents cost little more than a thousand. The starting
weights matter: raking from 1 instead of from design weights gives other weights and no error.

An *open* margin is one that some respondents have no category of. Its factors spread whatever weight the other margins
leave to those with a category; the others keep the weight that the other margins give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, ModelError
from groundswell.estimates.design.design import Margin, check_column
from groundswell.estimates.design.grouping import compact, sum_by
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.weighting.coded import CodedMargin, Totals
from groundswell.estimates.weighting.margins import CodedMargins, Rule, code_margins
from groundswell.estimates.weighting.without_category import WithoutOne


@dataclass(frozen=True)
class Weighting:
    """New weights, and how they were reached.

    Attributes:
        weights: (respondents,) the new weights; 0 stays 0.
        iterations: rounds over the margins.
        distance: largest relative distance of a weighted total from its target.
        without: respondents without a category, by margin that has any, and what was done with them.
        rescaled: the sum of a margin's totals as given, where it differed by rounding and was rescaled.
        imputed: by margin with drawn categories ("hot_deck") the column with them, which a `Design` needs for errors.
    """

    weights: Floats
    iterations: int
    distance: float
    without: dict[str, WithoutOne] = field(default_factory=dict)
    rescaled: dict[str, float] = field(default_factory=dict)
    imputed: dict[str, pd.Series] = field(default_factory=dict)


def rake(
    respondents: pd.DataFrame,
    margins: Mapping[Margin, Totals],
    *,
    weights: str | None = None,
    without_category: Rule = None,
    tolerance: float = 1e-12,
    max_iterations: int = 1000,
) -> Weighting:
    """Weights that hold every margin, by iterative proportional fitting.

    Args:
        respondents: one row each.
        margins: for each column (or tuple of columns) the population's total or share by category.
        weights: column of starting weights; None: 1 each.
        without_category: what is done with a respondent who has no category of a margin, for all margins or by margin:
            "other_margins" (raked at the others), "unknown" (a category held at its weighted share), "hot_deck"
            (imputed), "refuse". None: "other_margins" with a warning, and an error above a tenth of the weight.
        tolerance: largest relative distance from a target at which raking stops.
        max_iterations: rounds over the margins before it gives up.

    Raises:
        InputError: as `code_margins` and `check_weights`.
        ModelError: margins that cannot be held together (no convergence), with the worst category.

    Example:
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m"], "age": ["<40", "40+", "<40", "40+"]})
        >>> gs.rake(people, {"sex": {"f": 60, "m": 40}, "age": {"<40": 50, "40+": 50}}).weights
        array([30., 30., 20., 20.])

    One man gave no age: he weighs what sex makes of a man, 60 / 3, and age holds among the others.
        >>> people = pd.DataFrame({"sex": ["f", "f", "m", "m", "m"], "age": ["<40", "40+", "<40", "40+", None]})
        >>> margins = {"sex": {"f": 60, "m": 60}, "age": {"<40": 72, "40+": 48}}
        >>> gs.rake(people, margins, without_category="other_margins").weights.round(6)
        array([36., 24., 24., 16., 20.])
    """
    start = starting_weights(respondents, weights)
    coded = code_margins(respondents, margins, start, without_category)
    coded.warn()
    raking = rake_coded(coded, tolerance=tolerance, max_iterations=max_iterations)
    return replace(raking, imputed=coded.imputed(respondents))


def rake_coded(coded: CodedMargins, *, tolerance: float = 1e-12, max_iterations: int = 1000) -> Weighting:
    """`rake` for margins that were met with the respondents already.

    Raises: ModelError as `rake`.
    """
    cell, held = _cells(coded.margins)
    before = sum_by(cell, coded.start, len(held[0].code))
    after, iterations, distance = _fit(before, held, tolerance, max_iterations)
    if distance > tolerance:
        name, label, got, wanted = _worst(after, held, coded.margins)
        raise ModelError(
            f"raking did not converge in {iterations} rounds: `{name}` category `{label}` weighs {got:g} instead of "
            f"{wanted:g}; margins contradict each other, or too few respondents are in some combination: "
            "merge categories"
        )
    factor = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    return Weighting(coded.start * factor[cell], iterations, distance, coded.without, coded.rescaled)


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


@dataclass(frozen=True)
class _Held:
    """A margin over the combinations of categories: `code` (combinations,), which is len(`target`) without one."""

    code: Ints
    target: Floats
    open: bool

    def totals(self, weights: Floats) -> Floats:
        """(categories,) what the combinations weigh."""
        return sum_by(self.code, weights, len(self.target) + 1)[: len(self.target)]

    def wanted(self, totals: Floats) -> Floats:
        """(categories,) what they should weigh: the target, or its shares of what those with a category weigh."""
        return self.target / self.target.sum() * totals.sum() if self.open else self.target

    def factors(self, totals: Floats) -> Floats:
        """(categories + 1,) from totals to what is wanted; 1 for those without a category."""
        wanted = self.wanted(totals)
        return np.append(np.divide(wanted, totals, out=np.zeros_like(wanted), where=totals > 0), 1.0)


def _cells(margins: tuple[CodedMargin, ...]) -> tuple[Ints, list[_Held]]:
    """Combination of categories of each respondent, and each margin over the combinations."""
    key = np.zeros(len(margins[0].code), np.int64)
    for margin in margins:
        levels = len(margin.categories) + 1
        key = key * levels + np.where(margin.code < 0, levels - 1, margin.code)
    cell, keys = compact(key)
    held: list[_Held] = []
    for margin in reversed(margins):
        levels = len(margin.categories) + 1
        held.insert(0, _Held(keys % levels, margin.target, bool((margin.code < 0).any())))
        keys = keys // levels
    return cell, held


def _fit(
    start: Floats, margins: list[_Held], tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    """Fit cell weights to the margins; the rounds taken and the largest relative distance left.

    The factors of an open margin are found anew in each round, from the weights as the other margins leave them: found
    on top of its own of the round before, they would depend on the order of the margins.
    """
    fitted = start.copy()
    own = [np.ones(len(margin.target) + 1) for margin in margins]
    distance, rounds = np.inf, 0
    while distance > tolerance and rounds < max_iterations:
        rounds += 1
        for place, margin in enumerate(margins):
            if margin.open:
                fitted /= own[place][margin.code]
                own[place] = margin.factors(margin.totals(fitted))
                fitted *= own[place][margin.code]
            else:
                fitted *= margin.factors(margin.totals(fitted))[margin.code]
        if all(margin.open for margin in margins):
            fitted *= margins[0].target.sum() / fitted.sum()
        distance = max(_distances(fitted, margin).max() for margin in margins)
    return fitted, rounds, float(distance)


def _distances(fitted: Floats, margin: _Held) -> Floats:
    totals = margin.totals(fitted)
    wanted = margin.wanted(totals)
    return np.divide(np.abs(totals - wanted), wanted, out=np.zeros_like(wanted), where=wanted > 0)


def _worst(
    fitted: Floats, held: list[_Held], margins: tuple[CodedMargin, ...]
) -> tuple[str, str, float, float]:
    """The category furthest from its target: margin, category, weighted total, target."""
    distances = [_distances(fitted, margin) for margin in held]
    worst = int(np.argmax([part.max() for part in distances]))
    category = int(np.argmax(distances[worst]))
    totals = held[worst].totals(fitted)
    wanted = held[worst].wanted(totals)
    return (
        margins[worst].name,
        margins[worst].categories[category],
        float(totals[category]),
        float(wanted[category]),
    )
