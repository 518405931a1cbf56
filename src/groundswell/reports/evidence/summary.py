"""A report in a few numbers: what an index, a feed or a card shows of it, the words apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading, since_break
from groundswell.reports.evidence.report import ReportEvidence

SPARK = 32
"""Points of a level's small line."""


def summary(evidence: ReportEvidence) -> dict[str, Any]:
    """The numbers that a manifest keeps under `report`; docs/archive.md lists its keys."""
    used = pd.concat([reading.used for reading in evidence.readings.values()]) if evidence.readings else None
    verdicts = evidence.checks["verdict"]
    run = verdicts[verdicts != "not applicable"]
    return {
        "status": next((worst for worst in ("failed", "warned") if (run == worst).any()), "passed"),
        "waves": wave_count(evidence.readings),
        "houses": 0 if used is None else int(used["house"].nunique()),
        "house_names": {} if used is None else _names(evidence, used),
        "checks_passed": int((run == "passed").sum()),
        "checks_run": len(run),
        "indicators": [
            newest_level(reading) for reading in evidence.readings.values() if reading.trend is not None
        ],
        **(
            {"watched": [asdict(state) for state in evidence.watched.states]} if evidence.survey.watch else {}
        ),
    }


def _names(evidence: ReportEvidence, used: pd.DataFrame) -> dict[str, str]:
    """The houses of the waves that are used, by their key, as readers know them."""
    houses = evidence.survey.houses
    return {str(key): houses[key].name for key in sorted(set(used["house"])) if key in houses}


def wave_count(readings: Mapping[str, Reading]) -> int:
    """Waves that the trends rest on; a wave with two indicators counts once."""
    if not readings:
        return 0
    used = pd.concat([reading.used for reading in readings.values()])
    return len(used.drop_duplicates(["house", "mode", "start", "end"]))


def newest_level(reading: Reading) -> dict[str, Any]:
    """The newest level of one indicator that has a trend, and the line that led to it."""
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
        **reading.indicator.scale_record,
    }
