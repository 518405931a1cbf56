"""Which sheet of a workbook holds the respondents, where nobody says.

A provider may put a note first, or the codebook last. A sheet looks like respondents where a row of names is followed
by rows that are mostly filled, some column of which holds numbers, dates or answers that recur. Where two look so, the
user is asked. A sheet that lists the columns of another is that one's codebook.
"""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.layouts.headers import LOOKED_AT, find_headers
from groundswell.waves.respondents.layouts.layout import AS_FOUND
from groundswell.waves.respondents.workbooks.sheets import Cell, Workbook

MOSTLY = 0.5


def chosen_sheet(book: Workbook, stated: str | None) -> str:
    """The name of the sheet with the respondents.

    Raises: InputError where the stated one is not there, where none that is shown looks like respondents, or where
        several do.
    """
    if stated is not None:
        if stated not in book.names:
            raise InputError(f"`{book.file}` has no sheet `{stated}`; {nearest(stated, book.names)}")
        return stated
    shown = [name for name, hidden in book.names.items() if not hidden] or list(book.names)
    if not shown:
        raise InputError(f"`{book.file}` has no sheet of cells: ask for the whole file, or save it as .csv")
    if len(shown) == 1:
        return shown[0]
    looked = {name: book.first_rows(name, LOOKED_AT) for name in shown}
    names = {name: found for name, rows in looked.items() if (found := _names_of_respondents(rows))}
    codebooks = {
        name
        for name in names
        for other in names
        if name != other and _lists_columns(looked[name], names[other])
    }
    fitting = [name for name in names if name not in codebooks]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"`{name}`" for name in fitting or shown)
    what = "several sheets that look like respondents" if fitting else "no sheet that looks like respondents"
    raise InputError(
        f"`{book.file}` has {what} ({listed}): say which to read, as --sheet '{(fitting or shown)[0]}'"
    )


def as_words(row: Sequence[Cell]) -> list[str | None]:
    """The cells of a row as text."""
    return [None if cell is None else str(cell) for cell in row]


def _names_of_respondents(rows: list[tuple[Cell, ...]]) -> tuple[str, ...]:
    """The names of a sheet that looks like respondents; none of another."""
    try:
        headers = find_headers([(place, as_words(row)) for place, row in enumerate(rows, 1)], AS_FOUND)
    except InputError:
        return ()
    body = rows[headers.first_row - 1 :] if headers.first_row else []
    width = len(headers.names)
    filled = [sum(cell is not None for cell in row[:width]) for row in body]
    if not body or sum(many >= MOSTLY * width for many in filled) < MOSTLY * len(body):
        return ()
    coded = any(_is_coded([row[place] for row in body if place < len(row)]) for place in range(width))
    return headers.names if coded else ()


def _is_coded(cells: Sequence[Cell]) -> bool:
    """Whether a column holds numbers or dates, or answers that recur."""
    held = [cell for cell in cells if cell is not None]
    if not held:
        return False
    return not all(isinstance(cell, str) for cell in held) or len(set(held)) < len(held)


def _lists_columns(rows: list[tuple[Cell, ...]], names: Sequence[str]) -> bool:
    """Whether some column of a sheet lists most of these names."""
    wanted = {name.casefold() for name in names}
    width = max(map(len, rows), default=0)
    listed = (
        {str(row[place]).strip().casefold() for row in rows if place < len(row)} for place in range(width)
    )
    return any(len(wanted & cells) > MOSTLY * len(wanted) for cells in listed)
