"""Whether a published report can be trusted: its files are as published, and its numbers come out again.

Nothing is written into the archive: the notebook runs in a folder of its own, with the manifest's parameters. Each
check tells one thing apart from the others: a file changed after publishing, an input changed since, another version
of the program, other packages, a page that does not show what its notebook holds, numbers that do not come out.

The manifest carries its own checksum. That finds a slip, not a forger, who can compute it again: against a forger
stands the re-execution, and a copy of the manifest's checksum kept somewhere else.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from groundswell.errors import InputError
from groundswell.program import describe_code
from groundswell.reports.evidence.manifest import MANIFEST, Manifest, checksum_of, look_at_manifest
from groundswell.reports.evidence.published_files import file_change, file_changes
from groundswell.reports.publish.archive import archive_faults, read_archive
from groundswell.reports.publish.assets import needed_assets
from groundswell.runs.kernel.cells import read_notebook
from groundswell.runs.verify.again import UNREADABLE, check_numbers
from groundswell.runs.verify.check import Check, Verification
from groundswell.runs.verify.copy import (
    Given,
    check_carried,
    hidden_by_others,
    name_fault,
    notebook_of_copy,
    rebuild,
)
from groundswell.runs.verify.ledger import ledger_chain, ledger_faults, link_fault
from groundswell.runs.verify.surroundings import check_code, check_inputs, check_packages, made_with


def every_report(project: Path) -> list[Path]:
    """The folders of every report of a project's archive, and those that should be one."""
    reports = project / "reports"
    known = [reports / each.survey / each.folder for each in read_archive(reports)]
    return sorted([*known, *archive_faults(reports)])


def find_report(project: Path | None, name: str) -> tuple[Path, bool]:
    """The folder that is named by its path, or in `project` as `<survey>/<date>`; whether it is one of the project's,
    and not a copy that stands elsewhere.

    Raises: InputError for a name that is neither.
    """
    reports = None if project is None else (project / "reports").resolve()
    tried = [Path(name), *([] if project is None else [project / name, project / "reports" / name])]
    folders = [place.resolve() for place in tried if (place / MANIFEST).is_file()]
    for folder in folders:
        if folder.parent.parent == reports:
            return folder, True
    if folders:
        return folders[0], False
    raise InputError(
        f"`{name}` is neither a report of this project nor a copy of one: name its folder, reports/<survey>/<date>, or "
        f"where the copy is; either holds {MANIFEST}; `groundswell list` shows the newest report of each survey"
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
    verification.checks.append(check_inputs(manifest, project))
    verification.checks.append(check_code(manifest))
    verification.checks.append(check_packages(manifest, folder))
    verification.checks.append(_check_page(manifest, folder))
    verification.checks.append(check_numbers(manifest, folder, project, lambda: made_with(manifest, project)))
    return verification


def verify_copy(folder: Path, given: Given) -> Verification:
    """Check a copy of a report's folder that stands in no project; it is only read.

    What cannot be made again from the copy is `open`, and says what is needed.
    """
    manifest = look_at_manifest(folder)
    if isinstance(manifest, str):
        return Verification(folder.name, [Check("manifest", "differs", f"{MANIFEST} {manifest}")])
    if fault := name_fault(manifest):
        return Verification(folder.name, [Check("manifest", "differs", fault)])
    checks = [_check_seal(manifest), _check_files(manifest, folder), _assets_of_copy(manifest)]
    with tempfile.TemporaryDirectory(prefix="groundswell-copy-") as passing:
        checks += _checks_of_inputs(manifest, folder, Path(passing) / "project", given)
    named = f"{folder.name}, a copy of {manifest.name}"
    around = [check_code(manifest), check_packages(manifest, folder), _check_page(manifest, folder)]
    return Verification(named, [*checks[:-1], *around, checks[-1]])


def _checks_of_inputs(manifest: Manifest, folder: Path, project: Path, given: Given) -> list[Check]:
    """Of a copy, the checks of its ledger, of its inputs and, made again in `project`, of its numbers."""
    if manifest.carried is None:
        why = "it was made by a version whose reports carried no inputs: verify it in its project"
        return [Check("inputs", "open", why), _not_made("its inputs are not here")]
    try:
        rebuilt = rebuild(folder, manifest, project, given)
    except (InputError, OSError) as error:
        return [Check("inputs", "differs", str(error)), _not_made("its inputs are not whole")]
    checks = [_ledger_of_copy(manifest, folder, project), check_carried(manifest, rebuilt)]
    if checks[-1].verdict == "open":
        return [*checks, _not_made("respondents are needed")]
    if rebuilt.found and hidden_by_others(folder, manifest):
        why = "domains are hidden because of other reports, which a copy does not know: verify it in its project"
        return [*checks, _not_made(why)]
    try:
        notebook = notebook_of_copy(folder, manifest, project, given)
    except InputError as error:
        return [*checks, _not_made(str(error))]
    return [*checks, check_numbers(manifest, folder, project, lambda: notebook)]


def _not_made(why: str) -> Check:
    return Check("numbers", "open", f"not made again: {why}")


def _assets_of_copy(manifest: Manifest) -> Check:
    """The script that the page shares with others stands beside the reports, and in no copy of one of them."""
    needed = ", ".join(f"../../{file.path}" for file in needed_assets(manifest))
    return Check(
        "assets", "note", f"not part of a copy: index.html draws its figures with {needed or 'none'}"
    )


def _ledger_of_copy(manifest: Manifest, folder: Path, project: Path) -> Check:
    """The forecasts of the report before, which is carried; those before it are not."""
    if manifest.ledger is None or manifest.ledger.previous is None:
        return _check_ledger(manifest, folder, project)
    if fault := link_fault(project, folder, manifest):
        return Check("ledger", "differs", fault)
    return Check(
        "ledger", "ok", f"forecasts of the report before as read then, chain {manifest.ledger.chain[:16]}…"
    )


def _check_manifest(manifest: Manifest, folder: Path) -> Check:
    if (manifest.survey, manifest.folder) != (folder.parent.name, folder.name):
        return Check("manifest", "differs", f"it belongs to {manifest.name}")
    return _check_seal(manifest)


def _check_seal(manifest: Manifest) -> Check:
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


def _check_page(manifest: Manifest, folder: Path) -> Check:
    """The page is a function of the executed notebook and the manifest: it must come out byte for byte."""
    from groundswell.reports.publish.page import render_page

    if manifest.code.sha256 != describe_code()["sha256"] or check_packages(manifest, folder).verdict != "ok":
        return Check("page", "note", "not drawn again: only the same program and packages draw it alike")
    try:
        page = render_page(read_notebook(folder / "report.ipynb"), manifest, script="shared")
        published = (folder / "index.html").read_text(encoding="utf-8")
    except UNREADABLE as error:
        return Check("page", "differs", f"it cannot be drawn again: {type(error).__name__}")
    if page != published:
        return Check("page", "differs", "index.html does not show what report.ipynb and the manifest hold")
    return Check("page", "ok", "index.html shows what report.ipynb and the manifest hold")
