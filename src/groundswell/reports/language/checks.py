"""Checks of a trend in sentences: what each code with its verdict and numbers means to a reader.

The codes are those of `trends.answers.diagnostics`; notes about a series stand in `series_notes`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from groundswell.reports.language.bridge_sentence import bridges_sentence
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure
from groundswell.reports.language.told_houses import (
    Names,
    Values,
    told_combination,
    told_group,
    told_house,
)
from groundswell.reports.language.wave_checks import shocks_sentence, unknown_n_sentence, windows_sentence
from groundswell.trends.model.priors import PACE_NAME, SPEED_NAME

MOST_WAVES = 3

UNKNOWNS: Final[Mapping[str, str]] = {
    "level_sd": mark("how fast the level moves"),
    "house_sd": mark("how far houses lie apart"),
    "dispersion": mark("how much more waves scatter than their n says"),
    "excess_sd": mark("the errors of waves beyond sampling"),
    "decay_days": mark("how fast a shock fades"),
}
"""The hyperparameters in plain words."""


def check_sentence(
    code: str, verdict: str, values: Values, language: Language, houses: Names | None = None
) -> str:
    """The sentence of one check; `houses` gives the name of a house by its key, else the key stands in back-ticks.

    Raises: KeyError for a code that no check has.
    """
    return SENTENCES[code](verdict, values, language, houses or {})


def with_sentences(checks: pd.DataFrame, language: Language, houses: Names | None = None) -> pd.DataFrame:
    """The checks (`code, verdict, values`) with the column `sentence`."""
    rows = zip(checks["code"], checks["verdict"], checks["values"], strict=True)
    return checks.assign(sentence=[check_sentence(*row, language, houses) for row in rows])


def _convergence(verdict: str, values: Values, language: Language, _: Names) -> str:
    if verdict == "passed":
        return language.count(
            "The fit converged after {n} evaluation of the likelihood: from there every way leads down.",
            "The fit converged after {n} evaluations of the likelihood: from there every way leads down.",
            values["evaluations"],
        )
    if values["below"] is None:
        return language.count(
            "The fit stopped after {n} evaluation where the likelihood does not fall on all sides (least curvature "
            "{bend}): read its intervals with care.",
            "The fit stopped after {n} evaluations where the likelihood does not fall on all sides (least curvature "
            "{bend}): read its intervals with care.",
            values["evaluations"],
            bend=language.number(values["bend"], 2),
        )
    return language.count(
        "The fit stopped after {n} evaluation short of the top (about {below} below it in log-likelihood): read its "
        "intervals with care.",
        "The fit stopped after {n} evaluations short of the top (about {below} below it in log-likelihood): read its "
        "intervals with care.",
        values["evaluations"],
        below=language.number(values["below"], 2),
    )


def _warnings(_: str, values: Values, language: Language, __: Names) -> str:
    if not values["warnings"]:
        return language.say("The numerical libraries gave no warning.")
    return language.say("The numerical libraries warned: {warnings}.", warnings="; ".join(values["warnings"]))


def _prior(verdict: str, values: Values, language: Language, _: Names) -> str:
    if verdict != "warned":
        return language.count(
            "What is assumed before {n} wave speaks hardly counts: with assumptions twice as wide, the newest level "
            "and its 95% interval stay about where they are.",
            "What is assumed before {n} waves speak hardly counts: with assumptions twice as wide, the newest level "
            "and its 95% interval stay about where they are.",
            values["waves"],
        )
    measure = Measure(language, values.get("scale"), values.get("unit"))

    def level(ends: Values) -> str:
        return f"{measure.number(ends['share'], 1)} ({measure.interval95(ends['low'], ends['high'], 1)})"

    named = [
        language.say("{unknown}: {level}", unknown=_unknown(row["name"], language), level=level(row))
        for row in values["wider"]
    ]
    return language.count(
        "{n} wave does not say enough, and what is assumed beforehand decides. The newest level is {level}; were one "
        "of these assumptions twice as wide, it would be: {named}.",
        "{n} waves do not say enough, and what is assumed beforehand decides. The newest level is {level}; were one "
        "of these assumptions twice as wide, it would be: {named}.",
        values["waves"],
        level=level(values["newest"]),
        named="; ".join(named),
    )


def _unknown(name: str, language: Language) -> str:
    """A hyperparameter in plain words."""
    if name.startswith(PACE_NAME):
        return language.say("how fast the level moved before a change of wording")
    if name == SPEED_NAME:
        return language.say("how much faster the level moves in some parts of the series")
    return language.say(UNKNOWNS[name])


def _coverage(_: str, values: Values, language: Language, __: Names) -> str:
    if values["held"] is None:
        return language.say(
            "Too few waves ({n}) followed another of their house to check the forecasts.",
            n=language.number(values["waves"]),
        )
    return language.say(
        "{share} of {n} waves fell inside the 95% interval forecast from the waves before them.",
        share=language.percent(values["held"], 1),
        n=language.number(values["waves"]),
    )


def _outliers(_: str, values: Values, language: Language, houses: Names) -> str:
    far = values["far"]
    if not far:
        return language.say("No wave lies far from what all the others say.")
    named = "; ".join(
        f"{told_house(wave['house'], houses)}, {language.date(datetime.date.fromisoformat(wave['end']))}"
        for wave in far[:MOST_WAVES]
    )
    return language.count(
        "{n} of {all} waves lies far from what all the others say, and counts for less than its n: {named}.",
        "{n} of {all} waves lie far from what all the others say, and count for less than their n: {named}.",
        len(far),
        all=language.number(values["waves"]),
        named=named + (" …" if len(far) > MOST_WAVES else ""),
    )


def _noise(_: str, values: Values, language: Language, houses: Names) -> str:
    own = values.get("own")
    if "scale" in values:
        measure = Measure(language, values["scale"], values.get("unit"))
        sentence = language.say(
            "Published means vary {dispersion} times as much (in variance) as their standard errors say, plus an "
            "excess standard deviation of {excess} logits (about {distance} in the middle of the scale).",
            dispersion=language.number(values["dispersion"], 2),
            excess=language.number(values["excess_sd"], 2),
            distance=measure.distance_in_words(values["excess_sd"] / 4, 1),
        )
        loud = own and measure.distance_in_words(own["excess_sd"] / 4, 1)
    else:
        sentence = language.say(
            "Published shares vary {dispersion} times as much (in variance) as their effective sample sizes say, plus "
            "an excess standard deviation of {excess} logits (about {points} points at one half).",
            dispersion=language.number(values["dispersion"], 2),
            excess=language.number(values["excess_sd"], 2),
            points=language.number(25 * values["excess_sd"], 1),
        )
        loud = own and language.say("{points} points", points=language.number(25 * own["excess_sd"], 1))
    if not own:
        return sentence
    rest = language.say(
        "Waves of {name} scatter more than the others, by {excess} logits (about {distance}), and count for less: most "
        "of the excess is theirs.",
        name=told_combination(own, language, houses),
        excess=language.number(own["excess_sd"], 2),
        distance=loud,
    )
    return f"{sentence} {rest}"


def _speed(verdict: str, values: Values, language: Language, _: Names) -> str:
    if verdict == "not applicable":
        return language.say(
            "Too few waves to tell whether the level moves faster in some parts of the series than in others."
        )
    if values["probability"] < 0.5:
        return language.say(
            "The level moves at one speed, as far as the waves show: the probability that it moves faster in some "
            "parts of the series than in others is {probability}.",
            probability=language.probability(values["probability"]),
        )
    return language.say(
        "The level moves faster in some parts of the series than in others (probability {probability}): from "
        "{fast_from} to {fast_to} by about {fast} logits a year, from {slow_from} to {slow_to} by {slow}. The band is "
        "wider where it is fast.",
        probability=language.probability(values["probability"]),
        **_part("fast", values["fastest"], language),
        **_part("slow", values["slowest"], language),
    )


def _part(name: str, part: Values, language: Language) -> dict[str, str]:
    """The days of a part of a series, and how fast the level moves there."""
    days = {end: language.date(pd.Timestamp(part[key])) for end, key in (("from", "first"), ("to", "last"))}
    told = {f"{name}_{end}": day for end, day in days.items()}
    return {**told, name: language.number(part["a_year"], 2)}


def _overlap(verdict: str, values: Values, language: Language, houses: Names) -> str:
    say, groups = language.say, values["groups"]
    if verdict == "not applicable":
        return say(
            "All waves are from one house: the level is on its scale, and its house effect is not known."
        )
    if verdict == "passed":
        sentence = say("Every house overlaps in time with others.")
    else:
        sentence = say(
            "The waves of {groups} never overlap in time: the difference between them is not known from the waves, and "
            "a change of level there cannot be told from it.",
            groups=language.listed([told_group(group, language, houses) for group in groups]),
        )
    if not values["as_error"]:
        return sentence
    rest = language.count(
        "The effect of the {n} house with fewest waves counts as error.",
        "The effects of the {n} houses with fewest waves count as error.",
        values["as_error"],
    )
    return f"{sentence} {rest}"


SENTENCES: Mapping[str, Callable[[str, Values, Language, Names], str]] = {
    "convergence": _convergence,
    "warnings": _warnings,
    "prior": _prior,
    "speed": _speed,
    "one_step_coverage": _coverage,
    "outlying_waves": _outliers,
    "noise": _noise,
    "house_overlap": _overlap,
    "overlapping_windows": windows_sentence,
    "bridges": bridges_sentence,
    "shocks": shocks_sentence,
    "unknown_n": unknown_n_sentence,
}
