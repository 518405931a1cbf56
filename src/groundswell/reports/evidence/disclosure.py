"""How it was measured: the eleven items that AAPOR's Transparency Initiative asks of whoever publishes survey results.

Each item is compiled from the survey's `[disclosure]` texts and from what its records and waves state anyway. An item
is present only if everything that it asks for is there; otherwise the report shows it as missing, and says what.
Source: American Association for Public Opinion Research, Transparency Initiative disclosure elements (2021).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from groundswell.reports.language.language import Language, mark
from groundswell.waves import Survey

COLUMNS = ["item", "title", "present", "text", "missing"]


class Item(NamedTuple):
    """What the survey says for one item, and what is missing from it, both in words."""

    said: list[str]
    missing: list[str]


def disclosure(survey: Survey, observations: pd.DataFrame, language: Language | None = None) -> pd.DataFrame:
    """The eleven items in AAPOR's order: `item` (a key), `title`, `present`, `text` and `missing` (in words).

    `observations` is the survey's observations table; its modes, fieldwork and sample sizes are summed up, a wave once,
    whatever its indicators and domains.
    """
    speak = language or Language()
    waves = observations.drop_duplicates(["house", "mode", "start", "end"])
    rows = []
    for key, (title, compile_item) in ITEMS.items():
        said, missing = compile_item(survey, waves, speak)
        words = ", ".join(missing)
        rows.append((key, speak.say(title), not missing, " ".join(said), words))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"present": bool})


def _texts(survey: Survey, speak: Language, **wanted: str) -> Item:
    """The `[disclosure]` texts with these keys; a key without text is missing under the name given for it."""
    texts = {key: getattr(survey.disclosure, key) for key in wanted}
    missing = [speak.say(name) for key, name in wanted.items() if not texts[key]]
    return Item([text for text in texts.values() if text], missing)


def _strategy(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    return _texts(survey, speak, data_collection=mark("data collection strategy"))


def _who(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    houses = ", ".join(house.name for house in survey.houses.values())
    conducted = survey.disclosure.conducted_by or speak.say("Conducted by {houses}.", houses=houses)
    sponsor = survey.disclosure.sponsored_by or survey.sponsor
    if not sponsor:
        return Item([conducted], [speak.say("who paid for the fieldwork")])
    return Item([conducted, speak.say("Sponsored by {sponsor}.", sponsor=sponsor)], [])


def _instruments(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    variants = [
        variant for indicator in survey.indicators.values() for variant in indicator.variants.values()
    ]
    wordings = speak.count(
        "The wording of {n} question is printed with its figure.",
        "The wordings of {n} questions are printed with their figures.",
        len(variants),
    )
    text = survey.disclosure.instruments
    return Item([*([text] if text else []), wordings], [])


def _population(survey: Survey, _: pd.DataFrame, __: Language) -> Item:
    return Item([survey.disclosure.population or f"{survey.universe} ({survey.geography})"], [])


def _sample(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    return _texts(
        survey,
        speak,
        sampling=mark("how the sample was drawn"),
        recruitment=mark("how respondents were recruited"),
    )


def _mode(survey: Survey, observations: pd.DataFrame, speak: Language) -> Item:
    if survey.disclosure.mode:
        return Item([survey.disclosure.mode], [])
    counts = observations["mode"].value_counts()
    unknown = int(counts.get("not stated", 0))
    known = [f"{speak.word(str(mode))} ({count})" for mode, count in counts.items() if mode != "not stated"]
    said = [speak.say("Waves by mode: {modes}.", modes=", ".join(known))] if known else []
    missing = speak.count("the mode of {n} wave", "the mode of {n} waves", unknown)
    return Item(said, [missing] if unknown or not known else [])


def _dates(survey: Survey, observations: pd.DataFrame, speak: Language) -> Item:
    if observations.empty:
        return Item([], [speak.say("fieldwork dates")])
    first = pd.concat([observations["start"], observations["end"]]).min()
    span = speak.say(
        "Fieldwork from {first} to {last}; each wave's dates are in the table of waves.",
        first=speak.date(first),
        last=speak.date(observations["end"].max()),
    )
    rough = int((observations["precision"] != "day").sum())
    missing = speak.count("the exact dates of {n} wave", "the exact dates of {n} waves", rough)
    text = survey.disclosure.dates
    return Item([*([text] if text else []), span], [missing] if rough else [])


def _sizes(survey: Survey, observations: pd.DataFrame, speak: Language) -> Item:
    known = observations["n"].dropna()
    unknown = len(observations) - len(known)
    said = [text for text in (survey.disclosure.sample_size, survey.disclosure.precision) if text]
    if len(known):
        size = speak.say(
            "Respondents a wave: {low} to {high}; the table of waves gives each with its effective size and margin.",
            low=speak.number(float(known.min())),
            high=speak.number(float(known.max())),
        )
        said.append(size)
    missing = speak.count("the sample size of {n} wave", "the sample sizes of {n} waves", unknown)
    return Item(said, [missing] if unknown or not len(known) else [])


def _weighting(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    return _texts(survey, speak, weighting=mark("how the figures were weighted"))


def _processing(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    return _texts(
        survey, speak, processing=mark("how answers were processed"), quality=mark("how quality was checked")
    )


def _limitations(survey: Survey, _: pd.DataFrame, speak: Language) -> Item:
    return _texts(survey, speak, limitations=mark("a statement of limitations"))


ITEMS: dict[str, tuple[str, Callable[[Survey, pd.DataFrame, Language], Item]]] = {
    "data_collection": (mark("Data collection strategy"), _strategy),
    "sponsor_and_conductor": (mark("Who sponsored it and who conducted it"), _who),
    "instruments": (mark("Measurement tools and instruments"), _instruments),
    "population": (mark("Population under study"), _population),
    "sample": (mark("How the sample was generated and recruited"), _sample),
    "mode": (mark("Method and mode of data collection"), _mode),
    "dates": (mark("Dates of data collection"), _dates),
    "sample_size": (mark("Sample sizes and precision"), _sizes),
    "weighting": (mark("How the data were weighted"), _weighting),
    "processing": (mark("How the data were processed and their quality ensured"), _processing),
    "limitations": (mark("Limitations"), _limitations),
}
