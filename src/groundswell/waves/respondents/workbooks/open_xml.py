"""Workbooks of Excel since 2007 (.xlsx, .xlsm), read without trusting them.

Such a file is a zip archive of XML: it can be locked, cut off, or be made to unpack into far more than it seems. Each
of these is an `InputError` before any row is used.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from groundswell.errors import InputError
from groundswell.waves.respondents.workbooks.sheets import Cell, MergedCells, Sheet, cut_off, unreadable

MAX_UNPACKED_BYTES = 1 << 30
"""A workbook that unpacks into more is refused; a million rows of twenty columns need half of it."""

MAX_RATIO = 300
"""Survey sheets pack about 10 to 50 times; a far higher ratio is a zip bomb."""

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK_BYTES = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row (?=[^>]*\br="(\d+)")[^>]*\bhidden="(?:1|true)"')
_LONGEST_TAG = 4096


class OpenXmlWorkbook:
    """An open .xlsx or .xlsm."""

    def __init__(self, file: Path) -> None:
        """Raises: InputError where the workbook is locked, cut off, oversized or damaged."""
        import openpyxl

        _check_archive(file)
        self.file = file
        try:
            self._book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except Exception as error:  # damaged XML raises whatever the part of openpyxl raises that meets it
            raise unreadable(file, error) from error
        self.names = {sheet.title: sheet.sheet_state != "visible" for sheet in self._book.worksheets}
        self._declared = {sheet.title: sheet.max_row for sheet in self._book.worksheets}

    def first_rows(self, name: str, many: int) -> list[tuple[Cell, ...]]:
        """The first rows of a sheet."""
        return list(self._rows(name, many))

    def sheet(self, name: str) -> Sheet:
        """A sheet, whole.

        Raises: InputError where it breaks off.
        """
        rows = list(self._rows(name))
        merged, hidden = self._looks(name)
        return Sheet(name, self.names[name], rows, self._declared[name], merged, hidden)

    def _rows(self, name: str, many: int | None = None) -> Iterator[tuple[Cell, ...]]:
        sheet = self._book[name]
        try:
            # Some writers state a size smaller than the sheet, or none; read to the end whatever it says.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True, max_row=many)
        except Exception as error:  # as above
            raise cut_off(self.file, name, error) from error

    def _looks(self, name: str) -> tuple[tuple[MergedCells, ...], tuple[int, ...]]:
        """The merged cells and hidden rows of a sheet, which openpyxl passes over where it reads row by row."""
        from openpyxl.utils import column_index_from_string

        merged: dict[tuple[bytes, ...], MergedCells] = {}
        hidden: dict[int, None] = {}
        with zipfile.ZipFile(self.file) as archive, archive.open(self._book[name]._worksheet_path) as stream:
            held = b""
            while chunk := stream.read(_CHUNK_BYTES):
                held = held[-_LONGEST_TAG:] + chunk
                hidden.update((int(row), None) for row in _HIDDEN_ROW.findall(held))
                for found in _MERGED.findall(held):
                    left, top, right, bottom = (part.decode() for part in found)
                    columns = [column_index_from_string(letters) - 1 for letters in (left, right)]
                    merged[found] = MergedCells(int(top), int(bottom), *columns)
        return tuple(merged.values()), tuple(hidden)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


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
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
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
