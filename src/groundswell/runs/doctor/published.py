"""What was published: reports with all their files, the chain of their forecasts, and the files that pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from groundswell.reports.evidence.manifest import MANIFEST, FileRecord, Manifest, checksum_of
from groundswell.reports.evidence.published_files import ADDED, FOLDER, file_change, file_changes
from groundswell.reports.publish.assets import needed_assets, shared_script
from groundswell.runs.doctor.finding import Finding, Group
from groundswell.runs.doctor.quantities import counted, in_bytes
from groundswell.runs.verify.ledger import link_fault

OF_A_COPY = (
    "bring what is damaged back from a copy of the archive; without one, `groundswell report` with the report's "
    "survey, date and options makes a revision beside it, and the damaged folder can be moved out of the archive"
)
OF_FILE = "move the file out of the archive: no report of the survey can be published as long as it is there"
OF_ADDED = "move what was not published out of the report's folder"
OF_FORECASTS = (
    "bring the earlier report back from a copy of the archive; without one, the scores of the later reports stand "
    "without the forecasts that they rest on"
)
OF_OUR_SCRIPT = "`groundswell report` of any survey brings it back"
OF_FOLDER = "remove the folder, or move it away; then "
OF_OLD_SCRIPT = "bring it back from a copy of the archive, or from the plotly package that its reports name"


def look_at_reports(project: Path, found: Mapping[Path, Manifest | str]) -> Group:
    """Each folder that should be a report: its manifest, and every file's checksum."""
    findings, files, size = [], 0, 0
    for folder, manifest in found.items():
        if isinstance(manifest, str):
            way_out = OF_FILE if folder.is_file() else OF_A_COPY
            findings.append(_finding(project, folder, manifest, way_out))
            continue
        files += len(manifest.files)
        size += sum(file.bytes for file in manifest.files)
        if manifest.sha256 and manifest.sha256 != checksum_of(manifest.content):
            fault = "does not fit its own checksum: it was changed after publishing"
            findings.append(_finding(project, folder / MANIFEST, fault, OF_A_COPY))
        for path, change in file_changes(folder, manifest).items():
            way_out = OF_ADDED if change == ADDED else OF_A_COPY
            findings.append(_finding(project, folder / path, _sentence(change), way_out))
    told = f"{counted(len(found), 'report')}, {counted(files, 'file')}, {in_bytes(size)}"
    return Group("reports", told, tuple(findings))


def look_at_forecasts(project: Path, sound: Mapping[Path, Manifest]) -> Group:
    """The chain of frozen forecasts, link by link."""
    linked = {folder: manifest for folder, manifest in sound.items() if manifest.ledger is not None}
    faults = {folder: link_fault(project, folder, manifest) for folder, manifest in linked.items()}
    findings = tuple(
        _finding(project, folder, fault, OF_FORECASTS) for folder, fault in faults.items() if fault
    )
    return Group("forecasts", f"{counted(len(linked), 'report')} with frozen forecasts", findings)


def look_at_assets(project: Path, manifests: Sequence[Manifest]) -> Group:
    """The files that pages share, each once."""
    needed: dict[str, FileRecord] = {}
    for manifest in manifests:
        needed |= {file.path: file for file in needed_assets(manifest) if file.path not in needed}
    reports, own = project / "reports", shared_script()
    findings = [
        _finding(
            project,
            reports / file.path,
            _sentence(change),
            (OF_FOLDER if change == FOLDER else "") + (OF_OUR_SCRIPT if file == own else OF_OLD_SCRIPT),
        )
        for file in needed.values()
        if (change := file_change(reports / file.path, file))
    ]
    return Group("shared files", counted(len(needed), "file"), tuple(findings))


def _finding(project: Path, place: Path, fault: str, way_out: str) -> Finding:
    return Finding(place.relative_to(project).as_posix(), fault, way_out)


def _sentence(change: str) -> str:
    return (
        change
        if change.startswith(("was", "cannot"))
        else f"{'is' if change == 'missing' else 'was'} {change}"
    )
