"""How it was measured: the eleven items that AAPOR's Transparency Initiative asks of whoever publishes survey results.

Each item is compiled from the survey's `[disclosure]` texts and from what its records and waves state anyway, as codes
and numbers. An item is present only if everything that it asks for is there; otherwise the report shows it as missing,
and says what. Source: American Association for Public Opinion Research, Transparency Initiative disclosure elements
(2021).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.weights.raking import without_category_of
from groundswell.estimates.weighting.without_category import WithoutOne
from groundswell.waves import Survey
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True)
class Part:
    """One thing that is said, or missing, of an item: its code and the numbers, names or text that belong to it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One of the eleven items (`ITEMS`): what the survey says of it, and what is missing from it."""

    code: str
    said: tuple[Part, ...]
    missing: tuple[Part, ...]

    @property
    def present(self) -> bool:
        """Whether everything that the item asks for is there."""
        return not self.missing


Parts = tuple[list[Part], list[Part]]
"""What is said and what is missing."""


def disclosure(
    survey: Survey, observations: pd.DataFrame, respondents: Sequence[Wave] = ()
) -> tuple[Item, ...]:
    """The eleven items in AAPOR's order.

    `observations` is the survey's observations table; its modes, fieldwork and sample sizes are summed up, a wave once,
    whatever its indicators and domains. `respondents` are the waves of respondents, whose weights say how they were
    raked.
    """
    waves = observations.drop_duplicates(["house", "mode", "start", "end"])
    items = []
    for code, compile_item in ITEMS.items():
        said, missing = compile_item(survey, waves)
        if code == "weighting":
            said += _without_category(respondents)
        items.append(Item(code, tuple(said), tuple(missing)))
    return tuple(items)


def _without_category(waves: Sequence[Wave]) -> list[Part]:
    """Respondents without a category of a margin, by margin and what was done with them: how many in which waves, and
    the largest share of a wave's weight."""
    found: dict[tuple[str, str, bool], list[tuple[str, WithoutOne]]] = {}
    for wave in waves:
        for variable, without in without_category_of(wave).items():
            found.setdefault((variable, without.rule, without.chosen), []).append((wave.name, without))
    return [
        Part(
            "without_category",
            {
                "variable": variable,
                "rule": rule,
                "chosen": chosen,
                "respondents": sum(without.respondents for _, without in of_waves),
                "share": max(without.share for _, without in of_waves),
                "waves": tuple(name for name, _ in of_waves),
            },
        )
        for (variable, rule, chosen), of_waves in found.items()
    ]


def _text(text: str) -> Part:
    """The survey's own words."""
    return Part("text", {"text": text})


def _texts(*keys: str) -> Callable[[Survey, pd.DataFrame], Parts]:
    """The `[disclosure]` texts with these keys; a key without text is missing under its own name."""

    def compile_item(survey: Survey, _: pd.DataFrame) -> Parts:
        texts = {key: getattr(survey.disclosure, key) for key in keys}
        said = [_text(text) for text in texts.values() if text]
        return said, [Part(key) for key, text in texts.items() if not text]

    return compile_item


def _who(survey: Survey, _: pd.DataFrame) -> Parts:
    houses = tuple(house.name for house in survey.houses.values())
    conducted = survey.disclosure.conducted_by
    said = [_text(conducted) if conducted else Part("conducted_by", {"houses": houses})]
    sponsor = survey.disclosure.sponsored_by or survey.sponsor
    if not sponsor:
        return said, [Part("sponsor")]
    return [*said, Part("sponsored_by", {"sponsor": sponsor})], []


def _instruments(survey: Survey, _: pd.DataFrame) -> Parts:
    questions = sum(len(indicator.variants) for indicator in survey.indicators.values())
    text = survey.disclosure.instruments
    return [*([_text(text)] if text else []), Part("wordings", {"questions": questions})], []


def _population(survey: Survey, _: pd.DataFrame) -> Parts:
    return [_text(survey.disclosure.population or f"{survey.universe} ({survey.geography})")], []


def _mode(survey: Survey, waves: pd.DataFrame) -> Parts:
    if survey.disclosure.mode:
        return [_text(survey.disclosure.mode)], []
    counts = {str(mode): int(count) for mode, count in waves["mode"].value_counts().items()}
    unknown = counts.pop("not stated", 0)
    said = [Part("modes", {"waves": counts})] if counts else []
    return said, [Part("mode", {"waves": unknown})] if unknown or not counts else []


def _dates(survey: Survey, waves: pd.DataFrame) -> Parts:
    if waves.empty:
        return [], [Part("dates")]
    first = pd.concat([waves["start"], waves["end"]]).min()
    span = Part("fieldwork", {"first": first, "last": waves["end"].max()})
    rough = int((waves["precision"] != "day").sum())
    text = survey.disclosure.dates
    return [*([_text(text)] if text else []), span], [Part("exact_dates", {"waves": rough})] if rough else []


def _sizes(survey: Survey, waves: pd.DataFrame) -> Parts:
    known = waves["n"].dropna()
    unknown = len(waves) - len(known)
    said = [_text(text) for text in (survey.disclosure.sample_size, survey.disclosure.precision) if text]
    if len(known):
        said.append(Part("sizes", {"low": int(known.min()), "high": int(known.max())}))
    return said, [Part("sample_size", {"waves": unknown})] if unknown or not len(known) else []


ITEMS: Mapping[str, Callable[[Survey, pd.DataFrame], Parts]] = {
    "data_collection": _texts("data_collection"),
    "sponsor_and_conductor": _who,
    "instruments": _instruments,
    "population": _population,
    "sample": _texts("sampling", "recruitment"),
    "mode": _mode,
    "dates": _dates,
    "sample_size": _sizes,
    "weighting": _texts("weighting"),
    "processing": _texts("processing", "quality"),
    "limitations": _texts("limitations"),
}
"""The items by their code, in AAPOR's order."""
