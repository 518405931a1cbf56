"""HTML tables with aligned numbers, and the same rows as a CSV that is safe to open in a spreadsheet.

A spreadsheet runs a cell that begins with =, +, - or @ as a formula. Text cells that begin so get an apostrophe in
front (OWASP, "CSV injection"); numbers stay numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.reports.html.markup import fill
from groundswell.reports.language.language import Language

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MASKED = tuple(f"'{sign}" for sign in FORMULA)
"""How a cell begins that `safe_cells` made harmless."""


OPEN_ROWS = 12
"""Rows that a folded table shows; page.css holds the same number."""


IN_ADDRESS = {ord(letter): f"%{ord(letter):02X}" for letter in "%#\t\n\r"}


def table(
    rows: pd.DataFrame, language: Language, *, caption: str, sortable: bool = False, folded: bool = False
) -> Markup:
    """A table: numbers to the right, text to the left, the caption for readers who cannot see its place.

    Cells that are Markup go in as they are; everything else is escaped. A float column is shown with the digits of
    `rows.attrs["digits"][column]` (default 1), a missing cell as a question mark with its meaning. Where the rows have
    sentences for names, `rows.attrs["wrapped"]` lets them run over several lines. Where
    `rows.attrs["sorted"]` is ("column", "descending"), the heading says so. A `folded` table shows its first
    OPEN_ROWS rows, whatever it is sorted by, and the others at a click; printed it shows only the first.
    """
    digits = rows.attrs.get("digits", {})
    numeric = {name: bool(pd.api.types.is_numeric_dtype(rows[name])) for name in rows.columns}
    right = [
        f"r{number}"
        for number, name in enumerate(rows.columns, 1)
        if numeric[name] or name in rows.attrs.get("right", ())
    ]
    wrapped = bool(rows.attrs.get("wrapped"))
    by, direction = rows.attrs.get("sorted", ("", ""))
    body = [
        [
            {
                "text": _cell(cell, language, digits.get(name, 1) if numeric[name] else None),
                "sort": _sort_key(cell) if sortable else None,
            }
            for name, cell in zip(rows.columns, row, strict=True)
        ]
        for row in rows.itertuples(index=False, name=None)
    ]
    values = {
        "caption": caption,
        "head": [{"text": name, "sorted": direction if name == by else ""} for name in rows.columns],
        "body": body,
        "classes": " ".join([*(["sortable"] if sortable else []), *(["wrapped"] if wrapped else []), *right]),
        "folded": folded and len(body) > OPEN_ROWS,
        "open_rows": OPEN_ROWS,
    }
    return fill("table.html.j2", language, values)


def _cell(cell: object, language: Language, digits: int | None) -> object:
    if isinstance(cell, Markup):
        return cell
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and pd.isna(cell)):
        return Markup('<span class="missing">?<span class="unseen"> {}</span></span>').format(
            language.say("not published")
        )
    if digits is not None and isinstance(cell, Real):
        return language.number(float(cell), 0 if isinstance(cell, Integral) else digits)
    if isinstance(cell, pd.Timestamp):
        return language.date(cell)
    return str(cell)


def _sort_key(cell: object) -> str | None:
    """What a column is sorted by where its text is not it: a date or a number hidden in the cell's `sort`."""
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat()
    return None


def safe_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """The table with text cells that a spreadsheet would run made harmless by an apostrophe in front."""
    return _of_texts(
        rows, lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
    )


def _of_texts(rows: pd.DataFrame, change: Callable[[Any], Any]) -> pd.DataFrame:
    """The table with each cell of its columns of text changed; numbers and dates are left as they are."""
    changed = rows.copy()
    for name, cells in rows.items():
        if not pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_datetime64_any_dtype(cells):
            changed[name] = [change(cell) for cell in cells]
    return changed


def unmasked(cell: str) -> str:
    """A cell as it was before `safe_cells` put an apostrophe in front of it."""
    return cell[1:] if cell.startswith(MASKED) else cell


def csv_text(rows: pd.DataFrame) -> str:
    """Rows as CSV (UTF-8, comma, one header line), formulas made harmless."""
    plain = _of_texts(rows, lambda cell: cell.striptags() if isinstance(cell, Markup) else cell)
    return str(safe_cells(plain).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d"))


def csv_link(rows: pd.DataFrame, name: str, language: Language) -> Markup:
    """A link that saves the rows as a CSV file; the file is inside the link, so that it works anywhere.

    It is written as text, a third shorter than in base64; browsers put other scripts' letters into UTF-8 themselves.
    """
    text = ("\ufeff" + csv_text(rows)).translate(IN_ADDRESS)
    return Markup('<a href="data:text/csv;charset=utf-8,{}" download="{}">{}</a>').format(
        text, name, language.say("CSV")
    )
