"""Two published rows that may be one wave, in words."""

from __future__ import annotations

import pandas as pd

from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.waves import Survey
from groundswell.waves.surveys.survey_toml import MEAN
from groundswell.waves.toplines.row import ReadRow
from groundswell.waves.toplines.twice import Pair


def counted_twice_words(pair: Pair, survey: Survey, language: Language) -> str:
    """What the two rows say, each with its fieldwork and source, and the columns that keep them apart."""
    row = pair.here
    indicator = survey.indicators[row.indicator]
    answer = [] if row.category == MEAN else [language.quoted(row.category)]
    measure = measure_of(indicator, language)
    return language.say(
        "{what}: {one} and {other} may be one wave, counted twice; they differ in {columns}.",
        what=", ".join([survey.houses[row.house].name, indicator.title, *answer]),
        one=_printed(pair.there, measure, language),
        other=_printed(row, measure, language),
        columns=", ".join(f"`{name}`" for name in pair.differ),
    )


def _printed(row: ReadRow, measure: Measure, language: Language) -> str:
    """A row's figure with its fieldwork and its source."""
    asked = row.asked
    assert asked is not None  # a row without days is in no pair
    low, high = row.share_low or 0.0, row.share_high or 0.0
    if row.share is not None:
        low = high = row.share
    return language.say(
        "{share} ({fieldwork}, {source})",
        share=measure.printed(low, high, row.rounding),
        fieldwork=language.period(pd.Timestamp(asked.start), pd.Timestamp(asked.end), row.precision or "day"),
        source=row.source_title,
    )
