"""A report that a notebook asks by name: `report.headline()`, `report.trend_figure("anxiety")`, `report.save()`.

A thin face: every method hands the report's evidence and its language to the section or figure of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.errors import InputError
from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.evidence.manifest import MANIFEST
from groundswell.reports.evidence.report import ReportEvidence, read_report
from groundswell.reports.evidence.summary import summary
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.mood import mood_figure
from groundswell.reports.figures.trend.figure import trend_figure
from groundswell.reports.findings.alert_words import alert_records
from groundswell.reports.findings.chosen import Findings, report_findings
from groundswell.reports.html.markup import NOTHING, Block
from groundswell.reports.language.checks import with_sentences
from groundswell.reports.language.language import Language, own_language
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.notebook.told_by_run import this_project
from groundswell.reports.sections.answers import answers
from groundswell.reports.sections.by_domain.domain_gaps import domain_gaps
from groundswell.reports.sections.by_domain.domains import domains, newest_domains
from groundswell.reports.sections.certainty.how_sure import how_sure
from groundswell.reports.sections.data_quality import data_quality
from groundswell.reports.sections.findings import findings
from groundswell.reports.sections.houses import houses
from groundswell.reports.sections.how_measured import how_measured
from groundswell.reports.sections.masthead import masthead
from groundswell.reports.sections.moods import mood_table
from groundswell.reports.sections.overview import overview
from groundswell.reports.sections.since_last import since_last
from groundswell.reports.sections.wave_table import wave_table
from groundswell.reprs import Summarised
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.waves import load_survey, survey_folder


def open_report(
    survey: str,
    *,
    as_of: str | None = None,
    indicator: str | None = None,
    since: str | None = None,
    certainty: Sequence[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    language: str | None = None,
    seed: int = 20240101,
    previous: str | None = None,
    project: Path | str | None = None,
) -> Report:
    """Read a survey as known on `as_of` (ISO date, default today) and fit the trend of every indicator.

    `language` is by default the survey's own. `since` is where figures, tables and findings start; the fit reads
    everything before it too. `previous` is the last published report's folder relative to the project, for what changed
    since. `project` is found upward from the working folder unless given; in a run it is the run's.

    Raises: InputError for an unknown survey, indicator, language or seed, a wrong date, a `since` after `as_of`, or a
    `previous` that is no published report; FaultsError for an unsound survey.

    Example:
        >>> report = gs.open_report("ukraine-outlook", as_of="2025-12-31")
        >>> report.indicators
        ['planning', 'outlook']
        >>> report.observations["end"].max().date() <= report.evidence.as_of.date()
        True
    """
    home = this_project(project)
    day = pd.Timestamp(today() if as_of is None else parse_date(as_of, "as_of"))
    begin = None if since is None else pd.Timestamp(parse_date(since, "since"))
    if begin is not None and begin > day:
        raise InputError(f"`since=`: must not lie after the as-of date {day:%Y-%m-%d}, got `{since}`")
    record = load_survey(survey_folder(home, survey))
    code = language or own_language(record)
    speaks = Language(code)  # an unknown one is refused before any trend is fitted
    if previous:
        _check_previous(home, survey, previous)
    evidence = read_report(
        record,
        as_of=day,
        indicator=indicator,
        since=begin,
        certainty=certainty,
        unknown_n=unknown_n,
        seed=seed,
        previous=home / previous if previous else None,
    )
    return Report(evidence, speaks)


def _check_previous(home: Path, survey: str, previous: str) -> None:
    """Refuse a folder in which nothing was published; one whose manifest is damaged is told on the page."""
    if (home / previous / MANIFEST).is_file():
        return
    raise InputError(
        f"`previous=`: `{home / previous}` is no published report, since it holds no {MANIFEST}: name the folder of "
        f"one relative to the project, as `reports/{survey}/2024-12-31`, or leave it out"
    )


class Report(Summarised):
    """What one survey says on one date. Every method returns a piece of the page, shown alike in JupyterLab.

    `evidence` holds what is known, in numbers; `language` says it.
    """

    def __init__(self, evidence: ReportEvidence, language: Language) -> None:
        self.evidence, self.language = evidence, language

    def _summary(self) -> dict[str, str]:
        return {
            "report": f"{self.evidence.survey.name}, as of {self.evidence.as_of:%Y-%m-%d}",
            "indicators": ", ".join(self.indicators),
            "observations": str(len(self.observations)),
            "headline": self.claim(),
        }

    @property
    def indicators(self) -> list[str]:
        """The indicators that have at least one observation to show."""
        return list(self.evidence.readings)

    @property
    def in_full(self) -> list[str]:
        """Those of them that the page shows with figures and tables: all of up to 12, else those of its findings."""
        return list(self.all_findings.in_full)

    @cached_property
    def all_findings(self) -> Findings:
        """Every finding, those that the page shows, and the headline."""
        return report_findings(self.evidence, self.language)

    @property
    def observations(self) -> pd.DataFrame:
        """The observations table, as observations.csv holds it."""
        return self.evidence.observations

    @property
    def comparisons(self) -> pd.DataFrame:
        """Every change that the report looked at, as changes.csv holds it."""
        return self.evidence.comparisons

    @property
    def wave_changes(self) -> pd.DataFrame:
        """Every wave against the wave before it of the same house, wording and mode, as wave_changes.csv holds it."""
        return self.evidence.wave_changes

    @property
    def forecasts(self) -> pd.DataFrame:
        """What each house would print next, frozen on the report's date, as forecasts.csv holds it."""
        return self.evidence.forecasts

    @property
    def scores(self) -> pd.DataFrame:
        """The waves that came since the last published report, against its forecasts, as scores.csv holds them."""
        return self.evidence.scores

    @property
    def checks(self) -> pd.DataFrame:
        """Every check of every trend: code, indicator, verdict, values, and the sentence in the report's language."""
        houses = {key: house.name for key, house in self.evidence.survey.houses.items()}
        return with_sentences(self.evidence.checks, self.language, houses)

    @property
    def quality(self) -> pd.DataFrame:
        """Every check of the respondents of every wave: wave, code, subject, verdict, number, values."""
        return self.evidence.quality

    @cached_property
    def alerts(self) -> tuple[AlertRecord, ...]:
        """What the survey's `[[watch]]` rules alarmed of, in words and numbers."""
        return alert_records(self.evidence, self.language)

    def level(self) -> pd.DataFrame:
        """The level of every indicator on the figures' days and on the report's own date, as trend.csv holds it."""
        return self.evidence.level

    @property
    def summary(self) -> dict[str, Any]:
        """The report in a few sentences and numbers, for the archive."""
        deck = "; ".join(finding.sentence for finding in self.all_findings.chosen[:1])
        alerts = {"alerts": [asdict(alert) for alert in self.alerts]} if self.alerts else {}
        return {"headline": self.claim(), "deck": deck, **summary(self.evidence), **alerts}

    def claim(self) -> str:
        """The page's headline in plain text."""
        return self.all_findings.headline

    def headline(self) -> Block:
        """The masthead: survey, date, evidence, and the claim."""
        return masthead(self.evidence, self.all_findings, self.language)

    def findings(self) -> Block:
        """Two to four findings and, folded, how their words are chosen."""
        return findings(self.evidence, self.all_findings, self.language)

    def overview(self) -> Block:
        """Every indicator in a line, where not all of them are shown in full; nothing where they are."""
        return overview(self.evidence, self.all_findings, self.language)

    def trend_figure(self, indicator: str) -> Figure:
        """The trend of one indicator with every observation."""
        return trend_figure(self.evidence.reading(indicator), self.language)

    def answer_table(self, indicator: str) -> Block:
        """Every answer of the question on the newest wave's day; nothing where only one answer is known."""
        return answers(self.evidence.reading(indicator), self.language)

    @property
    def moods(self) -> list[str]:
        """The moods that the survey declares of the indicators shown."""
        return list(self.evidence.moods)

    def mood_figure(self, mood: str) -> Figure | Block:
        """One level through the questions of a mood; nothing where none can be told."""
        titles = {key: reading.title for key, reading in self.evidence.readings.items()}
        return mood_figure(self.evidence.mood(mood), titles, self.language) or NOTHING

    def mood_table(self, mood: str) -> Block:
        """What each question is worth to the mood, and what it rests on."""
        return mood_table(self.evidence, self.evidence.mood(mood), self.language)

    def since_last(self) -> Block:
        """What changed since the last published report."""
        return since_last(self.evidence, self.language, self.alerts)

    def house_figure(self, indicator: str) -> Figure | Block:
        """How far each house stands from the level; a sentence where there is only one house."""
        return houses(self.evidence.reading(indicator), self.language)

    def domain_figure(self, indicator: str) -> Figure | Block:
        """One small panel a domain; nothing where no wave has respondents."""
        return domains(self.evidence, self.evidence.reading(indicator), self.language)

    def domain_table(self, indicator: str) -> Block:
        """The newest wave by domain; nothing where no wave has respondents."""
        return newest_domains(self.evidence, self.evidence.reading(indicator), self.language)

    def gap_table(self, indicator: str) -> Block:
        """The gaps between domains in the newest wave; nothing where no domain is followed."""
        return domain_gaps(self.evidence, self.evidence.reading(indicator), self.language)

    def wave_table(self, indicator: str) -> Block:
        """Every wave of one indicator."""
        reading, changes = self.evidence.reading(indicator), self.evidence.wave_changes_of(indicator)
        return wave_table(reading, changes, self.language)

    def data_quality(self) -> Block:
        """What is flagged in the respondents of the waves; nothing where there are none."""
        return data_quality(self.evidence, self.language)

    def how_sure(self) -> Block:
        """Checks of the trends in sentences, and what would make each finding false, folded."""
        return how_sure(self.evidence, self.all_findings, self.language)

    def how_measured(self) -> Block:
        """The eleven disclosure items, folded."""
        evidence = self.evidence
        return how_measured(evidence.survey, evidence.observations, self.language, evidence.waves)

    def save(self, folder: Path | str | None = None) -> Block:
        """Write observations.csv, trend.csv, changes.csv, wave_changes.csv, forecasts.csv, scores.csv, findings.json
        and checks.json to publish; where domains are followed domain_trend.csv and domain_gaps.csv, too, where moods
        are declared mood_trend.csv and mood_items.csv, and where there are respondents groups.json.

        Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written.
        """
        tables = {
            "observations": self.observations,
            "trend": self.level(),
            "changes": self.comparisons,
            "wave_changes": self.wave_changes,
            "forecasts": self.forecasts,
            "scores": self.scores,
        }
        where_declared = {
            "domain_trend": self.evidence.domain_levels,
            "domain_gaps": self.evidence.domain_gaps,
            "mood_trend": self.evidence.mood_levels,
            "mood_items": self.evidence.mood_items,
        }
        tables |= {name: table for name, table in where_declared.items() if not table.empty}
        kept = {
            "schema": 2,
            "language": self.language.code,
            "headline": self.claim(),
            "findings": [finding.record() for finding in self.all_findings.chosen],
            "open": self.all_findings.open,
            "summary": self.summary,
        }
        records = {"findings": kept, "checks": self.checks.to_dict(orient="records")}
        home, groups = self.evidence.survey.folder, self.evidence.groups
        return save_files(folder, tables, records, self.language, survey=home, groups=groups)
