"""A table in memory as respondents, as if it had been read from a file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd

from groundswell.waves.respondents.codebook import Codebook, Kind, Variable
from groundswell.waves.respondents.layouts.layout import AS_FOUND
from groundswell.waves.respondents.reader import Respondents, loaded
from groundswell.waves.respondents.sets.found import sets_of
from groundswell.waves.respondents.statistical.statistical import column_kind

ROW = "groundswell_row"
"""A column that every table gets, since DuckDB takes none without a column."""


def in_memory(table: pd.DataFrame) -> Respondents:
    """The rows of a table in their order, with the codebook that its names and types make.

    Columns of objects that are no texts, numbers or lists are left out, and those that differ in capitals only, which
    SQL does not tell apart.
    """
    named = table.set_axis(list(map(str, table.columns)), axis="columns").assign(
        **{ROW: np.arange(len(table))}
    )
    many = Counter(name.casefold() for name in named.columns)
    named = named.loc[:, [many[name.casefold()] == 1 for name in named.columns]]
    objects = [name for name in named.columns if named[name].dtype == object]
    named = named.assign(**{name: named[name].convert_dtypes() for name in objects})
    readable = named.loc[:, [_is_readable(named[name]) for name in named.columns]]
    variables = {name: Variable(name, _held_kind(readable[name])) for name in readable.columns if name != ROW}
    respondents = loaded(readable.reset_index(drop=True), Codebook("table", len(table), variables))
    sets = sets_of(respondents.codebook, respondents.rows, AS_FOUND)
    return replace(respondents, codebook=replace(respondents.codebook, sets=sets))


def _is_readable(column: pd.Series) -> bool:
    """Whether DuckDB reads a column of a table: objects of other kinds than texts and lists it may not."""
    return column.dtype != object or all(
        isinstance(cell, str | list | tuple | np.ndarray) for cell in column[column.notna()]
    )


def _held_kind(column: pd.Series) -> Kind:
    """As `column_kind`; objects that are no text are lists."""
    first = next(iter(column[column.notna()]), "") if column.dtype == object else ""
    return column_kind(column) if isinstance(first, str) else "list"
