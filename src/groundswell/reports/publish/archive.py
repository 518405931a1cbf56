"""The archive of published reports, read from their manifests and from nothing else.

    reports/<survey>/<as-of date>/             the report of a date with the default parameters
    reports/<survey>/<as-of date>-r2/          its second revision: the same date, new inputs
    reports/<survey>/<as-of date>~<edition>/   the same date with other parameters

Names that begin with a dot (staging, failed runs) and folders without a sound manifest are not reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from groundswell.reports.evidence.manifest import Manifest, read_manifest

DEFAULT_NOTEBOOK = "wave_report"
"""The notebook of a survey's own report; what another makes carries its name."""


def folder_name(name: str, revision: int) -> str:
    """The folder of a revision: `2024-12-31`, then `2024-12-31-r2`, `2024-12-31-r3` …"""
    return name if revision == 1 else f"{name}-r{revision}"


def next_revision(survey_reports: Path, name: str) -> int:
    """The number of the next revision of report `name`, 1 where there is none yet."""
    revision = 1
    while (survey_reports / folder_name(name, revision)).exists():
        revision += 1
    return revision


def read_archive(reports: Path) -> list[Manifest]:
    """The manifests of every published report, newest as-of date first, then by survey, newest revision first."""
    manifests = [manifest for _, manifest in _read(reports) if manifest is not None]
    manifests.sort(key=lambda each: (each.survey, each.edition, -each.revision))
    manifests.sort(key=lambda each: each.as_of, reverse=True)
    return manifests


def archive_faults(reports: Path) -> list[Path]:
    """Folders that stand where a report should and have no sound manifest: damaged reports."""
    return [folder for folder, manifest in _read(reports) if manifest is None]


def previous_report(
    reports: Path,
    survey: str,
    as_of: date,
    *,
    edition: str = "",
    published: Sequence[Manifest] | None = None,
) -> Path | None:
    """The newest revision of the newest report of `survey` before `as_of`; None where there is none.

    `published` is what `reports_of` has read already; None reads it.
    """
    there = reports_of(reports, survey) if published is None else published
    before = next((each for each in there if each.edition == edition and each.as_of < as_of), None)
    return reports / survey / before.folder if before else None


def newest_report(
    reports: Path,
    survey: str,
    day: date,
    *,
    published: Sequence[Manifest] | None = None,
) -> Path | None:
    """The newest revision of the newest default report of `survey` up to a day; None where there is none."""
    return previous_report(reports, survey, day + timedelta(days=1), published=published)


def latest_report(reports: Path, survey: str) -> Path | None:
    """The newest revision of the newest default report of `survey`; None where there is none."""
    newest = next((each for each in reports_of(reports, survey) if not each.edition), None)
    return reports / survey / newest.folder if newest else None


def reports_of(reports: Path, survey: str) -> list[Manifest]:
    """The manifests of a survey's reports, the newest as-of date first, and of a date the newest revision."""
    mine = [each for _, each in _read(reports, survey) if each is not None]
    return sorted(mine, key=lambda each: (each.as_of, each.revision), reverse=True)


def _read(reports: Path, survey: str = "*") -> Iterator[tuple[Path, Manifest | None]]:
    """Each folder that should be a report, with its manifest or None."""
    for folder in sorted(reports.glob(f"{survey}/*/")):
        if folder.name[0] == "." or folder.parent.name[0] == "." or not folder.name[0].isdigit():
            continue
        yield folder, _manifest(folder)


def _manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder where it is sound and belongs to this folder."""
    manifest = read_manifest(folder)
    own = manifest is not None and (manifest.survey, manifest.folder) == (folder.parent.name, folder.name)
    return manifest if own else None
