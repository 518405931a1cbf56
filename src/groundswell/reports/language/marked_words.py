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


def variant_words(house: str, variant: str) -> str:
    """A variant's key without its house's, as a reader meets it where the survey has no better words for it."""
    return variant.removeprefix(f"{house}-").replace("-", " ")


def mode_words(mode: str, language: Language) -> str:
    """How people were asked, in words; `mode` is not empty."""
    return language.say("mode not stated") if mode == "not stated" else language.word(mode)


def certainty_words(certainty: str, language: Language) -> str:
    """How sure a published figure is, in words; `certainty` is one of `waves.CERTAINTIES` or ""."""
    return language.word(certainty.replace("_", " "))
