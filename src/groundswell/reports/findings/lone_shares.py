"""The finding about each lone rough share: how it lies against the other houses, and what would tell more."""

from __future__ import annotations

import pandas as pd

from groundswell.reports.evidence.lone_shares import MARGIN, LoneShare, lone_shares
from groundswell.reports.evidence.reading import Reading, printed
from groundswell.reports.findings.findings import MARK, Finding
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import measure_of

# The words to set in bold stand in square brackets.
MESSAGES = {
    "alone": mark(
        "{title}: {house}’s figure for {period} stands alone; a change against other houses [cannot be checked]."
    ),
    "above": mark(
        "{title}: {house}’s figure for {period} lies [above] what the other houses say of that time, {band}; its "
        "wording and n would tell why."
    ),
    "below": mark(
        "{title}: {house}’s figure for {period} lies [below] what the other houses say of that time, {band}; its "
        "wording and n would tell why."
    ),
    "inside": mark(
        "{title}: {house}’s figure for {period} [does not contradict] the other houses, who say {band} for that time."
    ),
}


def lone_findings(reading: Reading, language: Language) -> list[Finding]:
    """One finding a lone share."""
    return [_finding(reading, lone, language) for lone in lone_shares(reading)]


def _finding(reading: Reading, lone: LoneShare, language: Language) -> Finding:
    say, row, measure = language.say, lone.row, measure_of(reading.indicator, language)
    parts = {
        "house": reading.house_name(row["house"]),
        "title": reading.title,
        "period": language.period(row["start"], row["end"], row["precision"]),
    }
    # A bracket of a survey's own would be taken for one that sets words in bold.
    parts = {name: text.replace("[", "(").replace("]", ")") for name, text in parts.items()}
    if lone.band is not None:
        parts["band"] = measure.span(*lone.band)
    sentence = say(MESSAGES[lone.position], **parts).replace("[", MARK).replace("]", MARK)
    before, word, after = sentence.split(MARK, 2)
    return Finding(
        kind="lone",
        indicator=reading.key,
        target=f"trend-{reading.key}",
        size=printed(row, measure),
        interval=say("a range, not an interval") if pd.notna(row["range_low"]) else say("no margin"),
        before=before,
        word=word,
        after=after,
        basis=_basis(reading, lone, language),
    )


def _basis(reading: Reading, lone: LoneShare, language: Language) -> str:
    """What is known of the figure, whose wave is nearest, and how many respondents would tell more."""
    say, nearest = language.say, lone.neighbour
    parts = [say("1 rough figure")]
    if pd.isna(lone.row["n"]):
        parts.append(say("n not published"))
    if nearest is not None:
        parts.append(
            say(
                "nearest wave of another house: {house}, {period}",
                house=reading.house_name(nearest["house"]),
                period=language.period(nearest["start"], nearest["end"], nearest["precision"]),
            )
        )
    margin = measure_of(reading.indicator, language).distance_in_words(MARGIN)
    parts.append(
        say("one wave of {n} would measure it to ±{margin}", n=language.number(lone.needed), margin=margin)
    )
    return " · ".join(parts)
