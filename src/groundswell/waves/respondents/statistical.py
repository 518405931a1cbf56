"""Respondents in an SPSS, Stata or SAS file, with its value labels and missing codes.

Codes stay as they were recorded; a tagged missing answer of Stata or SAS is the text `.a`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.errors import InputError
from groundswell.waves.respondents.codebook import Codebook, Kind, Variable, check_asked
from groundswell.waves.respondents.codes import plain_code

STATISTICAL_FORMATS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}


def read_statistical(file: Path, columns: Collection[str] | None = None) -> tuple[pd.DataFrame, Codebook]:
    """The rows, of `columns` only where those are named, and the codebook.

    Raises: InputError where the file is damaged, cut off, or lacks one of `columns`.
    """
    import pyreadstat

    suffix = file.suffix.lower()
    read: Callable[..., tuple[pd.DataFrame, Any]] = getattr(pyreadstat, STATISTICAL_FORMATS[suffix])
    options: dict[str, Any] = {} if suffix in (".por", ".xpt") else {"user_missing": True}
    known = _known_columns(read, file)
    if columns is not None:
        check_asked(file, known, columns)
        options["usecols"] = list(dict.fromkeys(columns))
    try:
        table, about = read(file, **options)
    except (pyreadstat.ReadstatError, OSError, ValueError) as error:
        raise InputError(
            f"`{file}` breaks off or is damaged ({error}): ask for the whole file again"
        ) from error
    # -1 and 0 stand for "not stated" in some writers' headers.
    if about.number_rows is not None and 0 < len(table) < about.number_rows:
        raise InputError(
            f"`{file}` states {about.number_rows:,} rows and holds {len(table):,}: ask for the whole file"
        )
    if tagged := [name for name in table.columns if _is_mixed(table[name])]:
        # pyreadstat reads an empty cell of a whole-number column as 0 where other cells are tagged
        plain = read(file, usecols=tagged)[0].notna()
        words = table[tagged].map(lambda cell: isinstance(cell, str))
        table[tagged] = table[tagged].where(plain | words, None)
    variables = {}
    for name in table.columns:
        table[name] = _codes_as_recorded(table[name])
        variables[name] = _variable(name, column_kind(table[name]), about)
    return table, Codebook(file.name, len(table), variables)


def _is_mixed(column: pd.Series) -> bool:
    """Whether a column of numbers holds letters, which tag missing answers in Stata and SAS."""
    return column.dtype == object and len({isinstance(cell, str) for cell in column if cell is not None}) == 2


def _known_columns(read: Callable[..., tuple[pd.DataFrame, Any]], file: Path) -> list[str]:
    """The file's column names; the first look at the file, so the first to see that it is none."""
    import pyreadstat

    try:
        _, about = read(file, metadataonly=True)
    except (pyreadstat.ReadstatError, OSError, ValueError) as error:
        raise InputError(
            f"`{file}` is not a sound {file.suffix} file ({error}): ask for the whole file"
        ) from error
    return list(about.column_names)


def _codes_as_recorded(column: pd.Series) -> pd.Series:
    """Tagged missing answers of Stata and SAS (read as the letter `a`) become `.a` in a column of text."""
    if column.dtype != object:
        return column
    plain = [value if not isinstance(value, float) or value == value else None for value in column]
    if all(value is None or not isinstance(value, str) for value in plain):
        return pd.to_datetime(pd.Series(plain, index=column.index))
    tagged = [
        f".{value}"
        if isinstance(value, str) and len(value) <= 1
        else (value if value is None else str(plain_code(value)))
        for value in plain
    ]
    return pd.Series(tagged, index=column.index, dtype="str")


def _variable(name: str, kind: Kind, about: Any) -> Variable:
    """What the file says of one column."""
    labels = {
        plain_code(code): str(label) for code, label in about.variable_value_labels.get(name, {}).items()
    }
    ranges = [(part["lo"], part["hi"]) for part in about.missing_ranges.get(name, [])]
    tagged = [(f".{letter}", f".{letter}") for letter in about.missing_user_values.get(name, [])]
    if tagged:
        labels = {f".{code}" if isinstance(code, str) else code: label for code, label in labels.items()}
    missing = tuple((plain_code(low), plain_code(high)) for low, high in [*ranges, *tagged])
    return Variable(name, kind, about.column_names_to_labels.get(name) or "", labels or None, missing)


def column_kind(column: pd.Series) -> Kind:
    """number, text or date, from a column's type."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"
