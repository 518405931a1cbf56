"""The last published report as it was kept: its manifest, its rows and its forecasts, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from groundswell.reports.evidence.earlier.ledger import FORECASTS, read_table
from groundswell.reports.evidence.manifest import MANIFEST, Manifest, read_manifest
from groundswell.reports.evidence.published_files import published_file
from groundswell.reports.html.tables import unmasked
from groundswell.trends.data.observations import TYPES

OBSERVATIONS = "observations.csv"
RENAMED = {"share_upp": "share_high"}
"""Columns of an observations.csv that an earlier version named otherwise."""


@dataclass(frozen=True, eq=False)
class Before:
    """The last published report: its manifest, its rows, and `fault`, a file that is not as it was published.

    `manifest` is None where it cannot be read; it is then the fault. `forecasts` are those that it froze, None where it
    froze none, as earlier versions did not, or where `tampered` says that they are not as they were published.
    """

    manifest: Manifest | None
    observations: pd.DataFrame
    fault: str = ""
    forecasts: pd.DataFrame | None = None
    tampered: bool = False

    @property
    def as_of(self) -> pd.Timestamp:
        """The date of that report; none where its manifest cannot be read."""
        return pd.Timestamp("NaT") if self.manifest is None else pd.Timestamp(self.manifest.as_of)

    def level_of(self, indicator: str) -> tuple[pd.Timestamp, dict[str, float]] | None:
        """The day of an indicator's newest wave and its level then: `share, low95, high95`; None without a level."""
        for published in self.manifest.report.indicators if self.manifest else ():
            ends = (published.share, published.low95, published.high95)
            if published.indicator == indicator and published.date and None not in ends:
                level = {name: float(end or 0.0) for name, end in zip(LEVEL, ends, strict=True)}
                return pd.Timestamp(published.date), level
        return None


LEVEL = ("share", "low95", "high95")


def read_before(folder: Path) -> Before:
    """The report published in `folder`; a file that is not as its manifest says is the `fault`."""
    nothing = pd.DataFrame(columns=list(TYPES)).astype(TYPES)
    manifest = read_manifest(folder)
    if manifest is None:
        return Before(None, nothing, MANIFEST)
    try:
        file = published_file(folder, manifest, OBSERVATIONS)
        rows = nothing if file is None else read_rows(file)
    except ValueError:
        file = None
    if file is None:
        return Before(manifest, nothing, OBSERVATIONS)
    try:
        return Before(manifest, rows, forecasts=read_table(folder, manifest, FORECASTS))
    except ValueError:
        return Before(manifest, rows, tampered=True)


def read_rows(file: Path) -> pd.DataFrame:
    """A published observations.csv with today's columns and the types that it was written from.

    A column that the version which wrote it did not have yet is empty.
    """
    texts = [name for name, kind in TYPES.items() if kind == "str"]
    rows = pd.read_csv(file, dtype=dict.fromkeys(texts, "str"), keep_default_na=False, na_values=[""])
    rows = rows.rename(columns=RENAMED).reindex(columns=list(TYPES))
    rows[texts] = rows[texts].astype("object").fillna("").map(unmasked)
    return rows.astype(TYPES)
