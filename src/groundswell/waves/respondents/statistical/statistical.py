"""Respondents in an SPSS, Stata or SAS file, with its value labels and missing codes.

Codes stay as they were recorded; a tagged missing answer of Stata or SAS is the text `.a`, and makes its column one of
text. A column is a date only where its format says so (`stored_dates`); a cell of it that is no date is empty.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.waves.respondents.codebook import Codebook, Kind, Variable, check_asked
from groundswell.waves.respondents.codes import plain_code
from groundswell.waves.respondents.layouts.layout import AS_FOUND, FileLayout, ReadOptions, check_has
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.statistical.catalogue import Labels, catalogue_labels
from groundswell.waves.respondents.statistical.declared_sets import declared_sets
from groundswell.waves.respondents.statistical.encoded_file import READERS, EncodedFile, opened
from groundswell.waves.respondents.statistical.file_ends import check_ends
from groundswell.waves.respondents.statistical.stored_dates import (
    Counted,
    Program,
    counted_by,
    moments,
    seconds,
)

STATISTICAL_FORMATS = tuple(READERS)

PROGRAMS: dict[str, Program] = {".dta": "stata", ".sas7bdat": "sas", ".xpt": "sas"}
"""What wrote a file, by the ending of its name; SPSS where it is none of these."""


def read_statistical(
    file: Path, columns: Collection[str] | None = None, options: ReadOptions = AS_FOUND
) -> tuple[pd.DataFrame, Codebook]:
    """The rows, of `columns` only where those are named, and the codebook.

    Raises: InputError where the file is damaged, cut off, locked, in an unknown encoding, or lacks one of `columns`.
    """
    sas = file.suffix.lower() == ".sas7bdat"
    check_has(file, f"a {file.suffix} file", options, "encoding", *(["catalogue"] if sas else []))
    source = opened(file, options.encoding)
    chosen: dict[str, Any] = {}
    if columns is not None:
        check_asked(file, source.about.column_names, columns)
        chosen["usecols"] = list(dict.fromkeys(columns))
    # pyreadstat gives declared missing answers of these formats, and no others
    missing = {} if file.suffix.lower() in (".por", ".xpt") else {"user_missing": True}
    source, table, about = source.rows(**chosen, **missing)
    _check_whole(file, table, about)
    check_ends(file, len(table))
    cells: dict[str, Any] = dict(table.items())
    if tagged := [name for name in cells if name in about.missing_user_values]:
        # only lists tell an empty cell of a column of whole numbers from 0 where others of its cells are tagged
        cells |= source.rows(usecols=tagged, output_format="dict", **missing)[1]
    labels, said = catalogue_labels(file, options.catalogue, about.variable_to_label, source.encoding)
    program = PROGRAMS.get(file.suffix.lower(), "spss")
    read = [_column(_variable(name, about, labels), held, about, program) for name, held in cells.items()]
    variables = {variable.name: variable for variable, *_ in read}
    spss = file.suffix.lower() in (".sav", ".zsav")
    return pd.DataFrame({variable.name: column for variable, column, _ in read}), Codebook(
        file=file.name,
        rows=len(table),
        variables=variables,
        layout=_layout(source, options),
        notes=(*source.notes, *said, *(note for *_, notes in read for note in notes)),
        declared_sets=declared_sets(file, source.python_encoding, variables) if spss else (),
    )


def _check_whole(file: Path, table: pd.DataFrame, about: Any) -> None:
    """Refuse a file that holds fewer rows than it states; -1 and 0 are "not stated" in some writers' headers."""
    if about.number_rows is not None and 0 < len(table) < about.number_rows:
        raise InputError(
            f"`{file}` states {about.number_rows:,} rows and holds {len(table):,}: ask for the whole file"
        )


def _layout(source: EncodedFile, options: ReadOptions) -> FileLayout:
    """How the file was read."""
    stated = tuple(name for name in ("encoding", "catalogue") if getattr(options, name) is not None)
    return FileLayout(encoding=source.encoding, stated=stated)


def _variable(name: str, about: Any, catalogue: Labels) -> Variable:
    """What the file, and its catalogue, say of one column of codes."""
    text = about.readstat_variable_types[name] == "string"
    found = about.variable_value_labels.get(name) or catalogue.get(name, {})
    # a label of a number's code that is a letter is that of a tagged missing answer
    labels = {
        plain_code(f".{code}" if isinstance(code, str) and not text else code): str(label)
        for code, label in found.items()
    }
    ranges = [(part["lo"], part["hi"]) for part in about.missing_ranges.get(name, [])]
    tagged = [(f".{letter}", f".{letter}") for letter in about.missing_user_values.get(name, [])]
    missing = tuple((plain_code(low), plain_code(high)) for low, high in [*ranges, *tagged])
    kind: Kind = "text" if text or tagged else "number"
    return Variable(name, kind, about.column_names_to_labels.get(name) or "", labels or None, missing)


def _column(
    variable: Variable, cells: pd.Series | list[Any], about: Any, program: Program
) -> tuple[Variable, pd.Series, tuple[Note, ...]]:
    """One column as it is kept, with what must be known of it."""
    name = variable.name
    if about.readstat_variable_types[name] == "string":
        return variable, pd.Series(cells, dtype="str"), ()
    counted = counted_by(program, about.original_variable_types[name])
    if counted is not None:
        return _dated(variable, cells, counted, program)
    if variable.kind == "text":
        codes = [_tag_or_code(cell) for cell in cells]
        return variable, pd.Series(codes, dtype="str"), ()
    return variable, pd.Series(pd.to_numeric(cells)), ()


def _tag_or_code(cell: object) -> str | None:
    """A cell of a column with tagged missing answers, as text: `.a`, `3`, or nothing."""
    if isinstance(cell, str):
        return f".{cell}"
    return None if not isinstance(cell, int | float) or cell != cell else str(plain_code(cell))


def _dated(
    variable: Variable, cells: pd.Series | list[Any], counted: Counted, program: Program
) -> tuple[Variable, pd.Series, tuple[Note, ...]]:
    """A column of dates, or of times as seconds. What is declared missing or has a label is none of them, and empty."""
    what, unit = counted
    given = pd.Series(cells, dtype="object")
    numbers = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, copy=True)
    for low, high in variable.missing:
        if not isinstance(low, str):
            numbers[(numbers >= low) & (numbers <= high)] = np.nan
    numbers[np.isin(numbers, [code for code in variable.labels or () if not isinstance(code, str)])] = np.nan
    read = moments(numbers, program, unit) if what == "date" else seconds(numbers, unit)
    column = pd.Series(read)
    notes = [Note("times_as_seconds", variable.name)] if what == "time" else []
    if lost := int(given.notna().sum() - column.notna().sum()):
        notes.append(Note("not_a_date", variable.name, {"cells": lost, "what": what}))
    kind: Kind = "date" if what == "date" else "number"
    return Variable(variable.name, kind, variable.label), column, tuple(notes)


def column_kind(column: pd.Series) -> Kind:
    """number, text or date, from a column's type."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"
