"""Simulated respondents are called simulated wherever they show, whether or not the survey's own titles say it."""

from __future__ import annotations

import pandas as pd

from groundswell.estimates.of_wave.flags import SIMULATED, flagged


def is_simulated(rows: pd.DataFrame) -> bool:
    """Whether any row of the observations table rests on simulated respondents."""
    return bool(flagged(rows["flags"], SIMULATED).any())


def said_simulated(title: str) -> str:
    """The title with the word in it, once."""
    return title if SIMULATED in title.lower() else f"{title} ({SIMULATED})"
