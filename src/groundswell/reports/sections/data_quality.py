"""The data quality of waves in words: what is flagged in full, what passed folded."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.html.markup import NOTHING, Block, section
from groundswell.reports.language.language import Language
from groundswell.reports.language.quality import quality_label, quality_sentence

MOST = 12
"""Flags that stand open; the rest is folded."""


def check_list(rows: pd.DataFrame, language: Language, *, named: bool) -> Markup:
    """One line a check, flagged ones with their mark; `named` puts the wave's name in front."""
    items = [
        Markup('<li class="verdict-{}"><span aria-hidden="true">{}</span> <b>{}</b> {}</li>').format(
            "warned" if row["verdict"] == "flagged" else "passed",
            "!" if row["verdict"] == "flagged" else "✓",
            f"{row['wave']}, {quality_label(row['code'], language)}"
            if named
            else quality_label(row["code"], language),
            quality_sentence(row["code"], row["values"], language),
        )
        for _, row in rows.iterrows()
    ]
    return Markup('<ul class="checks">{}</ul>').format(Markup("").join(items))


def folded(rows: pd.DataFrame, words: str, language: Language, *, named: bool) -> Markup:
    """A list behind its sentence."""
    return Markup('<details class="numbers"><summary>{}</summary>{}</details>').format(
        words, check_list(rows, language, named=named)
    )


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
        parts.append(folded(passed, words, language, named=False))
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
        parts.append(folded(flagged.iloc[MOST:], more, language, named=True))
    kinds = ", ".join(quality_label(code, language) for code in dict.fromkeys(quality["code"]))
    parts.append(
        Markup("<p class=note>{}</p>").format(say("Looked at: {kinds}. Nothing was changed.", kinds=kinds))
    )
    return Markup("").join(parts)


def data_quality(evidence: ReportEvidence, language: Language) -> Block:
    """The flags of the respondents of every wave, as a section; nothing where there are none."""
    if not evidence.waves:
        return NOTHING
    title = language.say("Waves: data quality")
    return section("data-quality", title, survey_flags(evidence.quality, language), language)
