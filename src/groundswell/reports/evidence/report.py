"""What is known about a report, before a word of it is said: one frozen record, read in one pass.

Every section, figure and finding of a report takes this record and a language. Nothing here speaks or draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.estimates.of_wave.kept import KeptEstimates, shown_groups
from groundswell.estimates.of_wave.observations import survey_quality
from groundswell.estimates.of_wave.published.groups import WaveGroups
from groundswell.reports.evidence.by_domain.followed_domains import (
    Followed,
    domain_gaps,
    domain_levels,
    followed,
    together,
)
from groundswell.reports.evidence.counted_twice import counted_twice
from groundswell.reports.evidence.declared.alerts import Watched, watched
from groundswell.reports.evidence.declared.moods import MoodReading, mood_items, mood_levels, read_moods
from groundswell.reports.evidence.earlier.ledger import SCORED
from groundswell.reports.evidence.earlier.previous import Before, read_before
from groundswell.reports.evidence.reading import Reading, read_indicator
from groundswell.trends import comparisons
from groundswell.trends.checks.forecast_columns import FROZEN
from groundswell.trends.checks.scored_waves import scored_waves
from groundswell.trends.checks.truth import held_truth
from groundswell.trends.compared.wave_changes import compared_waves
from groundswell.trends.data.non_response import NonResponse, newest_non_response
from groundswell.trends.data.observations import SurveyWaves, survey_waves
from groundswell.trends.data.scales import with_scales
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey
from groundswell.waves.toplines.twice import Pair
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True, eq=False, kw_only=True)
class ReportEvidence:
    """What one survey holds on one date.

    Attributes:
        survey: its record.
        as_of: only what was published by this day is used.
        observations: the observations table, shown or not.
        readings: each indicator with something to show, by its key.
        given: the parameters that decide the numbers, as a manifest keeps them.
        before: the last published report; None where this is the first.
        kept: what is kept of each wave of respondents that was known on the day, oldest first.
        covariance: of the sampling errors of waves that share respondents or sampling units, by indicator and domain.
        twice: published rows of which two may be one wave, the newest first.
    """

    survey: Survey
    as_of: pd.Timestamp
    observations: pd.DataFrame
    readings: Mapping[str, Reading]
    given: Mapping[str, Any] = field(default_factory=dict)
    before: Before | None = None
    kept: Sequence[KeptEstimates] = ()
    covariance: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    twice: Sequence[Pair] = ()

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The waves of respondents that were known on the day, oldest first."""
        return tuple(each.wave for each in self.kept)

    @property
    def groups(self) -> tuple[WaveGroups, ...]:
        """The groups of respondents that the report shows, by wave."""
        return tuple(shown_groups(self.survey, each.wave, each.estimates) for each in self.kept)

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Every change that the report looked at, with its probability (see `comparisons`)."""
        trends = [reading.trend for reading in self.readings.values() if reading.trend is not None]
        return with_scales(self.survey, comparisons(trends, since=self.given.get("since")))

    def wave_changes_of(self, indicator: str) -> pd.DataFrame:
        """The rows of `wave_changes` about one indicator and everyone."""
        mine = (self.wave_changes["indicator"] == indicator) & (self.wave_changes["domain"] == EVERYONE)
        return self.wave_changes[mine]

    def comparisons_of(self, indicator: str) -> pd.DataFrame:
        """The rows of `comparisons` about one indicator."""
        return self.comparisons[self.comparisons["indicator"] == indicator]

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The diagnostics of every trend, one row a check: `code, indicator, verdict, values`."""
        tables = [
            reading.diagnostics().assign(indicator=key)
            for key, reading in self.readings.items()
            if reading.trend is not None
        ]
        columns = ["code", "indicator", "verdict", "values"]
        return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Every check of the respondents of every wave: wave, check, subject, verdict, number, sentence."""
        return survey_quality(self.survey, self.kept, self.as_of.date())

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The shown shares of simulated waves against the truth (see `held_truth`); no rows for real people."""
        return held_truth(self.survey, self.observations, self.waves)

    @cached_property
    def level(self) -> pd.DataFrame:
        """The level of every indicator on the figures' days and on the report's own date, as trend.csv holds it."""
        tables = [
            reading.level.assign(indicator=key)[["indicator", *reading.level.columns]]
            for key, reading in self.readings.items()
            if reading.level is not None
        ]
        empty = pd.DataFrame(columns=["indicator", "date", "share"])
        return with_scales(self.survey, pd.concat(tables, ignore_index=True) if tables else empty)

    @cached_property
    def followed_domains(self) -> Mapping[str, Followed]:
        """The domains of each indicator through time, by indicator and variable (see `followed`)."""
        rows = self.observations
        return {
            key: followed(reading, rows[rows["indicator"] == key], self.covariance, self.kept)
            for key, reading in self.readings.items()
        }

    @cached_property
    def domain_levels(self) -> pd.DataFrame:
        """The level of every followed domain on the drawn days, as domain_trend.csv holds it; no rows without any."""
        return together(
            [domain_levels(self.readings[key], fits) for key, fits in self.followed_domains.items()]
        )

    @cached_property
    def domain_gaps(self) -> pd.DataFrame:
        """The gaps between followed domains in the newest wave, as domain_gaps.csv holds them; no rows without any."""
        return together(
            [domain_gaps(self.readings[key], fits) for key, fits in self.followed_domains.items()]
        )

    @cached_property
    def moods(self) -> Mapping[str, MoodReading]:
        """The moods that the survey declares and the report shows, by their keys."""
        read = SurveyWaves(self.observations, self.covariance, self.kept)
        found = read_moods(self.survey, read, self.readings, self.as_of, self.given.get("since"))
        return {mood.key: mood for mood in found}

    @cached_property
    def mood_levels(self) -> pd.DataFrame:
        """The level of every mood on its drawn days, as mood_trend.csv holds it; no rows without any."""
        return mood_levels(self.survey, self.moods)

    @cached_property
    def mood_items(self) -> pd.DataFrame:
        """What each question is worth to its mood, as mood_items.csv holds it; no rows without any."""
        return mood_items(self.moods)

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        """What each house would print next, frozen on the report's date, as forecasts.csv holds it."""
        tables = [reading.frozen_forecasts() for reading in self.readings.values()]
        frozen = [table for table in tables if not table.empty]
        together = pd.concat(frozen, ignore_index=True) if frozen else pd.DataFrame(columns=FROZEN)
        return with_scales(self.survey, together)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The waves that came since the last published report, against its forecasts, as scores.csv holds them.

        `foreseen_by` is the folder of the report that froze the forecast, `frozen` the day on which it was made,
        `ahead` whether that was before the wave was published (where that is not known: before its fieldwork ended).
        No rows where there is no report before, or it froze nothing.
        """
        before = self.before
        if before is None or before.manifest is None or before.forecasts is None:
            return with_scales(self.survey, pd.DataFrame(columns=SCORED))
        scores = scored_waves(before.forecasts, before.observations, self.observations, as_of=before.as_of)
        frozen = pd.Timestamp(before.manifest.created).tz_convert("UTC").tz_localize(None).normalize()
        ahead = frozen < scores["published"].fillna(scores["end"])
        scores = scores.assign(foreseen_by=before.manifest.folder, frozen=frozen, ahead=ahead)
        return with_scales(self.survey, scores[SCORED])

    @cached_property
    def watched(self) -> Watched:
        """What the survey's `[[watch]]` rules found (see `alerts`)."""
        manifest = self.before.manifest if self.before else None
        states = manifest.report.watched if manifest else ()
        return watched(self.survey.watch, self.readings, states, self.given)

    @cached_property
    def wave_changes(self) -> pd.DataFrame:
        """Every wave that the report shows against the wave before it, as wave_changes.csv holds them."""
        changes = compared_waves(self.observations, self.covariance)
        since = self.given.get("since")
        return changes if since is None else changes[changes["end"] >= since].reset_index(drop=True)

    def non_response(self, reading: Reading) -> NonResponse:
        """What those who gave no answer could make of the newest wave of one indicator."""
        return newest_non_response(self.survey, reading.used.iloc[-1], self.waves, self.quality)

    def reading(self, indicator: str) -> Reading:
        """One indicator's reading.

        Raises: InputError for an indicator that the report does not show.
        """
        if indicator not in self.readings:
            raise InputError(
                f"`{indicator}` is not an indicator of this report: {nearest(indicator, self.readings)}"
            )
        return self.readings[indicator]

    def mood(self, key: str) -> MoodReading:
        """One declared mood.

        Raises: InputError for a mood that the report does not show.
        """
        if key not in self.moods:
            raise InputError(f"`{key}` is not a mood of this report: {nearest(key, self.moods)}")
        return self.moods[key]


