"""Files as archives hand them out: one file of many years, and one whose labels mislead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

YEARS = (2004, 2005, 2006)
PER_YEAR = 120


def cumulative(file: Path) -> pd.DataFrame:
    """Three years: `old` weights to 2005, `post` from 2005; `nervous` on a third of the questionnaires, not in 2005."""
    year = np.repeat(YEARS, PER_YEAR)
    place = np.tile(np.arange(PER_YEAR), len(YEARS))
    table = pd.DataFrame({"year": year, "id": place + 1, "happy": place % 3 + 1, "sex": place % 2 + 1})
    table["old"] = np.where(year < 2006, 0.5 + place % 4 / 4, np.nan)
    table["post"] = np.where(year > 2004, 0.6 + place % 5 / 5, np.nan)
    table["nervous"] = np.where((place % 3 == 0) & (year != 2005), place % 2 + 1, np.nan)
    pyreadstat.write_dta(
        table,
        file,
        column_labels={
            "year": "year of this respondent",
            "happy": "general happiness",
            "old": "weight variable",
            "post": "post-stratification weight",
            "nervous": "felt nervous",
        },
        variable_value_labels={
            "happy": {1: "very", 2: "pretty", 3: "not too"},
            "nervous": {1: "yes", 2: "no"},
            "sex": {1: "male", 2: "female"},
        },
    )
    return table


def misleading_labels(file: Path) -> pd.DataFrame:
    """Labels that hold "sex", "age", "region" before the columns of these names; a weight labelled -1 "no answer"."""
    place = np.arange(90)
    table = pd.DataFrame(
        {
            "acq": place % 2,
            "intage": 25.0 + place % 40,
            "reg16": place % 4 + 1,
            "sex": place % 2 + 1,
            "age": 18.0 + place % 60,
            "region": place % 4 + 1,
            "wtss": 0.3 + place % 7 / 5,
        }
    )
    regions = {1: "north", 2: "east", 3: "south", 4: "west"}
    pyreadstat.write_sav(
        table,
        file,
        column_labels={
            "acq": "sex with an acquaintance last year",
            "intage": "age of interviewer",
            "reg16": "region of residence at 16",
            "sex": "respondent's sex",
            "age": "age of respondent",
            "region": "region of interview",
            "wtss": "weight variable",
        },
        variable_value_labels={
            "acq": {0: "no", 1: "yes"},
            "reg16": regions,
            "sex": {1: "male", 2: "female"},
            "region": regions,
            "wtss": {-1: "no answer"},
        },
    )
    return table
