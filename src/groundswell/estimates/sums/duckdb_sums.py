"""Respondents of any number -> `Cells` and `Units`, through DuckDB and out of core.

The file is read once, in parallel and in pieces; memory is bounded by a setting and not by the file. What
comes back is one row for each domain within each sampling unit, and all that follows is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.units import Units, inverse_fractions, units_of
from groundswell.estimates.sums.cells import Cells, domains_of
from groundswell.estimates.sums.plan import COUNT, SumPlan
from groundswell.estimates.sums.progress import watched
from groundswell.waves.respondents.reader import Respondents, literal, quoted

WEIGHT_FAULT = "CASE WHEN {w} IS NULL OR isnan({w}) THEN 'missing' WHEN {w} < 0 THEN 'negative' END"


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
            f"`memory` of {memory} does not hold the sums of `{respondents.codebook.file}`: allow more "
            "(they need about 100 bytes for each domain in each sampling unit)"
        ) from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"`{respondents.codebook.file}` cannot be summed: {reason}") from error


def check_weight_column(respondents: Respondents, plan: SumPlan) -> None:
    """Look at every weight before any is used.

    Raises: InputError for text (decimal commas are named as such), missing, negative and all-zero weights.
    """
    column = plan.design.weights
    if column is None:
        return
    w, rows_of_wave = quoted(column), f"FROM {respondents.scan} WHERE {plan.where}"
    if respondents.codebook[column].kind != "number":
        found = respondents.connection.execute(
            f"SELECT {w} {rows_of_wave} AND {w} IS NOT NULL LIMIT 1"
        ).fetchone()
        got = "" if found is None else str(found[0])
        way = "write a decimal point for the decimal comma" if "," in got else "store the weights as numbers"
        raise InputError(f"`{column}` (the weights) holds text, for example `{got}`: {way}")
    labels = respondents.codebook[column].labels or {}
    if len(labels) > 1:
        coded = ", ".join(literal(code) for code in labels if not isinstance(code, str))
        other = respondents.connection.execute(f"SELECT 1 {rows_of_wave} AND {w} NOT IN ({coded}) LIMIT 1")
        if coded and other.fetchone() is None:
            first = next(iter(labels.items()))
            raise InputError(
                f"`{column}` holds codes with labels ({first[0]} “{first[1]}”), so it is no column of weights: "
                "name another"
            )
    known = f"count(*) FILTER ({w} IS NOT NULL AND NOT isnan({w}))"
    looked = respondents.connection.execute(f"SELECT count(*), {known}, min({w}), max({w}) {rows_of_wave}")
    rows, present, low, high = looked.fetchall()[0]
    if rows == 0:
        raise InputError(f"`{respondents.codebook.file}` has no respondent in this wave: check `rows`")
    if present < rows or low < 0:
        raise InputError(_weight_fault(respondents, plan, column))
    if not high > 0:
        raise InputError(f"`{column}` (the weights) is zero for every respondent: name another column")


def _weight_fault(respondents: Respondents, plan: SumPlan, column: str) -> str:
    """Which weight is wrong, in which row of the file."""
    fault = WEIGHT_FAULT.format(w=quoted(column))
    columns = f"row_number() OVER () AS row, {fault} AS fault, {plan.where} AS here"
    numbered = f"SELECT {columns} FROM {respondents.scan}"  # noqa: S608
    respondents.connection.execute("SET preserve_insertion_order = true")
    many, row, what = respondents.connection.execute(
        "SELECT count(*), min(row), arg_min(fault, row) "  # noqa: S608
        f"FROM ({numbered}) WHERE here AND fault IS NOT NULL"
    ).fetchall()[0]
    respondents.connection.execute("SET preserve_insertion_order = false")
    return (
        f"`{column}` (the weights) is {what} in row {row} and {many - 1} more: every respondent needs a "
        "weight of zero or above; zero leaves a respondent out"
    )


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
    """The plan's sums as cells and units; rows outside every domain stay units and are no cells.

    Raises: InputError as `units_of`.
    """
    units, unit = units_of_sums(sums, plan)
    key = {sql: f"k{place}" for place, sql in enumerate(plan.keys)}
    by = pd.DataFrame({name: sums[key[sql]] for name, sql in plan.by.items()}, index=sums.index)
    domain, domains = domains_of(by, list(plan.by))
    kept = domain >= 0
    return build_cells(sums[kept], plan, units, unit[kept], domain[kept], domains), units


def units_of_sums(sums: pd.DataFrame, plan: SumPlan) -> tuple[Units, Ints]:
    """The design's units and the unit of each row of sums.

    Raises: InputError as `units_of`.
    """
    design = plan.design
    place = {sql: f"k{at}" for at, sql in enumerate(plan.keys)}
    frame = pd.DataFrame({name: sums[place[quoted(name)]] for name in design.unit_columns}, index=sums.index)
    drawn = replace(design, weights=None, lonely_psu="fail")
    if not plan.respondents_are_units:
        return units_of(frame, drawn)
    frame[COUNT] = sums[COUNT]
    names = list(design.unit_columns)
    if not names:
        whole = pd.DataFrame({COUNT: [int(frame[COUNT].sum())]})
        return units_of(whole, drawn, count=COUNT)[0], np.zeros(len(sums), np.int64)
    strata = frame.groupby(names, sort=False, dropna=False)[COUNT].sum().reset_index()
    row = frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy(np.int64)
    units, unit = units_of(strata, drawn, count=COUNT)
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


def linearised_design(design: Design) -> bool:
    """Whether sums suffice: replicate and calibrated weights need the respondents themselves."""
    return not design.replicates and not design.calibrated
