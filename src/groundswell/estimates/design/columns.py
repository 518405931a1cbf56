"""Columns of a table of respondents: whether they are there, read as numbers, and how an answer is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest


def check_column(name: str, columns: Collection[object], *, named_by: str = "") -> None:
    """Hold a name against a table's columns; `named_by` is the argument that gave it.

    Raises:
        InputError: no such column, with the nearest.
    """
    if name not in columns:
        raise column_fault(name, columns, named_by=named_by)


def column_fault(name: str, columns: Iterable[object], *, named_by: str = "") -> InputError:
    """What is said of a name that is not a column's."""
    what = f"`{named_by}=` names `{name}`, which is not a column" if named_by else f"`{name}` is not a column"
    return InputError(f"{what}: {nearest(name, map(str, columns))}")


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
