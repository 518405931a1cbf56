"""A survey's waves of respondents as rows of the observations table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from groundswell.estimates.of_wave.covariance import Covariances, waves_covariance
from groundswell.estimates.of_wave.estimate_flags import (
    RESPONDENTS_ABSENT,
    SIMULATED,
    join_flags,
    split_flags,
)
from groundswell.estimates.of_wave.kept import KeptEstimates, kept_estimates
from groundswell.estimates.of_wave.quality_check import QualityCheck, quality_table
from groundswell.estimates.of_wave.respondent_quality import compared_quality
from groundswell.vocabulary import HIDDEN, SMALL_BASE
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toplines.summed_answers import known_on
from groundswell.waves.toplines.table import read_toplines
from groundswell.waves.wave.wave_toml import Wave


class MicrodataObservations(NamedTuple):
    """What a survey's respondents give to the trend.

    Attributes:
        rows: rows of the observations table, none where the survey has no waves of respondents.
        covariance: by indicator and domain, the covariance (in squared share units) of rows whose waves share PSUs.
        kept: what is kept of each wave.
    """

    rows: pd.DataFrame
    covariance: Covariances
    kept: Sequence[KeptEstimates]


def microdata_observations(
    survey: Survey, waves: Sequence[Wave], *, keep: bool = True, memory: str | None = None
) -> MicrodataObservations:
    """One row a wave × indicator × domain, in the columns of the observations table.

    Args:
        survey: whose respondents.
        waves: of the survey, from `load_waves`, or some of them.
        keep: write estimates that had to be made next to their waves, so that the next call is quick; False
            writes nothing, as a check must.
        memory: as in `sum_respondents`.

    Shares are in [0, 1]. `flags` says what a reader must know (`simulated`, `respondents_absent`, `small_base`,
    `hidden`). Rows that are hidden or rest on a small base have that flag in `left_out` too: the trend does not
    use them.

    Raises: FaultsError or InputError as `kept_estimates`.
    """
    kept = [kept_estimates(survey, wave, keep=keep, memory=memory) for wave in waves]
    return MicrodataObservations(_rows(survey, kept), waves_covariance(kept, keep=keep, memory=memory), kept)


def survey_quality(survey: Survey, kept: Sequence[KeptEstimates], as_of: date | None = None) -> pd.DataFrame:
    """The data quality of waves in their order, one row a check: wave, code, subject, verdict, number, values.

    Each wave of `kept` is held against the wave of its house that stands before it there, and against what was
    printed of it by `as_of`. `values` is the mapping of a `QualityCheck`.

    Raises: FaultsError where `toplines.csv` is not sound.
    """
    toplines = read_toplines(survey)
    if as_of is not None:
        toplines = toplines[known_on(toplines) <= pd.Timestamp(as_of)]
    checks: dict[str, tuple[QualityCheck, ...]] = {}
    before: dict[str, tuple[QualityCheck, ...]] = {}
    for each in kept:
        compared = compared_quality(
            survey,
            each.wave,
            estimates=each.estimates,
            own=each.quality,
            before=before.get(each.wave.house),
            toplines=toplines,
        )
        checks[each.wave.name] = (*each.quality, *compared)
        before[each.wave.house] = each.quality
    return quality_table(checks)


def _rows(survey: Survey, estimated: Iterable[KeptEstimates]) -> pd.DataFrame:
    """The rows of every wave, one wave after the other: what was estimated, then what is the same for all its rows."""
    tables: list[pd.DataFrame] = []
    stated: list[dict[str, Any]] = []
    for kept in estimated:
        wave = kept.wave
        of_wave = [RESPONDENTS_ABSENT] * (not kept.respondents_here) + [SIMULATED] * wave.simulated
        of_domain = kept.estimates["flags"].tolist()
        columns = {
            "flags": [join_flags([*of_wave, flag]) for flag in of_domain],
            "left_out": [_left_out(flag) for flag in of_domain],
            "variant": [wave.indicators[key].variant for key in kept.estimates["indicator"]],
        }
        own = pd.DataFrame(columns, dtype="str")
        tables.append(pd.concat([kept.estimates.drop(columns="flags"), own], axis=1))
        stated += [_stated(survey, wave)] * len(own)
    if not stated:
        return pd.DataFrame()
    same = pd.DataFrame(stated).astype(dict.fromkeys(("start", "end", "published"), "datetime64[ns]"))
    return pd.concat([pd.concat(tables, ignore_index=True), same], axis=1)


def _left_out(flags: str) -> str:
    """The flag of an estimate for which the trend does not use it, if any."""
    return next((flag for flag in split_flags(flags) if flag in (HIDDEN, SMALL_BASE)), "")


def _stated(survey: Survey, wave: Wave) -> dict[str, Any]:
    """What a wave's TOML says of each of its rows."""
    return {
        "survey": survey.name,
        "house": wave.house,
        "mode": wave.mode or survey.houses[wave.house].mode,
        "start": wave.start,
        "end": wave.end,
        "precision": wave.precision,
        "origin": "microdata",
        "source": wave.source_title or wave.file,
        "published": wave.published,
        "certainty": wave.certainty,
        "source_url": wave.source_url or "",
        "note": wave.note or "",
        "rounding": 0.0,
    }
