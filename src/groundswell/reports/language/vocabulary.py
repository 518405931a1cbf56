"""Words that lower floors write into tables and that a page says in the reader's language.

A floor below knows no language, so the words are marked here for the catalogue; a test holds them against what the
floors write.
"""

from __future__ import annotations

from groundswell.reports.language.language import Language, mark

VERDICTS = (mark("passed"), mark("warned"), mark("failed"), mark("not applicable"))
CERTAINTY_WORDS = (
    mark("verbatim primary"),
    mark("computed from microdata"),
    mark("verbatim secondary"),
    mark("derived"),
    mark("unverified quote"),
)
LEFT_OUT = (
    mark("dated only to a year"),
    mark("estimated from the wave's respondents instead"),
)
LEFT_OUT_CODES = {
    "small_base": mark("fewer than 30 respondents"),
    "hidden": mark("hidden to protect respondents"),
}
"""Why a row of a domain is left out of the trend, by the flag that stands in `left_out`."""
MODES = (
    mark("not stated"),
    mark("face to face"),
    mark("telephone"),
    mark("online"),
    mark("CATI"),
    mark("paper"),
)
ROW_CHANGES = (mark("new"), mark("revised"), mark("withdrawn"))
WEIGHTS = {
    "own": mark("as they came"),
    "before_raking": mark("before raking"),
    "after_raking": mark("after raking"),
}
"""Whose weights a row of a wave's tables of weights speaks of, by their codes there."""


def left_out_words(cell: str, language: Language) -> str:
    """Why a row is left out of the fit, in the reader's words; `cell` is that of `left_out`, empty where it is not."""
    return "; ".join(language.word(LEFT_OUT_CODES.get(reason, reason)) for reason in cell.split("; "))
