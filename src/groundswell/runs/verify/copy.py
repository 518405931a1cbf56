"""A copy of a report's folder, away from its project: made again from what it carries, and compared.

A project of its own is laid out in a passing folder: the inputs that the copy carries, and of those that it names by
checksum only, whatever is found in the folder that is given for them. Nothing is fetched.

A copy comes from others. Its notebook is run where it is known here (see `known_notebooks`), or trusted by whoever
verifies; of its manifest, only names that a report may have are taken, and paths that stay inside; its files are read
where they are plain files of the folder.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave.estimate_flags import PUBLISHED_BEFORE
from groundswell.reports.evidence.carried import INPUTS, by_checksum_alone
from groundswell.reports.evidence.manifest import FileRecord, Manifest
from groundswell.reports.publish.archive import NAME
from groundswell.runs.plan.notebook import ReportNotebook, notebook_of_executed
from groundswell.runs.plan.parameters import default_parameters
from groundswell.runs.plan.plan import LINKS
from groundswell.runs.verify.check import Check
from groundswell.runs.verify.known_notebooks import is_known
from groundswell.waves.surveys.project import checked_name

NOTEBOOK_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
MOST_NAMED = 3


@dataclass(frozen=True)
class Given:
    """What whoever verifies a copy adds to it.

    `respondents` is a folder that holds the files which a copy names by checksum only; with `trust_notebook` its
    notebook is run whatever it is; `project` is the one whose notebooks are known here.
    """

    respondents: Path | None = None
    trust_notebook: bool = False
    project: Path | None = None


@dataclass(frozen=True)
class Rebuilt:
    """The passing project of a copy, with the inputs that were `found` elsewhere and those that are `absent`."""

    project: Path
    found: tuple[FileRecord, ...] = ()
    absent: tuple[FileRecord, ...] = ()


def name_fault(manifest: Manifest) -> str:
    """What no manifest of ours would call a survey, a folder or a notebook, in words; "" where all is as it may be."""
    try:
        checked_name(manifest.survey)
    except InputError as error:
        return str(error)
    if NAME.fullmatch(manifest.folder) is None or "/" in manifest.folder:
        return f"`{manifest.folder}` is not the name of a report's folder"
    if NOTEBOOK_NAME.fullmatch(manifest.notebook) is None:
        return f"`{manifest.notebook}` is not the name of a notebook"
    return ""


def rebuild(folder: Path, manifest: Manifest, project: Path, given: Given) -> Rebuilt:
    """Lay out in `project` what the copy in `folder` carries, and what is found for the rest.

    Raises: InputError where a file that it should carry is not there, or would stand elsewhere.
    """
    (project / "notebooks").mkdir(parents=True)
    (project / "surveys" / manifest.survey).mkdir(parents=True)
    for path in manifest.carried or ():
        source = folder / INPUTS / path
        if not _may_stand(path, manifest):
            raise InputError(f"`{INPUTS}/{path}` is no input of `{manifest.survey}`; ask for another copy")
        if source.is_symlink() or not source.resolve().is_relative_to(folder.resolve()):
            raise InputError(
                f"`{INPUTS}/{path}` is a link, and a report holds plain files; ask for another copy"
            )
        if not source.is_file():
            raise InputError(f"`{INPUTS}/{path}` is missing in the copy; ask for a whole one")
        _lay(source, project / path)
    wanted = [file for file in by_checksum_alone(manifest) if _may_stand(file.path, manifest)]
    there = dict(_found(wanted, given.respondents))
    for path, source in there.items():
        _lay(source, project / path, linked=True)
    found = tuple(file for file in wanted if file.path in there)
    return Rebuilt(project, found, tuple(file for file in wanted if file.path not in there))


def _may_stand(path: str, manifest: Manifest) -> bool:
    return path.startswith((f"surveys/{manifest.survey}/", f"reports/{manifest.survey}/"))


def _lay(source: Path, target: Path, *, linked: bool = False) -> None:
    """Lay a file into the passing project; `linked` without a second copy, where the disk is the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if linked:
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    else:
        shutil.copyfile(source, target)


