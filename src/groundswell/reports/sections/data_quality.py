"""The data quality of waves in words: what is flagged in full, what passed folded.

Of respondents every check is told; of published rows the pairs that may be one wave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.html.markup import NOTHING, Block, section
from groundswell.reports.language.counted_twice import counted_twice_words
from groundswell.reports.language.language import Language
from groundswell.reports.language.quality import quality_label, quality_sentence
from groundswell.waves import Survey
from groundswell.waves.toplines.twice import Pair

MOST = 12
"""Flags that stand open; the rest is folded."""


def check_list(rows: pd.DataFrame, language: Language, *, named: bool) -> Markup:
    """One line a check, flagged ones with their mark; `named` puts the wave's name in front."""
    return _lines(
        _line(
            f"{row['wave']}, {quality_label(row['code'], language)}"
            if named
            else quality_label(row["code"], language),
            quality_sentence(row["code"], row["values"], language),
            flagged=row["verdict"] == "flagged",
        )
        for _, row in rows.iterrows()
    )


def _line(about: str, sentence: str, *, flagged: bool) -> Markup:
    """What was looked at, and what was found, behind its mark."""
    return Markup('<li class="verdict-{}"><span aria-hidden="true">{}</span> <b>{}</b> {}</li>').format(
        "warned" if flagged else "passed", "!" if flagged else "✓", about, sentence
    )


def _lines(lines: Iterable[Markup]) -> Markup:
    return Markup('<ul class="checks">{}</ul>').format(Markup("").join(lines))


def folded(lines: Markup, words: str) -> Markup:
    """A list behind its sentence."""
    return Markup('<details class="numbers"><summary>{}</summary>{}</details>').format(words, lines)


def profile_quality(quality: pd.DataFrame, language: Language) -> Markup:
    """The checks of one wave: flags open, the others folded."""
    flagged, passed = quality[quality["verdict"] == "flagged"], quality[quality["verdict"] != "flagged"]
    say = language.say
    parts = [
        check_list(flagged, language, named=False)
        if len(flagged)
        else Markup("<p>{}</p>").format(say("Nothing is flagged."))
    ]
    if len(passed):
        words = language.count(
            "{n} check found nothing unusual", "{n} checks found nothing unusual", len(passed)
        )
        parts.append(folded(check_list(passed, language, named=False), words))
    note = say(
        "A flag is a number outside what is usual; nothing was changed, and there may be a good reason."
    )
    return Markup("").join([*parts, Markup("<p class=note>{}</p>").format(note)])


def survey_flags(quality: pd.DataFrame, language: Language) -> Markup:
    """The flags of every wave, the newest wave's first."""
    say = language.say
    flagged = quality[quality["verdict"] == "flagged"].iloc[::-1]
    waves = language.count("{n} wave", "{n} waves", int(quality["wave"].nunique()))
    checks = language.number(len(quality))
    sentence = language.count(
        "{n} of {checks} checks of the respondents of {waves} is flagged.",
        "{n} of {checks} checks of the respondents of {waves} are flagged.",
        len(flagged),
        checks=checks,
        waves=waves,
    )
    if flagged.empty:
        sentence = say(
            "{checks} checks of the respondents of {waves} flag nothing.", checks=checks, waves=waves
        )
    parts = [Markup("<p>{}</p>").format(sentence)]
    if len(flagged):
        parts.append(check_list(flagged.head(MOST), language, named=True))
    if len(flagged) > MOST:
        more = language.count("{n} more flag", "{n} more flags", len(flagged) - MOST)
        parts.append(folded(check_list(flagged.iloc[MOST:], language, named=True), more))
    kinds = ", ".join(quality_label(code, language) for code in dict.fromkeys(quality["code"]))
    parts.append(
        Markup("<p class=note>{}</p>").format(say("Looked at: {kinds}. Nothing was changed.", kinds=kinds))
    )
    return Markup("").join(parts)


def twice_flags(pairs: Sequence[Pair], survey: Survey, language: Language) -> Markup:
    """The published rows of which two may be one wave, in the order given."""
    say = language.say
    sentence = language.count(
        "{n} pair of published rows may be one wave, counted twice.",
        "{n} pairs of published rows may be one wave each, counted twice.",
        len(pairs),
    )
    about = say("published rows")
    lines = [_line(about, counted_twice_words(pair, survey, language), flagged=True) for pair in pairs]
    parts = [Markup("<p>{}</p>").format(sentence), _lines(lines[:MOST])]
    if len(lines) > MOST:
        more = language.count("{n} more flag", "{n} more flags", len(lines) - MOST)
        parts.append(folded(_lines(lines[MOST:]), more))
    note = say("Both rows of a pair count. Only who keeps the survey can tell whether they are one wave.")
    return Markup("").join([*parts, Markup("<p class=note>{}</p>").format(note)])


def data_quality(evidence: ReportEvidence, language: Language) -> Block:
    """The flags of published rows and of the respondents of every wave, as a section; nothing where there are none."""
    parts = []
    if evidence.twice:
        parts.append(twice_flags(evidence.twice, evidence.survey, language))
    if evidence.waves:
        parts.append(survey_flags(evidence.quality, language))
    if not parts:
        return NOTHING
    return section("data-quality", language.say("Waves: data quality"), Markup("").join(parts), language)
