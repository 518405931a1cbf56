"""What a sheet of a workbook is, whatever format it comes in: rows of cells, and what else must be known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from groundswell.errors import InputError

Cell = Any
"""None, a number, a truth value, a date, a time, or a text; an error of a formula is the text `#N/A`."""

NO_DATE = "#VALUE!"
"""What Excel shows of a number that is formatted as a date and is none."""


@dataclass(frozen=True)
class MergedCells:
    """Cells that are one: rows from 1, columns from 0, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes:
        name, hidden: as the workbook has them.
        rows: its cells, from the first row on.
        declared: the last row that it states to have; None where it states none.
        merged: its merged cells.
        hidden_rows: numbers of the rows that are not shown.
    """

    name: str
    hidden: bool
    rows: list[tuple[Cell, ...]]
    declared: int | None = None
    merged: tuple[MergedCells, ...] = ()
    hidden_rows: tuple[int, ...] = ()


class Workbook(Protocol):
    """An open workbook; each of its methods raises InputError where the file turns out to be damaged."""

    @property
    def file(self) -> Path:
        """Its file."""

    @property
    def names(self) -> Mapping[str, bool]:
        """By name whether a sheet of cells is hidden."""

    def first_rows(self, name: str, many: int) -> list[tuple[Cell, ...]]:
        """The first rows of a sheet."""

    def sheet(self, name: str) -> Sheet:
        """A sheet, whole."""

    def close(self) -> None:
        """Let go of the file."""


def unreadable(file: Path, error: Exception) -> InputError:
    """What is said of a workbook that cannot be opened."""
    if "encrypted" in str(error).lower():
        return InputError(f"`{file}` is locked by a password: save it without one as .xlsx or as .csv")
    if "expected bof record" in str(error).lower():
        return InputError(
            f"`{file}` is text under a workbook's ending: open it in a spreadsheet program and save it as .xlsx, or "
            "call it .csv or .tsv if cells with commas or tabs between them are all that it holds"
        )
    return InputError(f"`{file}` is not a readable workbook ({error}): save it again as .xlsx or as .csv")


def cut_off(file: Path, name: str, error: Exception) -> InputError:
    """What is said of a workbook whose sheet cannot be read to its end."""
    return InputError(
        f"`{file}` cannot be read to the end of its sheet `{name}` ({error}): ask for the whole file again, "
        "or save the sheet as .csv"
    )
