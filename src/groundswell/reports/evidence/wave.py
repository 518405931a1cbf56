"""What is known about one wave of respondents, before a word of it is said: one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.estimates.of_wave.estimate_flags import SIMULATED
from groundswell.estimates.of_wave.kept import kept_estimates, shown_groups
from groundswell.estimates.of_wave.observations import microdata_observations, survey_quality
from groundswell.estimates.of_wave.published.groups import WaveGroups
from groundswell.estimates.of_wave.sample import Sample
from groundswell.estimates.of_wave.weights.population import population_shares
from groundswell.estimates.of_wave.weights.raking import without_category_of
from groundswell.estimates.of_wave.weights.raking_preview import RakingObstacle, raking_preview
from groundswell.estimates.weighting.without_category import WithoutOne
from groundswell.reports.evidence.reading import said_simulated
from groundswell.trends.data.scales import with_scales
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey
from groundswell.waves.wave.choice import known_waves
from groundswell.waves.wave.truth import read_truth
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True, eq=False)
class WeightTables:
    """How a wave's weights are spread: the tables `diagnostics` and `bins` of `Sample`, and what they are.

    `state` is "raked" where the estimates use raked weights, "not_raked", "would_be_raked" where both tables also
    show what raking would make of the weights, or "cannot_be_raked" for the `obstacle`. `without` is by margin who had
    no category of it when the weights were raked, or would have none.
    """

    diagnostics: pd.DataFrame
    bins: pd.DataFrame
    state: Literal["raked", "not_raked", "would_be_raked", "cannot_be_raked"]
    obstacle: RakingObstacle | None = None
    without: Mapping[str, WithoutOne] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class WaveEvidence:
    """What one wave of a survey holds.

    Attributes:
        survey: its record.
        wave: the wave's record.
        as_of: only what was published by this day is used.
        shares: the wave's estimates, one row an indicator and domain, hidden ones without figures.
        sample: who answered, and how the weights are spread.
        respondents_here: False where only what was kept of the respondents could be read.
    """

    survey: Survey
    wave: Wave
    as_of: pd.Timestamp
    shares: pd.DataFrame
    sample: Sample
    respondents_here: bool = True

    @property
    def indicators(self) -> list[str]:
        """The indicators that the wave holds, in the survey's order."""
        return [key for key in self.survey.indicators if key in self.wave.indicators]

    @property
    def n(self) -> int:
        """Respondents with a weight above zero."""
        domains = self.sample.domains
        return int(domains.loc[domains["domain"] == EVERYONE, "n"].iloc[0])

    @property
    def weighted(self) -> bool:
        """Whether respondents count by a weight."""
        return self.wave.design.weight is not None or self.wave.weights is not None

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The wave's rows of the observations table that speak of everyone."""
        rows = microdata_observations(self.survey, [self.wave]).rows
        return rows[rows["domain"] == EVERYONE]

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Every check of the wave against itself, the wave of its house before it, and printed figures."""
        day = self.as_of.date()
        before = [
            wave
            for wave in known_waves(self.survey, day)
            if wave.house == self.wave.house and wave.end < self.wave.end
        ]
        kept = [kept_estimates(self.survey, wave) for wave in (*before[-1:], self.wave)]
        rows = survey_quality(self.survey, kept, day)
        return rows[rows["wave"] == self.wave.name].reset_index(drop=True)

    @property
    def groups(self) -> tuple[WaveGroups, ...]:
        """The groups of respondents that the profile shows."""
        return (shown_groups(self.survey, self.wave, self.shares),)

    @property
    def checks(self) -> pd.DataFrame:
        """The checks as a manifest keeps them: code, indicator (what was looked at), verdict, values."""
        return self.quality.assign(
            indicator=self.quality["subject"],
            verdict=self.quality["verdict"].replace({"flagged": "warned"}),
        )[["code", "indicator", "verdict", "values"]]

    @cached_property
    def population(self) -> pd.DataFrame:
        """The population's share of each domain that a margin knows: domain, of_population, source."""
        return population_shares(self.wave)

    @cached_property
    def weights(self) -> WeightTables:
        """Diagnostics and spread of the weights, before and after raking.

        A wave that is not raked is shown as raking would change it, where the survey has margins.
        """
        own = (self.sample.diagnostics, self.sample.bins)
        if self.wave.weights is not None:
            return WeightTables(*own, "raked", without=without_category_of(self.wave))
        preview = raking_preview(self.wave)
        if preview is None:
            return WeightTables(*own, "not_raked")
        if isinstance(preview, RakingObstacle):
            return WeightTables(*own, "cannot_be_raked", preview)
        return WeightTables(preview.diagnostics, preview.bins, "would_be_raked", without=preview.without)

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The truth of the wave by indicator and domain, where its respondents are simulated; else no rows."""
        rows = read_truth(self.survey)
        return rows[rows["wave"] == self.wave.name]

    def shares_of(self, indicator: str) -> pd.DataFrame:
        """The rows of `shares` about one indicator.

        Raises: InputError for an indicator that the wave does not hold.
        """
        if indicator not in self.wave.indicators:
            raise InputError(
                f"`{indicator}` is not an indicator of `{self.wave.name}`: {nearest(indicator, self.wave.indicators)}"
            )
        return self.shares[self.shares["indicator"] == indicator]

    def everyone(self, indicator: str) -> pd.Series:
        """The row of `shares` about one indicator and everyone."""
        rows = self.shares_of(indicator)
        return rows[rows["domain"] == EVERYONE].iloc[0]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that a profile publishes, by name, each with its survey, wave and origin."""
        wave = self.wave
        said = {
            "survey": self.survey.name,
            "wave": wave.name,
            "origin": SIMULATED if wave.simulated else "respondents",
        }
        tables = {
            "shares": with_scales(self.survey, self.shares),
            "sample": self.sample.domains.merge(self.population, on="domain", how="left"),
            "weights": self.weights.diagnostics,
            "quality": self.quality.drop(columns="values"),
        }
        return {name: rows.assign(**said) for name, rows in tables.items()}

    def title_of(self, indicator: str) -> str:
        """The indicator's name as the survey writes it, called simulated where it is."""
        title = self.survey.indicators[indicator].title
        return said_simulated(title) if self.wave.simulated else title


def read_wave(survey: Survey, wave: Wave, *, as_of: pd.Timestamp) -> WaveEvidence:
    """One wave of a survey as known on `as_of`.

    Raises: InputError where the respondents are not here and nothing of them was kept; FaultsError for an unsound wave.
    """
    kept = kept_estimates(survey, wave)
    return WaveEvidence(
        survey=survey,
        wave=wave,
        as_of=as_of,
        shares=kept.estimates,
        sample=kept.sample,
        respondents_here=kept.respondents_here,
    )
