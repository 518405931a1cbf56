"""Respondents in a sheet of an Excel workbook.

The sheet is found (`chosen_sheet`), its names as those of a text file (`headers`), and so are the rows that are nobody
and what columns of text hold. A number, a truth value and a date are what the sheet's own format says; a column that
holds texts too is read as a text file's is, so that a stray word is not lost, numbers as text are numbers, and `#N/A`
or `-` is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from groundswell.errors import InputError
from groundswell.waves.respondents.codes import EXACT, plain_code
from groundswell.waves.respondents.layouts.file_rows import FileRows, rows_of_sheet
from groundswell.waves.respondents.layouts.headers import LOOKED_AT, Headers, find_headers
from groundswell.waves.respondents.layouts.layout import DecimalSign, FileLayout, ReadOptions, check_has
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, identifier, sql
from groundswell.waves.respondents.stored_rows import stored
from groundswell.waves.respondents.text.nobody_rows import left_out, somebody
from groundswell.waves.respondents.text.read_cells import read_cells
from groundswell.waves.respondents.text.results_table import check_is_respondents
from groundswell.waves.respondents.workbooks.chosen_sheet import as_words, chosen_sheet
from groundswell.waves.respondents.workbooks.sheets import Cell, Sheet, Workbook

OLD = ".xls"
ARCHIVE = b"PK\x03\x04"
WORKBOOK_FORMATS = (".xlsx", ".xlsm", OLD)

HAS = ("layout", "sheet", "header_row", "decimal")
"""What may be stated of a workbook."""

AS_WRITTEN = "as_written"
HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class ReadSheet:
    """The rows of a sheet, to stand after FROM, and what is known of them."""

    rows: Sql
    layout: FileLayout
    labels: dict[str, str]
    notes: tuple[Note, ...]
    places: FileRows


def read_workbook(connection: duckdb.DuckDBPyConnection, file: Path, options: ReadOptions) -> ReadSheet:
    """The rows of the sheet that holds the respondents, kept in `connection`.

    Raises: InputError where the workbook is locked, cut off, oversized or empty, or where it is not clear which of its
        sheets or rows are respondents.
    """
    check_has(file, "a workbook", options, *HAS)
    book = _opened(file)
    try:
        sheet = book.sheet(chosen_sheet(book, options.sheet))
        names = book.names
    finally:
        book.close()
    _check_whole(file, sheet)
    headers = _headers(file, sheet, options)
    body = _body(file, sheet, headers)
    columns = zip(headers.names, zip(*body, strict=True), strict=True)
    read = [_column(name, cells, options.decimal or ".") for name, cells in columns]
    connection.register(HANDED_OVER, pd.DataFrame({column.name: column for column, _ in read}))
    written = stored(connection, sql("SELECT * FROM {rows}", rows=identifier(HANDED_OVER)), AS_WRITTEN)
    connection.unregister(HANDED_OVER)
    described = connection.execute(sql("DESCRIBE SELECT * FROM {rows}", rows=written).text).fetchall()
    types = {str(name): str(kind) for name, kind, *_ in described}
    header = [cell or "" for cell in as_words(sheet.rows[headers.header_rows[-1] - 1])]
    found = somebody(connection, written, types, header, headers.unnamed)
    cells = read_cells(connection, written, found, types, options, layout=headers.layout, decimal_commas=True)
    rows = stored(connection, sql("SELECT * FROM {rows}", rows=cells.rows))
    places = rows_of_sheet(headers.first_row, left_out(connection, written, cells.tests))
    connection.execute(sql("DROP TABLE {name}", name=identifier(AS_WRITTEN)).text)
    said = (*_said_of(sheet, names, headers, options), *headers.notes)
    times = [note for _, notes in read for note in notes]
    return ReadSheet(
        rows=rows,
        layout=FileLayout(
            name=headers.layout,
            sheet=sheet.name,
            sheets=tuple(names),
            header_rows=headers.header_rows,
            first_row=headers.first_row,
            decimal=options.decimal,
            stated=options.stated_of(*HAS),
        ),
        labels=dict(zip(headers.names, headers.labels, strict=True)),
        notes=(*said, *times, *cells.notes),
        places=places,
    )


def _opened(file: Path) -> Workbook:
    """The workbook, by the one of the two formats that it has; only what opens it is loaded."""
    if _is_old(file):
        from groundswell.waves.respondents.workbooks.excel_97 import OldWorkbook

        return OldWorkbook(file)
    from groundswell.waves.respondents.workbooks.open_xml import OpenXmlWorkbook

    return OpenXmlWorkbook(file)


def _is_old(file: Path) -> bool:
    """Whether a workbook is of Excel 97: programs write new ones under the old ending too.

    The trap: an old workbook holds its theme as an archive, and so ends as a new one does. Only the first
    bytes tell.
    """
    with file.open("rb") as stream:
        return file.suffix.lower() == OLD and stream.read(len(ARCHIVE)) != ARCHIVE


def _check_whole(file: Path, sheet: Sheet) -> None:
    """Refuse a sheet that holds fewer rows than it states."""
    held = len(sheet.rows)
    if sheet.declared is not None and sheet.declared - held > sheet.declared // 100:
        raise InputError(
            f"`{file}` states {sheet.declared:,} rows and holds {held:,}: it was cut off when it was saved; "
            "ask for the whole file, or save the sheet again to confirm that this is all"
        )


def _headers(file: Path, sheet: Sheet, options: ReadOptions) -> Headers:
    """What stands above the respondents; blank cells to the right of the last name are no columns."""
    looked = sheet.rows[: max(LOOKED_AT, options.header_row or 0)]
    called = f"{file}, sheet {sheet.name}"
    headers = find_headers(
        [(row, as_words(cells)) for row, cells in enumerate(looked, 1)], options, file=called
    )
    if headers.first_row == 0:
        raise InputError(f"`{called}` has column names and no respondents")
    if options.layout is None:
        body = [
            [cell or "" for cell in as_words(row)]
            for row in sheet.rows[headers.first_row - 1 :][: LOOKED_AT + 1]
        ]
        check_is_respondents(file, headers.names, body)
    return headers


def _body(file: Path, sheet: Sheet, headers: Headers) -> list[list[Cell]]:
    """The rows under the names, each as wide as these, with merged cells filled.

    Raises: InputError where cells of one respondent are merged, or where cells stand beside the columns.
    """
    width = len(headers.names)
    body: list[list[Cell]] = []
    for number, row in enumerate(sheet.rows[headers.first_row - 1 :], headers.first_row):
        if any(cell is not None for cell in row[width:]):
            raise InputError(
                f"`{file}`, sheet `{sheet.name}`, row {number} has a cell to the right of the last column's name "
                f"(`{headers.names[-1]}`): name its column, or clear it"
            )
        body.append([*row[:width], *[None] * (width - len(row))])
    for merged in sheet.merged:
        if merged.last_row < headers.first_row or merged.first_column >= width:
            continue
        if merged.first_column != merged.last_column:
            raise InputError(
                f"`{file}`, sheet `{sheet.name}`, row {merged.first_row} has a cell merged over several columns, as "
                "notes have and answers have not: delete the note, or unmerge the cell"
            )
        first = max(merged.first_row - headers.first_row, 0)
        for row_below in body[first : merged.last_row - headers.first_row + 1]:
            row_below[merged.first_column] = body[first][merged.first_column]
    while body and all(cell is None for cell in body[-1]):
        body.pop()
    return body


def _said_of(sheet: Sheet, names: Mapping[str, bool], headers: Headers, options: ReadOptions) -> list[Note]:
    """What must be known of the sheet."""
    notes = []
    if options.sheet is None and len(names) > 1:
        others = ", ".join(f"`{name}`{' (hidden)' if hidden else ''}" for name, hidden in names.items()
                           if name != sheet.name)  # fmt: skip
        notes.append(Note("sheet_chosen", facts={"sheet": sheet.name, "others": others}))
    hidden = sum(row >= headers.first_row for row in sheet.hidden_rows)
    if hidden:
        notes.append(Note("hidden_rows", facts={"rows": hidden}))
    filled = [merged for merged in sheet.merged if merged.last_row >= headers.first_row]
    if filled:
        notes.append(Note("merged_cells", facts={"cells": len(filled)}))
    return notes


def _column(name: str, cells: Sequence[Cell], decimal: DecimalSign) -> tuple[pd.Series, tuple[Note, ...]]:
    """A column as its cells' own types say, or as text where these differ."""
    held = [cell for cell in cells if cell is not None]
    if not held:
        return pd.Series(cells, dtype="float64", name=name), ()
    if all(isinstance(cell, bool) for cell in held):
        return pd.Series(cells, dtype="boolean", name=name), ()
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in held):
        whole = all(float(cell).is_integer() and abs(cell) < EXACT for cell in held)
        return pd.Series(cells, dtype="Int64" if whole else "float64", name=name), ()
    if all(isinstance(cell, date) for cell in held):
        return pd.Series(pd.to_datetime(list(cells)), name=name), ()
    if all(isinstance(cell, time | timedelta) for cell in held):
        seconds = [None if cell is None else _seconds(cell) for cell in cells]
        return pd.Series(seconds, dtype="float64", name=name), (Note("times_as_seconds", name),)
    return pd.Series([_word(cell, decimal) for cell in cells], dtype="str", name=name), ()


def _seconds(cell: time | timedelta) -> float:
    """A time of day or a duration."""
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6


def _word(cell: Cell, decimal: DecimalSign) -> str | None:
    """A cell of a column that holds texts too: a number as these write theirs, whole without a point; a day without a
    time."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return str(plain_code(cell)).replace(".", decimal)
    midnight = isinstance(cell, datetime) and cell.time() == time()
    return str(cell.date() if midnight else cell)
