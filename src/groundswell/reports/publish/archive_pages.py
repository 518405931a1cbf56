"""The pages about the whole archive: its index, a page a survey, `latest/`, the Atom feed and the JSON summary.

All are rebuilt from the manifests after every batch of reports (how forecasts held, from their scores.csv), and a page
that would not change is not touched, so that a file server or a version control system sees only what is new. Links are
relative: the archive works from a file share, under any path of a static host, and from a mail's attachment folder.

A survey's pages are in the survey's own language: that of its newest report for which no other was asked. The index and
the feed are in the language that all surveys share. English stands in where there is none.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from groundswell.files import write_whole
from groundswell.reports.evidence.manifest import Manifest, SummaryRecord
from groundswell.reports.figures.sparkline import sparkline
from groundswell.reports.html.markup import fill
from groundswell.reports.html.style import palette_css
from groundswell.reports.language.language import Language, known_language
from groundswell.reports.publish.archive import read_archive
from groundswell.reports.publish.feed import atom_feed
from groundswell.reports.publish.forecast_record import forecast_record
from groundswell.vocabulary import ENGLISH

SUMMARY_SCHEMA = 2
SPARK = (120, 32)
SHOWN = ("kind", "headline", "deck", "status", "checks_passed", "checks_run")
EARLIER = 12
"""Earlier reports that the index lists of a survey; its own page lists all."""
DETAILED = 60
"""Reports that a survey's page shows with their levels."""


def rebuild_index(reports: Path) -> list[Path]:
    """Write `index.html`, `feed.xml`, `summary.json`, and for each survey `index.html` and `latest/index.html`.

    Returns the files that changed. Each is replaced in one step.
    """
    manifests = read_archive(reports)
    surveys = _by_survey(manifests, reports)
    common = shared_language([survey["language"] for survey in surveys])
    pages = {
        reports / "index.html": _page("archive_index.html.j2", common, surveys=surveys, total=len(manifests)),
        reports / "feed.xml": atom_feed(manifests, common),
        reports / "summary.json": json.dumps(_summary(manifests), ensure_ascii=False, indent=1) + "\n",
    }
    for survey in surveys:
        folder = reports / survey["survey"]
        language = known_language(survey["language"])
        values = {"title": survey["title"], "reports": survey["reports"], "detailed": DETAILED}
        values |= {"forecasts": survey["forecasts"]}
        pages[folder / "index.html"] = _page("archive_survey.html.j2", language, **values)
        if survey["latest"] is not None:
            newest = survey["latest"]["folder"]
            card = f"../{newest}.png" if (folder / f"{newest}.png").is_file() else ""
            values |= {"latest": survey["latest"], "target": f"../{newest}/index.html", "card": card}
            pages[folder / "latest" / "index.html"] = _page("archive_latest.html.j2", language, **values)
    return [file for file, text in pages.items() if _write_changed(file, text)]


def shared_language(codes: Collection[str]) -> Language:
    """The language that all of these are; English where they differ or there is none."""
    return known_language(next(iter(codes))) if len(set(codes)) == 1 else Language()


def _page(template: str, language: Language, **values: Any) -> str:
    return str(fill(template, language, {"palette": Markup(palette_css()), **values}))  # noqa: S704 - our own


def _by_survey(manifests: list[Manifest], folder: Path) -> list[dict[str, Any]]:
    """One entry a survey: its title, its newest default report, how its forecasts held, and all of its reports, newest
    first."""
    newest = {each.survey: each for each in reversed(manifests) if not each.edition}
    ordered = sorted(manifests, key=lambda each: each.survey)
    surveys = []
    for survey, group in groupby(ordered, key=lambda each: each.survey):
        reports = [_entry(manifest) for manifest in group]
        latest = next((each for each in reports if not each["edition"]), None)
        shown = latest or reports[0]
        surveys.append(
            {
                "survey": survey,
                "title": reports[0]["title"],
                "language": next((each["language"] for each in reports if each["own_language"]), ENGLISH),
                "latest": latest,
                "forecasts": forecast_record(folder, newest[survey]) if survey in newest else None,
                "reports": reports,
                "earlier": [each for each in reports if each is not shown][:EARLIER],
            }
        )
    return surveys


def _entry(manifest: Manifest) -> dict[str, Any]:
    """What the pages show of one report."""
    summary = manifest.report
    return {
        "survey": manifest.survey,
        "title": manifest.title,
        "as_of": manifest.as_of.isoformat(),
        "revision": manifest.revision,
        "folder": manifest.folder,
        "edition": manifest.edition,
        "language": manifest.language,
        "direction": known_language(manifest.language).direction,
        "own_language": manifest.parameters.get("language") is None,
        **{key: getattr(summary, key) for key in SHOWN},
        "indicators": [
            asdict(each) | {"spark": sparkline(each.spark, *SPARK)} for each in summary.indicators
        ],
        "day": manifest.as_of,
    }


def _summary(manifests: list[Manifest]) -> dict[str, Any]:
    """The archive for machines (docs/archive.md)."""
    reports = [
        {
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
            "report": _written(manifest.report),
        }
        for manifest in manifests
    ]
    return {"schema": SUMMARY_SCHEMA, "reports": reports}


def _written(summary: SummaryRecord) -> dict[str, Any]:
    """A report's summary without what it does not say."""
    said = {key: part for key, part in asdict(summary).items() if part not in ("", None, {})}
    mean = ("scale", "unit")
    return said | {
        "indicators": [
            {key: part for key, part in each.items() if key not in mean or part is not None}
            for each in said["indicators"]
        ]
    }


def _write_changed(file: Path, text: str) -> bool:
    """Replace the file in one step where its text differs; whether it did."""
    content = text.encode()
    if file.is_file() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content)
    return True
