"""Workbooks as people and programs write them; `.xls` byte by byte, for which there is no writer at hand."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

Rows = Sequence[Sequence[object]]

END_OF_CHAIN, OF_FAT, FREE = -2, -3, -1
SECTOR = 512


def write_xlsx(
    file: Path, sheets: dict[str, Rows], *, hidden: Sequence[str] = (), merged: Sequence[str] = ()
) -> Path:
    """Sheets by name; `merged` are ranges of the last."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    for cells in merged:
        book.worksheets[-1].merge_cells(cells)
    book.save(file)
    return file


SHEET = "xl/worksheets/sheet1.xml"


def with_part(file: Path, path: str, change: Callable[[str], str]) -> Path:
    """The workbook with the text of one of its parts changed, as other programs write it; "" where there is none."""
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[path] = change(parts.get(path, b"").decode()).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return file


def write_xls(file: Path, sheets: dict[str, Rows]) -> Path:
    """Excel's format of 1997: numbers, texts, truth values and errors in records, in one stream of a compound file."""
    parts = [b"".join(_cells(rows)) for rows in sheets.values()]
    named = [name.encode("utf-16-le") for name in sheets]
    start = len(_record(0x809, b"\0" * 16)) + sum(
        len(_record(0x85, b"\0" * (8 + len(name)))) for name in named
    )
    places, place = [], start + len(_record(0x0A, b""))
    for part in parts:
        places.append(place)
        place += len(part)
    bounds = [
        _record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        for place, name in zip(places, named, strict=True)
    ]
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    file.write_bytes(_compound(begin + b"".join(bounds) + _record(0x0A, b"") + b"".join(parts)))
    return file


def _record(kind: int, held: bytes) -> bytes:
    return struct.pack("<HH", kind, len(held)) + held


def _cells(rows: Rows) -> list[bytes]:
    records = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, bool):
                records.append(_record(0x205, place + struct.pack("<BB", cell, 0)))
            elif cell == "#N/A":
                records.append(_record(0x205, place + struct.pack("<BB", 0x2A, 1)))
            elif isinstance(cell, int | float):
                records.append(_record(0x203, place + struct.pack("<d", cell)))
            elif isinstance(cell, str):
                text = cell.encode("utf-16-le")
                records.append(_record(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text))
    return [*records, _record(0x0A, b"")]


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, long enough to need no small sectors."""
    stream = stream.ljust(4096, b"\0")
    many = -(-len(stream) // SECTOR)
    fat = [OF_FAT, END_OF_CHAIN, *range(3, 2 + many), END_OF_CHAIN]
    assert len(fat) <= SECTOR // 4
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIiIIiIiI", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109i", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, 1, END_OF_CHAIN, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    sectors = struct.pack(f"<{SECTOR // 4}i", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    return header + sectors + directory.ljust(SECTOR, b"\0") + stream.ljust(many * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    held = letters.ljust(64, b"\0") + struct.pack("<HBBiii", len(letters) + 2, kind, 1, FREE, FREE, child)
    return held + b"\0" * 36 + struct.pack("<iQ", start, size)
