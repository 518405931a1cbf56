"""Respondents in an Excel workbook, read without trusting it.

A workbook is a zip archive of XML: it can be locked, cut off, or be made to unpack into far more than it
seems. Each of these is an `InputError` before any row is used.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pandas as pd

from groundswell.errors import InputError

MAX_UNPACKED_BYTES = 1 << 30
"""A workbook that unpacks into more is refused; a million rows of twenty columns need half of it."""

MAX_RATIO = 300
"""Survey sheets pack about 10 to 50 times; a far higher ratio is a zip bomb."""

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")


def read_workbook(file: Path) -> pd.DataFrame:
    """The first sheet of an .xlsx, .xlsm or .xls workbook, its first row being the column names.

    Raises: InputError where the workbook is locked, cut off, oversized, empty, or has columns without names.
    """
    if file.suffix.lower() == ".xls":
        return _read_old_workbook(file)
    _check_archive(file)
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(
            f"`{file}` is not a readable workbook ({error}): save it again as .xlsx or as .csv"
        ) from error
    try:
        sheet = book.worksheets[0]
        declared = sheet.max_row
        # Some writers state a size smaller than the sheet, or none; read to the end whatever it says.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        names = _column_names(file, next(rows, ()))
        cells = [row[: len(names)] + (None,) * (len(names) - len(row)) for row in rows]
    except (zipfile.BadZipFile, SyntaxError, EOFError) as error:
        raise InputError(
            f"`{file}` breaks off inside its sheet ({error}): ask for the whole file again"
        ) from error
    finally:
        book.close()
    return _table(file, names, cells, declared)


def _check_archive(file: Path) -> None:
    """Refuse what is not an honest zip archive of a sensible size."""
    with file.open("rb") as stream:
        if stream.read(8) == _OLE_HEADER:
            raise InputError(
                f"`{file}` is locked by a password, or is an old .xls under a new name: "
                "save it without a password as .xlsx or as .csv"
            )
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise InputError(
            f"`{file}` is not a workbook, or is cut off ({error}): ask for the whole file"
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO):
        raise InputError(
            f"`{file}` unpacks into {unpacked:,} bytes from {packed:,}, which no sheet of respondents needs "
            f"(the limit is {MAX_UNPACKED_BYTES:,} bytes and {MAX_RATIO} times): save the sheet as .csv"
        )


def _column_names(file: Path, header: tuple[object, ...]) -> list[str]:
    """The first row as names; blank cells after the last name are not columns."""
    names = ["" if cell is None else str(cell).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InputError(f"`{file}` has no column names in the first row of its first sheet")
    for position, name in enumerate(names, start=1):
        if not name or name in names[: position - 1]:
            what = f"repeats the name `{name}`" if name else "has no name"
            raise InputError(
                f"`{file}`: column {position} of the first sheet {what}: give each column its own name"
            )
    return names


def _table(
    file: Path, names: list[str], cells: list[tuple[object, ...]], declared: int | None
) -> pd.DataFrame:
    """The rows up to the last that holds anything, checked against the number that the sheet states."""
    held = len(cells) + 1
    if declared is not None and declared > held and declared - held > declared // 100:
        raise InputError(
            f"`{file}` states {declared:,} rows and holds {held:,}: it was cut off when it was saved; "
            "ask for the whole file, or save the sheet again to confirm that this is all"
        )
    while cells and all(cell is None for cell in cells[-1]):
        cells.pop()
    columns = zip(*cells, strict=True) if cells else ((),) * len(names)
    return pd.DataFrame({name: _column(list(values)) for name, values in zip(names, columns, strict=True)})


def _column(values: list[object]) -> pd.Series:
    """Numbers stay numbers; a column with any text is text throughout, so that a stray word is not lost."""
    if any(isinstance(value, str) for value in values):
        return pd.Series([None if value is None else str(value) for value in values], dtype="str")
    series = pd.Series(values)
    return series if series.dtype != object else series.convert_dtypes()


def _read_old_workbook(file: Path) -> pd.DataFrame:
    """An .xls of 2003 or before, which needs the library xlrd."""
    if importlib.util.find_spec("xlrd") is None:
        raise InputError(
            f"`{file}` is in Excel's format of 1997-2003, which needs the package `xlrd` (not installed): "
            "install it, or save the sheet as .xlsx or as .csv"
        )
    try:
        table = pd.read_excel(file, engine="xlrd", header=None)
    except ValueError as error:
        raise InputError(
            f"`{file}` is not a readable workbook ({error}): save it as .xlsx or as .csv"
        ) from error
    names = _column_names(file, tuple(table.iloc[0]) if len(table) else ())
    return _table(file, names, [tuple(row) for row in table.iloc[1:, : len(names)].to_numpy(object)], None)
