"""The variance of calibrated weights: that of residuals from the variables calibrated to.

Calibration makes the weighted totals of some variables x exact, so only what x cannot predict of an
estimate's scores still varies from sample to sample. Scores are regressed on x with the weights before
calibration, and the residuals are multiplied by the calibrated weights. Weights trimmed after calibration
keep the calibration's residuals.

Reference: Deville & Särndal 1992, Calibration estimators in survey sampling, JASA 87 (their equation 3.4 with
g-weighted residuals); the same as `calibrate` and `postStratify` in R's survey. R's `rake` regresses without
weights instead, which agrees where the base weights are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.grouping import sum_by
from groundswell.estimates.design.units import codes_of
from groundswell.estimates.design.weights import check_weights

if TYPE_CHECKING:
    from groundswell.estimates.design.design import Design


@dataclass(frozen=True)
class CalibrationSums:
    """Sums over respondents that residual scores need; x has p columns.

    Attributes:
        unit_x: (units, p) sums of the calibrated weight times x.
        inverse: (p, p) inverse (generalised) of the sums of base weight times x x'.
        cross_w, cross_wy: (domains, items, p) sums of base weight times x over valid answers, and of that
            times y.
    """

    unit_x: Floats
    inverse: Floats
    cross_w: Floats
    cross_wy: Floats

    def slopes(self, ratio: Floats, scale: Floats) -> Floats:
        """(p, domains x items) regression coefficients of the scores (y - ratio) / scale on x."""
        cross = (self.cross_wy - ratio[:, :, None] * self.cross_w) / scale[:, :, None]
        return self.inverse @ cross.reshape(-1, cross.shape[2]).T


def design_matrix(respondents: pd.DataFrame, design: Design) -> Floats:
    """(respondents, p) what was calibrated to: a constant, an indicator a category, numbers."""
    columns = [np.ones((len(respondents), 1))]
    for margin in design.margins:
        code = np.zeros(len(respondents), np.int64)
        for name in (margin,) if isinstance(margin, str) else margin:
            part = codes_of(respondents, name, "margin")
            code = code * (int(part.max()) + 1) + part
        columns.append((code[:, None] == np.unique(code)[None, :]).astype(np.float64))
    columns += [numbers(respondents, name)[:, None] for name in design.auxiliaries]
    return np.hstack(columns)


def calibration_sums(
    respondents: pd.DataFrame,
    design: Design,
    weights: Floats,
    unit: Ints,
    units: int,
    domain: Ints,
    domains: int,
    y: Floats,
) -> CalibrationSums:
    """The sums; `domain` is -1 outside every domain, `y` (respondents, items) is NaN where missing."""
    x = design_matrix(respondents, design)
    base = check_weights(respondents, str(design.base_weights))
    calibrated = (
        check_weights(respondents, design.calibrated_weights) if design.calibrated_weights else weights
    )
    trimmed = np.divide(weights, calibrated, out=np.zeros_like(weights), where=calibrated > 0)
    root = np.sqrt(base)[:, None] * x
    scale = np.sqrt((root**2).sum(axis=0))
    gram = (root / scale).T @ (root / scale)
    inverse = np.linalg.pinv(gram, rcond=1e-10, hermitian=True) / np.outer(scale, scale)
    valid = np.isfinite(y) & ((domain >= 0) & (weights > 0))[:, None]
    filled = np.where(valid, y, 0.0)
    shape = (domains, y.shape[1], x.shape[1])
    cross_w, cross_wy = np.empty(shape), np.empty(shape)
    place = np.maximum(domain, 0)
    for column in range(x.shape[1]):
        part = base * trimmed * x[:, column]
        for item in range(y.shape[1]):
            cross_w[:, item, column] = sum_by(place, part * valid[:, item], domains)
            cross_wy[:, item, column] = sum_by(place, part * filled[:, item], domains)
    unit_x = sum_by(unit, calibrated[:, None] * x, units)
    return CalibrationSums(unit_x, inverse, cross_w, cross_wy)
