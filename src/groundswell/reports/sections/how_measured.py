"""How it was measured: what is disclosed of the survey, and what is missing."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup, escape

from groundswell.estimates.of_wave.domains import ALL
from groundswell.reports.html.markup import Block, section
from groundswell.reports.language.language import Language
from groundswell.reports.sections.disclosure import disclosure
from groundswell.waves import Survey


def how_measured(survey: Survey, observations: pd.DataFrame, language: Language) -> Block:
    """The disclosure items, present and missing, the cautions of the variants, and the licence, folded."""
    say = language.say
    everyone = observations[observations["domain"] == ALL]
    items = disclosure(survey, everyone, language)
    rows = [
        Markup("<dt>{}</dt><dd>{}</dd>").format(row["title"], _item_text(row, language))
        for _, row in items.iterrows()
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
    present = int(items["present"].sum())
    title = say(
        "How it was measured: {present} of {all} disclosure items present", present=present, all=len(items)
    )
    return section("how-measured", title, body, language, folded=True, contents=say("How it was measured"))


def _item_text(row: pd.Series, language: Language) -> Markup:
    """What is said of a disclosure item, and what is missing from it."""
    lines = [escape(line) for line in row["text"].split("\n") if line]
    if not row["present"]:
        words = language.say("missing: {what}", what=row["missing"])
        lines.append(Markup('<span class="missing">{}</span>').format(words))
    return Markup("<br>").join(lines)
