"""Which report is to be made: its survey, parameters and name, decided before anything is started."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from groundswell.errors import InputError, nearest
from groundswell.reports.publish.archive import DEFAULT_NOTEBOOK, previous_report
from groundswell.runs.plan.manifest import MANIFEST, describe_files, fingerprint, read_manifest, survey_inputs
from groundswell.runs.plan.parameters import default_parameters, resolve_parameters
from groundswell.runs.run.staging import folder_name, next_revision
from groundswell.waves import list_surveys, load_survey, survey_folder
from groundswell.waves.wave.choice import check_known

LONGEST_EDITION = 80
"""Characters; the words for a report's parameters become part of a folder's name."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One report to be made.

    `name` is its folder's name without the revision: the as-of date, and for a report with other than the
    default parameters `~` and their words.
    """

    project: Path
    survey: str
    title: str
    notebook: Path
    edition: str
    parameters: Mapping[str, Any]

    @property
    def as_of(self) -> str:
        """The as-of date, in ISO form."""
        return str(self.parameters["as_of"])

    @property
    def name(self) -> str:
        """The name that all revisions of this report share."""
        return f"{self.as_of}~{self.edition}" if self.edition else self.as_of

    @property
    def reports(self) -> Path:
        """The archive's folder."""
        return self.project / "reports"

    def inputs(self) -> list[dict[str, Any]]:
        """Path, checksum and size of every file that decides this report."""
        files = [*survey_inputs(self.project / "surveys" / self.survey), self.notebook]
        if self.parameters.get("previous"):
            files.append(self.project / self.parameters["previous"] / MANIFEST)
        return describe_files(files, self.project)

    def published(self) -> Path | None:
        """The newest revision of this report, if it was made from the same inputs, parameters and code."""
        place = self.reports / self.survey
        newest = next_revision(place, self.name) - 1
        if newest == 0:
            return None
        folder = place / folder_name(self.name, newest)
        manifest = read_manifest(folder)
        same = manifest and manifest.get("fingerprint") == fingerprint(self.inputs(), self.parameters)
        return folder if same else None


def plan_report(
    project: Path, survey: str, given: Mapping[str, Any], notebook: str = DEFAULT_NOTEBOOK
) -> Plan:
    """Decide and check one report; `given` holds parameters as texts or typed values.

    Raises: InputError and FaultsError where the survey, the notebook or a parameter is not known or not
    sound.
    """
    file = _notebook_file(project, notebook)
    found = load_survey(survey_folder(project, survey))
    parameters = resolve_parameters(file, found, given)
    check_known(found, date.fromisoformat(parameters["as_of"]))
    edition = describe_edition(file, parameters)
    if "previous" in parameters:
        before = previous_report(
            project / "reports", survey, date.fromisoformat(parameters["as_of"]), edition
        )
        parameters["previous"] = before.relative_to(project).as_posix() if before else None
    return Plan(project, survey, found.title, file, edition, parameters)


def surveys_for(project: Path, notebook: str) -> list[str]:
    """The project's surveys that `notebook` can speak of: one that takes a wave needs waves of respondents.

    Raises: InputError as `plan_report` where the notebook is not known or not sound.
    """
    surveys = list_surveys(project)
    if "wave" not in default_parameters(_notebook_file(project, notebook)):
        return surveys
    return [name for name in surveys if any((project / "surveys" / name / "waves").glob("*.toml"))]


def _notebook_file(project: Path, notebook: str) -> Path:
    """The notebook of this name."""
    file = project / "notebooks" / f"{notebook}.ipynb"
    if not file.is_file():
        known = [found.stem for found in file.parent.glob("*.ipynb")]
        raise InputError(f"no notebook `{notebook}`; {nearest(notebook, known)}")
    return file


def describe_edition(notebook: Path, parameters: Mapping[str, Any]) -> str:
    """The words in a report's name for the parameters that differ from the notebook's defaults; "" for none.

    `since=2022-01-01` gives `since-2022-01-01`; words that are too long or unsafe in a folder's name give way
    to eight hexadecimal digits of their SHA-256.
    """
    defaults = default_parameters(notebook)
    other = {
        name: value
        for name, value in parameters.items()
        if name not in ("survey", "as_of", "previous") and value != defaults[name]
    }
    words = [] if notebook.stem == DEFAULT_NOTEBOOK else [notebook.stem]
    words += [
        f"{name}-{'.'.join(value) if isinstance(value, list) else value}" for name, value in other.items()
    ]
    edition = "~".join(words)
    if re.fullmatch(r"[a-z0-9._~-]*", edition) and len(edition) <= LONGEST_EDITION and ".." not in edition:
        return edition
    return hashlib.sha256(repr(words).encode()).hexdigest()[:8]
