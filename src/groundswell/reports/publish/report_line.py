"""One report as a line of JSON: of `summary.json`, and of its survey's part for a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import to_json

from groundswell.reports.evidence.manifest import Manifest, SummaryRecord


@dataclass(frozen=True)
class ReportLine:
    """The line of a report, with what it is ordered by (see `archive.newest_first`)."""

    survey: str
    as_of: date
    edition: str
    revision: int
    text: str

    @classmethod
    def of(cls, manifest: Manifest) -> ReportLine:
        """The line of a published report."""
        return cls(
            manifest.survey, manifest.as_of, manifest.edition, manifest.revision, json_text(_told(manifest))
        )


def json_text(content: object) -> str:
    """JSON on one line, every letter as it is."""
    return to_json(content).decode()


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "survey": manifest.survey,
        "title": manifest.title,
        "as_of": manifest.as_of.isoformat(),
        "revision": manifest.revision,
        "edition": manifest.edition,
        "folder": manifest.folder,
        "created": manifest.created.isoformat(),
        "language": manifest.language,
        "own_language": manifest.parameters.get("language") is None,
        "path": f"{manifest.name}/index.html",
        "report": _said(manifest.report),
    }


def _said(summary: SummaryRecord) -> dict[str, Any]:
    """A report's summary without what it does not say."""
    said = {key: part for key, part in vars(summary).items() if part not in ("", None, {}, ())}
    mean = ("scale", "unit")
    return said | {
        "indicators": [
            {key: part for key, part in vars(each).items() if part is not None or key not in mean}
            for each in summary.indicators
        ]
    }
