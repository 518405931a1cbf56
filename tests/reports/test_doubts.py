"""What would overturn a finding, in words that have the right direction."""

from __future__ import annotations

import pandas as pd
import pytest
from reports.hand_made import a_change

from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure
from groundswell.reports.sections.how_sure import bias_sentence

DATES = {"start": pd.Timestamp("2022-09-24"), "end": pd.Timestamp("2025-10-08")}


@pytest.mark.parametrize(
    ("change", "low", "high", "words"),
    [
        (-0.28, -0.38, -0.178, ["28 points too little", "no fall", "17.8 points too little"]),
        (0.05, 0.02, 0.08, ["5 points too much", "no rise", "2.0 points too much"]),
        (0.01, -0.02, 0.04, ["holds zero already"]),
    ],
)
def test_the_bias_that_it_would_take_has_the_direction_of_the_change(
    change: float, low: float, high: float, words: list[str]
) -> None:
    compared = a_change(**DATES, estimate=change, low=low, high=high)
    sentence = bias_sentence(compared, Measure(Language("en"), None))
    assert "24 September 2022" in sentence
    assert all(part in sentence for part in words), sentence
