"""A report in a few numbers: what an index, a feed or a card shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.figures.trend.words import since_break

if TYPE_CHECKING:
    from groundswell.reports.notebook.report import Report

SPARK = 32


def summary(report: Report) -> dict[str, Any]:
    """The object that a manifest keeps under `report`; docs/formats.md lists its keys."""
    used = pd.concat([reading.used for reading in report.readings.values()]) if report.readings else None
    checks = report.checks
    verdicts = set(checks["verdict"])
    run = checks[checks["verdict"] != "not applicable"]
    return {
        "headline": report.claim(),
        "deck": "; ".join(finding.sentence for finding in report.chosen[:1]),
        "status": "failed" if "failed" in verdicts else "warned" if "warned" in verdicts else "passed",
        "waves": wave_count(report.readings),
        "houses": 0 if used is None else int(used["house"].nunique()),
        "checks_passed": int((run["verdict"] == "passed").sum()),
        "checks_run": len(run),
        "indicators": [
            _indicator(reading) for reading in report.readings.values() if reading.trend is not None
        ],
    }


def wave_count(readings: Mapping[str, Reading]) -> int:
    """Waves that the trends rest on; a wave with two indicators counts once."""
    if not readings:
        return 0
    used = pd.concat([reading.used for reading in readings.values()])
    return len(used.drop_duplicates(["house", "mode", "start", "end"]))


def _indicator(reading: Reading) -> dict[str, Any]:
    if reading.trend is None:
        return {}
    last = reading.level_on(pd.DatetimeIndex([reading.last])).iloc[0]
    drawn = reading.drawn_level
    assert drawn is not None
    drawn = since_break(reading, drawn)
    seconds = drawn["date"].astype("datetime64[s]").astype("int64").to_numpy(dtype=float)
    spark = np.interp(np.linspace(seconds[0], seconds[-1], SPARK), seconds, drawn["share"].to_numpy())
    return {
        "indicator": reading.key,
        "title": reading.title,
        "date": reading.last.date().isoformat(),
        "share": float(last["share"]),
        "low95": float(last["low95"]),
        "high95": float(last["high95"]),
        "spark": [float(share) for share in np.round(spark, 4)],
    }


def checks_table(readings: Mapping[str, Reading]) -> pd.DataFrame:
    """The diagnostics of every trend, one row a check: `code, indicator, verdict, values`."""
    tables = [
        reading.trend.diagnostics().assign(indicator=key)
        for key, reading in readings.items()
        if reading.trend is not None
    ]
    columns = ["code", "indicator", "verdict", "values"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
