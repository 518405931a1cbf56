"""Whether a published report can be trusted: its files are as published, and its numbers come out again.

Nothing is written into the archive: the notebook runs in a folder of its own, with the manifest's parameters. Each
check tells one thing apart from the others: a file changed after publishing, an input changed since, another version
of the program, other packages, a page that does not show what its notebook holds, numbers that do not come out.

The manifest carries its own checksum. That finds a slip, not a forger, who can compute it again: against a forger
stands the re-execution, and a copy of the manifest's checksum kept somewhere else.
"""

from __future__ import annotations

import json
import platform
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from groundswell.errors import InputError, RunError
from groundswell.program import describe_code, describe_packages
from groundswell.reports.evidence.manifest import (
    MANIFEST,
    CodeRecord,
    Manifest,
    checksum_of,
    look_at_manifest,
)
from groundswell.reports.evidence.published_files import file_change, file_changes
from groundswell.reports.publish.archive import archive_faults, read_archive
from groundswell.reports.publish.assets import needed_assets
from groundswell.runs.kernel.cells import read_notebook, scrub
from groundswell.runs.kernel.kernels import start_kernel
from groundswell.runs.kernel.limits import read_limits
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.kernel.saved import keep_plain, scrub_files
from groundswell.runs.plan.manifest import describe_files, describe_notebook, survey_inputs
from groundswell.runs.plan.notebook import ReportNotebook, notebook_file, notebook_made_with
from groundswell.runs.run.completed import complete
from groundswell.runs.verify.compared_texts import TOLERANCE, compare_texts, count_numbers, shown_texts
from groundswell.runs.verify.ledger import ledger_chain, ledger_faults

Verdict = Literal["ok", "note", "differs"]
MOST_NAMED = 3
AROUND = ("inputs", "code", "packages")
"""Checks of what surrounds a report: where they differ its numbers may still come out."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; a "note" tells what differs around a report whose numbers may still stand."""

    name: str
    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class Verification:
    """What came of one report: its folder relative to the archive, and every check in order."""

    report: str
    checks: list[Check] = field(default_factory=list)

    @property
    def reproduced(self) -> bool:
        """Whether the files are as published and every number came out again."""
        return not self.failed

    @property
    def failed(self) -> list[str]:
        """Names of the checks that differ."""
        return [check.name for check in self.checks if check.verdict == "differs"]


def find_reports(project: Path, named: tuple[str, ...], *, every: bool) -> list[Path]:
    """The report folders that are named, each by its path or as `<survey>/<date>`; every one with `every`.

    Raises: InputError for a name that is not a report's folder of this project.
    """
    reports = project / "reports"
    if every:
        known = [reports / each.survey / each.folder for each in read_archive(reports)]
        return sorted([*known, *archive_faults(reports)])
    return [_find_report(project, name) for name in named]


def _find_report(project: Path, name: str) -> Path:
    tried = [Path(name), project / name, project / "reports" / name]
    for folder in (place.resolve() for place in tried):
        if (folder / MANIFEST).is_file() and folder.parent.parent == (project / "reports").resolve():
            return folder
    raise InputError(
        f"`{name}` is not a report of this project: name its folder, reports/<survey>/<date>, which holds "
        f"{MANIFEST}; `groundswell list` shows the newest of each survey"
    )


def verify_report(project: Path, folder: Path) -> Verification:
    """Check one published report of `project`; takes as long as making it."""
    verification = Verification(f"{folder.parent.name}/{folder.name}")
    manifest = look_at_manifest(folder)
    if isinstance(manifest, str):
        verification.checks.append(Check("manifest", "differs", f"{MANIFEST} {manifest}"))
        return verification
    verification.checks.append(_check_manifest(manifest, folder))
    verification.checks.append(_check_files(manifest, folder))
    verification.checks.append(_check_assets(manifest, project / "reports"))
    verification.checks.append(_check_ledger(manifest, folder, project))
    verification.checks.append(_check_inputs(manifest, project))
    verification.checks.append(_check_code(manifest))
    verification.checks.append(_check_packages(manifest))
    verification.checks.append(_check_page(manifest, folder))
    verification.checks.append(_check_numbers(manifest, folder, project))
    return verification


