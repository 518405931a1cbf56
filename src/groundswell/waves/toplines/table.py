"""`toplines.csv`: published shares, one row an answer category of a wave, read and checked as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.surveys.survey_toml import Indicator, Survey, load_survey
from groundswell.waves.toml.textfile import read_text
from groundswell.waves.toplines.between_rows import date_formats, link_faults, wave_faults
from groundswell.waves.toplines.row import COLUMNS, DATES, ToplineRow, fieldwork_faults, parse_row

if TYPE_CHECKING:
    import pandas as pd

Record = tuple[int, list[str]]
TYPES = {
    **dict.fromkeys(("share", "share_low", "share_high", "deff", "moe", "rounding"), "float64"),
    **dict.fromkeys(DATES, "datetime64[ns]"),
    "n": "Int64",
    "line": "int64",
}
"""The types of the columns that are not text."""


def read_toplines(survey: Survey) -> pd.DataFrame:
    """The survey's published shares, one row an answer category, in the file's order.

    Columns as in the file, then `line` (in the file, from 1) and `rounding` (the step of the printed share).
    Shares are floats in [0, 1] (means by their place between the ends of their scale), NaN where not given; `n` is
    Int64; dates are datetime64, NaT where not known; text is never missing, only empty; an empty `mode` is the
    house's. A survey without the file has no rows.

    Raises: FaultsError with every fault of the file.
    """
    return _table(read_rows(survey))


def read_rows(survey: Survey) -> list[ToplineRow]:
    """The same as `read_toplines` as records; quick, since pandas is not loaded for them.

    Raises: FaultsError with every fault of the file.
    """
    rows, faults = checked_rows(survey.toplines, survey)
    if faults:
        raise FaultsError(str(survey.toplines), faults)
    return rows


def check_survey(folder: Path | str) -> list[Fault]:
    """Everything wrong with a folder's `survey.toml` and `toplines.csv`, at once; empty if sound."""
    survey: Survey | None = None
    faults: list[Fault] = []
    try:
        survey = load_survey(folder)
    except FaultsError as error:
        faults += error.faults
    _, more = checked_rows(Path(folder, "toplines.csv"), survey)
    return faults + more


def checked_rows(file: Path, survey: Survey | None) -> tuple[list[ToplineRow], list[Fault]]:
    """The sound rows of `file` and its faults; without a survey, by the rules that need none."""
    if not file.exists():
        return [], []
    try:
        records = list(_records(file, read_text(file)))
    except FaultsError as error:
        return [], list(error.faults)
    if not records:
        message = f"is empty: its first line must name the columns {', '.join(COLUMNS)}"
        return [], [Fault(file, 1, "", message)]
    (header_line, header), *records = records
    faults = [Fault(file, header_line, *fault) for fault in _header_faults(header)]
    if not records:
        return [], [
            *faults,
            Fault(file, header_line, "", "has columns but no rows: add one, or delete the file"),
        ]
    rows, more = _rows(file, header, records, {} if survey is None else survey.indicators)
    if survey is not None:
        rows = [replace(row, mode=row.mode or _house_mode(survey, row.house)) for row in rows]
        more += [Fault(file, *fault) for fault in link_faults(rows, survey)]
    more += [Fault(file, *fault) for fault in wave_faults(rows)]
    absent = set(COLUMNS) - set(header)
    faults += [fault for fault in more if fault.field not in absent]
    return rows, sorted(faults, key=lambda fault: fault.line or 0)


def _records(file: Path, text: str) -> Iterator[Record]:
    """Each record with the line on which it starts, blank ones skipped."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield line, stripped
            line = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"is not sound CSV from here on: {error}; a quoted cell must end with a quote before the comma"
        )
        raise FaultsError(str(file), [Fault(file, line, "", message)]) from error


def _header_faults(header: list[str]) -> Iterator[tuple[str, str]]:
    """Column and message of what is wrong with the first line."""
    if len(header) == 1 and (mark := next((mark for mark in ";\t|" if mark in header[0]), None)):
        yield "", f"must be separated by commas, got {mark!r}: save it again as CSV with commas"
        return
    for column in dict.fromkeys(header):
        if not column:
            yield "", "has a column without a name: name it or delete it"
        elif column not in COLUMNS:
            yield column, f"unknown column `{column}`; {nearest(column, COLUMNS)}"
        elif header.count(column) > 1:
            yield column, f"column `{column}` stands {header.count(column)} times: keep one"
    for column in COLUMNS:
        if column not in header:
            yield (
                column,
                f"column `{column}` is missing: add it (docs/formats.md says which cells may be empty)",
            )


def _rows(
    file: Path, header: list[str], records: list[Record], indicators: Mapping[str, Indicator]
) -> tuple[list[ToplineRow], list[Fault]]:
    """The sound rows, and the faults of single rows and of the date columns."""
    rows: list[ToplineRow] = []
    faults: list[Fault] = []
    written: list[tuple[int, dict[str, str]]] = []
    for line, cells in records:
        if len(cells) != len(header):
            message = (
                f"has {len(cells)} cells, the first line names {len(header)} columns: quote cells with commas"
            )
            faults.append(Fault(file, line, "", message))
            continue
        named = dict.fromkeys(COLUMNS, "") | {
            k: v for k, v in zip(header, cells, strict=True) if k in COLUMNS
        }
        written.append((line, named))
        indicator = indicators.get(named["indicator"])
        row, row_faults = parse_row(named, line, None if indicator is None else indicator.scale)
        faults += [Fault(file, line, *fault) for fault in row_faults]
        if row is not None:
            faults += [Fault(file, line, *fault) for fault in fieldwork_faults(row)]
            rows.append(row)
    faults += [Fault(file, *fault) for fault in date_formats(written)]
    return rows, faults


def _house_mode(survey: Survey, house: str) -> str:
    """The mode of a house whose row says none."""
    return survey.houses[house].mode if house in survey.houses else ""


def _table(rows: list[ToplineRow]) -> pd.DataFrame:
    """The rows as a table with fixed types, also where there is none."""
    import pandas as pd

    columns = [*COLUMNS, "line", "rounding"]
    table = pd.DataFrame([asdict(row) for row in rows], columns=columns)
    return table.astype({column: TYPES.get(column, "str") for column in columns})
