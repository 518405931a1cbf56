"""Workbooks of Excel 97 to 2003 (.xls)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from groundswell.waves.respondents.workbooks.sheets import (
    NO_DATE,
    Cell,
    MergedCells,
    Sheet,
    cut_off,
    unreadable,
)


class OldWorkbook:
    """An open .xls."""

    def __init__(self, file: Path) -> None:
        """Raises: InputError where the workbook is locked, cut off or damaged."""
        import xlrd

        self.file = file
        try:
            self._book: Any = xlrd.open_workbook(
                file, on_demand=True, formatting_info=True, logfile=io.StringIO()
            )
            sheets = [self._book.sheet_by_index(place) for place in range(self._book.nsheets)]
        except Exception as error:  # damaged records raise whatever the part of xlrd raises that meets them
            raise unreadable(file, error) from error
        self.names = {sheet.name: bool(sheet.visibility) for sheet in sheets}

    def first_rows(self, name: str, many: int) -> list[tuple[Cell, ...]]:
        """The first rows of a sheet."""
        return list(self._rows(name, many))

    def sheet(self, name: str) -> Sheet:
        """A sheet, whole.

        Raises: InputError where it is damaged.
        """
        sheet = self._book.sheet_by_name(name)
        return Sheet(
            name=name,
            hidden=self.names[name],
            rows=list(self._rows(name)),
            merged=tuple(
                MergedCells(top + 1, bottom, left, right - 1)
                for top, bottom, left, right in sheet.merged_cells
            ),
            hidden_rows=tuple(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden),
        )

    def _rows(self, name: str, many: int | None = None) -> Iterator[tuple[Cell, ...]]:
        sheet = self._book.sheet_by_name(name)
        try:
            for row in range(sheet.nrows if many is None else min(many, sheet.nrows)):
                yield tuple(map(self._cell, sheet.row_types(row), sheet.row_values(row)))
        except Exception as error:  # as above
            raise cut_off(self.file, name, error) from error

    def _cell(self, kind: int, held: Any) -> Cell:
        """A cell by its kind: a date is one where its format says so."""
        import xlrd

        if kind == xlrd.XL_CELL_DATE:
            try:
                moment = xlrd.xldate_as_datetime(held, self._book.datemode)
            except (xlrd.xldate.XLDateError, OverflowError, ValueError):
                return NO_DATE
            return moment.time() if 0 <= held < 1 else moment
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(held)
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(held, "#N/A")
        return held if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None

    def close(self) -> None:
        """Let go of the file."""
        self._book.release_resources()
