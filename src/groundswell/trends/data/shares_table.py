"""What `groundswell trend` is given: a table of published shares, and the dates asked for.

Shares in: `series` (or `indicator`), `house`, `mode`, `start_date`, `end_date`, `n`, `share`, and optionally
`variant`, `deff`, `share_low`, `share_high`, `precision`. Asked for: `date`, `series`, and optionally `house`
and `n`: without a house the level on that date, with one that house's next published share, its sampling
noise at `n` included. A file that is wrong is refused with every wrong line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from groundswell.dates import read_date
from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.toml.textfile import read_text
from groundswell.waves.toplines.cells import parse_count, parse_deff, parse_share, rounding_step

SHARES_NEEDED: Final = ("house", "end_date", "share")
SHARES_MORE: Final = ("mode", "start_date", "n", "variant", "deff", "share_low", "share_high", "precision")
AT_NEEDED: Final = ("date",)
AT_MORE: Final = ("house", "n")
PRECISIONS: Final = ("day", "week", "month", "quarter", "year")
FIRST_YEAR, LAST_YEAR = 1700, 2200
ONE_SERIES: Final = "all"
"""The name of the only series of a file that names none."""


def read_shares(file: Path) -> pd.DataFrame:
    """Published shares as rows of the observations table, with the series' name in `indicator`.

    A wave without n counts as its house's median n, else as the file's; without deff its n is taken as it is.

    Raises: FaultsError naming every wrong line.
    """
    rows, faults = _rows(file, SHARES_NEEDED, SHARES_MORE)
    waves = [wave for line, row in rows if (wave := _wave(file, line, row, faults)) is not None]
    if not rows and not faults:
        faults.append(Fault(file, 1, "", "has columns but no rows: add one row a published share"))
    table = pd.DataFrame(waves)
    if not faults and table["n"].isna().all():
        faults.append(
            Fault(file, None, "n", "is empty in every row: at least one wave must say how many it asked")
        )
    if faults:
        raise FaultsError(str(file), faults)
    usual = table.groupby(["indicator", "house"])["n"].transform("median")
    table["n"] = table["n"].fillna(usual).fillna(table["n"].median())
    table["n_effective"] = table["n"] / table["deff"]
    return table


def read_dates(file: Path, shares: pd.DataFrame) -> pd.DataFrame:
    """The dates asked for: `date`, `series`, `house` ("" for the level), `n` (NaN where not given).

    Raises: FaultsError naming every wrong line, also a series or house that `shares` does not have.
    """
    rows, faults = _rows(file, AT_NEEDED, AT_MORE)
    known = {str(name): sorted(set(part["house"])) for name, part in shares.groupby("indicator")}
    usual = next(iter(known)) if len(known) == 1 else ""
    asked = []
    for line, row in rows:
        series, house = row["series"] or usual, row["house"]
        day = _cell(file, line, "date", row, _parse_day, faults)
        n = _cell(file, line, "n", row, _parse_n, faults)
        if not series:
            message = f"is empty: write which of {', '.join(f'`{name}`' for name in known)}"
            faults.append(Fault(file, line, "series", message))
        elif series not in known:
            faults.append(Fault(file, line, "series", f"`{series}` has no share; {nearest(series, known)}"))
        elif house and house not in known[series]:
            message = f"`{house}` has no wave in `{series}`; {nearest(house, known[series])}"
            faults.append(Fault(file, line, "house", message))
        asked.append({"date": day, "series": series, "house": house, "n": n})
    if not rows and not faults:
        faults.append(Fault(file, 1, "", "asks for no date: add one row a date"))
    if faults:
        raise FaultsError(str(file), faults)
    table = pd.DataFrame(asked)
    return table.assign(date=pd.to_datetime(table["date"]), n=table["n"].astype(float))


def _rows(
    file: Path, needed: tuple[str, ...], more: tuple[str, ...]
) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Rows with their line number; every known column is there, empty where the file has none."""
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    known = (*needed, *more, "series", "indicator")
    try:
        names = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = names
        written = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FaultsError(
            str(file), [Fault(file, reader.line_num, "", f"is not a sound CSV: {error}")]
        ) from error
    if not names:
        return [], [Fault(file, 1, "", f"is empty: it needs the columns {', '.join(needed)}")]
    faults = _header_faults(file, names, needed)
    rows = []
    for line, row in written:
        if None in row or None in row.values():
            faults.append(Fault(file, line, "", f"has another number of cells than the {len(names)} columns"))
            continue
        cells = {name: (row.get(name) or "").strip() for name in known}
        cells["series"] = cells["series"] or cells["indicator"]
        rows.append((line, cells))
    return ([], faults) if faults else (rows, faults)


