"""A `SumPlan` run in DuckDB, out of core, over respondents of any number, whose weights are looked at before.

The file is read once, in parallel and in pieces; memory is bounded by a setting and not by the file. What
comes back is one row for each domain within each sampling unit, and all that follows is small.
"""

from __future__ import annotations

from math import inf
from typing import Any

import duckdb
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.units import missing_unit, no_population
from groundswell.estimates.design.weights import WeightsSeen
from groundswell.estimates.sums.progress import watched
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.layouts.file_rows import RowName
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, identifier, literal, sql


def sum_respondents(
    respondents: Respondents, plan: SumPlan, *, memory: str | None = None, threads: int | None = None
) -> pd.DataFrame:
    """The plan's sums, one row a domain and unit: the keys `k0` …, the number of respondents, and the sums.

    `memory` bounds DuckDB (for example "512MB"); what does not fit is kept in a temporary folder meanwhile.

    Raises: InputError as `check_design_columns`, and where memory does not suffice.
    """
    respondents.bound(memory=memory, threads=threads)
    try:
        check_design_columns(respondents, plan)
        return watched(respondents.connection, plan.query(respondents.scan))
    except duckdb.OutOfMemoryException as error:
        raise InputError(
            f"`memory=` of {memory} does not hold the sums of `{respondents.codebook.file}`: allow more "
            "(they need about 100 bytes for each domain in each sampling unit)"
        ) from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"`{respondents.codebook.file}` cannot be summed: {reason}") from error


def check_design_columns(respondents: Respondents, plan: SumPlan) -> None:
    """Look at every weight, stratum, unit and population size before any is used, where the row of a fault is known.

    Raises: InputError as `WeightsSeen.check`, `missing_unit` and `no_population`; or codes with labels, and a wave
    without a respondent.
    """
    _check_weights(respondents, plan)
    design = plan.design
    roles = dict.fromkeys(design.strata, "stratum") | dict.fromkeys(design.psu, "sampling unit")
    for column, role in roles.items():
        if found := _faulty(respondents, plan, identifier(column), sql("w IS NULL")):
            raise missing_unit(column, role, found[1], found[2])
    for column in design.fpc:
        cell = sql("CAST({name} AS VARCHAR)", name=identifier(column))
        if found := _faulty(respondents, plan, cell, sql("NOT coalesce(TRY_CAST(w AS DOUBLE) > 0, false)")):
            raise no_population(column, found[0], found[1])


def _faulty(respondents: Respondents, plan: SumPlan, w: Sql, fault: Sql) -> tuple[Any, RowName, int] | None:
    """The first cell of the wave with a fault, its row, and how many there are."""
    (many,) = respondents.row(
        "SELECT count(*) FILTER ({fault}) FROM (SELECT {w} AS w FROM {respondents} WHERE {where})",
        fault=fault,
        w=w,
        where=plan.where,
    )
    first = _first(respondents, plan, w, fault, sql("ORDER BY row")) if many else None
    return None if first is None else (*first, int(many))


def _check_weights(respondents: Respondents, plan: SumPlan) -> None:
    """Refuse what cannot be weights."""
    column = plan.design.weights
    if column is None:
        return
    name, variable = identifier(column), respondents.codebook[column]
    w = sql("CAST({name} AS DOUBLE)", name=name)
    if variable.kind != "number":
        # what no decimal sign makes a number comes first: the others may be meant by a sign that is stated
        unread = sql(
            "ORDER BY TRY_CAST(replace(CAST(w AS VARCHAR), ',', '.') AS DOUBLE) IS NOT NULL, "
            "TRY_CAST(CAST(w AS VARCHAR) AS DOUBLE) IS NOT NULL, row"
        )
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


def _first(
    respondents: Respondents, plan: SumPlan, w: Sql, fault: Sql, order: Sql
) -> tuple[Any, RowName] | None:
    """The first weight of the wave with a fault, in an order of rows, and its row."""
    respondents.keep_order()
    faulty = respondents.rows(
        "SELECT w, row FROM (SELECT {w} AS w, row_number() OVER () AS row, {where} AS here FROM {respondents}) "
        "WHERE here AND {fault} {order} LIMIT 1",
        w=w,
        where=plan.where,
        fault=fault,
        order=order,
    )
    return (faulty[0][0], respondents.places.name(int(faulty[0][1]))) if faulty else None
