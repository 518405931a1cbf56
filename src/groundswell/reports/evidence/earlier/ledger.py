"""The ledger: every report freezes its forecasts, and the next one of its survey states which it read.

A report's `ledger` in its manifest is a link of a chain:

    previous   the folder of the report before, relative to the project
    forecasts  the SHA-256 of the forecasts.csv that was published there
    chain      SHA-256 over the chain of the report before and its own forecasts' SHA-256

Whoever edits an old forecast must forge every manifest after it, and the newest chain is then another than the one that
stands in anybody's copy. A report of an earlier version has no forecasts and no ledger; the next one begins the chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from groundswell.checksum import checksum
from groundswell.reports.evidence.manifest import Manifest, read_manifest
from groundswell.reports.evidence.published_files import published_text
from groundswell.reports.html.tables import unmasked
from groundswell.trends.checks import forecast_columns

FORECASTS: Final = "forecasts.csv"
SCORES: Final = "scores.csv"
TEXTS: Final = ("indicator", "house", "variant", "mode", "precision", "foreseen_by", "unscored")
DAYS: Final = ("date", "start", "end", "published", "frozen")
FLAGS: Final = ("ahead",)
UNSOUND: Final = ""
"""Instead of the text of a scores.csv that does not count; every table has at least the names of its columns."""
SCORED: Final = [*forecast_columns.SCORED, "foreseen_by", "frozen", "ahead"]
"""Columns of a scores.csv."""


def link_record(saved: Path, project: Path, previous: str | None) -> dict[str, Any] | None:
    """The link of a report whose files are `saved`; None where it has no forecasts."""
    if not (saved / FORECASTS).is_file():
        return None
    before = read_manifest(project / previous) if previous else None
    read = published_checksum(before, FORECASTS) if before else None
    chain = linked(before.ledger.chain if before and before.ledger else "", checksum(saved / FORECASTS))
    return {"previous": previous or None, "forecasts": read, "chain": chain}


def linked(chain: str, forecasts: str) -> str:
    """The chain after one more report, whose forecasts.csv has this SHA-256; "" is the chain before the first."""
    return hashlib.sha256(f"{chain}{forecasts}".encode()).hexdigest()


def published_checksum(manifest: Manifest, name: str) -> str | None:
    """The SHA-256 with which a report's file was published; None where it has no such file."""
    return next((file.sha256 for file in manifest.files if file.path == name), None)


def earlier_reports(
    project: Path, manifest: Manifest, read: Callable[[Path], Manifest | None] = read_manifest
) -> Iterator[tuple[Path, Manifest | None]]:
    """The reports along the chain before this one, newest first; the last is None where it is not there or damaged.

    `read` gives the manifest of a folder.
    """
    seen, link = {manifest.name}, manifest
    while link.ledger is not None and link.ledger.previous:
        folder = _report_folder(project, manifest.survey, link.ledger.previous)
        before = read(folder) if folder else None
        if before is None or before.name in seen:  # gone, forged, or a forged circle
            yield project / "reports" / manifest.survey, None
            return
        assert folder is not None
        yield folder, before
        seen.add(before.name)
        link = before


def _report_folder(project: Path, survey: str, previous: str) -> Path | None:
    """The folder that a link names; None where it is no folder of that survey's reports."""
    place, _, name = previous.rpartition("/")
    inside = place == f"reports/{survey}" and name not in ("", ".", "..") and "\0" not in name
    return project / place / name if inside else None


def read_table(folder: Path, manifest: Manifest, name: str) -> pd.DataFrame | None:
    """A published forecasts.csv or scores.csv; None where the report has none.

    Raises: ValueError where it is not as its manifest says.
    """
    text = published_text(folder, manifest, name)
    return None if text is None else read_texts([text])


def read_texts(texts: Iterable[str], columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of published tables one after another, from the texts of their files; all their columns, or some.

    Raises: ValueError where one is no table.
    """
    tables = [
        pd.read_csv(StringIO(text), dtype="object", keep_default_na=False, usecols=columns)
        for text in _joined(texts)
    ]
    rows = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    return rows.assign(**{str(column): _typed(str(column), rows[column]) for column in rows})


def _joined(texts: Iterable[str]) -> Iterator[str]:
    """Neighbours with the same columns as one text: a thousand small tables are read as fast as a large one."""
    cut = (text.partition("\n") for text in texts)
    for columns, run in groupby(cut, key=lambda parts: parts[0]):
        bodies = [body for _, _, body in run]
        if all(len(body.split('"')) % 2 and body[-1:] in ("", "\n") for body in bodies):
            bodies = ["".join(bodies)]
        yield from (f"{columns}\n{body}" for body in bodies)


def _typed(column: str, cells: pd.Series) -> pd.Series:
    """A column of a published table in its own type; an empty cell is a missing number or day, and an empty text."""
    if column in TEXTS:
        return cells.map({cell: unmasked(cell) for cell in cells.unique()})
    if column in DAYS:
        return pd.to_datetime(cells, errors="coerce")
    return cells == "True" if column in FLAGS else pd.to_numeric(cells, errors="coerce")


class Record(NamedTuple):
    """What came of the forecasts of a survey's reports: every row of their scores.csv, newest report first, and the
    `unsound` reports, whose scores.csv is not as it was published and does not count."""

    scores: pd.DataFrame
    unsound: tuple[str, ...]

    @classmethod
    def of_nothing(cls) -> Record:
        """The record of a survey without a report."""
        return cls(pd.DataFrame(columns=SCORED), ())


def record_of(project: Path, folder: Path, manifest: Manifest) -> Record:
    """The scores along the chain that ends with a report: each figure once, against the report before it came."""
    told = (
        (place.name, None if link is None else scores_text(place, link))
        for place, link in ((folder, manifest), *earlier_reports(project, manifest))
    )
    return read_record(told)


def scores_text(folder: Path, manifest: Manifest) -> str | None:
    """A published scores.csv as it stands; None where the report has none, `UNSOUND` where it is not as published."""
    try:
        return published_text(folder, manifest, SCORES)
    except (OSError, ValueError):
        return UNSOUND


def read_record(told: Iterable[tuple[str, str | None]], columns: list[str] | None = None) -> Record:
    """The record of reports along a chain, newest first, each by its folder's name with its `scores_text`.

    `columns` are those of the scores that are wanted, all of them where none are named.
    """
    known = [(name, text) for name, text in told if text is not None]
    counted = [each for each in known if set(SCORED) <= set(each[1].partition("\n")[0].split(","))]
    unsound = [name for name, text in known if text == UNSOUND]
    try:
        tables = [read_texts((text for _, text in counted), columns)] if counted else []
    except ValueError:  # one of them was published as no table: look at each
        tables = []
        for name, text in counted:
            try:
                tables.append(read_texts([text], columns))
            except ValueError:
                unsound.append(name)
    filled = [table for table in tables if len(table)]
    scores = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns or SCORED)
    return Record(scores, tuple(unsound))
