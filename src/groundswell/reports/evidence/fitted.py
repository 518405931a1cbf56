"""An indicator read with its trend: the one place where a report fits."""

from __future__ import annotations

import pandas as pd

from groundswell.errors import ModelError
from groundswell.reports.evidence.reading import Reading
from groundswell.trends import fit_trend
from groundswell.waves import Survey


def read_indicator(
    key: str,
    survey: Survey,
    rows: pd.DataFrame,
    covariance: pd.DataFrame | None,
    as_of: pd.Timestamp,
    since: pd.Timestamp | None,
    seed: int,
) -> Reading:
    """One indicator with its trend; without a single usable wave it has none, and says why.

    `covariance` is that of waves which share respondents or sampling units (see `fit_trend`).
    """
    everyone = rows[rows["domain"] == "all"]
    events = [event for event in survey.events if not event.indicators or key in event.indicators]
    known = [event for event in events if pd.Timestamp(event.date) <= as_of]
    reference = survey.indicators[key].reference
    if reference not in set(everyone.loc[everyone["left_out"] == "", "variant"]):
        reference = None
    try:
        trend = fit_trend(
            everyone,
            covariance=covariance,
            events=known,
            reference=reference,
            shared_bias_sd=survey.shared_bias.sd,
            seed=seed,
        )
    except ModelError as error:
        return Reading(key, survey, everyone, None, as_of, since, str(error))
    return Reading(key, survey, everyone, trend, as_of, since)
