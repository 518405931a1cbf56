"""A survey's section of the archive's index: its newest report, how its forecasts held, and a dozen before it.

It is kept as text, in each language that the index may have: a publication writes the section of its own survey anew
and puts the others' in as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.html.markup import fill
from groundswell.reports.language.language import known_language
from groundswell.reports.publish.index.archived_scores import ForecastRecord
from groundswell.reports.publish.index.shown_reports import shown_reports
from groundswell.vocabulary import ENGLISH

EARLIER = 12
"""Earlier reports that the index lists of a survey; its own pages list all."""


def index_sections(
    survey: str,
    title: str,
    own_language: str,
    sound: Sequence[Manifest],
    *,
    shown: Manifest | None,
    forecasts: ForecastRecord | None,
    damaged: Mapping[str, str],
) -> dict[str, str]:
    """The section of a survey with these `sound` reports, newest first, by the code of the language that it is in.

    `shown` is the report that stands for the survey. The index is in the survey's own language where all surveys share
    it, else in English.
    """
    earlier = [each for each in sound if each is not shown][:EARLIER]
    sections = {}
    for language in {code: known_language(code) for code in (own_language, ENGLISH)}.values():
        values: Mapping[str, Any] = {
            "survey": survey,
            "title": title,
            "reports": len(sound),
            "report": next(iter(shown_reports(language, [shown])), None) if shown else None,
            "earlier": shown_reports(language, earlier, detailed=False),
            "forecasts": forecasts,
            "damaged": damaged,
        }
        sections[language.code] = str(fill("archive_section.html.j2", language, values))
    return sections
