"""Small surveys that follow a share and the mean of a scale from 0 to 10, for tests of every floor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from groundswell.waves import Survey

from .folders import survey_of_acme, survey_of_waves

SURVEY = survey_of_acme(
    "Ruritania: life",
    """\
[indicators.anxiety]
title = "Anxious mood"
description = "feel anxious"
higher_is = "worse"
[indicators.anxiety.variants.asked]
house = "acme"
question = "Do you feel anxious?"
numerator = ["yes"]
[indicators.satisfaction]
title = "Satisfaction"
description = "satisfaction with life"
higher_is = "better"
statistic = "mean"
scale = [0, 10]
unit = "points"
sd = 2.1
[indicators.satisfaction.variants.ladder]
house = "acme"
question = "From 0 to 10, how satisfied are you?"
""",
)
WAVE = """\
house = "acme"
[design]
weight = "weight"
psu = ["id"]
psu_recur = true
[indicators.anxiety]
variant = "asked"
item = "Q4"
numerator = [1]
valid = [1, 2]
[indicators.satisfaction]
variant = "ladder"
item = "Q7"
missing = [99]
[domains.sex]
column = "sex"
"""
PRINTED = {
    "indicator": "satisfaction",
    "variant": "ladder",
    "house": "acme",
    "category": "mean",
    "share": "6.9",
    "start": "2022-09-16",
    "end": "2022-09-18",
    "precision": "day",
    "n": "1200",
    "source_title": "Acme",
    "certainty": "verbatim_primary",
}
FIRST = pd.Timestamp("2023-01-09")


def people(answers: np.ndarray, first: int = 0, **columns: object) -> pd.DataFrame:
    """Respondents by their answer to Q7, numbered from `first`; columns may be replaced."""
    n = len(answers)
    ids = np.arange(first, first + n)
    return pd.DataFrame(
        {
            "id": ids,
            "weight": 0.5 + (ids % 7) / 6,
            "Q7": answers,
            "Q4": 1 + ids % 3 // 2,
            "sex": np.where(ids % 2, "men", "women"),
            **columns,
        }
    )


def ladder_survey(
    parent: Path,
    waves: Mapping[str, pd.DataFrame] | None = None,
    *printed: dict[str, str],
    survey: str = SURVEY,
    wave: str = WAVE,
) -> Survey:
    """A survey `life` with these waves, four weeks apart, and these rows of `toplines.csv`."""
    return survey_of_waves(parent / "life", survey, waves or {}, wave, *printed, first=FIRST, days=7)
