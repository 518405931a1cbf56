"""A sheet of an .xlsx, read in one pass over its XML: its cells by row, and what stands around them.

openpyxl makes a tree of each cell, which took three quarters of the time of describing a wave of 240 questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_ISO8601

from groundswell.waves.respondents.workbooks.date_formats import DateFormats
from groundswell.waves.respondents.workbooks.sheets import Cell, MergedCells
from groundswell.waves.respondents.workbooks.xml_part import MAIN, XmlPart

MAX_ROWS, MAX_COLUMNS = 1 << 20, 1 << 14
"""What a sheet may have."""

MAX_PLACES = 50_000_000
"""Cells with the empty places before them; so many filled ones need more XML than is read of any workbook."""

_CELL, _VALUE, _TEXT, _ROW = (f"{MAIN}{name}" for name in ("c", "v", "t", "row"))
_PRONOUNCED, _MERGED, _SIZE = (f"{MAIN}{name}" for name in ("rPh", "mergeCell", "dimension"))


class SheetXml(XmlPart):
    """A sheet that is being read, or as many of its first rows as are asked for.

    Attributes:
        rows: its cells, from the first row on; a row ends with its last cell that holds something.
        declared: the last row that it states to have; None where it states none.
        merged, hidden_rows: as of `Sheet`.
    """

    def __init__(self, texts: Sequence[str], formats: DateFormats, first_rows: int | None = None) -> None:
        super().__init__()
        self.rows: list[tuple[Cell, ...]] = []
        self.declared: int | None = None
        self.merged: list[MergedCells] = []
        self.hidden_rows: list[int] = []
        self._texts, self._formats, self._most = texts, formats, first_rows
        self._row: list[Cell] = []
        self._kind, self._style, self._column = "n", 0, -1
        self._places = 0
        self._aside = False
        self._columns, self._numbers = _Columns(), _Numbers()

    def is_enough(self) -> bool:
        """Whether the rows asked for are there."""
        return self._most is not None and len(self.rows) >= self._most

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a cell stands and of which kind it is, and hold what it has to say."""
        if name == _CELL:
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else self._columns[place.rstrip("0123456789")]
        elif name == _VALUE:
            if self._kind != "inlineStr":
                self.hold()
        elif name == _TEXT:
            if self._kind == "inlineStr" and not self._aside:
                self.hold()
        elif name == _ROW:
            self._start_row(attributes)
        elif name == _PRONOUNCED:
            self._aside = True
        elif name == _MERGED:
            left, top, right, bottom = range_boundaries(attributes["ref"])
            self.merged.append(MergedCells(top, bottom, left - 1, right - 1))
        elif name == _SIZE and "ref" in attributes:
            self.declared = range_boundaries(attributes["ref"])[3]

    def end(self, name: str) -> None:
        """A cell or a row is whole."""
        if name in (_VALUE, _TEXT):
            self.pause()
        elif name == _CELL:
            if self.held and (text := self.taken()):
                self._place(self._cell(text))
        elif name == _ROW:
            self._end_row()
        elif name == _PRONOUNCED:
            self._aside = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        """Begin a row; those that are left out before it are empty."""
        number = int(attributes.get("r", len(self.rows) + 1))
        if not len(self.rows) < number <= MAX_ROWS:
            raise ValueError(f"row {number} stands after row {len(self.rows)}")
        self.rows += [()] * (number - 1 - len(self.rows))
        self._row, self._column = [], -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.append(number)

    def _end_row(self) -> None:
        self.rows.append(tuple(self._row))
        self._places += len(self._row)
        if self._places > MAX_PLACES:
            raise ValueError(f"its rows have more than {MAX_PLACES:,} places for cells")

    def _cell(self, text: str) -> Cell:
        """What a cell holds, by its kind; an error of a formula is the text that it shows."""
        if self._kind == "n":
            number = self._numbers[text]
            return self._formats.cell(number, self._style) if self._style else number
        if self._kind == "s":
            return self._texts[int(text)] or None
        if self._kind == "b":
            return bool(int(text))
        return from_ISO8601(text) if self._kind == "d" else text

    def _place(self, cell: Cell) -> None:
        """Put a cell at its place; places that are left out before it are empty."""
        missing = self._column - len(self._row)
        if missing < 0:
            raise ValueError(f"row {len(self.rows) + 1} has cells that stand before those that they follow")
        if missing:
            self._row += [None] * missing
        self._row.append(cell)


class _Columns(dict[str, int]):
    """The place of a column by its letters, `A` being 0."""

    def __missing__(self, letters: str) -> int:
        place = int(range_boundaries(f"{letters}1")[0]) - 1
        if place >= MAX_COLUMNS:
            raise ValueError(f"`{letters}` is no column of a sheet")
        self[letters] = place
        return place


class _Numbers(dict[str, float]):
    """A number by the text that stands for it, since codes recur."""

    def __missing__(self, text: str) -> float:
        self[text] = number = float(text) if set(text) & set(".eE") else int(text)
        return number
