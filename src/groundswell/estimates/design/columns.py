"""Columns of a table of respondents, read as numbers, and how one of their answers is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError


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
        raise InputError(text_fault(f"`{column}`", str(values.iloc[text[0]]), int(text[0]) + 1))
    return parsed.to_numpy(np.float64, na_value=np.nan)


def text_fault(subject: str, cell: str, row: int) -> str:
    """What is said of text where a number is needed; the first respondent is row 1."""
    comma = "," in cell and pd.notna(pd.to_numeric(cell.replace(",", ".", 1), errors="coerce"))
    way = "write a decimal point for the decimal comma" if comma else "give a number, or leave it empty"
    return f"{subject} holds text (`{cell}` in row {row}) where a number is needed: {way}"


def answer_text(answer: object) -> str:
    """An answer or a code as people write it: 1 rather than 1.0, true rather than True."""
    if isinstance(answer, bool | np.bool_):
        return str(answer).lower()
    if isinstance(answer, float | np.floating) and float(answer).is_integer():
        return str(int(answer))
    return str(answer)