def _check_manifest(manifest: Manifest, folder: Path) -> Check:
    if (manifest.survey, manifest.folder) != (folder.parent.name, folder.name):
        return Check("manifest", "differs", f"it belongs to {manifest.name}")
    if manifest.sha256 != checksum_of(manifest.content):
        return Check("manifest", "differs", "its own checksum does not fit: it was changed after publishing")
    published = f"as published on {manifest.created.isoformat()}, sha256 {manifest.sha256[:16]}…"
    return Check("manifest", "ok", published)


def _check_files(manifest: Manifest, folder: Path) -> Check:
    changes = file_changes(folder, manifest)
    if changes:
        return Check("files", "differs", "; ".join(f"{path} {change}" for path, change in changes.items()))
    return Check("files", "ok", f"{len(manifest.files)} files as published")


def _check_assets(manifest: Manifest, reports: Path) -> Check:
    """The script that the page shares with others; of an older report, where it is the installed one."""
    needed = needed_assets(manifest)
    changes = {file.path: file_change(reports / file.path, file) for file in needed}
    told = "; ".join(f"{path} {change}" for path, change in changes.items() if change)
    return Check(
        "assets", "differs" if told else "ok", told or f"{', '.join(changes) or 'none'} as published"
    )


def _check_ledger(manifest: Manifest, folder: Path, project: Path) -> Check:
    """The forecasts of earlier reports, which this one was held against; a report of an earlier version has none."""
    if manifest.ledger is None:
        return Check("ledger", "ok", "it froze no forecasts, and has no place in a chain of them")
    chain = ledger_chain(project, folder, manifest)
    if faults := ledger_faults(chain):
        return Check("ledger", "differs", "; ".join(faults))
    earlier = sum(1 for _, link in chain[1:] if link is not None and link.ledger is not None)
    many = "" if earlier == 1 else "s"
    held = f"forecasts of {earlier} earlier report{many} as read then" if earlier else "the first forecasts"
    return Check("ledger", "ok", f"{held}, chain {manifest.ledger.chain[:16]}…")


def _check_inputs(manifest: Manifest, project: Path) -> Check:
    """Inputs that changed are a note: later rows leave the numbers of an earlier date as they were."""
    recorded = {file.path: file.sha256 for file in manifest.inputs}
    survey = project / "surveys" / manifest.survey
    there = {*survey_inputs(survey), *(project / path for path in recorded)}
    roots = (project.resolve(), survey.resolve())  # a survey's folder may be a link
    inside = [file for file in there if file.is_file() and any(map(file.resolve().is_relative_to, roots))]
    now = {entry["path"]: entry["sha256"] for entry in describe_files(inside, project)}
    if manifest.notebook_code is not None:
        with suppress(InputError):  # where there is none of this project's, it is missing
            described = describe_notebook(_notebook(manifest, project), project)
            now[described["path"]] = described["sha256"]
    changes = _changes(recorded, now, "changed since", "missing", "is new")
    if changes:
        return Check("inputs", "note", f"{changes}; made again from what is there now")
    return Check("inputs", "ok", f"{len(recorded)} files as recorded")


def _changes(before: dict[str, str], now: dict[str, str], changed: str, missing: str, new: str) -> str:
    """What became of files, in words; "" where nothing did."""
    told = [f"{path} {missing}" for path in before.keys() - now.keys()]
    told += [f"{path} {changed}" for path in before.keys() & now.keys() if before[path] != now[path]]
    told += [f"{path} {new}" for path in now.keys() - before.keys()]
    return "; ".join(sorted(told))


def _check_code(manifest: Manifest) -> Check:
    here = describe_code()
    if manifest.code.sha256 == here["sha256"]:
        return Check("code", "ok", f"groundswell {here['version']}, sha256 {here['sha256'][:16]}…")
    now = _version(CodeRecord(**here))
    return Check(
        "code",
        "note",
        f"made by another version: {_version(manifest.code)}; here {now}",
    )


def _version(code: CodeRecord) -> str:
    return f"groundswell {code.version}, sha256 {code.sha256[:16]}…"


def _check_packages(manifest: Manifest) -> Check:
    made = {**manifest.packages, "Python": manifest.python}
    here = {**describe_packages(), "Python": platform.python_version()}
    other = [
        f"{name} {made.get(name, 'none')} then, {here.get(name, 'none')} here"
        for name in sorted(made.keys() | here.keys(), key=str.lower)
        if made.get(name) != here.get(name)
    ]
    if other:
        return Check("packages", "note", "; ".join(other))
    return Check("packages", "ok", f"Python and {len(here) - 1} packages in the same versions")


