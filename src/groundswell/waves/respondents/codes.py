"""A code: what was recorded for one answer."""

from __future__ import annotations

Code = int | float | str
"""One recorded answer: a number as in SPSS, or text as in a CSV file or Stata's tagged missing `.a`."""

EXACT = 1 << 53
"""Whole numbers below this are exact; SPSS writes "lowest" and "highest" as numbers beyond it."""


def plain_code(code: Code) -> Code:
    """The code as people write it: 1 rather than 1.0, and text without the padding of fixed-width files."""
    if isinstance(code, str):
        return code.strip()
    return int(code) if float(code).is_integer() and abs(code) < EXACT else float(code)


def code_of(text: str) -> Code:
    """The code that a person writes: `99` is the number, anything else is text."""
    try:
        return plain_code(float(text))
    except ValueError:
        return text.strip()
