"""The card: a report as one picture for chat and mail, made from its manifest alone."""

from __future__ import annotations

from dataclasses import asdict

from markupsafe import Markup

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.figures.sparkline import sparkline
from groundswell.reports.html.markup import fill
from groundswell.reports.html.style import colour_variables
from groundswell.reports.language.language import known_language

MOST = 2
SIZES = ((60, 60), (100, 50), (140, 42))
"""Letters up to which a headline is set in a size; longer ones in the smallest."""
SMALLEST = 34


def card_page(manifest: Manifest) -> str:
    """A page of 1200 x 630 pixels: survey and date, the headline, and the levels of at most two indicators."""
    language = known_language(manifest.language)
    headline = manifest.report.headline
    indicators = [each for each in manifest.report.indicators if each.share is not None][:MOST]
    width = 1072 if len(indicators) == 1 else 508
    values = {
        "title": manifest.title,
        "as_of": language.date(manifest.as_of),
        "headline": headline,
        "size": next((size for letters, size in SIZES if len(headline) <= letters), SMALLEST),
        "indicators": [
            asdict(each) | {"spark": sparkline(each.spark, width, 120, 12)} for each in indicators
        ],
        "width": width,
        "palette": Markup(colour_variables()),  # noqa: S704 - our own
    }
    return str(fill("card.html.j2", language, values))
