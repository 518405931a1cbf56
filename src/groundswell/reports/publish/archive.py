"""The archive of published reports, read from their manifests and from nothing else.

    reports/<survey>/<as-of date>/             the report of a date with the default parameters
    reports/<survey>/<as-of date>-r2/          its second revision: the same date, new inputs
    reports/<survey>/<as-of date>~<edition>/   the same date with other parameters

Names that begin with a dot (staging, failed runs, the index's cache) are no reports. A folder that begins with a digit
should be one: where its manifest is not sound, or not its own, it is a damaged report, which is listed as such and
harms nothing else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from groundswell.errors import RunError
from groundswell.reports.evidence.manifest import MANIFEST, Manifest, look_at_manifest
from groundswell.reports.publish.report_line import ReportLine

Report = TypeVar("Report", Manifest, ReportLine)

DEFAULT_NOTEBOOK = "wave_report"
"""The notebook of a survey's own report; what another makes carries its name."""

REVISION = re.compile(r"(.*?)(?:-r([1-9][0-9]*))?")
"""What a folder's name consists of: the name that all revisions share, and the revision from the second on."""

NAME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:~(?P<edition>.*?))?(?:-r(?P<revision>[1-9][0-9]*))?"
)


def folder_name(name: str, revision: int) -> str:
    """The folder of a revision: `2024-12-31`, then `2024-12-31-r2`, `2024-12-31-r3` …"""
    return name if revision == 1 else f"{name}-r{revision}"


def next_revision(survey_reports: Path, name: str) -> int:
    """The number of the next revision of report `name`, 1 where there is none yet."""
    newest = _revisions(survey_reports, name)
    return newest[0] + 1 if newest else 1


def newest_revision(survey_reports: Path, name: str) -> Path | None:
    """The folder of the newest revision of report `name`, damaged or not; None where there is none."""
    newest = _revisions(survey_reports, name)
    return survey_reports / folder_name(name, newest[0]) if newest else None


def _revisions(survey_reports: Path, name: str) -> list[int]:
    """The numbers of the revisions that take a place, newest first: a damaged one does too."""
    parted = (REVISION.fullmatch(entry.name) for entry in _entries(survey_reports))
    return sorted((int(each[2] or 1) for each in parted if each and each[1] == name), reverse=True)


def read_archive(reports: Path) -> list[Manifest]:
    """The manifests of every published report, newest as-of date first, then by survey, newest revision first."""
    found = (read_report(folder) for folder in report_folders(reports))
    return newest_first(each for each in found if not isinstance(each, str))


def newest_first(reports: Iterable[Report]) -> list[Report]:
    """By as-of date, newest first; then by survey and edition, the newest revision first."""
    ordered = sorted(reports, key=lambda each: (each.survey, each.edition, -each.revision))
    return sorted(ordered, key=lambda each: each.as_of, reverse=True)


def archive_faults(reports: Path) -> dict[Path, str]:
    """Folders that stand where a report should and are damaged, each with what is wrong, in words that follow on it."""
    found = ((folder, read_report(folder)) for folder in report_folders(reports))
    return {folder: fault for folder, fault in found if isinstance(fault, str)}


def read_report(folder: Path, *, whole: bool = True) -> Manifest | str:
    """The manifest of a folder where it is sound and belongs to this folder, else what is wrong with it.

    Without `whole` its `content` stays empty.
    """
    try:
        return _own_manifest(folder, whole=whole)
    except ValueError as error:
        return str(error)


def _own_manifest(folder: Path, *, whole: bool) -> Manifest:
    """The sound manifest of a folder.

    Raises: ValueError where it has none.
    """
    found = look_at_manifest(folder, whole=whole)
    if isinstance(found, str):
        if not folder.is_dir():
            raise ValueError("leads nowhere: it is a broken link")
        raise ValueError(f"{MANIFEST} {found}")
    shared = f"{found.as_of}~{found.edition}" if found.edition else found.as_of.isoformat()
    name = folder_name(shared, found.revision)
    own = found.survey == folder.parent.name and found.folder == folder.name == name
    if not own:
        raise ValueError(f"{MANIFEST} belongs to another report: {found.survey}, {name}")
    return found


def previous_report(reports: Path, survey: str, as_of: date, *, edition: str = "") -> Path | None:
    """The newest revision of the newest sound report of `survey` before `as_of`; None where there is none."""
    return next(_of(reports / survey, as_of, edition), None)


def newest_report(reports: Path, survey: str, day: date) -> Path | None:
    """The newest revision of the newest default report of `survey` up to a day; None where there is none."""
    return previous_report(reports, survey, day + timedelta(days=1))


def latest_report(reports: Path, survey: str) -> Path | None:
    """The newest revision of the newest default report of `survey`; None where there is none."""
    return next(_of(reports / survey, date.max, ""), None)


def report_folders(reports: Path) -> list[Path]:
    """Every folder that should be a report, by its path."""
    return sorted(folder for survey in survey_names(reports) for folder in folders_of(reports / survey))


def survey_names(reports: Path) -> list[str]:
    """The surveys that have a folder in the archive.

    Raises: RunError where `reports/` cannot be read.
    """
    return sorted(entry.name for entry in _entries(reports) if entry.name[0] != "." and entry.is_dir())


def folders_of(survey_reports: Path) -> list[Path]:
    """The folders in one survey's archive that should be reports: folders and broken links that begin with a digit.

    Raises: RunError where the survey's folder cannot be read.
    """
    return [
        survey_reports / entry.name
        for entry in _entries(survey_reports)
        if entry.name[0].isdigit() and (entry.is_dir() or not Path(entry.path).exists())
    ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder of the archive holds; nothing where it is not there."""
    try:
        return list(os.scandir(folder))
    except FileNotFoundError:
        return []
    except NotADirectoryError as error:
        raise RunError(
            f"`{folder}` is a file, where a folder of the archive belongs: move the file away and run it again"
        ) from error
    except OSError as error:
        raise RunError(
            f"`{folder}` cannot be read: {error.strerror}; the archive needs to be readable"
        ) from error


def _of(survey_reports: Path, before: date, edition: str) -> Iterator[Path]:
    """The sound reports of one edition before a day, newest first; none is opened before it is asked for."""
    named = ((NAME.fullmatch(folder.name), folder) for folder in folders_of(survey_reports))
    mine = [
        (name["day"], int(name["revision"] or 1), folder)
        for name, folder in named
        if name and (name["edition"] or "") == edition and name["day"] < before.isoformat()
    ]
    for _, _, folder in sorted(mine, reverse=True):
        if not isinstance(read_report(folder, whole=False), str):
            yield folder
