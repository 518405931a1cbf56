"""Which report is to be made: its survey, parameters and name, decided before anything is started."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from groundswell.reports.evidence.manifest import MANIFEST, Manifest, read_manifest
from groundswell.reports.language.language import own_language
from groundswell.reports.publish.archive import (
    DEFAULT_NOTEBOOK,
    newest_report,
    newest_revision,
    previous_report,
    read_report,
)
from groundswell.reports.publish.reproduce import FILLED_IN
from groundswell.runs.plan.manifest import describe_files, describe_notebook, survey_inputs
from groundswell.runs.plan.notebook import ReportNotebook
from groundswell.runs.plan.parameters import default_parameters, resolve_parameters
from groundswell.runs.plan.reasons import why_due
from groundswell.runs.plan.shared import Shared
from groundswell.waves import list_surveys, load_survey
from groundswell.waves.wave.choice import check_known_days

SAFE = re.compile(r"[a-z0-9._-]*")
REVISION = re.compile(r"-r[0-9]+$")
"""What a later revision's folder ends in; a name that ended so by itself would be taken for one."""

LONGEST_EDITION = 80
"""Characters; the words for a report's parameters become part of a folder's name."""

LINKS = ("previous", "newest")
"""Parameters that name another report of the archive."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One report to be made.

    `name` is its folder's name without the revision: the as-of date, and for a report with other than the
    default parameters or an edited notebook `~` and their words. `chosen` are those of the parameters that differ from
    the notebook's defaults; `series` is the edition of the reports that it is held against.
    """

    project: Path
    survey: str
    title: str
    notebook: ReportNotebook
    edition: str
    series: str
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
    def language(self) -> str:
        """The code of the language that the report speaks: the one asked for, else the survey's own."""
        asked = self.parameters.get("language")
        return str(asked) if asked else own_language(load_survey(self.survey_folder))

    @property
    def survey_folder(self) -> Path:
        """The survey's folder, which is all that the report is made of."""
        return self.project / "surveys" / self.survey

    @property
    def reports(self) -> Path:
        """The archive's folder."""
        return self.project / "reports"

    def inputs(self, of_survey: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        """Path, checksum and size of every file that decides this report.

        `of_survey` has those of the survey's folder where they were read already.
        """
        if of_survey is None:
            of_survey = describe_files(survey_inputs(self.survey_folder), self.project)
        reports = [self.parameters.get(name) for name in LINKS]
        manifests = [self.project / each / MANIFEST for each in reports if each]
        others = describe_files((file for file in manifests if file.is_file()), self.project)
        described = [*of_survey, *others, describe_notebook(self.notebook, self.project)]
        return sorted(described, key=lambda file: str(file["path"]))

    def published(self) -> Path | None:
        """The newest revision of this report, if it is whole and made from the same inputs, parameters and code."""
        folder = self.newest_revision()
        return folder if folder is not None and not self.why_due() else None

    def newest_revision(self) -> Path | None:
        """The folder of this report's newest revision, whatever it was made from; None where there is none."""
        return newest_revision(self.reports / self.survey, self.name)

    def why_due(self, of_survey: list[dict[str, Any]] | None = None) -> str:
        """Why this report is to be made, in words; "" where it is there, whole, and nothing has changed since."""
        folder = self.newest_revision()
        if folder is None:
            return "it is new"
        manifest = read_manifest(folder)
        inputs = self.inputs(of_survey)
        return why_due(folder, manifest, self._as_it_was(inputs, manifest), self.parameters)

    def _as_it_was(self, inputs: list[dict[str, Any]], manifest: Manifest | None) -> list[dict[str, Any]]:
        """The inputs, with the report before as this one knew it where it is damaged now.

        Damage to another report is none of this one, which was made from it when it was sound.
        """
        previous = self.parameters.get("previous")
        if manifest is None or not previous or not isinstance(read_report(self.project / previous), str):
            return inputs
        path = f"{previous}/{MANIFEST}"
        kept = [each for each in inputs if each["path"] != path]
        kept += [asdict(file) for file in manifest.inputs if file.path == path]
        return sorted(kept, key=lambda file: str(file["path"]))

    def linked(self) -> Plan:
        """This plan with the reports that it looks back to as the archive has them now."""
        day, plan = date.fromisoformat(self.as_of), self
        if "newest" in self.parameters:
            newest = newest_report(self.reports, self.survey, day)
            plan = replace(plan, parameters={**plan.parameters, "newest": _in_project(plan, newest)})
        return plan if "previous" not in plan.parameters else _held_against(plan, day)


def plan_report(
    project: Path, survey: str, given: Mapping[str, Any], notebook: str = DEFAULT_NOTEBOOK
) -> Plan:
    """Decide and check one report; `given` holds parameters as texts or typed values.

    Raises: InputError and FaultsError where the survey, the notebook or a parameter is not known or not
    sound, and where no wave was known on its date.
    """
    shared = Shared(project)
    plan = draft_plan(shared, survey, given, notebook)
    check_plan(plan, shared)
    return plan


def draft_plan(
    shared: Shared, survey: str, given: Mapping[str, Any], notebook: str = DEFAULT_NOTEBOOK
) -> Plan:
    """A plan whose parameters are checked; whether its survey has a wave by then, `check_plan` says.

    Raises: InputError and FaultsError where the survey, the notebook or a parameter is not known or not sound.
    """
    taken, record = shared.notebook(notebook), shared.survey(survey)
    parameters = resolve_parameters(taken, record, given)
    chosen = chosen_parameters(taken, parameters)
    edition = describe_edition(taken, chosen)
    # An edited notebook's report is held against the one that the committed notebook made.
    series = describe_edition(replace(taken, state="committed"), chosen)
    return Plan(shared.project, survey, record.title, taken, edition, series, parameters, chosen).linked()


def check_plan(plan: Plan, shared: Shared) -> None:
    """Say whether the plan's survey has anything to speak of on its date. What was published had.

    Raises: InputError where no wave was known then; FaultsError where the survey's waves are not sound.
    """
    survey = shared.survey(plan.survey)
    check_known_days(survey, shared.known_days(survey), date.fromisoformat(plan.as_of))


def _held_against(plan: Plan, as_of: date) -> Plan:
    """The plan with the report before, which it is held against.

    A report that is there keeps the one that it has, whatever was added or revised since for dates before it: a
    report's content does not change because of another's. Only one that must be made again, and whose report before is
    gone or damaged, takes the newest that is sound.
    """
    before = previous_report(plan.reports, plan.survey, as_of, edition=plan.series)
    newest = replace(plan, parameters={**plan.parameters, "previous": _in_project(plan, before)})
    published = plan.newest_revision()
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
    if "wave" not in default_parameters(Shared(project).notebook(notebook)):
        return surveys
    return [name for name in surveys if any((project / "surveys" / name / "waves").glob("*.toml"))]


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
