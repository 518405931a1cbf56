"""What the reports of one command share, each read once: notebooks, surveys, checksums of inputs, the archive.

A thousand reports of fifty surveys are of fifty surveys' files and one notebook. What is kept here is true at the time
of planning; a run looks at its own files again before it begins and after it has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import folders_of, newest_first, read_report
from groundswell.runs.plan.contract import check_contract
from groundswell.runs.plan.manifest import describe_files, survey_inputs
from groundswell.runs.plan.notebook import ReportNotebook, notebook_file, report_notebook
from groundswell.waves import Survey, load_survey, survey_folder
from groundswell.waves.wave.choice import known_days, known_from
from groundswell.waves.wave.waves_of_survey import load_waves

Read = TypeVar("Read")


class Shared:
    """What was read of a project so far; every answer is read when it is first asked for, and then kept."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self._read: dict[Hashable, Any] = {}

    def notebook(self, name: str) -> ReportNotebook:
        """The notebook of this name, as a report made now is made with it.

        Raises: InputError where it is not known, or no report can be made with it.
        """
        return self._once(
            ("notebook", name), lambda: check_contract(report_notebook(notebook_file(self.project, name)))
        )

    def survey(self, name: str) -> Survey:
        """The survey of this name.

        Raises: InputError and FaultsError where it is not known or not sound.
        """
        return self._once(("survey", name), lambda: load_survey(survey_folder(self.project, name)))

    def known_days(self, survey: Survey, *, of_respondents: bool = False) -> list[date]:
        """The days from which on each of its waves was known, or of those with respondents alone.

        Raises: FaultsError where its waves are not sound.
        """
        if of_respondents:
            waves = partial(load_waves, survey)
            return self._once(("respondents", survey.name), lambda: [known_from(wave) for wave in waves()])
        return self._once(("days", survey.name), partial(known_days, survey))

    def inputs(self, survey: str) -> list[dict[str, Any]]:
        """Path, checksum and size of every file of a survey that decides its reports."""
        files = partial(survey_inputs, self.project / "surveys" / survey)
        return self._once(("inputs", survey), lambda: describe_files(files(), self.project))

    def published(self, survey: str) -> list[Manifest]:
        """The manifests of a survey's sound reports without their contents, newest first."""

        def read() -> list[Manifest]:
            folders = folders_of(self.project / "reports" / survey)
            found = (read_report(folder, whole=False) for folder in folders)
            return newest_first(each for each in found if not isinstance(each, str))

        return self._once(("published", survey), read)

    def _once(self, what: Hashable, read: Callable[[], Read]) -> Read:
        if what not in self._read:
            self._read[what] = read()
        kept: Read = self._read[what]
        return kept
