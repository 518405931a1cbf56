"""A table that `groundswell estimate --by` wrote, read as the waves of a trend: one series an answer and domain.

One column of `--by` dates the waves (`when`: a day, a month, a quarter or a year), or the columns `end` and perhaps
`start` and `precision` do. `house`, `variant` and `mode` mean what they mean in a table of shares; every other column
tells domains apart.

Worked example: `--share mood --by year,sex` and `when` `year` make the series `1:mood=1`, `1:mood=2`, `2:mood=1` …,
each with one wave a year, of one house that is called `respondents`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.dates import read_date
from groundswell.errors import Fault, FaultsError, InputError, nearest
from groundswell.estimates.statistics.table import COLUMNS
from groundswell.trends.data.shares_table import FIRST_YEAR, LAST_YEAR, OLDER
from groundswell.waves.surveys.fieldwork import PRECISIONS, Precision
from groundswell.waves.toplines.cells import one_of
from groundswell.waves.toplines.row import ReadRow
from groundswell.waves.toplines.written import Columns, Record, by_column, read_records

OWN_HOUSE: Final = "respondents"
"""The house of estimates that name none."""
ROLES: Final = ("house", "variant", "mode", "start", "end", "precision")
MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
QUARTER: Final = re.compile(r"([0-9]{4})-?[Qq]([1-4])")
YEAR: Final = re.compile(r"[0-9]{4}")


class Dated(NamedTuple):
    """When a wave was asked; `start` None: only what `end` and `precision` say."""

    start: date | None
    end: date
    precision: Precision


class Estimated(NamedTuple):
    """The waves of a table of estimates, and the lines of rows in which nobody answered, by series."""

    rows: list[ReadRow]
    unanswered: Mapping[str, list[int]]


def is_estimates(header: Record) -> bool:
    """Whether a file is a table of estimates, by its columns."""
    return set(COLUMNS) <= set(header.cells)


def estimates_of(file: Path, header: Record, records: list[Record], when: str | None) -> Estimated:
    """The waves of a table of estimates.

    Raises: InputError where no column dates the waves, FaultsError with every fault of the file.
    """
    by = [name for name in header.cells if name not in COLUMNS]
    _check_when(file, by, when)
    columns = Columns(
        (*COLUMNS, *dict.fromkeys(OLDER.get(name, name) for name in by)), COLUMNS, "docs/estimate.md", OLDER
    )
    written = by_column(file, header, records, columns)
    domains = [OLDER.get(name, name) for name in by if name != when and OLDER.get(name, name) not in ROLES]
    rows: list[ReadRow] = []
    unanswered: dict[str, list[int]] = defaultdict(list)
    faults = list(written.faults)
    others: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line, cells in written.rows:
        if cells["statistic"] != "share":
            others[cells["variable"], cells["statistic"]].append(line)
            continue
        series = ":".join([*(cells[name] for name in domains), f"{cells['variable']}={cells['category']}"])
        if cells["n"] == "0":
            unanswered[series].append(line)
            continue
        try:
            rows.append(_row(line, series, cells, when))
        except _CellError as wrong:
            faults.append(Fault(file, line, written.names.get(wrong.column, wrong.column), str(wrong)))
    for (variable, statistic), lines in others.items():
        rule = f"`{variable}` is `{statistic}`, and a trend follows shares"
        message = f"{rule}: leave its {len(lines)} rows out of the table"
        faults.append(Fault(file, lines[0], "statistic", message))
    if not rows and not faults:
        faults.append(Fault(file, header.line, "", "has no share of anybody: nothing to fit"))
    if faults:
        raise FaultsError(str(file), sorted(faults, key=lambda fault: fault.line or 0))
    return Estimated(rows, unanswered)


def read_covariance(file: Path, estimates: Path) -> pd.DataFrame:
    """The covariance that `groundswell estimate --covariance` wrote beside `estimates`, its rows named by their lines.

    Raises: FaultsError where it is not a square table of numbers of the same rows.
    """
    header, records = read_records(file, "row")
    _, rows = read_records(estimates, ", ".join(COLUMNS))
    names = header.cells[1:]
    if (
        header.cells[0] != "row"
        or [record.cells[0] for record in records] != names
        or len(names) != len(rows)
    ):
        message = (
            f"is not the covariance of `{estimates.name}`: it must have a column `row`, and a row and a column for "
            f"each of its {len(rows)} rows, got {len(records)} rows and {len(names)} columns; "
            "write both with one `groundswell estimate --out … --covariance …`"
        )
        raise FaultsError(str(file), [Fault(file, header.line, "", message)])
    lines = [record.line for record in rows]
    try:
        numbers = np.array([[float(cell or "nan") for cell in record.cells[1:]] for record in records])
    except ValueError as error:
        raise FaultsError(str(file), [Fault(file, None, "", f"must hold numbers: {error}")]) from error
    # a row in which nobody answered has no variance, and shares none
    return pd.DataFrame(np.nan_to_num(numbers), index=lines, columns=lines)


class _CellError(ValueError):
    """One cell that is wrong, and its column."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _check_when(file: Path, by: list[str], when: str | None) -> None:
    """Raises: InputError where no column dates the waves, or two do."""
    dated = [name for name in by if OLDER.get(name, name) == "end"]
    if when is not None and when not in by:
        raise InputError(f"`when=`: `{file}` has no column `{when}` of `--by`; {nearest(when, by)}")
    if when is not None and dated and when not in dated:
        raise InputError(f"`when=` is `{when}`, and `{dated[0]}` dates the waves too: delete one of the two")
    if when is None and not dated:
        known = (
            f"it has {', '.join(f'`{name}`' for name in by)}" if by else "it has none: estimate with `--by`"
        )
        raise InputError(
            f"`{file}` is a table of estimates: name the column of `--by` that dates the waves with `when=` "
            f"({known}), or add a column `end` with the last day of each wave's fieldwork"
        )


