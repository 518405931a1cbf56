"""Columns of a table of respondents, read as numbers, and how one of their answers is shown."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT, RowName

EITHER_COMMA = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""A number that is a thousand times another one if its comma is a decimal comma."""

THOUSANDS = re.compile(
    r"[+-]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,}|(\.\d{3})+,\d+|(\.\d{3}){2,}|([ '\xa0\u202f]\d{3})+([.,]\d+)?)"
)
"""A number with marks between its thousands that cannot be read otherwise; `1,234` may be a decimal comma."""


STATED = " (that of a text file or a sheet may be stated: `--decimal ,`)"
"""The way out for a decimal comma where a reader would take it at its word."""


def numbers(respondents: pd.DataFrame, column: str) -> Floats:
    """The column as numbers, missing as NaN.

    Raises:
        InputError: text, with its row; decimal commas are named as such.
    """
    values = respondents[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(np.float64, na_value=np.nan)
    parsed = pd.to_numeric(values, errors="coerce")
    text = np.flatnonzero((parsed.isna() & values.notna()).to_numpy())
    if len(text):
        raise InputError(
            text_fault(f"`{column}`", str(values.iloc[text[0]]), BY_COUNT.name(int(text[0]) + 1))
        )
    return parsed.to_numpy(np.float64, na_value=np.nan)


def text_fault(subject: str, cell: str, row: RowName) -> str:
    """What is said of text where a number is needed."""
    plain = cell.strip()
    if THOUSANDS.fullmatch(plain):
        way = "write it without marks of thousands"
    elif EITHER_COMMA.fullmatch(plain):
        way = f"write a decimal point for a decimal comma, and no comma between thousands{STATED}"
    elif "," in plain and pd.notna(pd.to_numeric(plain.replace(",", ".", 1), errors="coerce")):
        way = f"write a decimal point for the decimal comma{STATED}"
    else:
        way = "give a number, or leave it empty"
    return f"{subject} holds text (`{cell}` in {row.text}) where a number is needed: {way}{row.how}"


def answer_text(answer: object) -> str:
    """An answer or a code as people write it: 1 rather than 1.0, true rather than True."""
    if isinstance(answer, bool | np.bool_):
        return str(answer).lower()
    if isinstance(answer, float | np.floating) and float(answer).is_integer():
        return str(int(answer))
    return str(answer)
