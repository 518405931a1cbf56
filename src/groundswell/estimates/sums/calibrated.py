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
from groundswell.errors import InputError
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.grouping import sum_by
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


def design_matrix(respondents: pd.DataFrame, design: Design, calibrated: Floats) -> Floats:
    """(respondents, p) what was calibrated to: an indicator a category, numbers.

    The number of people is held by any margin, whose indicators add up to 1, and by nothing else: a constant next to
    numbers alone would take variance away that the weights do not.

    A respondent without a category of a margin counts in each by its share of the calibrated weights, which is the
    population's among those with one (`other_margins` of `rake`).

    Raises:
        InputError: nobody with a weight has a category of a margin.
    """
    columns: list[Floats] = []
    for margin in design.margins:
        code = _codes(respondents, (margin,) if isinstance(margin, str) else margin)
        member = (code[:, None] == np.unique(code[code >= 0])[None, :]).astype(np.float64)
        if (code < 0).any():
            totals = calibrated @ member
            if not totals.sum() > 0:
                raise InputError(
                    f"`margins=` names `{margin}`, of which nobody with a weight has a category: name the columns "
                    "that the weights were calibrated to"
                )
            member[code < 0] = totals / totals.sum()
        columns.append(member)
    columns += [numbers(respondents, name)[:, None] for name in design.auxiliaries]
    return np.hstack(columns)


def _codes(respondents: pd.DataFrame, columns: tuple[str, ...]) -> Ints:
    """Code of each respondent's combination of the columns; -1 where one is missing."""
    code = np.zeros(len(respondents), np.int64)
    without = np.zeros(len(respondents), dtype=bool)
    for name in columns:
        part, categories = pd.factorize(respondents[name])
        without |= part < 0
        code = code * (len(categories) + 1) + part
    return np.where(without, -1, code)


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
    base = check_weights(respondents, str(design.base_weights))
    calibrated = (
        check_weights(respondents, design.calibrated_weights) if design.calibrated_weights else weights
    )
    x = design_matrix(respondents, design, calibrated)
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
