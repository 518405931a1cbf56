"""Simulated respondents are called simulated wherever they show, whether or not the survey's own titles say it."""

from __future__ import annotations

import pandas as pd

from groundswell.estimates.microdata_observations import SIMULATED
from groundswell.reports.language import Language


def is_simulated(rows: pd.DataFrame) -> bool:
    """Whether any row of the observations table rests on simulated respondents."""
    return (
        bool(rows["flags"].str.split(";").map(lambda flags: SIMULATED in flags).any()) if len(rows) else False
    )


def said_simulated(title: str, language: Language) -> str:
    """The title with the word in it, once."""
    word = language.say("simulated")
    known = title.lower()
    return title if word in known or SIMULATED in known else f"{title} ({word})"
