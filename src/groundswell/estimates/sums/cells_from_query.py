"""The rows that a `SumPlan` gives, from one query or from many parts of a file -> `Cells` and `Units`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.estimates.design.units import Units, inverse_fractions, units_of
from groundswell.estimates.sums.cells import Cells, domains_of
from groundswell.estimates.sums.sum_query import COUNT, SumPlan
from groundswell.waves.respondents.sql import identifier


def add_sums(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Sums of several parts of a file, added where their keys are the same."""
    if len(parts) == 1:
        return parts[0]
    stacked = pd.concat(parts, ignore_index=True)
    keys = [name for name in stacked.columns if name.startswith("k")]
    if not keys:
        return stacked.sum().to_frame().T
    return stacked.groupby(keys, dropna=False, sort=False, as_index=False).sum()


def cells_of_sums(sums: pd.DataFrame, plan: SumPlan) -> tuple[Cells, Units]:
    """The plan's sums as cells and units; rows outside every domain stay units and are not cells.

    Raises: InputError as `units_of`.
    """
    units, unit = units_of_sums(sums, plan)
    key = {key: f"k{place}" for place, key in enumerate(plan.keys)}
    by = pd.DataFrame({name: sums[key[category]] for name, category in plan.by.items()}, index=sums.index)
    domain, domains = domains_of(by, list(plan.by))
    kept = domain >= 0
    return build_cells(sums[kept], plan, units, unit[kept], domain[kept], domains), units


def units_of_sums(sums: pd.DataFrame, plan: SumPlan) -> tuple[Units, Ints]:
    """The design's units and the unit of each row of sums.

    Raises: InputError as `units_of`.
    """
    design = plan.design
    key = {key: f"k{place}" for place, key in enumerate(plan.keys)}
    frame = pd.DataFrame(
        {name: sums[key[identifier(name)]] for name in design.unit_columns}, index=sums.index
    )
    if not plan.respondents_are_units:
        return units_of(frame, design)
    frame[COUNT] = sums[COUNT]
    names = list(design.unit_columns)
    if not names:
        whole = pd.DataFrame({COUNT: [int(frame[COUNT].sum())]})
        return units_of(whole, design, count=COUNT)[0], np.zeros(len(sums), np.int64)
    strata = frame.groupby(names, sort=False, dropna=False)[COUNT].sum().reset_index()
    row = frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy(np.int64)
    units, unit = units_of(strata, design, count=COUNT)
    return units, unit[row]


def build_cells(
    sums: pd.DataFrame, plan: SumPlan, units: Units, unit: Ints, domain: Ints, domains: pd.DataFrame
) -> Cells:
    """Cells from rows of sums whose unit and domain are known."""
    items = range(len(plan.items))
    scale = np.ones(len(sums)) if plan.design.weights else inverse_fractions(units)[unit]

    def column(name: str, power: int = 1) -> Floats:
        return sums[name].to_numpy(np.float64, na_value=0.0) * scale**power

    def columns(name: str, power: int = 1) -> Floats:
        return np.nan_to_num(np.column_stack([column(f"{name}{place}", power) for place in items]))

    w2, wy, wyy, second = columns("ww", 2), columns("wy"), None, None
    if any(item.category is None for item in plan.items):
        wyy = np.nan_to_num(
            np.column_stack(
                [
                    column(f"wyy{place}" if plan.items[place].category is None else f"wy{place}")
                    for place in items
                ]
            )
        )
    if plan.respondents_are_units:
        second = np.stack([w2, columns("wwy", 2), columns("wwyy", 2)], axis=2)
    return Cells(
        domains=domains,
        items=plan.items,
        domain=domain,
        unit=unit,
        n=np.column_stack([sums[f"n{place}"].to_numpy(np.int64) for place in items]),
        w=columns("w"),
        w2=w2,
        wy=wy,
        wyy=wyy,
        second=second,
        cross=_cross(plan, column) if plan.products else None,
    )


def _cross(plan: SumPlan, column: object) -> Floats:
    """(C, 2K, 2K) sums of products, mirrored from the half that was summed."""
    assert callable(column)
    size = 2 * len(plan.items)
    rows = [np.nan_to_num(column(f"p{max(r, c)}_{min(r, c)}", 2)) for r in range(size) for c in range(size)]
    return np.column_stack(rows).reshape(-1, size, size)
