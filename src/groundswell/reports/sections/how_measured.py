"""How it was measured: what is disclosed of the survey, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup, escape

from groundswell.reports.evidence.disclosure import Item, disclosure
from groundswell.reports.html.markup import Block, section
from groundswell.reports.language.disclosure import item_title, missing_words, said_words
from groundswell.reports.language.language import Language
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey
from groundswell.waves.wave.wave_toml import Wave


def how_measured(
    survey: Survey, observations: pd.DataFrame, language: Language, respondents: Sequence[Wave] = ()
) -> Block:
    """The disclosure items, present and missing, the cautions of the variants, and the licence, folded.

    `respondents` are the waves of respondents that the page rests on.
    """
    say = language.say
    everyone = observations[observations["domain"] == EVERYONE]
    items = disclosure(survey, everyone, respondents)
    rows = [
        Markup("<dt>{}</dt><dd>{}</dd>").format(item_title(item.code, language), _item_text(item, language))
        for item in items
    ]
    cautions = [
        Markup("<li>{}: {}</li>").format(f"{indicator.title}, {name}", variant.caution)
        for indicator in survey.indicators.values()
        for name, variant in indicator.variants.items()
        if variant.caution
    ]
    body = Markup("<dl>{}</dl>").format(Markup("").join(rows))
    if cautions:
        body += Markup("<h3>{}</h3><ul>{}</ul>").format(say("Cautions"), Markup("").join(cautions))
    body += Markup("<p>{}</p>").format(say("Licence: {licence}", licence=survey.licence))
    present = sum(item.present for item in items)
    title = say(
        "How it was measured: {present} of {all} disclosure items present", present=present, all=len(items)
    )
    return section("how-measured", title, body, language, folded=True, contents=say("How it was measured"))


def _item_text(item: Item, language: Language) -> Markup:
    """What is said of a disclosure item, and what is missing from it."""
    text = " ".join(said_words(part.code, part.values, language) for part in item.said)
    lines = [escape(line) for line in text.split("\n") if line]
    if item.missing:
        missing = [missing_words(part.code, part.values, language) for part in item.missing]
        words = language.say("missing: {what}", what=", ".join(missing))
        lines.append(Markup('<span class="missing">{}</span>').format(words))
    return Markup("<br>").join(lines)