def read_report(
    survey: Survey,
    *,
    as_of: pd.Timestamp,
    indicator: str | None = None,
    since: pd.Timestamp | None = None,
    certainty: Sequence[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    seed: int = 20240101,
    previous: Path | None = None,
) -> ReportEvidence:
    """Read a survey as known on `as_of` and fit the trend of every indicator, or of the one named.

    `since` is the first day that figures, tables and findings show; the fit reads everything before it too.
    `previous` is the folder of the last published report.

    Raises: InputError for an indicator that the survey does not have.
    """
    if indicator is not None and indicator not in survey.indicators:
        raise InputError(
            f"`{survey.name}` has no indicator `{indicator}`: {nearest(indicator, survey.indicators)}"
        )
    read = survey_waves(
        survey, as_of=as_of, indicator=indicator, certainty=certainty, unknown_n=unknown_n, keep=True
    )
    rows = read.rows
    keys = [key for key in survey.indicators if indicator in (None, key)]
    readings = [
        read_indicator(
            key,
            survey,
            rows[rows["indicator"] == key],
            covariance=read.covariance.get((key, "all")),
            as_of=as_of,
            since=since,
            seed=seed,
        )
        for key in keys
    ]
    given = {
        "indicator": indicator,
        "since": None if since is None else since.date().isoformat(),
        "certainty": None if certainty is None else list(certainty),
        "unknown_n": unknown_n,
        "seed": seed,
    }
    return ReportEvidence(
        survey=survey,
        as_of=as_of,
        observations=rows,
        readings={reading.key: reading for reading in readings if not reading.shown.empty},
        given=given,
        before=None if previous is None else read_before(previous),
        kept=read.kept,
        covariance=read.covariance,
        twice=counted_twice(survey, as_of, indicator=indicator, certainty=certainty),
    )
