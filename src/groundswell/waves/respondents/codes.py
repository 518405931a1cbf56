"""A code: what was recorded for one answer."""

from __future__ import annotations

from dataclasses import dataclass

Code = int | float | str
"""One recorded answer: a number as in SPSS, or text as in a CSV file or Stata's tagged missing `.a`."""

EXACT = 1 << 53
"""Whole numbers below this are exact; SPSS writes "lowest" and "highest" as numbers beyond it."""


def plain_code(code: Code) -> Code:
    """The code as people write it: 1 rather than 1.0, and text without the padding of fixed-width files."""
    if isinstance(code, str):
        return code.strip()
    return int(code) if float(code).is_integer() and abs(code) < EXACT else float(code)


def recorded(cell: object) -> Code | None:
    """The code that a cell of a query's answer holds; None for an empty one, anything but a number as its text."""
    if cell is None or cell != cell:
        return None
    return plain_code(cell) if isinstance(cell, str | int | float) else str(cell)


@dataclass(frozen=True)
class CodeCount:
    """How many respondents gave a code; None is an empty cell."""

    code: Code | None
    respondents: int

    @property
    def meant(self) -> Code | None:
        """The code, or the number that it writes where it is text, so that a list's 1 names the text `1`."""
        return code_of(self.code) if isinstance(self.code, str) else self.code


def code_of(text: str) -> Code:
    """The code that a person writes: `99` is the number, anything else is text."""
    try:
        return plain_code(float(text))
    except ValueError:
        return text.strip()
