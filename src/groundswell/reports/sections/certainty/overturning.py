"""What would make a finding false, one small table each: how far answers would have to be off, as a reader counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.findings.findings import Finding
from groundswell.reports.findings.words import WORDS
from groundswell.reports.html.markup import paragraph
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of

HALF = 0.5


def overturning_tables(
    evidence: ReportEvidence, reading: Reading, findings: Sequence[Finding], language: Language
) -> list[Markup]:
    """The table of each finding about a change of one indicator, and below them what no table has."""
    pieces: list[Markup] = []
    compared = evidence.comparisons_of(reading.key)
    for finding in findings:
        if finding.indicator == reading.key and finding.adjusted is not None:
            row = compared[_is_of(finding, compared)].head(1)
            found = reading.overturning(row, [_least(finding.adjusted), HALF])
            pieces += _table(reading, finding, found, language)
    if not pieces:
        return []
    text = language.say(
        "A bias that stays the same (so many points, or the same part of those who feel it hiding it each time) makes "
        "a change larger or smaller, and never turns a rise into a fall: it stands in no table. Invented answers are "
        "taken as the opposite of what these people would have said; fewer would not do."
    )
    return [*pieces, paragraph(text)]


def _least(adjusted: float) -> float:
    """The probability from which on the word of a finding is allowed."""
    return next(least for _, least in WORDS if adjusted >= least)


def _is_of(finding: Finding, compared: pd.DataFrame) -> pd.Series:
    """Which row of the comparisons a finding tells."""
    same = (compared["kind"] == finding.kind) & (compared["estimate"] == finding.estimate)
    for name, day in (("start", finding.start), ("end", finding.end)):
        same &= compared[name].dt.strftime("%Y-%m-%d") == day
    return same


def _table(reading: Reading, finding: Finding, found: pd.DataFrame, language: Language) -> Iterator[Markup]:
    """One finding's table under its sentence."""
    say = language.say
    sure = say("until its probability is {p}", p=language.number(found["least"].iloc[0], 2))
    rows = list(_rows(reading, finding, found, language))
    named = pd.DataFrame(
        rows, columns=[say("What would have to be true"), sure, say("until it is as likely as not")]
    )
    named.attrs |= {"wrapped": True, "right": list(named.columns[1:])}
    yield Markup("<h4>{}</h4>").format(say("What would make it false: {finding}", finding=finding.sentence))
    yield table(named, language, caption=say("What would make it false: {finding}", finding=finding.sentence))


def _rows(
    reading: Reading, finding: Finding, found: pd.DataFrame, language: Language
) -> Iterator[tuple[str, ...]]:
    """What would have to be so, and how much of it leaves each probability."""
    measure = measure_of(reading.indicator, language)
    first = found.iloc[0]
    fall = (finding.estimate or 0.0) < 0
    yield (
        language.say(_drift(finding, fall=fall)),
        *(_distance(drift, measure) for drift in found["drift"]),
    )
    if finding.kind == "still":
        return
    if not measure.mean:
        claimed = reading.indicator.higher_is == "better"
        message = CLAIMED[fall] if claimed else HIDDEN[fall]
        yield (
            language.say(message, description=reading.indicator.description),
            *(_one_in(part, language) for part in found["claimed" if claimed else "hidden"]),
        )
    if pd.notna(first["wave_end"]):
        wave = {"house": reading.house_name(first["house"]), "date": language.date(first["wave_end"])}
        yield (
            language.say("Answers of the wave that it ends with were invented ({house}, {date})", **wave),
            *(_invented(part, first["n"], language) for part in found["invented"]),
        )


# Of a rise, of a fall.
HIDDEN = (
    mark("Of those who {description}, so many hid it in the earlier wave, and nobody in the later one"),
    mark("Of those who {description}, so many hid it in the later wave, and nobody in the earlier one"),
)
CLAIMED = (
    mark(
        "Of everyone but those who {description}, so many claimed it in the later wave, and nobody in the earlier one"
    ),
    mark(
        "Of everyone but those who {description}, so many claimed it in the earlier wave, and nobody in the later one"
    ),
)


def _drift(finding: Finding, *, fall: bool) -> str:
    if finding.kind == "still":
        return mark("All houses’ figures came to be off evenly over the year, up or down, by")
    if fall:
        return mark("All houses came to print too little meanwhile, by")
    return mark("All houses came to print too much meanwhile, by")


def _distance(drift: float, measure: Measure) -> str:
    return measure.distance_in_words(drift, 1)


def _one_in(part: float, language: Language) -> str:
    """A part of people as one in so many, and in percent; more than half in percent alone."""
    if pd.isna(part):
        return language.say("not even all of them")
    if not 0.0 < part <= HALF:
        return language.percent(part)
    number = language.number(round(1.0 / part))
    return language.say("1 in {n} ({percent})", n=number, percent=language.percent(part, 1))


def _invented(part: float, n: float, language: Language) -> str:
    """A part of a wave's answers as a number of them, where its n is known, and in percent."""
    if pd.isna(part):
        return language.say("not even all of them")
    percent = language.percent(part, 1)
    if pd.isna(n):
        return percent
    invented = language.number(-(-part * n // 1))
    return language.say("{k} of {n} ({percent})", k=invented, n=language.number(n), percent=percent)