def _header_faults(file: Path, names: list[str], needed: tuple[str, ...]) -> list[Fault]:
    """Needed columns that are missing, and columns that are there twice."""
    got = f"needed: {', '.join(needed)}; got: {', '.join(names)}"
    separator = next((mark for mark in (";", "\t", "|") if len(names) == 1 and mark in names[0]), None)
    if separator is not None:
        return [Fault(file, 1, "", f"separates its columns by {separator!r}: save it with commas; {got}")]
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    faults = [Fault(file, 1, name, f"the column is there twice: keep one; {got}") for name in twice]
    missing = [name for name in needed if name not in names]
    return faults + [Fault(file, 1, name, f"the column is missing; {got}") for name in missing]


def _cell(
    file: Path, line: int, name: str, row: Mapping[str, str], parse: Callable[[str], Any], faults: list[Fault]
) -> Any:
    """One cell read, None where it is empty or wrong; a wrong one becomes a fault."""
    if not row[name]:
        if name in ("date", "end_date"):
            faults.append(Fault(file, line, name, "is empty: write a date as YYYY-MM-DD"))
        return None
    try:
        return parse(row[name])
    except ValueError as error:
        faults.append(Fault(file, line, name, str(error)))
        return None


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


def _wave(file: Path, line: int, row: Mapping[str, str], faults: list[Fault]) -> dict[str, Any] | None:
    """One published share as a row of the observations table; None where something in it is wrong."""
    before = len(faults)
    end: date | None = _cell(file, line, "end_date", row, _parse_day, faults)
    start: date | None = _cell(file, line, "start_date", row, _parse_day, faults) or end
    written, low, high = (
        _cell(file, line, name, row, _parse_share, faults) for name in ("share", "share_low", "share_high")
    )
    n = _cell(file, line, "n", row, _parse_n, faults)
    deff = _cell(file, line, "deff", row, parse_deff, faults)
    precision = row["precision"] or "day"
    if not row["house"]:
        faults.append(Fault(file, line, "house", "is empty: name who asked"))
    if precision not in PRECISIONS:
        faults.append(
            Fault(file, line, "precision", f"must be one of {', '.join(PRECISIONS)}, got `{precision}`")
        )
    if start is not None and end is not None and start > end:
        faults.append(Fault(file, line, "start_date", f"`{start}` lies after the end_date `{end}`"))
    if (low is None) != (high is None) and not (row["share_low"] and row["share_high"]):
        faults.append(Fault(file, line, "share_low", "a range needs both share_low and share_high"))
    if written is None and low is None and not row["share"]:
        faults.append(Fault(file, line, "share", "is empty, and there is no range: write one of the two"))
    if low is not None and high is not None and low > high:
        faults.append(
            Fault(
                file, line, "share_low", f"`{row['share_low']}` lies above share_high `{row['share_high']}`"
            )
        )
    if written is not None and low is not None and high is not None and not low <= written <= high:
        message = f"`{row['share']}` lies outside its range {row['share_low']} to {row['share_high']}"
        faults.append(Fault(file, line, "share", message))
    if len(faults) > before or end is None:
        return None
    return {
        "indicator": row["series"] or ONE_SERIES,
        "domain": "all",
        "house": row["house"],
        "variant": row["variant"],
        "mode": row["mode"],
        "start": pd.Timestamp(start or end),
        "end": pd.Timestamp(end),
        "precision": precision,
        "n": np.nan if n is None else float(n),
        "deff": 1.0 if deff is None else float(deff),
        "share": (low + high) / 2 if written is None else written,
        "range_low": np.nan if low is None else low,
        "range_high": np.nan if high is None else high,
        # 0.34600000000000003 is a printed 34.6% that a program divided by 100.
        "rounding": 0.0 if written is None else rounding_step(f"{written:.6f}".rstrip("0")),
        "left_out": "",
    }
