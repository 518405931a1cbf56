"""Which report is to be made: its survey, parameters and name, decided before anything is started."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from groundswell.reports.evidence.manifest import MANIFEST, read_manifest
from groundswell.reports.evidence.published_files import is_whole
from groundswell.reports.publish.archive import (
    DEFAULT_NOTEBOOK,
    newest_report,
    newest_revision,
    previous_report,
    read_report,
)
from groundswell.reports.publish.reproduce import FILLED_IN
from groundswell.runs.plan.manifest import describe_files, describe_notebook, fingerprint, survey_inputs
from groundswell.runs.plan.notebook import ReportNotebook, notebook_file, report_notebook
from groundswell.runs.plan.parameters import default_parameters, resolve_parameters
from groundswell.waves import list_surveys, load_survey, survey_folder
from groundswell.waves.wave.choice import check_known

SAFE = re.compile(r"[a-z0-9._-]*")
REVISION = re.compile(r"-r[0-9]+$")
"""What a later revision's folder ends in; a name that ended so by itself would be taken for one."""

LONGEST_EDITION = 80
"""Characters; the words for a report's parameters become part of a folder's name."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One report to be made.

    `name` is its folder's name without the revision: the as-of date, and for a report with other than the
    default parameters or an edited notebook `~` and their words. `chosen` are those of the parameters that differ from
    the notebook's defaults.
    """

    project: Path
    survey: str
    title: str
    notebook: ReportNotebook
    edition: str
    parameters: Mapping[str, Any]
    chosen: Mapping[str, Any]

    @property
    def as_of(self) -> str:
        """The as-of date, in ISO form."""
        return str(self.parameters["as_of"])

    @property
    def name(self) -> str:
        """The name that all revisions of this report share."""
        return f"{self.as_of}~{self.edition}" if self.edition else self.as_of

    @property
    def survey_folder(self) -> Path:
        """The survey's folder, which is all that the report is made of."""
        return self.project / "surveys" / self.survey

    @property
    def reports(self) -> Path:
        """The archive's folder."""
        return self.project / "reports"

    def inputs(self) -> list[dict[str, Any]]:
        """Path, checksum and size of every file that decides this report."""
        files = survey_inputs(self.survey_folder)
        reports = [self.parameters.get(name) for name in ("previous", "newest")]
        manifests = [self.project / report / MANIFEST for report in reports if report]
        files += [file for file in manifests if file.is_file()]
        described = [*describe_files(files, self.project), describe_notebook(self.notebook, self.project)]
        return sorted(described, key=lambda file: str(file["path"]))

    def published(self) -> Path | None:
        """The newest revision of this report, if it is whole and made from the same inputs, parameters and code."""
        folder = newest_revision(self.reports / self.survey, self.name)
        manifest = None if folder is None else read_manifest(folder)
        if folder is None or manifest is None:
            return None
        inputs, previous = self.inputs(), self.parameters.get("previous")
        if previous and isinstance(read_report(self.project / previous), str):
            # Damage to another report is none of this one, which was made from it when it was sound.
            path = f"{previous}/{MANIFEST}"
            inputs = [each for each in inputs if each["path"] != path]
            inputs += [asdict(file) for file in manifest.inputs if file.path == path]
            inputs = sorted(inputs, key=lambda file: str(file["path"]))
        same = manifest.fingerprint == fingerprint(inputs, self.parameters)
        return folder if same and is_whole(folder, manifest) else None


def plan_report(
    project: Path, survey: str, given: Mapping[str, Any], notebook: str = DEFAULT_NOTEBOOK
) -> Plan:
    """Decide and check one report; `given` holds parameters as texts or typed values.

    Raises: InputError and FaultsError where the survey, the notebook or a parameter is not known or not
    sound.
    """
    taken = _notebook(project, notebook)
    record = load_survey(survey_folder(project, survey))
    parameters = resolve_parameters(taken, record, given)
    as_of = date.fromisoformat(parameters["as_of"])
    check_known(record, as_of)
    chosen = chosen_parameters(taken, parameters)
    if "newest" in parameters:
        newest = newest_report(project / "reports", survey, as_of)
        parameters["newest"] = newest.relative_to(project).as_posix() if newest else None
    plan = Plan(project, survey, record.title, taken, describe_edition(taken, chosen), parameters, chosen)
    return plan if "previous" not in parameters else _held_against(plan, as_of)


