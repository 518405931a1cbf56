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
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from groundswell.checksum import checksum
from groundswell.reports.evidence.manifest import Manifest, read_manifest
from groundswell.reports.html.tables import unmasked

FORECASTS: Final = "forecasts.csv"
SCORES: Final = "scores.csv"
TEXTS: Final = ("indicator", "house", "variant", "mode", "precision", "foreseen_by", "unscored")
DAYS: Final = ("date", "start", "end", "published", "frozen")


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


def earlier_reports(project: Path, manifest: Manifest) -> Iterator[tuple[Path, Manifest | None]]:
    """The reports along the chain before this one, newest first; the last is None where it is not there or damaged."""
    reports, seen = (project / "reports").resolve(), {manifest.name}
    link: Manifest | None = manifest
    while link is not None and link.ledger is not None and link.ledger.previous:
        folder = (project / link.ledger.previous).resolve()
        link = read_manifest(folder) if folder.is_relative_to(reports) else None
        if link is not None and link.name in seen:
            return  # a forged circle
        seen |= {link.name} if link is not None else set()
        yield folder, link


def read_table(folder: Path, manifest: Manifest, name: str) -> pd.DataFrame | None:
    """A published forecasts.csv or scores.csv; None where the report has none.

    Raises: ValueError where it is not as its manifest says.
    """
    published, file = published_checksum(manifest, name), folder / name
    if published is None:
        return None
    if not file.is_file() or checksum(file) != published:
        raise ValueError(name)
    head = pd.read_csv(file, nrows=0).columns
    texts = {column: "str" for column in TEXTS if column in head}
    days = [column for column in DAYS if column in head]
    rows = pd.read_csv(file, dtype=texts, parse_dates=days, keep_default_na=False, na_values=[""])
    rows[list(texts)] = rows[list(texts)].astype("object").fillna("").map(unmasked)
    return rows
