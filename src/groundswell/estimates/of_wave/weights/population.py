"""The population's share of each category that a wave's margins know."""

from __future__ import annotations

import pandas as pd

from groundswell.vocabulary import domain_key
from groundswell.waves.surveys.margins import margin_table
from groundswell.waves.wave.wave_toml import Wave


def population_shares(wave: Wave) -> pd.DataFrame:
    """One row a category of a margin: `domain` (`sex: women`), `of_population` in [0, 1], `source`.

    Raises: FaultsError as `margin_table`.
    """
    margins = margin_table(wave.survey_folder, wave.name)
    totals = margins.groupby("variable")["total"].transform("sum")
    return pd.DataFrame(
        {
            "domain": [
                domain_key(*pair) for pair in zip(margins["variable"], margins["category"], strict=True)
            ],
            "of_population": margins["total"] / totals,
            "source": margins["source"],
        }
    )