def _held_against(plan: Plan, as_of: date) -> Plan:
    """The plan with the report before, which it is held against.

    A report that is there keeps the one that it has, whatever was added or revised since for dates before it: a
    report's content does not change because of another's. Only one that must be made again, and whose report before is
    gone or damaged, takes the newest that is sound.
    """
    # An edited notebook's report is held against the one that the committed notebook made.
    edition = describe_edition(replace(plan.notebook, state="committed"), plan.chosen)
    before = previous_report(plan.reports, plan.survey, as_of, edition=edition)
    newest = replace(plan, parameters={**plan.parameters, "previous": _in_project(plan, before)})
    published = newest_revision(plan.reports / plan.survey, plan.name)
    manifest = None if published is None else read_manifest(published)
    if manifest is None or "previous" not in manifest.parameters:
        return newest
    kept = manifest.parameters["previous"]
    if kept is not None and Path(str(kept)).parent != Path("reports", plan.survey):
        return newest
    again = replace(plan, parameters={**plan.parameters, "previous": kept})
    sound = kept is None or not isinstance(read_report(plan.project / str(kept)), str)
    return again if sound or again.published() is not None else newest


def _in_project(plan: Plan, folder: Path | None) -> str | None:
    return None if folder is None else folder.relative_to(plan.project).as_posix()


def surveys_for(project: Path, notebook: str) -> list[str]:
    """The project's surveys that `notebook` can speak of: one that takes a wave needs waves of respondents.

    Raises: InputError as `plan_report` where the notebook is not known or not sound.
    """
    surveys = list_surveys(project)
    if "wave" not in default_parameters(_notebook(project, notebook)):
        return surveys
    return [name for name in surveys if any((project / "surveys" / name / "waves").glob("*.toml"))]


def _notebook(project: Path, notebook: str) -> ReportNotebook:
    """The notebook of this name, as a report made now is made with it."""
    return report_notebook(notebook_file(project, notebook))


def chosen_parameters(notebook: ReportNotebook, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the parameters that differ from the notebook's defaults; what a run fills in is none."""
    defaults = default_parameters(notebook)
    return {
        name: value for name, value in parameters.items() if name not in FILLED_IN and value != defaults[name]
    }


def describe_edition(notebook: ReportNotebook, chosen: Mapping[str, Any]) -> str:
    """The words in a report's name for another notebook than the survey report's, an edited one, and the parameters
    that were chosen; "" for none.

    `since=2022-01-01` gives `since-2022-01-01`, an edited notebook `notebook-edited-` and eight digits of its
    checksum. Words that are too long, unsafe in a folder's name, or could be taken for others give way to eight
    hexadecimal digits of their SHA-256.
    """
    words = [] if notebook.name == DEFAULT_NOTEBOOK else [notebook.name]
    words += [f"{name}-{_in_name(value)}" for name, value in chosen.items()]
    edition = "~".join(words)
    clear = all(SAFE.fullmatch(word) for word in words) and not REVISION.search(edition)
    if not clear or len(edition) > LONGEST_EDITION or ".." in edition:
        edition = hashlib.sha256(repr(words).encode()).hexdigest()[:8]
    edited = f"notebook-edited-{notebook.sha256[:8]}" if notebook.state == "edited" else ""
    return "~".join(filter(None, (edition, edited)))


def _in_name(value: object) -> str:
    """A value as a folder's name shows it; a list is joined by points where it can be cut again at them."""
    clear = isinstance(value, list) and value and not any(not word or "." in word for word in value)
    return ".".join(value) if clear and isinstance(value, list) else str(value)
