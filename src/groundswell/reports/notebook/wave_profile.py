"""One wave in depth, asked by name: `profile.who_answered()`, `profile.question("anxiety")`, `profile.save()`.

A thin face: every method hands the wave's evidence and its language to the section or figure of that name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.reports.evidence.wave import WaveEvidence, read_wave
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.wave import question_figure
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language, own_language
from groundswell.reports.language.quality import quality_sentence
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.notebook.told_by_run import this_project
from groundswell.reports.sections import wave as sections
from groundswell.reports.sections.how_measured import how_measured
from groundswell.reprs import Summarised
from groundswell.waves import load_survey, survey_folder
from groundswell.waves.wave.choice import choose_wave


def open_profile(
    survey: str,
    *,
    wave: str | None = None,
    as_of: str | None = None,
    language: str | None = None,
    project: Path | str | None = None,
) -> WaveProfile:
    """Read one wave of a survey: `wave` by its name, or the newest that was known on `as_of` (default today).

    `language` is by default the survey's own. `project` is found upward from the working folder unless given; in a run
    it is the run's.

    Raises: InputError for an unknown survey, wave or language, a wave that was not known on `as_of`, or respondents
    that are not here and of whom nothing was kept; FaultsError for an unsound survey or wave.

    Example: the newest wave of 2024.
        >>> profile = gs.open_profile("simulated-panel", as_of="2024-12-31")
        >>> profile.evidence.wave.name, profile.indicators
        ('wave-12', ['anxiety', 'planning'])
    """
    home = this_project(project)
    record = load_survey(survey_folder(home, survey))
    day = pd.Timestamp(today() if as_of is None else parse_date(as_of, "as_of"))
    chosen = choose_wave(record, wave, day.date())
    speaks = Language(language or own_language(record))
    return WaveProfile(read_wave(record, chosen, as_of=day), speaks)


class WaveProfile(Summarised):
    """What one wave holds. Every method returns a piece of the page, shown alike in JupyterLab.

    `evidence` holds what is known, in numbers; `language` says it.
    """

    def __init__(self, evidence: WaveEvidence, language: Language) -> None:
        self.evidence, self.language = evidence, language

    def _summary(self) -> dict[str, str]:
        return {
            "profile": f"{self.evidence.survey.name}, {self.evidence.wave.name}",
            "indicators": ", ".join(self.indicators),
            "headline": self.claim(),
        }

    @property
    def indicators(self) -> list[str]:
        """The indicators that the wave holds, in the survey's order."""
        return self.evidence.indicators

    @property
    def shares(self) -> pd.DataFrame:
        """The wave's estimates, as shares.csv holds them."""
        return self.evidence.shares

    @property
    def quality(self) -> pd.DataFrame:
        """Every check of the wave: wave, code, subject, verdict, number, values, sentence."""
        return self._with_sentences(self.evidence.quality)

    def claim(self) -> str:
        """The page's headline in plain text."""
        return sections.claim(self.evidence, self.language)

    def headline(self) -> Block:
        """The masthead: survey, wave, evidence, and the shares."""
        return sections.masthead(self.evidence, self.language)

    def who_answered(self) -> Figure | Block:
        """Respondents by domain: their share, their weighted share, and the population's where a margin knows it."""
        return sections.who_answered(self.evidence, self.language)

    def weights(self) -> Figure | Block:
        """How the weights are spread, before and after raking."""
        return sections.weights(self.evidence, self.language)

    def weight_diagnostics(self) -> Block:
        """Design effect, effective n and concentration of the weights as a table."""
        return sections.weight_diagnostics(self.evidence, self.language)

    def question(self, indicator: str) -> Figure:
        """The share of one indicator in every domain, with its interval.

        Raises: InputError for an indicator that the wave does not hold.
        """
        return question_figure(self.evidence, indicator, self.language)

    def data_quality(self) -> Block:
        """Every check of the wave's data, what is flagged first."""
        return sections.quality(self.evidence, self.language)

    def how_measured(self) -> Block:
        """The disclosure items, folded."""
        evidence = self.evidence
        return how_measured(evidence.survey, evidence.observations, self.language, [evidence.wave])

    def summary(self) -> dict[str, Any]:
        """The profile in a few sentences and numbers, for the archive."""
        return sections.summary(self.evidence, self.language)

    def save(self, folder: Path | str | None = None) -> Block:
        """Write shares.csv, sample.csv, weights.csv, quality.csv, and findings, checks and groups as JSON, to publish.

        Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written.
        """
        kept = {
            "schema": 1,
            "language": self.language.code,
            "headline": self.claim(),
            "findings": [],
            "summary": self.summary(),
        }
        tables = self.evidence.tables()
        tables["quality"] = tables["quality"].assign(sentence=self.quality["sentence"])
        checks = self._with_sentences(self.evidence.checks)
        records = {"findings": kept, "checks": checks.to_dict(orient="records")}
        home, groups = self.evidence.survey.folder, self.evidence.groups
        return save_files(folder, tables, records, self.language, survey=home, groups=groups)

    def _with_sentences(self, checks: pd.DataFrame) -> pd.DataFrame:
        """Checks of the data with their sentences in the profile's language."""
        pairs = zip(checks["code"], checks["values"], strict=True)
        return checks.assign(sentence=[quality_sentence(*pair, self.language) for pair in pairs])
