"""The whole archive looked at: reports, forecasts, shared files, the pages about it, and what was left over."""

from __future__ import annotations

import os
from pathlib import Path

from groundswell.errors import InputError, RunError
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import folders_of, read_report, survey_names
from groundswell.reports.publish.index.archive_pages import all_pages
from groundswell.runs.doctor.finding import Finding, Group
from groundswell.runs.doctor.leftovers import look_at_leftovers
from groundswell.runs.doctor.published import look_at_assets, look_at_forecasts, look_at_reports
from groundswell.runs.doctor.quantities import counted, in_bytes
from groundswell.waves import list_surveys


def examine(project: Path) -> list[Group]:
    """Look at everything under the project's `reports/`.

    Raises: InputError where there is no archive, or it cannot be read.
    """
    reports = project / "reports"
    if not reports.is_dir():
        raise InputError(
            f"`{reports}`: there is no archive to look at; `groundswell report` makes one, `--project` names another "
            "project's folder"
        )
    try:
        surveys = survey_names(reports)
    except RunError as error:
        raise InputError(str(error)) from error
    found: dict[Path, Manifest | str] = {}
    for survey in surveys:
        try:
            found |= {folder: read_report(folder) for folder in sorted(folders_of(reports / survey))}
        except RunError:
            found[reports / survey] = "cannot be read"
    for survey in set(list_surveys(project)) - set(surveys):
        if os.path.lexists(reports / survey):
            found[reports / survey] = "is a file, where the folder of a survey's reports belongs"
    sound = {folder: manifest for folder, manifest in found.items() if not isinstance(manifest, str)}
    return [
        look_at_reports(project, found),
        look_at_forecasts(project, sound),
        look_at_assets(project, list(sound.values())),
        _look_at_pages(project, any(found)),
        look_at_leftovers(project),
        Group("size", f"{in_bytes(_bytes(reports))} in all", damaging=False),
    ]


def _look_at_pages(project: Path, there_are_reports: bool) -> Group:
    """The pages about the archive, against what the reports' folders say now."""
    pages = all_pages(project / "reports") if there_are_reports else {}
    way_out = "`groundswell report` of any survey brings the pages about the archive up to date"
    findings = []
    for file, text in sorted(pages.items()):
        try:
            fault = "" if file.read_bytes() == text.encode() else "is not up to date"
        except FileNotFoundError:
            fault = "is missing"
        except OSError as error:
            fault = f"cannot be read: {error.strerror}"
        if fault:
            findings.append(Finding(file.relative_to(project).as_posix(), fault, way_out))
    return Group("index", f"{counted(len(pages), 'page')} about the archive", tuple(findings))


def _bytes(folder: Path) -> int:
    """The size of everything in a folder; a file that goes meanwhile counts for nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place) / name
            if file.is_file():
                total += file.stat().st_size
    return total
