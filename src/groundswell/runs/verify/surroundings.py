"""What surrounds a published report: its inputs, the program and the packages, against those that are here.

Where they differ that is a note: the report's numbers may still come out.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from groundswell.errors import InputError
from groundswell.program import describe_code, describe_installed, describe_packages
from groundswell.reports.evidence.carried import read_lock
from groundswell.reports.evidence.manifest import CodeRecord, Manifest
from groundswell.runs.plan.manifest import describe_files, describe_notebook, survey_inputs
from groundswell.runs.plan.notebook import ReportNotebook, notebook_file, notebook_made_with
from groundswell.runs.verify.check import Check

MOST_PACKAGES = 12
"""Packages that are named; a report of years ago differs in all of them."""


def check_inputs(manifest: Manifest, project: Path) -> Check:
    """Inputs that changed are a note: later rows leave the numbers of an earlier date as they were."""
    recorded = {file.path: file.sha256 for file in manifest.inputs}
    survey = project / "surveys" / manifest.survey
    there = {*survey_inputs(survey), *(project / path for path in recorded)}
    roots = (project.resolve(), survey.resolve())  # a survey's folder may be a link
    inside = [file for file in there if file.is_file() and any(map(file.resolve().is_relative_to, roots))]
    now = {entry["path"]: entry["sha256"] for entry in describe_files(inside, project)}
    if manifest.notebook_code is not None:
        with suppress(InputError):  # where there is none of this project's, it is missing
            described = describe_notebook(made_with(manifest, project), project)
            now[described["path"]] = described["sha256"]
    changes = _changes(recorded, now, "changed since", "missing", "is new")
    if changes:
        return Check("inputs", "note", f"{changes}; made again from what is there now")
    return Check("inputs", "ok", f"{len(recorded)} files as recorded")


def made_with(manifest: Manifest, project: Path) -> ReportNotebook:
    """The notebook that the report was made with, where it is here or committed; else that of its name.

    Raises: InputError where the project has none.
    """
    file = notebook_file(project, manifest.notebook)
    return notebook_made_with(file, manifest.notebook_code.sha256 if manifest.notebook_code else "")


def _changes(before: dict[str, str], now: dict[str, str], changed: str, missing: str, new: str) -> str:
    """What became of files, in words; "" where nothing did."""
    told = [f"{path} {missing}" for path in before.keys() - now.keys()]
    told += [f"{path} {changed}" for path in before.keys() & now.keys() if before[path] != now[path]]
    told += [f"{path} {new}" for path in now.keys() - before.keys()]
    return "; ".join(sorted(told))


def check_code(manifest: Manifest) -> Check:
    """The program, by a checksum over its files."""
    here = describe_code()
    if manifest.code.sha256 == here["sha256"]:
        return Check("code", "ok", f"groundswell {here['version']}, sha256 {here['sha256'][:16]}…")
    now = _version(CodeRecord(**here))
    return Check("code", "note", f"made by another version: {_version(manifest.code)}; here {now}")


def _version(code: CodeRecord) -> str:
    return f"groundswell {code.version}, sha256 {code.sha256[:16]}…"


def check_packages(manifest: Manifest, folder: Path) -> Check:
    """Python and the packages: those that the report's lock names, or of an older report its manifest.

    Those that groundswell itself names come first; of the others, one that only one of the two Pythons needs is none.
    """
    lock, then, now = read_lock(folder), _plainly(manifest.packages), _plainly(describe_packages())
    others = (lock.keys() & describe_installed().keys()) - then.keys() - now.keys()
    made, here = lock | then, describe_installed() | now
    names = [*sorted(then.keys() | now.keys()), *sorted(others)]
    pairs = [("Python", manifest.python, platform.python_version())]
    pairs += [(name, made.get(name, "none"), here.get(name, "none")) for name in names]
    other = [f"{name} {before} then, {after} here" for name, before, after in pairs if before != after]
    if other:
        more = f"; and {len(other) - MOST_PACKAGES} more" if len(other) > MOST_PACKAGES else ""
        return Check("packages", "note", "; ".join(other[:MOST_PACKAGES]) + more)
    return Check("packages", "ok", f"Python and {len(names)} packages in the same versions")


def _plainly(packages: Mapping[str, str]) -> dict[str, str]:
    """Packages by their names as a lock writes them."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in packages.items()}
