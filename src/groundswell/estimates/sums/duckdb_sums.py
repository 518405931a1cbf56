"""Respondents of any number -> `Cells` and `Units`, through DuckDB and out of core.

The file is read once, in parallel and in pieces; memory is bounded by a setting and not by the file. What
comes back is one row for each domain within each sampling unit, and all that follows is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.units import Units, inverse_fractions, units_of
from groundswell.estimates.design.weights import WeightsSeen
from groundswell.estimates.sums.cells import Cells, domains_of
from groundswell.estimates.sums.plan import COUNT, SumPlan
from groundswell.estimates.sums.progress import watched
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, identifier, literal, sql


def sum_respondents(
    respondents: Respondents, plan: SumPlan, *, memory: str | None = None, threads: int | None = None
) -> pd.DataFrame:
    """The plan's sums, one row a domain and unit: the keys `k0` …, the number of respondents, and the sums.

    `memory` bounds DuckDB (for example "512MB"); what does not fit is kept in a temporary folder meanwhile.

    Raises: InputError for weights that are text, missing, negative or all zero, and where memory does not
    suffice.
    """
    respondents.bound(memory=memory, threads=threads)
    check_weight_column(respondents, plan)
    try:
        return watched(respondents.connection, plan.query(respondents.scan))
    except duckdb.OutOfMemoryException as error:
        raise InputError(
            f"`memory=` of {memory} does not hold the sums of `{respondents.codebook.file}`: allow more "
            "(they need about 100 bytes for each domain in each sampling unit)"
        ) from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"`{respondents.codebook.file}` cannot be summed: {reason}") from error


def check_weight_column(respondents: Respondents, plan: SumPlan) -> None:
    """Look at every weight before any is used.

    Raises: InputError as `WeightsSeen.check`; or codes with labels, and a wave without a respondent.
    """
    column = plan.design.weights
    if column is None:
        return
    name, variable = identifier(column), respondents.codebook[column]
    w = sql("CAST({name} AS DOUBLE)", name=name)
    if variable.kind != "number":
        unread = sql("ORDER BY TRY_CAST(CAST(w AS VARCHAR) AS DOUBLE) IS NOT NULL, row")
        text = _first(respondents, plan, name, sql("w IS NOT NULL"), unread)
        WeightsSeen(
            column=column,
            rows=respondents.codebook.rows,
            text=None if text is None else (str(text[0]), text[1]),
            highest=inf,
        ).check()
        w = sql("TRY_CAST(CAST({name} AS VARCHAR) AS DOUBLE)", name=name)
    _check_no_codes(respondents, plan, column)
    rows, sound, highest = respondents.row(
        "SELECT count(*), count(*) FILTER (isfinite({w}) AND {w} >= 0), max({w}) FROM {respondents} WHERE {where}",
        w=w,
        where=plan.where,
    )
    if rows == 0:
        raise InputError(f"`{respondents.codebook.file}` has no respondent in this wave: check `rows`")
    fault = sql("(w IS NULL OR NOT isfinite(w) OR w < 0)")
    wrong = _first(respondents, plan, w, fault, sql("ORDER BY row")) if sound < rows else None
    WeightsSeen(column=column, rows=rows, wrong=wrong, many=rows - sound, highest=float(highest or 0)).check()


def _check_no_codes(respondents: Respondents, plan: SumPlan, column: str) -> None:
    """A column all of whose numbers are codes with labels holds answers."""
    labels = respondents.codebook[column].labels or {}
    codes = [literal(code) for code in labels if not isinstance(code, str)]
    if len(labels) < 2 or not codes:
        return
    others = respondents.rows(
        "SELECT 1 FROM {respondents} WHERE {where} AND {w} NOT IN ({codes}) LIMIT 1",
        where=plan.where,
        w=identifier(column),
        codes=codes,
    )
    if not others:
        code, label = next(iter(labels.items()))
        raise InputError(
            f"`{column}` (the weights) holds codes with labels ({code} “{label}”), so it is not a column of "
            "weights: name another"
        )


def _first(respondents: Respondents, plan: SumPlan, w: Sql, fault: Sql, order: Sql) -> tuple[Any, int] | None:
    """The first weight of the wave with a fault, in an order of rows, and its row in the file."""
    respondents.keep_order()
    faulty = respondents.rows(
        "SELECT w, row FROM (SELECT {w} AS w, row_number() OVER () AS row, {where} AS here FROM {respondents}) "
        "WHERE here AND {fault} {order} LIMIT 1",
        w=w,
        where=plan.where,
        fault=fault,
        order=order,
    )
    return (faulty[0][0], int(faulty[0][1])) if faulty else None


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
