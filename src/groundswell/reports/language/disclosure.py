"""The disclosure items in words: their titles, what is said of each, and what is missing.

The codes are those of `reports.evidence.disclosure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.without_category import without_category_words

Values = Mapping[str, Any]

TITLES = {
    "data_collection": mark("Data collection strategy"),
    "sponsor_and_conductor": mark("Who sponsored it and who conducted it"),
    "instruments": mark("Measurement tools and instruments"),
    "population": mark("Population under study"),
    "sample": mark("How the sample was generated and recruited"),
    "mode": mark("Method and mode of data collection"),
    "dates": mark("Dates of data collection"),
    "sample_size": mark("Sample sizes and precision"),
    "weighting": mark("How the data were weighted"),
    "processing": mark("How the data were processed and their quality ensured"),
    "limitations": mark("Limitations"),
}

MISSING = {
    "data_collection": mark("data collection strategy"),
    "sponsor": mark("who paid for the fieldwork"),
    "sampling": mark("how the sample was drawn"),
    "recruitment": mark("how respondents were recruited"),
    "dates": mark("fieldwork dates"),
    "weighting": mark("how the figures were weighted"),
    "processing": mark("how answers were processed"),
    "quality": mark("how quality was checked"),
    "limitations": mark("a statement of limitations"),
}
"""What is missing where it has no number."""


def item_title(code: str, language: Language) -> str:
    """The title of one of the eleven items."""
    return language.say(TITLES[code])


def said_words(code: str, values: Values, language: Language) -> str:
    """A sentence of what is said; the survey's own `text` stays as it is.

    Raises: KeyError for a code that is not known.
    """
    return SAID[code](values, language)


def missing_words(code: str, values: Values, language: Language) -> str:
    """What is missing, as a phrase.

    Raises: KeyError for a code that is not known.
    """
    return MISSING_OF_WAVES[code](values, language) if "waves" in values else language.say(MISSING[code])


def _text(values: Values, _: Language) -> str:
    return str(values["text"])


def _conducted_by(values: Values, language: Language) -> str:
    return language.say("Conducted by {houses}.", houses=", ".join(values["houses"]))


def _sponsored_by(values: Values, language: Language) -> str:
    return language.say("Sponsored by {sponsor}.", sponsor=values["sponsor"])


def _wordings(values: Values, language: Language) -> str:
    return language.count(
        "The wording of {n} question is printed with its figure.",
        "The wordings of {n} questions are printed with their figures.",
        values["questions"],
    )


def _modes(values: Values, language: Language) -> str:
    modes = [f"{language.word(mode)} ({language.number(count)})" for mode, count in values["waves"].items()]
    return language.say("Waves by mode: {modes}.", modes=", ".join(modes))


def _fieldwork(values: Values, language: Language) -> str:
    return language.say(
        "Fieldwork from {first} to {last}; each wave's dates are in the table of waves.",
        first=language.date(values["first"]),
        last=language.date(values["last"]),
    )


def _sizes(values: Values, language: Language) -> str:
    return language.say(
        "Respondents a wave: {low} to {high}; the table of waves gives each with its effective size and margin.",
        low=language.number(values["low"]),
        high=language.number(values["high"]),
    )


def _no_mode(values: Values, language: Language) -> str:
    return language.count("the mode of {n} wave", "the mode of {n} waves", values["waves"])


def _no_exact_dates(values: Values, language: Language) -> str:
    return language.count("the exact dates of {n} wave", "the exact dates of {n} waves", values["waves"])


def _no_size(values: Values, language: Language) -> str:
    return language.count("the sample size of {n} wave", "the sample sizes of {n} waves", values["waves"])


SAID: Mapping[str, Callable[[Values, Language], str]] = {
    "text": _text,
    "conducted_by": _conducted_by,
    "sponsored_by": _sponsored_by,
    "wordings": _wordings,
    "modes": _modes,
    "fieldwork": _fieldwork,
    "sizes": _sizes,
    "without_category": without_category_words,
}
MISSING_OF_WAVES: Mapping[str, Callable[[Values, Language], str]] = {
    "mode": _no_mode,
    "exact_dates": _no_exact_dates,
    "sample_size": _no_size,
}
