"""The pages of one survey in the archive: its newest reports, a page and a part of the summary a year, `latest/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.html.markup import fill
from groundswell.reports.html.style import palette_css
from groundswell.reports.language.language import Language, known_language
from groundswell.reports.publish.index.archive_summary import part_name, year_summary
from groundswell.reports.publish.index.shown_reports import shown_reports
from groundswell.reports.publish.index.survey_index import PAGE, Head, SurveyIndex

OF_A_YEAR = re.compile(r"[0-9]{4}\.(html|json)")


def survey_pages(folder: Path, index: SurveyIndex) -> dict[str, Callable[[], str]]:
    """The text of each page in a survey's `folder`, made when it is asked for, by its path there."""
    head, manifests = index.head, index.manifests
    language = known_language(head.language)
    paged = head.reports > PAGE
    by_year = {year: list(run) for year, run in groupby(manifests, key=lambda each: each.as_of.year)}
    pages: dict[str, Callable[[], str]] = {
        "index.html": partial(_history, language, head, manifests[:PAGE] if paged else manifests, years=paged)
    }
    for year, reports in by_year.items():
        pages[part_name(year)] = partial(year_summary, head.survey, year, reports)
        if paged:
            pages[f"{year:04}.html"] = partial(_history, language, head, reports, year=year)
    if index.latest is not None:
        pages["latest/index.html"] = partial(_latest, language, head, index.latest, folder)
    return pages


def written_before(folder: Path, head: Head | None) -> set[str]:
    """The pages of a survey that an earlier publication wrote and that are there."""
    of_years = (
        {file.name for file in folder.iterdir() if OF_A_YEAR.fullmatch(file.name)}
        if folder.is_dir()
        else set()
    )
    return of_years | {name for name in (head.pages if head else ()) if (folder / name).is_file()}


def _history(
    language: Language,
    head: Head,
    manifests: Sequence[Manifest],
    *,
    year: int | None = None,
    years: bool = False,
) -> str:
    values: Mapping[str, Any] = {
        "head": head,
        "reports": shown_reports(language, manifests, detailed=year is None),
        "year": year,
        "years": sorted(head.years.items(), reverse=True) if years else [],
        "palette": Markup(palette_css()),  # noqa: S704 - our own
    }
    return str(fill("archive_survey.html.j2", language, values))


def _latest(language: Language, head: Head, latest: Manifest, folder: Path) -> str:
    card = f"{latest.folder}.png"
    values: Mapping[str, Any] = {
        "title": head.title,
        "latest": latest,
        "target": f"../{latest.folder}/index.html",
        "card": f"../{card}" if (folder / card).is_file() else "",
    }
    return str(fill("archive_latest.html.j2", language, values))
