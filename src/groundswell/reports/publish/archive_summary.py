"""The archive for machines: `summary.json` with the newest reports, and a part for each survey and year with all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from groundswell.reports.evidence.manifest import Manifest, SummaryRecord
from groundswell.reports.publish.archive import newest_first
from groundswell.reports.publish.survey_index import Head

SUMMARY_SCHEMA = 3
NEWEST = 100
"""Reports that `summary.json` itself holds; the parts hold all."""


def archive_summary(heads: Sequence[Head]) -> str:
    """The text of `summary.json` (docs/archive.md)."""
    newest = newest_first(report for head in heads for report in head.recent)[:NEWEST]
    about = {
        "schema": SUMMARY_SCHEMA,
        "total": sum(head.reports for head in heads),
        "parts": [
            {
                "survey": head.survey,
                "year": year,
                "reports": count,
                "path": f"{head.survey}/{part_name(year)}",
            }
            for head in heads
            for year, count in sorted(head.years.items(), reverse=True)
        ],
        "damaged": [
            {"survey": head.survey, "folder": folder, "fault": fault}
            for head in heads
            for folder, fault in head.damaged.items()
        ],
    }
    return _text(about, newest)


def year_summary(survey: str, year: int, manifests: Sequence[Manifest]) -> str:
    """The text of a survey's part for one year: every report of it, newest first."""
    return _text({"schema": SUMMARY_SCHEMA, "survey": survey, "year": year}, manifests)


def part_name(year: int) -> str:
    """The file of a year's part, in its survey's folder."""
    return f"{year:04}.json"


def _text(about: Mapping[str, Any], manifests: Sequence[Manifest]) -> str:
    """A JSON object with `reports` last, a report a line, so that a comparison of two versions shows what came."""
    lines = [f"{_json(key)}: {_json(part)}" for key, part in about.items()]
    reports = ",\n".join(_json(_report(manifest)) for manifest in manifests)
    return "{" + ",\n".join([*lines, f'"reports": [\n{reports}\n]' if manifests else '"reports": []']) + "}\n"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _report(manifest: Manifest) -> dict[str, Any]:
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
    for name in ("alerts", "watched"):
        if name in said:
            said[name] = [asdict(each) for each in said[name]]
    mean = ("scale", "unit")
    return said | {
        "indicators": [
            {key: part for key, part in vars(each).items() if key not in mean or part is not None}
            for each in summary.indicators
        ]
    }
