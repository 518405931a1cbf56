"""A declared mood on the page: what each question is worth to it, and what all of it takes for granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.declared.moods import MoodReading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.html.markup import Block
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language, mark
from groundswell.trends.moods.mood import AGAINST, FOLLOWS, NOT_TIED, REFERENCE, UNTOLD
from groundswell.trends.moods.one_mood import SILENT

VERDICTS = {
    REFERENCE: mark("the reference"),
    FOLLOWS: mark("moves with the mood"),
    AGAINST: mark("moves against the mood: is its direction right?"),
    UNTOLD: mark("cannot tell: it may say nothing of the mood"),
    NOT_TIED: mark("not used: too few waves in the time of the others"),
}


def mood_table(evidence: ReportEvidence, reading: MoodReading, language: Language) -> Block:
    """The items with slope and what leaving each out says, and the assumptions, folded; where no mood can be told, a
    sentence that says so."""
    say = language.say
    if reading.mood is None:
        text = say(
            "{title}: no mood can be told, since its questions have too few waves in common.",
            title=reading.declared.title,
        )
        return Block(str(Markup("<p class=note>{}</p>").format(text)), part="note")
    titles = {key: each.title for key, each in evidence.readings.items()}
    listed: list[Any] = list(reading.items.itertuples())
    shown = pd.DataFrame(
        {
            say("Question"): [_named(row, titles, language) for row in listed],
            say("Waves"): [language.number(row.waves) for row in listed],
            say("Slope (95%)"): [_slope(row, language) for row in listed],
            say("Of the mood"): [_part(row.common, row, language) for row in listed],
            say("Error with the others"): [_left_out(row, language) for row in listed],
            say("What it tells"): [say(VERDICTS[row.verdict]) for row in listed],
        },
        dtype=object,
    )
    shown.attrs["right"] = tuple(shown.columns)[1:5]
    note = say(
        "Slope: by how much a question’s level moves where the mood moves by one, both as logits. Of the mood: how "
        "much of what moves its level is the mood. Error with the others: its waves are left out, a fifth at a time, "
        "and forecast from the rest with the other questions; the error (CRPS) as a part of that without them, below "
        "100% where they help."
    )
    assumed = Markup("").join(
        Markup("<li>{}</li>").format(line) for line in assumptions(reading, titles, language)
    )
    folded = Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(
        say("What this rests on"), assumed
    )
    body = table(shown, language, caption=reading.declared.title)
    return Block(str(body + Markup("<p class=note>{}</p>").format(note) + folded), part="note")


def assumptions(reading: MoodReading, titles: dict[str, str], language: Language) -> Iterator[str]:
    """What is taken for granted, in sentences."""
    say, mood = language.say, reading.mood
    assert mood is not None
    name = language.quoted(reading.reference.title)
    yield say(
        "The mood is what {reference} measures; the other questions tell of it as far as they move with it.",
        reference=name,
    )
    yield say(
        "Each other question is an intercept, a slope times the mood and a slow movement of its own, all in logits; "
        "the slope does not change with the years."
    )
    turned = [titles.get(item.name, item.name) for item in mood.tied if item.direction < 0]
    if turned:
        yield say("Declared to mean less of the mood: {questions}.", questions=", ".join(turned))
    yield say(
        "A slope may come out negative, and beforehand a question says nothing of the mood with a probability of "
        "{silent}: one that disagrees is seen, not forced.",
        silent=language.percent(SILENT),
    )
    if mood.trends[mood.reference].segments[-1].scale.wordings > 1:
        yield say(
            "{reference} was asked in several wordings: the mood is told in the newest, and the other questions "
            "carry it over a change of wording.",
            reference=name,
        )
    yield say("No shocks are looked for; errors of questions asked of the same people may be alike.")
    yield say(
        "The intervals hold what such surveys would say on average; an error common to all of them shows in none."
    )


def _named(row: Any, titles: dict[str, str], language: Language) -> str:
    title = titles.get(row.item, row.item)
    return (
        language.say("{title} (reversed)", title=title)
        if pd.notna(row.direction) and row.direction == -1
        else title
    )


def _slope(row: Any, language: Language) -> str:
    if row.verdict == REFERENCE or pd.isna(row.slope):
        return "–"
    ends = language.say(
        "{low} to {high}", low=language.number(row.slope_low, 2), high=language.number(row.slope_high, 2)
    )
    return f"{language.number(row.slope, 2)} ({ends})"


def _part(part: float, row: Any, language: Language) -> str:
    return "–" if row.verdict in (REFERENCE, NOT_TIED) or pd.isna(part) else language.percent(part)


def _left_out(row: Any, language: Language) -> str:
    return "–" if pd.isna(row.ratio) else language.percent(row.ratio)
