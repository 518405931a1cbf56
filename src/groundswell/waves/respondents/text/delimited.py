"""Respondents in a delimited text file (CSV), read without guessing more than its cells tell.

A reader that guesses can drop rows in silence: lines that start with `#` as comments, a title line as rubbish, lines
with a cell too many as another table. Here each step is found by evidence, and said where it must be known: the
encoding (`text_file`), the delimiter (`delimiter`), what stands above the respondents (`headers`), the rows that are
nobody (`nobody_rows`), and what each column holds (`text_columns`). What is stated is taken at its word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.file_rows import FileRows, written_place
from groundswell.waves.respondents.layouts.headers import LOOKED_AT, Headers, find_headers
from groundswell.waves.respondents.layouts.layout import DecimalSign, FileLayout, ReadOptions, check_has
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, csv_rows, identifier, sql
from groundswell.waves.respondents.stored_rows import stored
from groundswell.waves.respondents.text.delimiter import (
    LOOKED_AT as ROWS_LOOKED_AT,
)
from groundswell.waves.respondents.text.delimiter import (
    Rows,
    find_delimiter,
    first_rows,
    line_of,
    stated_by_file,
    uneven_line,
)
from groundswell.waves.respondents.text.nobody_rows import left_out, somebody
from groundswell.waves.respondents.text.read_cells import ReadCells, read_cells
from groundswell.waves.respondents.text.results_table import check_is_respondents
from groundswell.waves.respondents.text.text_file import as_utf8, find_encoding

HAS = ("layout", "header_row", "encoding", "delimiter", "decimal")
"""What may be stated of a text file."""

AS_WRITTEN = "as_written"
"""The name of the rows before it is known what their columns hold."""


@dataclass(frozen=True)
class Delimited:
    """The rows of a text file, to stand after FROM, and what is known of it."""

    rows: Sql
    layout: FileLayout
    labels: Mapping[str, str]
    notes: tuple[Note, ...]
    places: FileRows


def read_delimited(
    connection: duckdb.DuckDBPyConnection, file: Path, options: ReadOptions, *, keep: bool
) -> Delimited:
    """The rows of the file: loaded where `keep` says so or where it is no plain UTF-8, otherwise read where it is.

    Raises: InputError where its encoding or delimiter is not clear, where it has no names, looks like a table of
        results, or has lines with more or fewer cells than names.
    """
    check_has(file, "a text file", options, *HAS)
    encoding = find_encoding(file, options.encoding)
    with as_utf8(file, encoding.name) as text:
        by_file = stated_by_file(text)
        delimiter = options.delimiter or by_file or find_delimiter(text, file)
        opened = _opened(file, text, delimiter, options, skips_first=by_file is not None)
        layout = FileLayout(
            name=opened.headers.layout,
            header_rows=opened.headers.header_rows,
            first_row=opened.headers.first_row,
            encoding=encoding.name.removesuffix("-sig"),
            delimiter=delimiter,
            stated=options.stated_of(*HAS),
        )
        try:
            read = _read(connection, opened, options, keep=keep or text != file)
        except duckdb.Error as error:
            said = uneven_line(text, delimiter, len(opened.names), opened.skipped)
            why = said or f"cannot be read as CSV: {str(error).splitlines()[0].replace(str(text), file.name)}"
            raise InputError(f"`{file}` {why}") from error
    labels = dict(zip(opened.names, opened.headers.labels, strict=False))
    return Delimited(
        read.rows,
        replace(layout, decimal=read.decimal),
        labels,
        (*encoding.notes, *opened.headers.notes, *read.notes),
        FileRows("line", lambda respondent: _line(connection, opened, encoding.name, read.tests, respondent)),
    )


def _line(
    connection: duckdb.DuckDBPyConnection,
    opened: _Opened,
    encoding: str,
    tests: Sequence[Sql],
    respondent: int,
) -> int | None:
    """The line in which a respondent's row begins; the file is gone through again, since only an error asks."""
    try:
        with as_utf8(opened.file, encoding) as text:
            again = replace(opened, text=text)
            out = left_out(connection, again.rows(dict.fromkeys(opened.names, "VARCHAR")), tests)
            place = written_place(respondent, out)
            return line_of(text, opened.delimiter, opened.skipped, place, blank_rows=len(opened.names) == 1)
    except (OSError, InputError, duckdb.Error):
        return None


