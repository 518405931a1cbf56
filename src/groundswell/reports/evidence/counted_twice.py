"""Published rows of which two may be one wave, among those that count in a report."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from groundswell.trends.data.observations import ROUGHEST
from groundswell.waves import Survey
from groundswell.waves.toplines.table import fitted_rows
from groundswell.waves.toplines.twice import Pair, perhaps_twice


def counted_twice(
    survey: Survey,
    as_of: pd.Timestamp,
    *,
    indicator: str | None = None,
    certainty: Collection[str] | None = None,
) -> tuple[Pair, ...]:
    """Pairs of rows that may be one wave, the newest first: known on the day, and left out for no reason of their own.

    Raises: FaultsError for an unsound `toplines.csv`.
    """
    rows = [
        row
        for row in fitted_rows(survey)
        if row.known_from <= as_of.date()
        and row.precision != ROUGHEST
        and indicator in (None, row.indicator)
        and (certainty is None or row.certainty in certainty)
    ]
    return tuple(sorted(perhaps_twice(rows), key=lambda pair: (pair.here.end, pair.here.line), reverse=True))
