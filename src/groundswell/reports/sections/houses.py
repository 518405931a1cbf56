"""The houses of one indicator: their figure, or why there is none."""

from __future__ import annotations

from markupsafe import Markup

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.houses import house_figure
from groundswell.reports.html.markup import Block
from groundswell.reports.language.language import Language


def houses(reading: Reading, language: Language) -> Figure | Block:
    """How far each house stands from the level; a sentence where there is only one house in one wording."""
    figure = house_figure(reading, language)
    return single_house(reading, language) if figure is None else figure


def single_house(reading: Reading, language: Language) -> Block:
    """Why there is no figure of houses."""
    text = language.say(
        "{title}: one house in one wording, so no house can be compared with another.", title=reading.title
    )
    return Block(str(Markup("<p class=note>{}</p>").format(text)), part="note")
