"""Sufficient sums: all that shares, means and their linearised variance need to know of the respondents.

One cell is a domain (a combination of the `by` columns) within a sampling unit. Sums over the respondents of
a cell can be made anywhere (here, in a database, in parts) and added; nothing after this file looks at a
respondent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.grouping import compact, sum_by
from groundswell.estimates.design.units import Units, units_of, weights_of
from groundswell.estimates.sums.calibrated import CalibrationSums, calibration_sums
from groundswell.estimates.sums.items import Item, answers


@dataclass(frozen=True)
class Cells:
    """Sums by domain and unit; C cells, K items, D domains. A pair of domain and unit may repeat: sums add.

    Attributes:
        domains: one row a domain with the `by` columns (one row without columns where there are none).
        items: what was summed.
        domain, unit: (C,) rows of `domains` and of `Units`.
        n: (C, K) respondents with a weight above zero and a valid answer.
        w, w2, wy: (C, K) sums over those of the weight, its square, and weight times y.
        wyy: (C, K) sums of weight times y squared; None where every item is a category, since y squared is
            then y.
        second: (C, K, 3) sums of w w, w w y, w w y y; needed where a unit row stands for many respondents.
        cross: (C, 2K, 2K) sums of products of (w, …, w y, …) where valid; needed with `second` for a
            covariance.
        calibration: what residual scores need, where the weights were calibrated.
    """

    domains: pd.DataFrame
    items: tuple[Item, ...]
    domain: Ints
    unit: Ints
    n: Ints
    w: Floats
    w2: Floats
    wy: Floats
    wyy: Floats | None = None
    second: Floats | None = None
    cross: Floats | None = None
    calibration: CalibrationSums | None = None

    def by_domain(self, sums: Floats) -> Floats:
        """(D, K) sums over the cells of each domain."""
        return sum_by(self.domain, sums, len(self.domains))


def domains_of(respondents: pd.DataFrame, by: Sequence[str]) -> tuple[Ints, pd.DataFrame]:
    """The domain of each respondent (-1 where a `by` column is empty), and the domains in rising order."""
    code = np.zeros(len(respondents), np.int64)
    outside = np.zeros(len(respondents), dtype=bool)
    levels: list[tuple[str, pd.Index]] = []
    for name in by:
        part, categories = pd.factorize(respondents[name], sort=True)
        outside |= part < 0
        code = code * max(len(categories), 1) + part
        levels.append((name, pd.Index(categories)))
    domain = np.full(len(respondents), -1, np.int64)
    domain[~outside], keys = compact(code[~outside])
    columns: dict[str, pd.Index] = {}
    for name, categories in reversed(levels):
        columns[name] = categories.take(keys % len(categories))
        keys = keys // len(categories)
    return domain, pd.DataFrame({name: columns[name] for name in by}, index=pd.RangeIndex(len(keys)))


def cells_of(
    respondents: pd.DataFrame, design: Design, items: Sequence[Item], by: Sequence[str] = ()
) -> tuple[Cells, Units]:
    """Sum a table of respondents into cells, and list the design's units.

    Raises:
        InputError: as `units_of`, `check_weights` and `answers`; or a table without respondents.
    """
    if respondents.empty:
        raise InputError("the table of respondents has no rows: there is nothing to estimate")
    units, unit = units_of(respondents, design)
    weights = weights_of(respondents, design, units, unit)
    domain, domains = domains_of(respondents, by)
    y = np.column_stack([answers(respondents, item) for item in items])
    calibration = None
    if design.calibrated:
        calibration = calibration_sums(
            respondents, design, weights, unit, len(units.count), domain, len(domains), y
        )
    return sum_cells(domains, tuple(items), domain, unit, weights, y, calibration), units


def sum_cells(
    domains: pd.DataFrame,
    items: tuple[Item, ...],
    domain: Ints,
    unit: Ints,
    weights: Floats,
    y: Floats,
    calibration: CalibrationSums | None = None,
) -> Cells:
    """Add up arrays by respondent; `domain` is -1 outside, `y` (respondents, items) is NaN where missing."""
    kept = (domain >= 0) & (weights > 0)
    domain, unit, weights, y = domain[kept], unit[kept], weights[kept], y[kept]
    units = int(unit.max(initial=0)) + 1
    cell, keys = compact(domain * units + unit)
    valid = np.isfinite(y)
    filled = np.where(valid, y, 0.0)

    def total(values: Floats) -> Floats:
        return sum_by(cell, values, len(keys))

    w = np.where(valid, weights[:, None], 0.0)
    return Cells(
        domains=domains,
        items=items,
        domain=keys // units,
        unit=keys % units,
        n=total(valid.astype(np.float64)).astype(np.int64),
        w=total(w),
        w2=total(w * w),
        wy=total(w * filled),
        wyy=None if all(item.category is not None for item in items) else total(w * filled * filled),
        calibration=calibration,
    )
