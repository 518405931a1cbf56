"""A report that a notebook asks by name: `report.headline()`, `report.trend_figure("anxiety")`, `report.save()`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.errors import InputError, nearest
from groundswell.estimates.of_wave.observations import microdata_observations, survey_quality
from groundswell.reports.evidence.comparisons import comparisons
from groundswell.reports.evidence.fitted import read_indicator
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.summary import checks_table, summary
from groundswell.reports.figures.domains import domain_panels
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.houses import house_figure
from groundswell.reports.figures.trend.figure import trend_figure
from groundswell.reports.findings.findings import Finding, change_findings, choose, headline
from groundswell.reports.findings.lone_shares import lone_findings
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.sections import sections
from groundswell.trends import observations
from groundswell.waves import Survey, find_project, load_survey, survey_folder
from groundswell.waves.wave.choice import known_waves
from groundswell.waves.wave.record import Wave


def open_report(
    survey: str,
    as_of: str | None = None,
    indicator: str | None = None,
    since: str | None = None,
    certainty: Sequence[str] | None = None,
    unknown_n: Literal["typical", "leave_out"] = "typical",
    language: str = "en",
    seed: int = 20240101,
    previous: str | None = None,
    project: Path | str | None = None,
) -> Report:
    """Read a survey as known on `as_of` (ISO date, default today) and fit the trend of every indicator.

    `since` is where figures, tables and findings start; the fit reads everything before it too. `previous` is the
    last published report's folder relative to the project, for what changed since. `project` is found upward from
    the working folder unless given.

    Raises: InputError for an unknown survey, indicator, language or a wrong date; FaultsError for an unsound survey.
    """
    home = Path(project) if project else find_project(Path.cwd())
    record = load_survey(survey_folder(home, survey))
    if indicator is not None and indicator not in record.indicators:
        raise InputError(
            f"`{survey}` has no indicator `{indicator}`: {nearest(indicator, record.indicators)}"
        )
    day = pd.Timestamp(today() if as_of is None else parse_date(as_of, "as_of"))
    estimated = microdata_observations(record)
    rows = observations(
        record,
        as_of=day.date(),
        indicator=indicator,
        certainty=certainty,
        unknown_n=unknown_n,
        estimates=estimated.rows,
    )
    keys = [key for key in record.indicators if indicator in (None, key)]
    start = None if since is None else pd.Timestamp(parse_date(since, "since"))
    readings = {
        key: read_indicator(
            key,
            record,
            rows[rows["indicator"] == key],
            estimated.covariance.get((key, "all")),
            day,
            start,
            seed,
        )
        for key in keys
    }
    given = {
        "indicator": indicator,
        "since": since,
        "certainty": None if certainty is None else list(certainty),
        "unknown_n": unknown_n,
        "seed": seed,
    }
    before = home / previous if previous else None
    waves = known_waves(record, day.date())
    return Report(record, rows, readings, day, Language(language), given, before, waves, estimated.covariance)


class Report:
    """What one survey says on one date. Every method returns a piece of the page, shown alike in JupyterLab."""

    def __init__(
        self,
        survey: Survey,
        rows: pd.DataFrame,
        readings: dict[str, Reading],
        as_of: pd.Timestamp,
        language: Language,
        given: Mapping[str, Any],
        previous: Path | None = None,
        waves: Sequence[Wave] = (),
        covariance: Mapping[tuple[str, str], pd.DataFrame] | None = None,
    ) -> None:
        """`given` holds the parameters that decide the numbers, `previous` the last published report's folder."""
        self.survey, self.observations, self.as_of, self.language = survey, rows, as_of, language
        self.readings = {key: reading for key, reading in readings.items() if not reading.shown.empty}
        self.given, self.previous, self.waves, self.covariance = given, previous, waves, covariance or {}

    def __repr__(self) -> str:
        return f"<report {self.survey.name} {self.as_of.date().isoformat()}>"

    @property
    def indicators(self) -> list[str]:
        """The indicators that have at least one observation to show."""
        return list(self.readings)

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Every change that the report looked at, with its probability (see `comparisons`)."""
        tables = [comparisons(reading, len(self.readings)) for reading in self.readings.values()]
        filled = [table for table in tables if not table.empty]
        return pd.concat(filled, ignore_index=True) if filled else tables[0] if tables else pd.DataFrame()

    @cached_property
    def all_findings(self) -> list[Finding]:
        """Every sentence that the evidence allows, shown or folded."""
        found: list[Finding] = []
        for key, reading in self.readings.items():
            mine = (
                self.comparisons[self.comparisons["indicator"] == key]
                if len(self.comparisons)
                else self.comparisons
            )
            found += change_findings(reading, mine, self.language) if len(mine) else []
            found += lone_findings(reading, self.language)
        return found

    @cached_property
    def chosen(self) -> list[Finding]:
        """The page's findings, two to four where the evidence gives as many."""
        return choose(self.all_findings)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every check of every trend: check, indicator, verdict, sentence."""
        return checks_table(self.readings)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The report in a few numbers, for the masthead and the archive (see `summary`)."""
        return summary(self)

    def claim(self) -> str:
        """The page's headline in plain text."""
        cuts = [cut for reading in self.readings.values() for cut in reading.unbridged()]
        return headline(self.all_findings, self.survey.title, self.language, max(cuts, default=None))

    def headline(self) -> Block:
        """The masthead: survey, date, evidence, and the claim."""
        return sections.masthead(self)

    def findings(self) -> Block:
        """Two to four findings and, folded, how their words are chosen."""
        return sections.findings(self)

    def trend_figure(self, indicator: str) -> Figure:
        """The trend of one indicator with every observation."""
        return trend_figure(self._reading(indicator), self.language)

    def since_last(self) -> Block:
        """What changed since the last published report."""
        return sections.since_last(self)

    def house_figure(self, indicator: str) -> Figure | Block:
        """How far each house stands from the level; a sentence where there is only one house."""
        figure = house_figure(self._reading(indicator), self.language)
        return (
            figure if figure is not None else sections.single_house(self._reading(indicator), self.language)
        )

    def domain_figure(self, indicator: str) -> Figure | Block:
        """One small panel a domain; nothing where no wave has respondents."""
        mine = self.observations[self.observations["indicator"] == indicator]
        figure = domain_panels(self._reading(indicator), mine, self.waves, self.language)
        return Block("", part="note") if figure is None else figure

    def domain_table(self, indicator: str) -> Block:
        """The newest wave by domain; nothing where no wave has respondents."""
        return sections.newest_domains(self, self._reading(indicator))

    def wave_table(self, indicator: str) -> Block:
        """Every wave of one indicator."""
        return sections.waves(self._reading(indicator), self.language)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Every check of the respondents of every wave: wave, check, subject, verdict, number, sentence."""
        return survey_quality(self.survey, self.waves, self.as_of.date())

    def data_quality(self) -> Block:
        """What is flagged in the respondents of the waves; nothing where there are none."""
        return sections.data_quality(self)

    def how_sure(self) -> Block:
        """Checks of the trends in sentences, folded."""
        return sections.how_sure(self)

    def how_measured(self) -> Block:
        """The eleven disclosure items, folded."""
        return sections.how_measured(self)

    def _reading(self, indicator: str) -> Reading:
        if indicator not in self.readings:
            raise InputError(
                f"no indicator `{indicator}` in this report: {nearest(indicator, self.readings)}"
            )
        return self.readings[indicator]

    def level(self) -> pd.DataFrame:
        """The level of every indicator on the figures' days and on the report's own date, as trend.csv holds it."""
        tables = [
            reading.level.assign(indicator=key)[["indicator", *reading.level.columns]]
            for key, reading in self.readings.items()
            if reading.level is not None
        ]
        return (
            pd.concat(tables, ignore_index=True)
            if tables
            else pd.DataFrame(columns=["indicator", "date", "share"])
        )

    def save(self, folder: Path | str | None = None) -> Block:
        """Write observations.csv, trend.csv, changes.csv, findings.json and checks.json for publishing.

        Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written.
        """
        tables = {"observations": self.observations, "trend": self.level(), "changes": self.comparisons}
        kept = {
            "schema": 1,
            "headline": self.claim(),
            "findings": [finding.record() for finding in self.chosen],
            "summary": self.summary,
        }
        records = {"findings": kept, "checks": self.checks.to_dict(orient="records")}
        return save_files(folder, tables, records, self.language)
