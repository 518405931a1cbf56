"""Why a row is left out of the fit, in words: one message a code of `trends.data.left_out_codes`."""

from __future__ import annotations

import pandas as pd

from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.marked_words import certainty_words
from groundswell.trends.data import left_out_codes
from groundswell.vocabulary import HIDDEN, SMALL_BASE
from groundswell.waves import Survey

WORDS = {
    left_out_codes.DATED_TO_YEAR: mark("dated only to a year"),
    left_out_codes.N_UNKNOWN: mark("n is unknown"),
    left_out_codes.NO_TYPICAL_N: mark("n is unknown, and no typical n of the house is known"),
    left_out_codes.RESPONDENTS: mark("estimated from the wave's respondents instead"),
    SMALL_BASE: mark("fewer than 30 respondents"),
    HIDDEN: mark("hidden to protect respondents"),
}
"""The reasons that need no more than their words."""


def left_out_words(row: pd.Series, survey: Survey, language: Language) -> str:
    """The reasons of one row of the observations table, "" where it is fitted.

    Why a variant is not fitted is told in the survey's own words. A reason that an older report wrote in another form
    stays as it is.
    """
    reasons = left_out_codes.read_reasons(str(row["left_out"]))
    return "; ".join(_words(reason, row, survey, language) for reason in reasons)


def _words(reason: left_out_codes.Reason, row: pd.Series, survey: Survey, language: Language) -> str:
    if reason.code == left_out_codes.VARIANT:
        return _own_words(row, survey) or language.say("the survey leaves this wording out")
    if reason.code == left_out_codes.CATEGORY:
        return language.say("`{category}` was not published", category=reason.parameter)
    if reason.code == left_out_codes.CERTAINTY:
        certainty = certainty_words(str(row["certainty"]), language)
        return language.say(
            "certainty {certainty} is not among those asked for", certainty=language.quoted(certainty)
        )
    if reason.code in WORDS:
        return language.say(WORDS[reason.code])
    return ":".join(filter(None, reason))


def _own_words(row: pd.Series, survey: Survey) -> str:
    """What the survey says of a variant that is not fitted; "" where it has no such variant any more."""
    indicator = survey.indicators.get(str(row["indicator"]))
    variant = indicator.variants.get(str(row["variant"])) if indicator else None
    return (variant.fit_reason if variant else None) or ""
