"""What the pages about the archive show of a report: the words that many reports share are made once a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.figures.sparkline import sparkline
from groundswell.reports.language.language import Language, known_language

SPARK = (120, 32)


def shown_reports(
    language: Language, manifests: Sequence[Manifest], *, detailed: bool = True
) -> list[dict[str, Any]]:
    """What a page in `language` shows of some reports, their levels only where they are `detailed`."""
    direction = lru_cache(lambda code: known_language(code).direction)
    checks = lru_cache(lambda passed, run: _checks(language, passed, run))
    return [
        {
            "as_of": manifest.as_of.isoformat(),
            "date": language.date(manifest.as_of),
            "revision": manifest.revision,
            "folder": manifest.folder,
            "edition": manifest.edition.replace("~", ", "),
            "language": manifest.language,
            "direction": direction(manifest.language),
            "kind": manifest.report.kind,
            "headline": manifest.report.headline,
            "status": manifest.report.status,
            "checks": checks(manifest.report.checks_passed, manifest.report.checks_run),
            "due": language.date(manifest.due) if manifest.due and detailed else "",
            "indicators": _indicators(manifest) if detailed else [],
        }
        for manifest in manifests
    ]


def _checks(language: Language, passed: int | None, run: int | None) -> str:
    return (
        language.say("{passed} of {run} checks passed", passed=passed, run=run)
        if run
        else language.say("no checks")
    )


def _indicators(manifest: Manifest) -> list[dict[str, Any]]:
    return [{**vars(each), "spark": sparkline(each.spark, *SPARK)} for each in manifest.report.indicators]
