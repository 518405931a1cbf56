"""What `groundswell trend` is given: a table of published shares, and the dates asked for.

Shares have the columns `COLUMNS`, of which `house`, `end` and `share` are needed; `series`, `start_date`, `end_date`
and `publ_date` are understood as older names (`OLDER`). Asked for: `date`, `indicator`, and optionally `house` and `n`:
without a house the level on that date, with one that house's next published share, its sampling noise at `n`
included. A file that is wrong is refused with everything that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from groundswell.dates import read_date
from groundswell.errors import Fault, FaultsError, nearest
from groundswell.trends.data.overlap import KINDS
from groundswell.trends.data.unknown_n import typical_n
from groundswell.waves.surveys.fieldwork import PRECISIONS, Precision
from groundswell.waves.toplines.cells import one_of, parse_count, parse_deff, parse_share, rounding_step
from groundswell.waves.toplines.row import ReadRow
from groundswell.waves.toplines.written import Columns, Record, Written, by_column, read_records

COLUMNS: Final = (
    *(
        "indicator",
        "house",
        "variant",
        "mode",
        "share",
        "share_low",
        "share_high",
        "start",
        "end",
        "precision",
    ),
    *("n", "deff", "published", "source_title", "source_url", "note", "overlap"),
)
NEEDED: Final = ("house", "end", "share")
OLDER: Final = {"series": "indicator", "start_date": "start", "end_date": "end", "publ_date": "published"}
"""Other names of columns that are understood: what they were called before they had the house's words."""
HINTS: Final = {
    "moe": (
        "a margin of error is not read here: write the design effect that it means in `deff`, "
        "n · (moe / 1.96)² / (share · (1 − share))"
    ),
    "category": "name the answer in `indicator`, as `mood: anxious`: each is a series of its own",
    "certainty": "a table of shares is fitted whole: leave the rows out that you doubt, and delete the column",
    "percent": "write a share from 0 to 1 in `share`",
    "pollster": "name who asked in `house`",
    "date": "write the last day of fieldwork in `end`",
    "sample_size": "write the number of respondents in `n`",
}
SHARES: Final = Columns(COLUMNS, NEEDED, about="docs/trend.md", older=OLDER, hints=HINTS)
DATES: Final = Columns(("date", "indicator", "house", "n"), ("date",), about="docs/trend.md", older=OLDER)
DAYS: Final = ("end", "date")
FIRST_YEAR, LAST_YEAR = 1700, 2200
ONE_SERIES: Final = "all"
"""The name of the only series of a file that names none."""


@dataclass(frozen=True)
class ShareRow(ReadRow):
    """A row of a table of shares; `overlap`, one of `overlap.KINDS` or empty, is what a survey says of a house."""

    overlap: str = ""


def shares_of(file: Path, header: Record, records: list[Record]) -> list[ReadRow]:
    """The rows of a CSV of published shares; a row that names no indicator has `ONE_SERIES`.

    Raises: FaultsError with every fault of the file.
    """
    written = by_column(file, header, records, SHARES)
    sheet = _Sheet(file, written)
    rows = [row for line, cells in written.rows if (row := _share_row(sheet, line, cells)) is not None]
    sheet.finish("has columns but no rows: add one row a published share", records)
    return rows


def shares_table(rows: list[ReadRow]) -> pd.DataFrame:
    """The rows in the columns of the observations table, with `line` and, where n is not published, a flag.

    A wave without n counts as its house's median n, else as the median of all, else as `effective_n.TYPICAL_N`; without
    deff its n is taken as it is.
    """
    typical = typical_n((row.house, row.n) for row in rows)
    return pd.DataFrame([_observation(row, *_size(row, typical.of_any)) for row in rows])


def read_dates(file: Path, shares: pd.DataFrame) -> pd.DataFrame:
    """The dates asked for: `date`, `series`, `house` ("" for the level), `n` (NaN where not given).

    Raises: FaultsError with every fault of the file, also a series or house that `shares` does not have.
    """
    header, records = read_records(file, "date")
    written = by_column(file, header, records, DATES)
    sheet = _Sheet(file, written)
    known = {str(name): sorted(set(part["house"])) for name, part in shares.groupby("indicator")}
    usual = next(iter(known)) if len(known) == 1 else ""
    asked = []
    for line, cells in written.rows:
        series, house = cells["indicator"] or usual, cells["house"]
        day = sheet.cell(line, "date", cells, _parse_day)
        n = sheet.cell(line, "n", cells, _parse_n)
        if not series:
            message = f"is empty: write which of {', '.join(f'`{name}`' for name in known)}"
            sheet.fault(line, "indicator", message)
        elif series not in known:
            sheet.fault(line, "indicator", f"`{series}` has no share; {nearest(series, known)}")
        elif house and house not in known[series]:
            sheet.fault(
                line, "house", f"`{house}` has no wave in `{series}`; {nearest(house, known[series])}"
            )
        asked.append({"date": day, "series": series, "house": house, "n": n})
    sheet.finish("asks for no date: add one row a date", records)
    table = pd.DataFrame(asked)
    return table.assign(date=pd.to_datetime(table["date"]), n=table["n"].astype(float))


