"""The archive of published reports, read from their manifests and from nothing else.

    reports/<survey>/<as-of date>/             the report of a date with the default parameters
    reports/<survey>/<as-of date>-r2/          its second revision: the same date, new inputs
    reports/<survey>/<as-of date>~<edition>/   the same date with other parameters

Names that begin with a dot (staging, failed runs) and folders without a readable manifest are not reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

Manifest = dict[str, Any]
DEFAULT_NOTEBOOK = "wave_report"
"""The notebook of a survey's own report; what another makes carries its name."""

REQUIRED = ("schema", "survey", "title", "as_of", "revision", "folder", "created", "report")


def read_archive(reports: Path) -> list[Manifest]:
    """The manifests of every published report, newest as-of date first, then by survey, newest revision first."""
    manifests = [manifest for _, manifest in _read(reports) if manifest is not None]
    manifests.sort(key=lambda each: (each["survey"], each.get("edition", ""), -each["revision"]))
    manifests.sort(key=lambda each: str(each["as_of"]), reverse=True)
    return manifests


def archive_faults(reports: Path) -> list[Path]:
    """Folders that stand where a report should and have no readable manifest."""
    return [folder for folder, manifest in _read(reports) if manifest is None]


def previous_report(reports: Path, survey: str, as_of: date, edition: str = "") -> Path | None:
    """The newest revision of the newest report of `survey` before `as_of`; None where there is none."""
    before = [each for each in _of(reports, survey, edition) if date.fromisoformat(each["as_of"]) < as_of]
    return reports / survey / before[0]["folder"] if before else None


def latest_report(reports: Path, survey: str) -> Path | None:
    """The newest revision of the newest default report of `survey`; None where there is none."""
    of_survey = _of(reports, survey, "")
    return reports / survey / of_survey[0]["folder"] if of_survey else None


def _of(reports: Path, survey: str, edition: str) -> list[Manifest]:
    found = [
        each for _, each in _read(reports, survey) if each is not None and each.get("edition", "") == edition
    ]
    return sorted(found, key=lambda each: (each["as_of"], each["revision"]), reverse=True)


def _read(reports: Path, survey: str = "*") -> Iterator[tuple[Path, Manifest | None]]:
    """Each folder that should be a report, with its manifest or None."""
    for folder in sorted(reports.glob(f"{survey}/*/")):
        if folder.name[0] == "." or folder.parent.name[0] == "." or not folder.name[0].isdigit():
            continue
        yield folder, _manifest(folder)


def _manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder where it is one of ours and belongs to this folder."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sound = isinstance(found, dict) and all(key in found for key in REQUIRED)
        if not sound or found["folder"] != folder.name or found["survey"] != folder.parent.name:
            return None
        date.fromisoformat(found["as_of"])
    except (OSError, ValueError, TypeError):
        return None
    return dict(found)
