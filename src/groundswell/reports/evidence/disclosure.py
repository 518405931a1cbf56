"""What is disclosed of how a survey was made: the eleven items that AAPOR's Transparency Initiative asks for.

Each item is compiled from the survey's `[disclosure]` texts and from what its records and waves state anyway. An item
is present only if everything that it asks for is there. Facts are codes and numbers; `sections/disclosure` says them.
Source: American Association for Public Opinion Research, Transparency Initiative disclosure elements (2021).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from groundswell.waves import Survey

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Fact:
    """One thing that is said, or missing: a code, and the numbers, dates or texts that belong to it.

    The code "text" stands for a text of the survey itself, in `values["text"]`.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One of the eleven items by its `key`: what is said for it, and what is missing from it."""

    key: str
    said: tuple[Fact, ...]
    missing: tuple[Fact, ...]

    @property
    def present(self) -> bool:
        """Whether everything that the item asks for is there."""
        return not self.missing


Facts = tuple[list[Fact], list[Fact]]


def disclosure_items(survey: Survey, observations: pd.DataFrame) -> list[Item]:
    """The eleven items in AAPOR's order.

    `observations` is the survey's observations table; its modes, fieldwork and sample sizes are summed up, a wave once,
    whatever its indicators and domains.
    """
    waves = observations.drop_duplicates(["house", "mode", "start", "end"])
    compiled = {key: compile_item(survey, waves) for key, compile_item in ITEMS.items()}
    return [Item(key, tuple(said), tuple(missing)) for key, (said, missing) in compiled.items()]


def _text(*texts: str | None) -> list[Fact]:
    return [Fact("text", {"text": text}) for text in texts if text]


def _texts(survey: Survey, *keys: str) -> Facts:
    """The `[disclosure]` texts with these keys; a key without text is missing under its own name."""
    texts = {key: getattr(survey.disclosure, key) for key in keys}
    return _text(*texts.values()), [Fact(key) for key in keys if not texts[key]]


def _strategy(survey: Survey, _: pd.DataFrame) -> Facts:
    return _texts(survey, "data_collection")


def _who(survey: Survey, _: pd.DataFrame) -> Facts:
    houses = ", ".join(house.name for house in survey.houses.values())
    said = _text(survey.disclosure.conducted_by) or [Fact("conducted_by", {"houses": houses})]
    sponsor = survey.disclosure.sponsored_by or survey.sponsor
    if not sponsor:
        return said, [Fact("sponsored_by")]
    return [*said, Fact("sponsored_by", {"sponsor": sponsor})], []


def _instruments(survey: Survey, _: pd.DataFrame) -> Facts:
    variants = sum(len(indicator.variants) for indicator in survey.indicators.values())
    return [*_text(survey.disclosure.instruments), Fact("wordings", {"n": variants})], []


def _population(survey: Survey, _: pd.DataFrame) -> Facts:
    return _text(survey.disclosure.population or f"{survey.universe} ({survey.geography})"), []


def _sample(survey: Survey, _: pd.DataFrame) -> Facts:
    return _texts(survey, "sampling", "recruitment")


def _mode(survey: Survey, waves: pd.DataFrame) -> Facts:
    if survey.disclosure.mode:
        return _text(survey.disclosure.mode), []
    counts = {str(mode): int(count) for mode, count in waves["mode"].value_counts().items()}
    unknown = counts.pop(NOT_STATED, 0)
    said = [Fact("modes", {"counts": counts})] if counts else []
    return said, [Fact("mode", {"n": unknown})] if unknown or not counts else []


def _dates(survey: Survey, waves: pd.DataFrame) -> Facts:
    if waves.empty:
        return [], [Fact("fieldwork")]
    first = pd.concat([waves["start"], waves["end"]]).min()
    said = [*_text(survey.disclosure.dates), Fact("fieldwork", {"first": first, "last": waves["end"].max()})]
    rough = int((waves["precision"] != "day").sum())
    return said, [Fact("dates", {"n": rough})] if rough else []


def _sizes(survey: Survey, waves: pd.DataFrame) -> Facts:
    known = waves["n"].dropna()
    unknown = len(waves) - len(known)
    said = _text(survey.disclosure.sample_size, survey.disclosure.precision)
    if len(known):
        said.append(Fact("sizes", {"low": float(known.min()), "high": float(known.max())}))
    return said, [Fact("sample_size", {"n": unknown})] if unknown or not len(known) else []


def _weighting(survey: Survey, _: pd.DataFrame) -> Facts:
    return _texts(survey, "weighting")


def _processing(survey: Survey, _: pd.DataFrame) -> Facts:
    return _texts(survey, "processing", "quality")


def _limitations(survey: Survey, _: pd.DataFrame) -> Facts:
    return _texts(survey, "limitations")


ITEMS: dict[str, Callable[[Survey, pd.DataFrame], Facts]] = {
    "data_collection": _strategy,
    "sponsor_and_conductor": _who,
    "instruments": _instruments,
    "population": _population,
    "sample": _sample,
    "mode": _mode,
    "dates": _dates,
    "sample_size": _sizes,
    "weighting": _weighting,
    "processing": _processing,
    "limitations": _limitations,
}
"""The key of each item, and what compiles it."""