def _found(wanted: list[FileRecord], there: Path | None) -> Iterator[tuple[str, Path]]:
    """By path in the project, a file that has the recorded checksum, whatever it is called."""
    if there is None or not wanted:
        return
    sizes = {file.bytes for file in wanted}
    files = (file for file in sorted(there.rglob("*")) if file.is_file() and file.stat().st_size in sizes)
    by_checksum = {checksum(file): file.resolve() for file in files}
    yield from ((file.path, by_checksum[file.sha256]) for file in wanted if file.sha256 in by_checksum)


def check_carried(manifest: Manifest, rebuilt: Rebuilt) -> Check:
    """Whether the inputs that the copy carries are the recorded ones, and what becomes of those that it does not."""
    recorded = {file.path: file.sha256 for file in manifest.inputs}
    laid = [path for path in manifest.carried or () if path in recorded]
    changed = [path for path in laid if checksum(rebuilt.project / path) != recorded[path]]
    if changed:
        return Check("inputs", "differs", f"not the recorded ones: {_named(changed)}")
    found = f", {_count(rebuilt.found)} of respondents found" if rebuilt.found else ""
    told = f"the notebook and {_count(laid)} carried as recorded{found}"
    if needed := [file.path for file in rebuilt.absent if _of_respondents(file)]:
        return Check(
            "inputs",
            "open",
            f"{told}; named by checksum only: {_named(needed)}; say with --respondents which folder holds them",
        )
    if rebuilt.absent:
        return Check(
            "inputs", "note", f"{told}; not carried: {_named([file.path for file in rebuilt.absent])}"
        )
    return Check("inputs", "ok", told)


def _of_respondents(file: FileRecord) -> bool:
    """Whether a file that is not carried stands among the waves, so that a report is not made without it."""
    return PurePosixPath(file.path).parts[2:3] == ("waves",)


def _count(files: object) -> str:
    number = len(files) if isinstance(files, list | tuple) else 0
    return f"{number} file{'' if number == 1 else 's'}"


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return ", ".join(paths[:MOST_NAMED]) + more


def notebook_of_copy(folder: Path, manifest: Manifest, project: Path, given: Given) -> ReportNotebook:
    """The notebook that the copy was made with, laid into the passing project, where it may be run.

    Raises: InputError where it may not.
    """
    file = project / "notebooks" / f"{manifest.notebook}.ipynb"
    try:
        executed = (folder / "report.ipynb").read_bytes()
    except OSError as error:
        raise InputError(f"`report.ipynb` cannot be read: {error.strerror}; ask for a whole copy") from error
    notebook = notebook_of_executed(file, executed)
    if manifest.notebook_code is None or notebook.sha256 != manifest.notebook_code.sha256:
        raise InputError("`report.ipynb` has other code than the notebook that the manifest names")
    if not given.trust_notebook and not is_known(notebook, given.project):
        raise InputError(
            f"the notebook `{manifest.notebook}` is not groundswell's own, and its code would run with your rights: "
            "read report.ipynb, then give --trust-notebook; or verify in a project whose notebooks/ holds it"
        )
    _check_parameters(manifest, notebook)
    notebook.write(file)
    return notebook


def _check_parameters(manifest: Manifest, notebook: ReportNotebook) -> None:
    """Refuse parameters that the notebook does not declare, whose names would run as code, and links out of the copy.

    Raises: InputError there.
    """
    unknown = sorted(manifest.parameters.keys() - default_parameters(notebook).keys())
    if unknown:
        raise InputError(f"the manifest fills in {unknown[0]!a}, which the notebook does not declare")
    for name in LINKS:
        other = manifest.parameters.get(name)
        inside = isinstance(other, str) and _may_stand(other, manifest) and ".." not in other.split("/")
        if other is not None and not inside:
            raise InputError(f"the manifest's `{name}` is no report of `{manifest.survey}`: {other!a}")


def hidden_by_others(folder: Path, manifest: Manifest) -> bool:
    """Whether the report hides domains because of what other reports showed, which no copy knows."""
    tables = (
        folder / file.path for file in manifest.files if "/" not in file.path and file.path.endswith(".csv")
    )
    return any(PUBLISHED_BEFORE in table.read_text("utf-8", "replace") for table in tables if table.is_file())