class _Sheet:
    """A table being read: its faults, each under the name that the file gives the column."""

    def __init__(self, file: Path, written: Written) -> None:
        self._file, self._written = file, written
        self._faults: list[Fault] = []

    def fault(self, line: int, column: str, message: str) -> None:
        """Note what is wrong in a cell; of a column that is not there the header's fault says enough."""
        if column in self._written.names or column not in (*NEEDED, "date"):
            self._faults.append(Fault(self._file, line, self._written.names.get(column, column), message))

    def cell(self, line: int, column: str, cells: Mapping[str, str], parse: Callable[[str], Any]) -> Any:
        """What a cell means; None where it is empty or wrong, which is noted."""
        if not cells[column]:
            if column in DAYS:
                self.fault(line, column, "is empty: write a date as YYYY-MM-DD")
            return None
        try:
            return parse(cells[column])
        except ValueError as error:
            self.fault(line, column, str(error))
            return None

    @property
    def count(self) -> int:
        """How many faults there are by now."""
        return len(self._faults)

    def finish(self, no_rows: str, records: list[Record]) -> None:
        """Raises: FaultsError where anything is wrong, with the faults of the header and in the lines' order."""
        faults = [*self._written.faults, *self._faults]
        if not records:
            faults.append(Fault(self._file, self._written.line, "", no_rows))
        if faults:
            raise FaultsError(str(self._file), sorted(faults, key=lambda fault: fault.line or 0))


def _share_row(sheet: _Sheet, line: int, cells: Mapping[str, str]) -> ReadRow | None:
    """One published share; None where something in it is wrong."""
    before = sheet.count
    end: date | None = sheet.cell(line, "end", cells, _parse_day)
    start: date | None = sheet.cell(line, "start", cells, _parse_day)
    published: date | None = sheet.cell(line, "published", cells, _parse_day)
    share, low, high = (
        sheet.cell(line, name, cells, _parse_share) for name in ("share", "share_low", "share_high")
    )
    n = sheet.cell(line, "n", cells, _parse_n)
    deff = sheet.cell(line, "deff", cells, parse_deff)
    precision: Precision = (
        sheet.cell(line, "precision", cells, lambda text: one_of(text, PRECISIONS)) or "day"
    )
    overlap: str | None = sheet.cell(line, "overlap", cells, lambda text: one_of(text, KINDS))
    if not cells["house"]:
        sheet.fault(line, "house", "is empty: name who asked")
    if start is not None and end is not None and start > end:
        sheet.fault(line, "start", f"`{start}` lies after the end `{end}`: swap them, or check the year")
    for column, message in _range_faults(cells, share, low, high):
        sheet.fault(line, column, message)
    if sheet.count > before:
        return None
    return ShareRow(
        indicator=cells["indicator"] or ONE_SERIES, variant=cells["variant"], house=cells["house"],
        mode=cells["mode"], category="", share=(low + high) / 2 if share is None and low is not None else share,
        share_low=low, share_high=high, start=start, end=end, precision=precision, n=n, deff=deff, moe=None,
        published=published, source_title=cells["source_title"], source_url=cells["source_url"], certainty=None,
        note=cells["note"], line=line,
        # 0.34600000000000003 is a printed 34.6% that a program divided by 100.
        rounding=0.0 if share is None else rounding_step(f"{share:.6f}".rstrip("0")), overlap=overlap or "",
    )  # fmt: skip


def _range_faults(
    cells: Mapping[str, str], share: float | None, low: float | None, high: float | None
) -> list[tuple[str, str]]:
    """A share, a range, or a share within its range."""
    ends = cells["share_low"], cells["share_high"]
    faults = []
    if any(ends) and not all(ends):
        faults.append(("share_high" if ends[0] else "share_low", "is empty: a range needs both its ends"))
    if not cells["share"] and not any(ends):
        faults.append(("share", "is empty, and there is no range: write one of the two"))
    if low is not None and high is not None:
        if low > high:
            faults.append(("share_low", f"`{ends[0]}` lies above share_high `{ends[1]}`: swap them"))
        elif share is not None and not low <= share <= high:
            faults.append(("share", f"`{cells['share']}` lies outside its range {ends[0]} to {ends[1]}"))
    return faults


def _size(row: ReadRow, typical: Callable[[str], tuple[float, str]]) -> tuple[float, str]:
    """The row's n, or what stands for it, with the flag that says so."""
    return (float(row.n), "") if row.n is not None else typical(row.house)


def _observation(row: ReadRow, n: float, flag: str) -> dict[str, Any]:
    """One row of the observations table."""
    assert row.end is not None  # a row without one was a fault
    deff = 1.0 if row.deff is None else row.deff
    return {
        "indicator": row.indicator,
        "domain": "all",
        "house": row.house,
        "variant": row.variant,
        "mode": row.mode,
        "start": pd.Timestamp(row.start or row.end),
        "end": pd.Timestamp(row.end),
        "precision": row.precision,
        "n": n,
        "deff": deff,
        "n_effective": n / deff,
        "share": row.share,
        "range_low": np.nan if row.share_low is None else row.share_low,
        "range_high": np.nan if row.share_high is None else row.share_high,
        "rounding": row.rounding,
        "flags": flag,
        "left_out": "",
        "overlap": row.overlap if isinstance(row, ShareRow) else "",
        "line": row.line,
    }


def _parse_day(text: str) -> date:
    """A date that the model can place; one that no survey can have is answered with a note.

    Raises: ValueError for other forms, and for years in which no calendar of ours is certain.
    """
    day = read_date(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must lie between {FIRST_YEAR} and {LAST_YEAR}, got `{text}`")
    return day


def _parse_share(text: str) -> float:
    """A share; programs write a small one as `5e-05`.

    Raises: ValueError for anything but a number from 0 to 1.
    """
    small = re.fullmatch(r"[0-9](\.[0-9]+)?[eE]-[0-9]{1,2}", text)
    return float(text) if small else parse_share(text)


def _parse_n(text: str) -> int:
    """A number of respondents; pandas writes a column with gaps as `1005.0`.

    Raises: ValueError for anything but a positive whole number.
    """
    return parse_count(text.removesuffix(".0"))
