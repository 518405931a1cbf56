"""Workbooks of Excel since 2007 (.xlsx, .xlsm), read without trusting them.

Such a file is a zip archive of XML: it can be locked, cut off, or be made to unpack into far more than it seems. Each
of these is an `InputError` before any row is used.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS

from groundswell.errors import InputError
from groundswell.waves.respondents.workbooks.date_formats import DateFormats
from groundswell.waves.respondents.workbooks.sheet_xml import SheetXml
from groundswell.waves.respondents.workbooks.sheets import Cell, Sheet, cut_off, unreadable
from groundswell.waves.respondents.workbooks.xml_part import SharedTexts

MAX_UNPACKED_BYTES = 1 << 30
"""A workbook that unpacks into more is refused; a million rows of twenty columns need half of it."""

MAX_RATIO = 300
"""Survey sheets pack about 10 to 50 times; a far higher ratio is a zip bomb."""

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")


class OpenXmlWorkbook:
    """An open .xlsx or .xlsm: openpyxl finds its sheets, whose cells are read as their XML comes."""

    def __init__(self, file: Path) -> None:
        """Raises: InputError where the workbook is locked, cut off, oversized or damaged."""
        _check_archive(file)
        self.file = file
        try:
            book = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            self._archive: zipfile.ZipFile = book.archive
            book.read_manifest()
            book.read_workbook()
            self._paths = {sheet.name: part.target for sheet, part in book.parser.find_sheets()
                           if "chartsheet" not in part.Type and part.target in book.valid_files}  # fmt: skip
            self.names = {sheet.name: sheet.state != "visible" for sheet in book.parser.sheets
                          if sheet.name in self._paths}  # fmt: skip
            shared = book.package.find(SHARED_STRINGS)
            self._texts = SharedTexts().read(self._archive, shared.PartName[1:]).texts if shared else []
            self._formats = DateFormats(book.wb.epoch)
            if ARC_STYLE in book.valid_files:
                self._formats.read(self._archive, ARC_STYLE)
        except Exception as error:  # damaged XML raises whatever the part of openpyxl raises that meets it
            raise unreadable(file, error) from error

    def first_rows(self, name: str, many: int) -> list[tuple[Cell, ...]]:
        """The first rows of a sheet."""
        return self._read(name, many).rows[:many]

    def sheet(self, name: str) -> Sheet:
        """A sheet, whole.

        Raises: InputError where it breaks off.
        """
        read = self._read(name)
        return Sheet(
            name, self.names[name], read.rows, read.declared, tuple(read.merged), tuple(read.hidden_rows)
        )

    def _read(self, name: str, first_rows: int | None = None) -> SheetXml:
        sheet = SheetXml(self._texts, self._formats, first_rows)
        try:
            return sheet.read(self._archive, self._paths[name])
        except Exception as error:  # as above
            raise cut_off(self.file, name, error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()


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
