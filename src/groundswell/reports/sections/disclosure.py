"""The eleven disclosure items in words: what is said for each, and what is missing from it."""

from __future__ import annotations

import pandas as pd

from groundswell.reports.evidence.disclosure import Fact, disclosure_items
from groundswell.reports.language.language import Language, mark
from groundswell.waves import Survey

COLUMNS = ["item", "title", "present", "text", "missing"]

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
    "sponsored_by": mark("who paid for the fieldwork"),
    "sampling": mark("how the sample was drawn"),
    "recruitment": mark("how respondents were recruited"),
    "fieldwork": mark("fieldwork dates"),
    "weighting": mark("how the figures were weighted"),
    "processing": mark("how answers were processed"),
    "quality": mark("how quality was checked"),
    "limitations": mark("a statement of limitations"),
}
"""What is missing, by its code; what is missing of single waves is counted in `missing_words`."""


def disclosure(survey: Survey, observations: pd.DataFrame, language: Language | None = None) -> pd.DataFrame:
    """The eleven items in AAPOR's order: `item` (a key), `title`, `present`, `text` and `missing` (in words).

    `observations` as in `disclosure_items`; the default language is English.
    """
    speak = language or Language()
    rows = [
        (
            item.key,
            speak.say(TITLES[item.key]),
            item.present,
            " ".join(said_words(fact, speak) for fact in item.said),
            ", ".join(missing_words(fact, speak) for fact in item.missing),
        )
        for item in disclosure_items(survey, observations)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"present": bool})


def said_words(fact: Fact, language: Language) -> str:
    """One thing that is said for an item; a text of the survey's own stays as it is."""
    say, values = language.say, fact.values
    match fact.code:
        case "conducted_by":
            return say("Conducted by {houses}.", houses=values["houses"])
        case "sponsored_by":
            return say("Sponsored by {sponsor}.", sponsor=values["sponsor"])
        case "wordings":
            return language.count(
                "The wording of {n} question is printed with its figure.",
                "The wordings of {n} questions are printed with their figures.",
                values["n"],
            )
        case "modes":
            modes = [f"{language.word(mode)} ({count})" for mode, count in values["counts"].items()]
            return say("Waves by mode: {modes}.", modes=", ".join(modes))
        case "fieldwork":
            return say(
                "Fieldwork from {first} to {last}; each wave's dates are in the table of waves.",
                first=language.date(values["first"]),
                last=language.date(values["last"]),
            )
        case "sizes":
            return say(
                "Respondents a wave: {low} to {high}; the table of waves gives each with its effective size and "
                "margin.",
                low=language.number(values["low"]),
                high=language.number(values["high"]),
            )
    return str(values["text"])


def missing_words(fact: Fact, language: Language) -> str:
    """One thing that is missing from an item; of waves it says how many lack it."""
    match fact.code:
        case "mode":
            return language.count("the mode of {n} wave", "the mode of {n} waves", fact.values["n"])
        case "dates":
            return language.count(
                "the exact dates of {n} wave", "the exact dates of {n} waves", fact.values["n"]
            )
        case "sample_size":
            return language.count(
                "the sample size of {n} wave", "the sample sizes of {n} waves", fact.values["n"]
            )
    return language.say(MISSING[fact.code])
