"""What runs left behind: half-made reports and locks of processes that are gone, half-written files, failed runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from groundswell.files import UNFINISHED
from groundswell.runs.doctor.finding import Finding, Group
from groundswell.runs.doctor.quantities import age, counted, in_bytes
from groundswell.runs.run.staging import left_over

OF_STAGING = "the next `groundswell report` removes it"
OF_UNFINISHED = "remove it, once no groundswell is running"
OF_FAILED = "remove it, once you have read why it failed"


def look_at_leftovers(project: Path) -> Group:
    """Everything under `reports/` that no run and no reader needs; none of it harms the archive."""
    reports = project / "reports"
    found = [
        *((path, "is of a process that is gone", OF_STAGING) for path in left_over(reports)),
        *((path, "was being written when its process ended", OF_UNFINISHED) for path in _unfinished(reports)),
        *((path, "is a failed run", OF_FAILED) for path in sorted(reports.glob(".failed/*/*/"))),
    ]
    findings = [
        Finding(
            path.relative_to(project).as_posix(), f"{fault}, {age(path)}, {in_bytes(_bytes(path))}", way_out
        )
        for path, fault, way_out in found
        if path.exists()
    ]
    return Group("leftovers", counted(len(findings), "leftover"), tuple(findings), damaging=False)


def _unfinished(reports: Path) -> Iterable[Path]:
    """Half-written files, those under `.staging` apart, which go with their folder."""
    return sorted(
        file for file in reports.rglob(f".*{UNFINISHED}") if ".staging" not in file.relative_to(reports).parts
    )


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
