"""A survey's waves of respondents as rows of the observations table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from groundswell.estimates.of_wave.compared_quality import compared_quality
from groundswell.estimates.of_wave.covariance import Covariances, survey_covariance
from groundswell.estimates.of_wave.disclosure_control import HIDDEN, SMALL_BASE
from groundswell.estimates.of_wave.kept import KeptEstimates, wave_estimates
from groundswell.estimates.of_wave.quality import COLUMNS
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.record import Wave, load_waves

ABSENT = "estimated earlier, respondents not here"
SIMULATED = "simulated"


class MicrodataObservations(NamedTuple):
    """Rows of the observations table, and the covariance of those whose waves share PSUs."""

    rows: pd.DataFrame
    covariance: Covariances


def microdata_observations(
    survey: Survey, *, waves: Sequence[Wave] | None = None, memory: str | None = None
) -> MicrodataObservations:
    """One row a wave × indicator × domain, in the columns of the observations table; no rows without
    respondents. `waves`: only these; all of the survey's if not given.

    `flags` says what a reader must know: simulated, small base, hidden, or estimated from a file that is
    not here. Rows that are hidden or rest on a small base are `left_out` of the trend.

    Raises: FaultsError or InputError as `load_waves` and `wave_estimates`.
    """
    every = load_waves(survey) if waves is None else waves
    estimated = {wave.name: (wave, wave_estimates(survey, wave, memory=memory)) for wave in every}
    tables = [_rows(survey, *pair) for pair in estimated.values()]
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return MicrodataObservations(rows, survey_covariance(survey, estimated, memory=memory))


def survey_quality(survey: Survey, waves: Sequence[Wave], as_of: date | None = None) -> pd.DataFrame:
    """The data quality of waves in their order: wave, then check, subject, verdict, number, sentence.

    Each is held against the wave of its house that stands before it in `waves`, and against what was printed
    of it by `as_of`.

    Raises: as `microdata_observations`.
    """
    tables: list[pd.DataFrame] = []
    before: dict[str, pd.DataFrame] = {}
    for wave in waves:
        kept = wave_estimates(survey, wave)
        compared = compared_quality(survey, wave, kept.estimates, kept.quality, before.get(wave.house), as_of)
        both = pd.concat([part for part in (kept.quality, compared) if len(part)], ignore_index=True)
        tables.append(both.assign(wave=wave.name))
        before[wave.house] = kept.quality
    columns = ["wave", *COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _rows(survey: Survey, wave: Wave, kept: KeptEstimates) -> pd.DataFrame:
    """The rows of one wave."""
    table = kept.estimates.copy()
    said = [ABSENT] * (not kept.respondents_here) + [SIMULATED] * wave.simulated
    table["left_out"] = table["flags"].map({HIDDEN: HIDDEN, SMALL_BASE: SMALL_BASE}).fillna("")
    table["flags"] = [";".join(filter(None, [*said, flag])) for flag in table["flags"]]
    return table.assign(
        survey=survey.name,
        variant=table["indicator"].map({key: answer.variant for key, answer in wave.indicators.items()}),
        house=wave.house,
        mode=wave.mode or survey.houses[wave.house].mode,
        start=pd.Timestamp(wave.start),
        end=pd.Timestamp(wave.end),
        precision=wave.precision,
        origin="microdata",
        source=wave.source_title or wave.file,
        published=pd.Series([wave.published] * len(table), dtype="datetime64[ns]"),
        certainty=wave.certainty,
        source_url=wave.source_url or "",
        note=wave.note or "",
        rounding=0.0,
    )
