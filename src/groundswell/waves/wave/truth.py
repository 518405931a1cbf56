"""The truth behind simulated respondents, `truth.csv` in a survey's folder; a survey of real people has none."""

from __future__ import annotations

import pandas as pd

from groundswell.errors import InputError
from groundswell.waves.surveys.survey_toml import Survey

COLUMNS = ["wave", "indicator", "domain", "share"]


def read_truth(survey: Survey) -> pd.DataFrame:
    """The population's share of each wave, indicator and domain, in [0, 1]; no rows where nobody knows it.

    Raises: InputError where the file has other columns than `wave, indicator, domain, share`.
    """
    file = survey.folder / "truth.csv"
    if not file.is_file():
        return pd.DataFrame(columns=COLUMNS)
    truth = pd.read_csv(file, dtype={"wave": "str", "indicator": "str", "domain": "str"})
    if list(truth.columns) != COLUMNS:
        raise InputError(
            f"`{file}` has the columns {', '.join(truth.columns)}, must have {', '.join(COLUMNS)}"
        )
    return truth
