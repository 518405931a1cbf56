"""How a survey's forecasts held, asked by name: `calibration.coverage()`, `calibration.misses()`, `calibration.save()`.

A thin face: every method hands the evidence and its language to the section of that name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.dates import parse_date, today
from groundswell.errors import InputError
from groundswell.reports.evidence.earlier.calibration import CalibrationEvidence
from groundswell.reports.evidence.earlier.ledger import Record, record_of
from groundswell.reports.evidence.manifest import MANIFEST, read_manifest
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language, own_language
from groundswell.reports.notebook.saving import save_files
from groundswell.reports.notebook.told_by_run import this_project
from groundswell.reports.publish.archive import newest_report
from groundswell.reports.sections import calibration as sections
from groundswell.reprs import Summarised
from groundswell.waves import load_survey, survey_folder


def open_calibration(
    survey: str,
    *,
    as_of: str | None = None,
    language: str | None = None,
    newest: str | None = None,
    project: Path | str | None = None,
) -> Calibration:
    """Read how the forecasts of a survey's published reports held, from the archive and from nothing else.

    `newest` is the folder of the report with which the chain of forecasts ends, relative to the project; by default
    the newest report with the default parameters up to `as_of` (default today). `language` is by default the survey's
    own. `project` is found upward from the working folder unless given; in a run it is the run's.

    Raises: InputError for an unknown survey or language, a wrong date, or a `newest` that is no published report;
    FaultsError for an unsound survey.

    Example:
        >>> from groundswell.reports import open_calibration
        >>> calibration = open_calibration("ukraine-outlook", as_of="2000-01-01")
        >>> calibration.claim()
        'No forecast of this survey has come due yet'
    """
    home = this_project(project)
    record = load_survey(survey_folder(home, survey))
    day = pd.Timestamp(today() if as_of is None else parse_date(as_of, "as_of"))
    speaks = Language(language or own_language(record))
    folder = home / newest if newest else newest_report(home / "reports", survey, day.date())
    held, name = Record.of_nothing(), ""
    if folder is not None:
        manifest = read_manifest(folder)
        if manifest is None:
            raise InputError(
                f"`newest=`: `{newest}` is no published report, since it holds no sound {MANIFEST}"
            )
        held, name = record_of(home, folder, manifest), manifest.folder
    return Calibration(CalibrationEvidence(survey=record, as_of=day, newest=name, record=held), speaks)


class Calibration(Summarised):
    """How a survey's forecasts held. Every method returns a piece of the page, shown alike in JupyterLab.

    `evidence` holds what is known, in numbers; `language` says it.
    """

    def __init__(self, evidence: CalibrationEvidence, language: Language) -> None:
        self.evidence, self.language = evidence, language

    def _summary(self) -> dict[str, str]:
        return {
            "calibration": f"{self.evidence.survey.name}, as of {self.evidence.as_of:%Y-%m-%d}",
            "newest": self.evidence.newest or "none",
            "headline": self.claim(),
        }

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure that came, with its forecast and its scores, as figures.csv holds it."""
        return self.evidence.figures

    @property
    def summary(self) -> pd.DataFrame:
        """Coverage and CRPS in all and by indicator, house and year, as calibration.csv holds them."""
        return self.evidence.summary

    def claim(self) -> str:
        """The page's headline in plain text."""
        return sections.claim(self.evidence, self.language)

    def headline(self) -> Block:
        """The masthead: survey, date, and how many figures the 95% intervals held."""
        return sections.masthead(self.evidence, self.language)

    def coverage(self) -> Block:
        """What the intervals promise and what they held, with what is counted."""
        return sections.coverage(self.evidence, self.language)

    def by_part(self) -> Block:
        """Coverage and CRPS by indicator, house and year."""
        return sections.by_part(self.evidence, self.language)

    def misses(self) -> Block:
        """Every figure outside its 95% interval."""
        return sections.misses(self.evidence, self.language)

    def save(self, folder: Path | str | None = None) -> Block:
        """Write figures.csv, calibration.csv, findings.json and checks.json to publish.

        Without `folder` they go where a scheduled run asks for them; in a notebook run by hand nothing is written.
        """
        told: dict[str, Any] = sections.summary(self.evidence, self.language)
        kept = {
            "schema": 1,
            "language": self.language.code,
            "headline": self.claim(),
            "findings": [],
            "summary": told,
        }
        tables = {"figures": self.figures, "calibration": self.summary}
        records = {"findings": kept, "checks": []}
        return save_files(folder, tables, records, self.language, survey=self.evidence.survey.folder)
