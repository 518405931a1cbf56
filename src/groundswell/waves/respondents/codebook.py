"""The codebook of a respondents' file: what each column asks, and what each of its codes means.

Two kinds of missing answer are kept apart:

- *user-missing*: a code that was recorded and that the file declares missing (99 "refused", Stata's `.a`); the code
  stays in the column, and `Variable.missing` names it;
- *system-missing*: nothing was recorded; the cell is empty.

Example: a column holding 1, 2, 99 and one empty cell, with 99 declared missing, has one user-missing and one
system-missing answer, and neither is ever counted as "no".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from groundswell.errors import InputError, nearest

Code = int | float | str
"""One recorded answer: a number as in SPSS, or text as in a CSV file or Stata's tagged missing `.a`."""

Kind = Literal["number", "text", "date"]

EXACT = 1 << 53
"""Whole numbers below this are exact; SPSS writes "lowest" and "highest" as numbers beyond it."""


def plain_code(code: Code) -> Code:
    """The code as people write it: 1 rather than 1.0, and text without the padding of fixed-width files."""
    if isinstance(code, str):
        return code.strip()
    return int(code) if float(code).is_integer() and abs(code) < EXACT else float(code)


@dataclass(frozen=True)
class Variable:
    """One column: its label, the labels of its codes, and its user-missing codes as inclusive ranges."""

    name: str
    kind: Kind
    label: str = ""
    labels: Mapping[Code, str] | None = None
    missing: tuple[tuple[Code, Code], ...] = ()

    def is_missing(self, code: Code) -> bool:
        """Whether the file declares this code user-missing."""
        text = isinstance(code, str)
        return any(
            low <= code <= high  # type: ignore[operator]  # both bounds are of the code's own kind here
            for low, high in self.missing
            if isinstance(low, str) == text
        )

    def label_of(self, code: Code) -> str:
        """The label of a code, or the code itself as text where it has none."""
        return (self.labels or {}).get(code, str(code))


@dataclass(frozen=True)
class Codebook:
    """Every column of one respondents' file, in the file's order; `rows` is the number of respondents."""

    file: str
    rows: int
    variables: Mapping[str, Variable]

    def __getitem__(self, column: str) -> Variable:
        """The variable of a column.

        Raises: KeyError where the file has no such column.
        """
        return self.variables[column]

    def __contains__(self, column: object) -> bool:
        """Whether the file has this column."""
        return column in self.variables


def check_asked(file: Path, known: Collection[str], asked: Collection[str]) -> None:
    """Hold the columns that are asked for against those of the file.

    Raises: InputError for the first that the file lacks.
    """
    for column in asked:
        if column not in known:
            raise InputError(f"`{file}` has no column `{column}`; {nearest(column, known)}")
