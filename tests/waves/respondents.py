"""Small surveys with waves of respondents, whose every number a test can count by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from groundswell.waves import Survey

from .folders import survey_of_acme, survey_of_waves

SURVEY = survey_of_acme(
    "Ruritania: mood",
    """\
[indicators.anxiety]
title = "Anxious mood"
description = "had attacks of anxiety"
higher_is = "worse"
[indicators.anxiety.variants.asked]
house = "acme"
question = "Did you have attacks of anxiety?"
numerator = ["yes"]
[indicators.anxiety.variants.printed]
house = "acme"
question = "The same, as printed in the wave's report"
numerator = ["yes"]
fit = false
fit_reason = "fitted from the respondents"
""",
)
WAVE = """\
house = "acme"
interview_date = "day"
[design]
id = "id"
weight = "weight"
[indicators.anxiety]
variant = "asked"
item = "Q4"
numerator = [1]
valid = [1, 2]
missing = [9]
[domains.region]
column = "region"
"""
FIRST = pd.Timestamp("2023-02-02")


def respondents(yes: int, no: int, refused: int = 0, **columns: object) -> pd.DataFrame:
    """So many respondents by their answer to Q4, weight 1, asked over eight days; columns may be replaced."""
    n = yes + no + refused
    return pd.DataFrame(
        {
            "id": [f"RURITANIAN-{place:05d}-QX" for place in range(n)],
            "weight": np.ones(n),
            "Q4": np.repeat([1, 2, 9], [yes, no, refused]),
            "region": np.where(np.arange(n) % 2, "north", "south"),
            "day": [(FIRST + pd.Timedelta(days=place % 8)).date().isoformat() for place in range(n)],
            **columns,
        }
    )


def survey_of(
    parent: Path,
    waves: Mapping[str, pd.DataFrame],
    *,
    printed: tuple[dict[str, str], ...] = (),
    stated: str = "",
    margins: Mapping[str, str] | None = None,
) -> Survey:
    """A survey `ruritania` with these waves, four weeks apart; `stated` stands at the top of each wave's TOML."""
    folder = parent / "ruritania"
    for variable, text in (margins or {}).items():
        (folder / "margins").mkdir(parents=True, exist_ok=True)
        (folder / "margins" / f"{variable}.csv").write_text(text, encoding="utf-8")
    return survey_of_waves(folder, SURVEY, waves, stated + WAVE, *printed, first=FIRST, days=8)


def printed_row(share: str, n: str = "", **cells: str) -> dict[str, str]:
    """A topline that Acme printed of the first wave."""
    return {
        "indicator": "anxiety",
        "variant": "printed",
        "house": "acme",
        "category": "yes",
        "share": share,
        "n": n,
        "start": "2023-02-02",
        "end": "2023-02-09",
        "precision": "day",
        "published": "2023-03-01",
        "source_title": "Acme, wave report",
        "certainty": "verbatim_primary",
    } | cells