def _check_page(manifest: Manifest, folder: Path) -> Check:
    """The page is a function of the executed notebook and the manifest: it must come out byte for byte."""
    from groundswell.reports.publish.page import render_page

    if manifest.code.sha256 != describe_code()["sha256"] or _check_packages(manifest).verdict != "ok":
        return Check("page", "note", "not drawn again: only the same program and packages draw it alike")
    try:
        page = render_page(read_notebook(folder / "report.ipynb"), manifest, script="shared")
        published = (folder / "index.html").read_text(encoding="utf-8")
    except (OSError, ValueError, InputError) as error:
        return Check("page", "differs", f"it cannot be drawn again: {type(error).__name__}")
    if page != published:
        return Check("page", "differs", "index.html does not show what report.ipynb and the manifest hold")
    return Check("page", "ok", "index.html shows what report.ipynb and the manifest hold")


def _check_numbers(manifest: Manifest, folder: Path, project: Path) -> Check:
    read_limits()  # a setting that states none is no difference of the report's
    with tempfile.TemporaryDirectory(prefix="groundswell-verify-") as scratch:
        try:
            made, notebook = _run_again(manifest, project, Path(scratch))
            pairs = list(_pairs(manifest, folder, made, notebook))
        except (RunError, InputError, OSError, ValueError) as error:
            return Check("numbers", "differs", f"not made again: {error}")
    told = [
        str(difference)
        for name, published, now in pairs
        for difference in compare_texts(name, published=published, made=now)
    ]
    if told:
        more = f"; and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        return Check("numbers", "differs", "; ".join(told[:MOST_NAMED]) + more)
    numbers = sum(count_numbers(published) for _, published, _ in pairs)
    return Check("numbers", "ok", f"{numbers:,} numbers made again, each within {TOLERANCE:f}")


def _run_again(manifest: Manifest, project: Path, scratch: Path) -> tuple[Path, Any]:
    """Run the manifest's notebook with its parameters; the folder where it saved, and the executed notebook."""
    from groundswell.runs.kernel.engine import execute

    again = _notebook(manifest, project)
    source = scratch / "notebook.ipynb"
    again.write(source)
    kernel = start_kernel(scratch, again.file.parent, project / "surveys" / manifest.survey)
    try:
        executed = kernel.saves / "report.ipynb"
        notebook = execute(
            source,
            executed=executed,
            parameters=dict(manifest.parameters),
            kernel=kernel,
            on_cell=lambda *_: None,
        )
    finally:
        kernel.end()
    machine = Machine(project, kernel.folder)
    scrub(notebook, machine)
    keep_plain(kernel.saves, kernel.limits)
    scrub_files(kernel.saves, machine)
    complete(notebook, kernel.saves, manifest.language)
    return kernel.saves, notebook


def _notebook(manifest: Manifest, project: Path) -> ReportNotebook:
    """The notebook that the report was made with, where it is here or committed; else that of its name.

    Raises: InputError where the project has none.
    """
    file = notebook_file(project, manifest.notebook)
    return notebook_made_with(file, manifest.notebook_code.sha256 if manifest.notebook_code else "")


def _pairs(manifest: Manifest, folder: Path, made: Path, notebook: Any) -> Iterator[tuple[str, str, str]]:
    """Every published text with the one made now: data files, checks, summary, and what each cell shows."""
    files = {file.path for file in manifest.files}
    for name in sorted(name for name in files if Path(name).suffix in (".csv", ".json")):
        now = (made / name).read_text(encoding="utf-8") if (made / name).is_file() else ""
        yield name, (folder / name).read_text(encoding="utf-8"), now
    checks = json.loads((made / "checks.json").read_text(encoding="utf-8"))
    summary = json.loads((made / "findings.json").read_text(encoding="utf-8"))["summary"]
    for name, published, now in (
        ("checks", manifest.content.get("checks"), checks),
        ("summary", manifest.content["report"], summary),
    ):
        yield f"{MANIFEST} {name}", _text(published), _text(now)
    shown, again = list(shown_texts(read_notebook(folder / "report.ipynb"))), list(shown_texts(notebook))
    if [name for name, _ in shown] != [name for name, _ in again]:
        raise InputError("the notebook has other cells, or they show another number of pieces")
    for (name, published), (_, now) in zip(shown, again, strict=True):
        yield name, published, now


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