@dataclass(frozen=True)
class _Opened:
    """A text whose first rows were looked at: its names, and so many rows to pass over."""

    file: Path
    text: Path
    delimiter: str
    headers: Headers
    names: tuple[str, ...]
    header: tuple[str, ...]
    skipped: int

    def rows(self, types: Mapping[str, str] | None = None, *, decimal: DecimalSign | None = None) -> Sql:
        """The rows to stand after FROM; without types DuckDB finds them in every row.

        Fractions are found only where a comma is the delimiter and no decimal sign: elsewhere `1.234` may be a
        thousand.
        """
        fractions = self.delimiter == "," and decimal != ","
        return csv_rows(
            self.text, self.delimiter, self.names, skip=self.skipped, types=types, fractions=fractions
        )


def _opened(file: Path, text: Path, delimiter: str, options: ReadOptions, *, skips_first: bool) -> _Opened:
    """What stands above the respondents, and a name for each cell of the names' row."""
    rows = first_rows(text, delimiter, max(ROWS_LOOKED_AT, (options.header_row or 0) + LOOKED_AT))
    looked = rows[1:] if skips_first else rows
    near = looked[: max(LOOKED_AT, options.header_row or 0)]
    headers = find_headers(near, options, file=str(file))
    skipped = 1 + next(place for place, (line, _) in enumerate(rows) if line == headers.header_rows[-1])
    if not any(any(cells) for _, cells in rows[skipped:]):
        raise InputError(f"`{file}` has column names and no respondents")
    if options.layout is None:
        check_is_respondents(file, headers.names, [cells for _, cells in rows[skipped:]])
    headers = _of_width(headers, rows[:skipped])
    return _Opened(file, text, delimiter, headers, headers.names, tuple(rows[skipped - 1][1]), skipped)


def _of_width(headers: Headers, above: Rows) -> Headers:
    """The headers with a name for each cell of their rows: a delimiter at the line's end makes one more column."""
    width = max(len(cells) for line, cells in above if line in headers.header_rows)
    more = range(len(headers.names), width)
    return replace(
        headers,
        names=(*headers.names, *(f"column_{place + 1}" for place in more)),
        labels=(*headers.labels, *("" for _ in more)),
        unnamed=(*headers.unnamed, *more),
    )


def _types(
    connection: duckdb.DuckDBPyConnection, opened: _Opened, decimal: DecimalSign | None
) -> dict[str, str]:
    """What each column is at first sight; text where DuckDB finds it hard to tell, which is then looked at closely.

    A delimiter at the end of every line makes a column more, which has no name and holds nothing.
    """
    try:
        described = connection.execute(
            sql("DESCRIBE SELECT * FROM {rows}", rows=opened.rows(decimal=decimal)).text
        ).fetchall()
    except duckdb.Error:
        return dict.fromkeys(opened.names, "VARCHAR")
    return {name: str(kind) for name, (_, kind, *_) in zip(opened.names, described, strict=False)}


def _read(
    connection: duckdb.DuckDBPyConnection, opened: _Opened, options: ReadOptions, *, keep: bool
) -> ReadCells:
    """The rows of somebody, each column as what its cells are."""
    types = _types(connection, opened, options.decimal)
    written = opened.rows(types)
    if keep:
        written = stored(connection, sql("SELECT * FROM {rows}", rows=written), AS_WRITTEN)
    found = somebody(connection, written, types, opened.header, opened.headers.unnamed)
    if found.strange_numbers:
        types |= dict.fromkeys(found.strange_numbers, "VARCHAR")
        written = opened.rows(types)
        if keep:
            written = stored(connection, sql("SELECT * FROM {rows}", rows=written), AS_WRITTEN)
    read = read_cells(
        connection, written, found, types, options,
        layout=opened.headers.layout, decimal_commas=opened.delimiter != ",",
    )  # fmt: skip
    if keep and read.rows != written:
        read = replace(read, rows=stored(connection, sql("SELECT * FROM {rows}", rows=read.rows)))
        connection.execute(sql("DROP TABLE {name}", name=identifier(AS_WRITTEN)).text)
    return read
