"""Rows of somebody with each column as what its cells are: the last step of reading a text file or a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from groundswell.waves.respondents.layouts.layout import LayoutName, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, identifier, sql
from groundswell.waves.respondents.text.nobody_rows import Somebody, passing, tests_of_qualtrics
from groundswell.waves.respondents.text.text_columns import text_columns


@dataclass(frozen=True)
class ReadCells:
    """The rows, to stand after FROM, what is to be said of them, and the decimal sign of their numbers.

    `tests` are those that the written rows of respondents pass, and rows of nobody do not.
    """

    rows: Sql
    notes: tuple[Note, ...]
    decimal: str
    tests: tuple[Sql, ...]


def read_cells(
    connection: duckdb.DuckDBPyConnection,
    written: Sql,
    found: Somebody,
    types: Mapping[str, str],
    options: ReadOptions,
    *,
    layout: LayoutName,
    decimal_commas: bool,
) -> ReadCells:
    """The rows of somebody, of `found.columns`; those that are texts by `types` are read as what they hold."""
    rows = passing(written, found.tests)
    texts = [name for name in found.columns if types[name] == "VARCHAR"]
    read = text_columns(connection, rows, texts, options, decimal_commas=decimal_commas)
    own = {name: identifier(name) for name in found.columns}
    cells = own | {column.name: column.read for column in read}
    if cells != own or len(own) < len(types):
        reads = [sql("{cell} AS {name}", cell=cells[name], name=own[name]) for name in own]
        rows = sql("(SELECT {reads} FROM {rows})", reads=reads, rows=rows)
    notes = [*found.notes, *(note for column in read for note in column.notes)]
    tests = found.tests
    if layout == "qualtrics":
        previews, said = tests_of_qualtrics(connection, rows, found.columns, options)
        rows, tests = passing(rows, previews), (*tests, *previews)
        notes += said
    decimal = options.decimal or ("," if any(column.decimal for column in read) else ".")
    return ReadCells(rows, tuple(notes), decimal, tests)
