"""Simulated respondents are called simulated wherever they show, whether or not the survey's own titles say it."""

from __future__ import annotations

import pandas as pd

from groundswell.estimates.of_wave.observations import SIMULATED


def is_simulated(rows: pd.DataFrame) -> bool:
    """Whether any row of the observations table rests on simulated respondents."""
    return any(SIMULATED in flags.split(";") for flags in rows["flags"])


def said_simulated(title: str) -> str:
    """The title with the word in it, once."""
    return title if SIMULATED in title.lower() else f"{title} ({SIMULATED})"