def _row(line: int, series: str, cells: Mapping[str, str], when: str | None) -> ReadRow:
    """One estimate as a wave. Raises: _CellError."""
    share, n = _number(cells, "estimate"), _number(cells, "n")
    deff = n / _number(cells, "n_effective")
    if not 0 <= share <= 1:
        raise _CellError("estimate", f"must be a share from 0 to 1, got `{cells['estimate']}`")
    dated = _when(cells, OLDER.get(when, when)) if when else _dated(cells)
    return ReadRow(
        indicator=series, variant=cells.get("variant", ""), house=cells.get("house", "") or OWN_HOUSE,
        mode=cells.get("mode", ""), category="", share=share, share_low=None, share_high=None, start=dated.start,
        end=dated.end, precision=dated.precision, n=round(n), deff=deff, moe=None, published=None, source_title="",
        source_url="", certainty=None, note="", line=line, rounding=0.0,
    )  # fmt: skip


def _number(cells: Mapping[str, str], column: str) -> float:
    try:
        number = float(cells[column])
    except ValueError as error:
        raise _CellError(column, f"must be a number, got `{cells[column]}`") from error
    if not np.isfinite(number) or number < 0 or (number == 0 and column != "estimate"):
        raise _CellError(column, f"must be a number above 0, got `{cells[column]}`")
    return number


def _dated(cells: Mapping[str, str]) -> Dated:
    """The fieldwork that the columns `start`, `end` and `precision` state."""
    try:
        precision: Precision = one_of(cells["precision"], PRECISIONS) if cells.get("precision") else "day"
    except ValueError as error:
        raise _CellError("precision", str(error)) from error
    start = _day(cells, "start") if cells.get("start") else None
    end = _day(cells, "end")
    if start is not None and start > end:
        raise _CellError("start", f"`{start}` lies after the end `{end}`: swap them, or check the year")
    return Dated(start, end, precision)


def _when(cells: Mapping[str, str], column: str) -> Dated:
    """The fieldwork that a day, a month, a quarter or a year stands for."""
    text = cells[column]
    if YEAR.fullmatch(text):
        year, month, precision = int(text), 12, "year"
    elif found := QUARTER.fullmatch(text):
        year, month, precision = int(found[1]), int(found[2]) * 3, "quarter"
    elif (found := MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        year, month, precision = int(found[1]), int(found[2]), "month"
    else:
        return Dated(None, _day(cells, column), "day")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _CellError(column, f"must lie between {FIRST_YEAR} and {LAST_YEAR}, got `{text}`")
    return Dated(None, date(year, month, monthrange(year, month)[1]), one_of(precision, PRECISIONS))


def _day(cells: Mapping[str, str], column: str) -> date:
    try:
        day = read_date(cells[column])
    except ValueError as error:
        forms = "a day as 2022-02-24, a month as 2022-02, a quarter as 2022-Q1 or a year"
        raise _CellError(column, f"must say when the wave was asked, {forms}; {error}") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _CellError(column, f"must lie between {FIRST_YEAR} and {LAST_YEAR}, got `{day}`")
    return day
