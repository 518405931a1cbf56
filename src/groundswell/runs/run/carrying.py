"""What a report takes along so that a copy of its folder can be made again: inputs, the lock of packages, the crate.

Only files that are known to be published figures or settings are copied. Whatever else stands in a survey's folder is
taken for respondents, and stays where it is: respondents' files, their weights, and the kept estimates, which hold
domains that no report shows.
"""

from __future__ import annotations

import json
import platform
import sysconfig
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from groundswell.errors import RunError
from groundswell.program import describe_installed
from groundswell.reports.evidence.carried import CRATE, INPUTS, LOCK, OWN, lock_text
from groundswell.reports.evidence.earlier.ledger import FORECASTS, SCORES, earlier_reports
from groundswell.reports.evidence.earlier.previous import OBSERVATIONS
from groundswell.reports.evidence.manifest import MANIFEST, Manifest, read_manifest
from groundswell.reports.publish.crate import crate_of
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.plan.manifest import describe_files, survey_inputs
from groundswell.runs.plan.plan import Plan
from groundswell.waves import load_survey

OF_SURVEY = ("survey.toml", "toplines.csv", "benchmarks.csv", "truth.csv", "margins/*.csv", "waves/*.toml")
"""Which of a survey's files are copied: published figures, settings, and the truth of what is simulated."""

OF_PREVIOUS = (MANIFEST, OBSERVATIONS, FORECASTS)
"""What a report reads of the one that it is held against."""

OF_CHAIN = (MANIFEST, SCORES)
"""What a calibration reads of each report along the chain of forecasts."""


def carry(plan: Plan, saved: Path) -> list[str]:
    """Copy what the report takes along next to what its notebook saved, and return the paths in the project.

    A file that names a folder of this machine is left where it is, as whatever cannot be made without would be.

    Raises: RunError where the notebook saved something under a name that is taken for this.
    """
    for name in OWN:
        if (saved / name).exists():
            raise RunError(f"it saved `{name}`, which a report holds by itself: choose another name")
    machine, carried = Machine(plan.project), []
    for file in sorted({*_of_survey(plan), *_of_reports(plan)}):
        content = file.read_bytes()
        if machine.without_folders(text := content.decode("utf-8", "replace")) != text:
            continue
        path = file.relative_to(plan.project)
        copy = saved / INPUTS / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        carried.append(path.as_posix())
    return carried


def _of_survey(plan: Plan) -> Iterator[Path]:
    for file in survey_inputs(plan.survey_folder):
        path = file.relative_to(plan.survey_folder)
        if any(_matches(path, known) for known in OF_SURVEY):
            yield file


def _matches(path: Path, known: str) -> bool:
    """Whether a path is the known one, folder by folder."""
    parts = known.split("/")
    return len(parts) == len(path.parts) and all(map(fnmatchcase, path.parts, parts))


def _of_reports(plan: Plan) -> Iterator[Path]:
    """What is read of the reports that this one looks back to."""
    read: list[tuple[Path, tuple[str, ...]]] = []
    if previous := plan.parameters.get("previous"):
        read.append((plan.project / previous, OF_PREVIOUS))
    if newest := plan.parameters.get("newest"):
        folder = plan.project / newest
        read += [(each, OF_CHAIN) for each in _chain(plan.project, folder)]
    yield from (folder / name for folder, names in read for name in names if (folder / name).is_file())


def _chain(project: Path, newest: Path) -> Iterator[Path]:
    manifest = read_manifest(newest)
    if manifest is not None:
        yield newest
        yield from (folder for folder, _ in earlier_reports(project, manifest))


def write_crate(plan: Plan, saved: Path, manifest: Manifest) -> None:
    """Write the lock of packages, and the crate that says what each file of the report's folder is."""
    lock = lock_text(platform.python_version(), sysconfig.get_platform(), describe_installed())
    (saved / LOCK).write_text(lock, encoding="utf-8")
    files = describe_files((file for file in saved.rglob("*") if file.is_file()), saved)
    crate = crate_of(manifest, files, licence=load_survey(plan.survey_folder).licence)
    (saved / CRATE).write_text(json.dumps(crate, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
