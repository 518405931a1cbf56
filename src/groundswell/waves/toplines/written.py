"""A CSV of published figures as it is written: each row's cells by their column's name, and what is wrong there.

Nothing is read out of a cell here. Two tables are written like this: `toplines.csv`, and the table of shares that
`groundswell trend` takes; each says which columns it may have (`Columns`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.toml.textfile import read_text

SEPARATORS: Final = ";\t|"


class Record(NamedTuple):
    """One row as written: the line on which it starts, from 1, and its cells without blanks at their ends."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Columns:
    """The columns that a table may have.

    `needed` ones must be there; `about` says where each is described. `older` gives other names that are understood,
    with the column that each is. `hints` says what to do about columns that people bring and that are not read.
    """

    known: tuple[str, ...]
    needed: tuple[str, ...]
    about: str
    older: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The rows of a table by column; a column that the file does not have is empty in every row.

    `names` gives each column that is there as the file calls it; `faults` is what is wrong with the header and with
    the length of rows, `line` the header's own.
    """

    line: int
    rows: list[tuple[int, dict[str, str]]]
    names: Mapping[str, str]
    faults: list[Fault]


def read_records(file: Path, columns: str) -> tuple[Record, list[Record]]:
    """The header and the rows of a CSV, blank rows skipped; `columns` says which columns an empty file must get.

    Raises: FaultsError where the file cannot be read as text, is not sound CSV, or is empty.
    """
    records = list(_records(file, read_text(file)))
    if not records:
        message = f"is empty: its first line must name the columns {columns}"
        raise FaultsError(str(file), [Fault(file, 1, "", message)])
    return records[0], records[1:]


def by_column(file: Path, header: Record, records: list[Record], columns: Columns) -> Written:
    """The rows by the columns' own names, with every fault of the header and of the rows' lengths."""
    names = {columns.older.get(name, name): name for name in reversed(header.cells)}
    faults = [Fault(file, header.line, *found) for found in _header_faults(header.cells, columns)]
    rows = []
    for line, cells in records:
        if len(cells) != len(header.cells):
            named = f"the first line names {len(header.cells)} columns"
            message = f"has {len(cells)} cells, {named}: quote cells with commas"
            faults.append(Fault(file, line, "", message))
            continue
        found = dict(zip(header.cells, cells, strict=True))
        rows.append((line, {column: found.get(names.get(column, ""), "") for column in columns.known}))
    return Written(
        header.line, rows, {column: names[column] for column in columns.known if column in names}, faults
    )


def _records(file: Path, text: str) -> Iterator[Record]:
    """Each record with the line on which it starts, blank ones skipped."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield Record(line, stripped)
            line = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"is not sound CSV from here on: {error}; a quoted cell must end with a quote before the comma"
        )
        raise FaultsError(str(file), [Fault(file, line, "", message)]) from error


def _header_faults(header: list[str], columns: Columns) -> Iterator[tuple[str, str]]:
    """Column and message of what is wrong with the first line."""
    if len(header) == 1 and (mark := next((mark for mark in SEPARATORS if mark in header[0]), None)):
        yield "", f"must be separated by commas, got {mark!r}: save it again as CSV with commas"
        return
    first: dict[str, str] = {}
    for name in dict.fromkeys(header):
        column = columns.older.get(name, name)
        if not name:
            yield "", "has a column without a name: name it or delete it"
        elif column not in columns.known:
            hint = columns.hints.get(name.casefold())
            yield name, f"unknown column `{name}`; {hint or nearest(name, columns.known)}"
        elif header.count(name) > 1:
            yield name, f"column `{name}` stands {header.count(name)} times: keep one"
        elif first.setdefault(column, name) != name:
            yield name, f"`{name}` is another name of `{first[column]}`, which is there too: keep one"
    there = {columns.older.get(name, name) for name in header}
    for column in columns.needed:
        if column not in there:
            yield column, f"column `{column}` is missing: add it ({columns.about})"
