"""The last published report as it was kept: its manifest and its rows, and nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.checksum import checksum
from groundswell.reports.html.tables import unmasked
from groundswell.trends.data.observations import TYPES

RENAMED = {"share_upp": "share_high"}
"""Columns of an observations.csv that an earlier version named otherwise."""
RENAMED_LEVEL = {"high95": "upp95"}
"""Today's name of a level's upper end, and the name in a manifest that an earlier version wrote."""


@dataclass(frozen=True, eq=False)
class Before:
    """The last published report: its manifest, its rows, and `fault`, a file that is not as it was published."""

    manifest: Mapping[str, Any]
    observations: pd.DataFrame
    fault: str = ""

    @property
    def as_of(self) -> pd.Timestamp:
        """The date of that report."""
        return pd.Timestamp(self.manifest["as_of"])

    def level_of(self, indicator: str) -> tuple[pd.Timestamp, dict[str, float]] | None:
        """The day of an indicator's newest wave and its level then: `share, low95, high95`; None without a level."""
        for published in self.manifest.get("report", {}).get("indicators", []):
            if published["indicator"] == indicator:
                level = {
                    name: float(published[name if name in published else RENAMED_LEVEL[name]])
                    for name in ("share", "low95", "high95")
                }
                return pd.Timestamp(published["date"]), level
        return None


def read_before(folder: Path) -> Before:
    """The report published in `folder`; a file that is not as its manifest says is the `fault`."""
    nothing = pd.DataFrame(columns=list(TYPES)).astype(TYPES)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        pd.Timestamp(manifest["as_of"])
        listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return Before({"as_of": "1970-01-01"}, nothing, "manifest.json")
    file = folder / "observations.csv"
    if not file.is_file() or checksum(file) != listed.get(file.name):
        return Before(manifest, nothing, file.name)
    return Before(manifest, read_rows(file))


def read_rows(file: Path) -> pd.DataFrame:
    """A published observations.csv with today's columns and the types that it was written from.

    A column that the version which wrote it did not have yet is empty.
    """
    texts = [name for name, kind in TYPES.items() if kind == "str"]
    rows = pd.read_csv(file, dtype=dict.fromkeys(texts, "str"), keep_default_na=False, na_values=[""])
    rows = rows.rename(columns=RENAMED).reindex(columns=list(TYPES))
    rows[texts] = rows[texts].astype("object").fillna("").map(unmasked)
    return rows.astype(TYPES)
