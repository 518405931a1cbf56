"""Scores of weighted means, ratios and totals: what one more respondent would add to the estimate.

The variance of an estimate is that of the total of its scores over sampling units (see `variance`).
"""

from __future__ import annotations

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.estimates.design.grouping import compact
from groundswell.estimates.design.units import Units
from groundswell.estimates.sums.cells import Cells
from groundswell.estimates.variance.moments import Moments
from groundswell.estimates.variance.taylor import Scores

_ROUNDING = 1e-13
"""A difference of squares this small next to them is rounding error."""


def mean_scores(cells: Cells) -> tuple[Scores, Floats]:
    """Scores of the ratios sum(w y) / sum(w), and those ratios (domains, items); NaN without an answer."""
    weight, sum_y = cells.by_domain(cells.w), cells.by_domain(cells.wy)
    ratio = np.divide(sum_y, weight, out=np.full(weight.shape, np.nan), where=weight != 0)
    known = np.nan_to_num(ratio)
    scale = np.where(weight != 0, weight, 1.0)
    value = (cells.wy - known[cells.domain] * cells.w) / scale[cells.domain]
    if cells.calibration is not None:
        return _residuals(cells, value, known, scale), ratio
    square, cross = _second_moments(cells, known, scale)
    return Scores(cells.domain, cells.unit, value, len(cells.domains), square, cross, cells.n > 0), ratio


def total_scores(cells: Cells) -> tuple[Scores, Floats]:
    """Scores of the totals sum(w y), and those totals (domains, items)."""
    totals = cells.by_domain(cells.wy)
    zero, one = np.zeros_like(totals), np.ones_like(totals)
    if cells.calibration is not None:
        return _residuals(cells, cells.wy, zero, one), totals
    square, cross = _second_moments(cells, zero, one)
    scores = Scores(cells.domain, cells.unit, cells.wy, len(cells.domains), square, cross, cells.n > 0)
    return scores, totals


def moments_of(
    cells: Cells, units: Units, estimate: Floats, variance: Floats, scale: Floats | float = 1.0
) -> Moments:
    """Gather what the table of estimates needs; an estimate without a valid answer is NaN."""
    n = cells.by_domain(cells.n.astype(np.float64)).astype(np.int64)
    squares = cells.wy if cells.wyy is None else cells.wyy
    w, w2, wyy = (cells.by_domain(part) for part in (cells.w, cells.w2, squares))
    known = np.where(n > 0, variance.reshape(n.shape), np.nan)
    return Moments(n, w, w2, wyy, estimate, known, degrees_of_freedom(cells, units), scale)


def degrees_of_freedom(cells: Cells, units: Units) -> Floats:
    """(domains, items) sampling units less strata among those with a valid answer of weight above zero."""
    answered = cells.n > 0
    strata = _met(cells, units.stratum[:, 0], answered)
    if (units.count > 1).any():
        return cells.by_domain(cells.n.astype(np.float64)) - strata
    return _met(cells, units.cluster[:, 0], answered) - strata


def _met(cells: Cells, codes: Ints, answered: Flags) -> Floats:
    """(domains, items) how many of the units' codes (clusters, strata) anyone answered in."""
    width = int(codes.max(initial=0)) + 1
    pair, keys = compact(cells.domain * width + codes[cells.unit])
    counts = []
    for item in answered.T:
        met = np.zeros(len(keys), dtype=bool)
        met[pair[item]] = True
        counts.append(np.bincount(keys[met] // width, minlength=len(cells.domains)).astype(np.float64))
    return np.column_stack(counts)


def _residuals(cells: Cells, value: Floats, ratio: Floats, scale: Floats) -> Scores:
    """Scores less their prediction from what the weights were calibrated to: every unit, one domain."""
    assert cells.calibration is not None
    unit_x = cells.calibration.unit_x
    domains, items = ratio.shape
    dense = np.zeros((len(unit_x), domains, items))
    np.add.at(dense, (cells.unit, cells.domain), value)
    residual = dense.reshape(len(unit_x), -1) - unit_x @ cells.calibration.slopes(ratio, scale)
    return Scores(np.zeros(len(unit_x), np.int64), np.arange(len(unit_x)), residual, 1)


def _second_moments(cells: Cells, ratio: Floats, scale: Floats) -> tuple[Floats | None, Floats | None]:
    """Sums of squared scores and of their products, where unit rows stand for many respondents."""
    if cells.second is None:
        return None, None
    r, s = ratio[cells.domain], scale[cells.domain]
    ww, wwy, wwyy = np.moveaxis(cells.second, 2, 0)
    square = (wwyy - 2 * r * wwy + r**2 * ww) / s**2
    square[np.abs(square) * s**2 < _ROUNDING * (wwyy + r**2 * ww)] = 0.0
    if cells.cross is None:
        return square, None
    items = ratio.shape[1]
    cross = np.zeros((len(r), items, items))
    corner = cells.cross[:, :items, :items], cells.cross[:, :items, items:], cells.cross[:, items:, items:]
    cross += corner[2] - r[:, :, None] * corner[1] - np.swapaxes(corner[1], 1, 2) * r[:, None, :]
    cross += r[:, :, None] * corner[0] * r[:, None, :]
    return square, cross / (s[:, :, None] * s[:, None, :])
