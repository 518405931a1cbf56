"""One wave in depth, asked by name: `profile.who_answered()`, `profile.question("anxiety")`, `profile.save()`."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.errors import InputError, nearest
from groundswell.estimates.of_wave.kept import KeptEstimates, wave_estimates
from groundswell.estimates.of_wave.observations import microdata_observations, survey_quality
from groundswell.estimates.of_wave.raking import margin_table
from groundswell.estimates.of_wave.raking_preview import raking_preview
from groundswell.reports.evidence.domains import Domain, domains_in_order
from groundswell.reports.evidence.simulated import said_simulated
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.wave import question_figure, who_figure
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.sections import wave as profile_sections
from groundswell.reports.sections.sections import how_measured
from groundswell.waves import Survey, find_project, load_survey, survey_folder
from groundswell.waves.wave.choice import choose_wave, known_waves
from groundswell.waves.wave.record import Wave
from groundswell.waves.wave.truth import read_truth


def open_profile(
    survey: str,
    wave: str | None = None,
    as_of: str | None = None,
    language: str = "en",
    project: Path | str | None = None,
) -> WaveProfile:
    """Read one wave of a survey: `wave` by its name, or the newest that was known on `as_of` (default today).

    `project` is found upward from the working folder unless given.

    Raises: InputError for an unknown survey, wave or language, a wave that was not known on `as_of`, or respondents
    that are not here and of whom nothing was kept; FaultsError for an unsound survey or wave.
    """
    home = Path(project) if project else find_project(Path.cwd())
    record = load_survey(survey_folder(home, survey))
    day = pd.Timestamp(today() if as_of is None else parse_date(as_of, "as_of"))
    chosen = choose_wave(record, wave, day.date())
    return WaveProfile(record, chosen, wave_estimates(record, chosen), day, Language(language))


class WaveProfile:
    """What one wave holds. Every method returns a piece of the page, shown alike in JupyterLab."""

    def __init__(
        self, survey: Survey, wave: Wave, kept: KeptEstimates, as_of: pd.Timestamp, language: Language
    ) -> None:
        self.survey, self.wave, self.as_of, self.language = survey, wave, as_of, language
        self.shares, self.sample, self.respondents_here = kept.estimates, kept.sample, kept.respondents_here

    def __repr__(self) -> str:
        return f"<wave profile {self.survey.name} {self.wave.name}>"

    @property
    def indicators(self) -> list[str]:
        """The indicators that the wave holds, in the survey's order."""
        return [key for key in self.survey.indicators if key in self.wave.indicators]

    @property
    def fieldwork(self) -> str:
        """When people were asked, as far as it is known."""
        start, end = pd.Timestamp(self.wave.start), pd.Timestamp(self.wave.end)
        return self.language.period(start, end, self.wave.precision)

    @cached_property
    def domains(self) -> list[Domain]:
        """Every domain of the wave, `all` first, in the order of the wave's own lists."""
        return domains_in_order(self.shares["domain"], [self.wave], self.language)

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The wave's rows of the observations table that speak of everyone."""
        rows = microdata_observations(self.survey, waves=[self.wave]).rows
        return rows[rows["domain"] == "all"]

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Every check of the wave: wave, check, subject, verdict, number, sentence."""
        day: date = self.as_of.date()
        before = [
            w for w in known_waves(self.survey, day) if w.house == self.wave.house and w.end < self.wave.end
        ]
        rows = survey_quality(self.survey, [*before[-1:], self.wave], day)
        return rows[rows["wave"] == self.wave.name].reset_index(drop=True)

    @cached_property
    def population(self) -> pd.DataFrame:
        """The population's share of each domain that a margin knows: domain, of_population, source."""
        margins = margin_table(self.survey)
        totals = margins.groupby("variable")["total"].transform("sum")
        return pd.DataFrame(
            {
                "domain": margins["variable"] + ": " + margins["category"],
                "of_population": margins["total"] / totals,
                "source": margins["source"],
            }
        )

    @property
    def n(self) -> int:
        """Respondents with a weight above zero."""
        domains = self.sample.domains
        return int(domains.loc[domains["domain"] == "all", "n"].iloc[0])

    @cached_property
    def weight_tables(self) -> tuple[pd.DataFrame, pd.DataFrame, str]:
        """Diagnostics and spread of the weights, before and after raking, and a sentence on what that is.

        A wave that is not raked is shown as raking would change it, where the survey has margins.
        """
        say = self.language.say
        own = (self.sample.diagnostics, self.sample.bins)
        if self.wave.weights is not None:
            return *own, say("The estimates use the raked weights.")
        preview = raking_preview(self.survey, self.wave)
        if preview is None:
            return *own, say("The wave is not raked.")
        if isinstance(preview, str):
            return *own, say("The wave is not raked, and cannot be: {reason}", reason=preview)
        return *preview, say(
            "The estimates use the weights before raking; “groundswell weight” would give those after it."
        )

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The truth of the wave by indicator and domain, where its respondents are simulated; else no rows."""
        rows = read_truth(self.survey)
        return rows[rows["wave"] == self.wave.name]

    def title_of(self, indicator: str) -> str:
        """The indicator's name as the survey writes it, called simulated where it is."""
        title = self.survey.indicators[indicator].title
        return said_simulated(title) if self.wave.simulated else title

    def claim(self) -> str:
        """The page's headline in plain text."""
        return profile_sections.claim(self)

    def headline(self) -> Block:
        """The masthead: survey, wave, evidence, and the shares."""
        return profile_sections.masthead(self)

    def who_answered(self) -> Figure:
        """Respondents by domain: their share, their weighted share, and the population's where a margin knows it."""
        return who_figure(self)

    def weights(self) -> Figure | Block:
        """How the weights are spread, before and after raking."""
        return profile_sections.weights(self)

    def weight_diagnostics(self) -> Block:
        """Design effect, effective n and concentration of the weights as a table."""
        return profile_sections.weight_diagnostics(self)

    def question(self, indicator: str) -> Figure:
        """The share of one indicator in every domain, with its interval.

        Raises: InputError for an indicator that the wave does not hold.
        """
        if indicator not in self.wave.indicators:
            raise InputError(
                f"`{self.wave.name}` holds no indicator `{indicator}`: {nearest(indicator, self.wave.indicators)}"
            )
        return question_figure(self, indicator)

    def data_quality(self) -> Block:
        """Every check of the wave's data, what is flagged first."""
        return profile_sections.quality(self)

    def how_measured(self) -> Block:
        """The disclosure items, folded."""
        return how_measured(self)

    @property
    def checks(self) -> pd.DataFrame:
        """The checks as a manifest keeps them: check, indicator (what was looked at), verdict, sentence."""
        return self.quality.assign(
            indicator=self.quality["subject"],
            verdict=self.quality["verdict"].replace({"flagged": "warned"}),
        )[["check", "indicator", "verdict", "sentence"]]

    def summary(self) -> dict[str, Any]:
        """The profile in a few numbers, for the archive."""
        return profile_sections.summary(self)

    def save(self, folder: Path | str | None = None) -> Block:
        """Write shares.csv, sample.csv, weights.csv, quality.csv, findings.json and checks.json for publishing.

        Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written.
        """
        flags = "simulated" if self.wave.simulated else ""
        sample = self.sample.domains.merge(self.population, on="domain", how="left")
        tables = {
            name: rows.assign(survey=self.survey.name, wave=self.wave.name, origin=flags or "respondents")
            for name, rows in (
                ("shares", self.shares),
                ("sample", sample),
                ("weights", self.weight_tables[0]),
                ("quality", self.quality),
            )
        }
        found = {"schema": 1, "headline": self.claim(), "findings": [], "summary": self.summary()}
        records = {"findings": found, "checks": self.checks.to_dict(orient="records")}
        return save_files(folder, tables, records, self.language)
