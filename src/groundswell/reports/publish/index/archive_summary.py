"""The archive for machines: `summary.json` with the newest reports, and a part for each survey and year with all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import newest_first
from groundswell.reports.publish.index.survey_index import Head
from groundswell.reports.publish.report_line import ReportLine, json_text

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
    return _text(
        {"schema": SUMMARY_SCHEMA, "survey": survey, "year": year},
        [ReportLine.of(each) for each in manifests],
    )


def part_name(year: int) -> str:
    """The file of a year's part, in its survey's folder."""
    return f"{year:04}.json"


def _text(about: Mapping[str, Any], reports: Sequence[ReportLine]) -> str:
    """A JSON object with `reports` last, a report a line, so that a comparison of two versions shows what came."""
    lines = [f"{json_text(key)}: {json_text(part)}" for key, part in about.items()]
    told = ",\n".join(each.text for each in reports)
    return "{" + ",\n".join([*lines, f'"reports": [\n{told}\n]' if reports else '"reports": []']) + "}\n"
