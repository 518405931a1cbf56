"""Checks of a trend in sentences: what each code with its verdict and numbers means to a reader.

The codes are those of `trends.answers.diagnostics`; notes about a series stand in `series_notes`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from groundswell.reports.language.bridge_sentence import bridges_sentence
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.marked_words import mode_words, variant_words
from groundswell.reports.language.measure import Measure
from groundswell.trends.model.priors import PACE_NAME, SPEED_NAME

MOST_NAMED = 4
MOST_WAVES = 3

UNKNOWNS: Final[Mapping[str, str]] = {
    "level_sd": mark("how fast the level moves"),
    "house_sd": mark("how far houses lie apart"),
    "dispersion": mark("how much more waves scatter than their n says"),
    "excess_sd": mark("the errors of waves beyond sampling"),
    "decay_days": mark("how fast a shock fades"),
}
"""The hyperparameters in plain words."""

Values = Mapping[str, Any]
Names = Mapping[str, str]


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
        f"{_house(wave['house'], houses)}, {language.date(datetime.date.fromisoformat(wave['end']))}"
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
        name=_combination(own, language, houses),
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
            groups=language.listed([_group(group, language, houses) for group in groups]),
        )
    if not values["as_error"]:
        return sentence
    rest = language.count(
        "The effect of the {n} house with fewest waves counts as error.",
        "The effects of the {n} houses with fewest waves count as error.",
        values["as_error"],
    )
    return f"{sentence} {rest}"


def _windows(_: str, values: Values, language: Language, houses: Names) -> str:
    rolling, separate = values["rolling"], values["separate"]
    if not rolling and not separate:
        return language.say("No two exactly dated waves of a house overlap in their fieldwork.")
    sentences = [_rolling(told, language, houses) for told in rolling]
    return " ".join([*sentences, *(_separate(told, language, houses) for told in separate)])


def _rolling(told: Values, language: Language, houses: Names) -> str:
    message = (
        mark(
            "{waves} waves of {house} are rolling windows that share respondents: they say about as much as {apart} "
            "that share none."
        )
        if told["stated"]
        else mark(
            "{waves} waves of {house} are taken for rolling windows that share respondents, since most overlap with "
            "the next one and nothing else is stated: they say about as much as {apart} that share none."
        )
    )
    return _of_windows(message, told, language, houses)


def _separate(told: Values, language: Language, houses: Names) -> str:
    message = (
        mark(
            "{waves} waves of {house} overlap in their fieldwork with others and have a sample each, as is stated."
        )
        if told["stated"]
        else mark(
            "{waves} waves of {house} overlap in their fieldwork with others and count as a sample each, since few "
            "do or not by much; whether they share respondents is not stated."
        )
    )
    return _of_windows(message, told, language, houses)


def _of_windows(message: str, told: Values, language: Language, houses: Names) -> str:
    waves, apart = (language.number(told[name]) for name in ("waves", "apart"))
    return language.say(message, house=_house(told["house"], houses), waves=waves, apart=apart)


def _shocks(_: str, values: Values, language: Language, houses: Names) -> str:
    sentences = [_counted_shocks(values, language)]
    sentences += [_otherwise(one, language, houses) for one in values.get("otherwise", [])[:MOST_NAMED]]
    return " ".join(sentences)


def _otherwise(one: Values, language: Language, houses: Names) -> str:
    return language.say(
        "At the shock of {date}, waves of {name} jump by {size} logits where the others jump by {common}; the two are "
        "told apart.",
        date=language.date(datetime.date.fromisoformat(one["date"])),
        name=_combination(one, language, houses),
        size=language.number(one["size"], 2),
        common=language.number(one["common"], 2),
    )


def _counted_shocks(values: Values, language: Language) -> str:
    sentence = language.say(
        "Shocks at declared events: {declared}; shocks found elsewhere: {undeclared}.",
        declared=language.number(values["declared"]),
        undeclared=language.number(values["undeclared"]),
    )
    if not values["unused"]:
        return sentence
    rest = language.say(
        "The effect of an event is not known without a wave both before and after it: {events}.",
        events="; ".join(map(language.quoted, values["unused"])),
    )
    return f"{sentence} {rest}"


def _unknown_n(_: str, values: Values, language: Language, __: Names) -> str:
    if values["kind"] == "stated":
        return language.say("Every wave states its n, or what it is worth.")
    waves = language.number(values["waves"])
    if values["kind"] == "assumed":
        return language.count(
            "{n} of {all} waves states no n, and nothing says what it may be: it counts as {size} respondents, as "
            "many as a national poll usually asks.",
            "{n} of {all} waves state no n, and nothing says what it may be: each counts as {size} respondents, as "
            "many as a national poll usually asks.",
            values["unknown"],
            all=waves,
            size=language.number(values["n"]),
        )
    if values["kind"] == "all":
        return language.count(
            "{n} of {all} waves states no n: the median of the others stands for it.",
            "{n} of {all} waves state no n: the median of the others stands for it.",
            values["unknown"],
            all=waves,
        )
    return language.count(
        "{n} of {all} waves states no n: the usual one of its house stands for it.",
        "{n} of {all} waves state no n: the usual one of their house stands for it.",
        values["unknown"],
        all=waves,
    )


def _combination(named: Values, language: Language, houses: Names) -> str:
    """A house, and where it has others the variant and mode that are meant."""
    house, mode = str(named["house"]), str(named["mode"])
    parts = [variant_words(house, str(named["variant"])), mode and mode_words(mode, language)]
    details = ", ".join(filter(None, parts))
    return f"{_house(house, houses)} ({details})" if details else _house(house, houses)


def _house(key: str, houses: Names) -> str:
    return houses.get(key, f"`{key}`")


def _group(group: list[str], language: Language, houses: Names) -> str:
    """The first houses of a group, and how many more there are."""
    named = [_house(key, houses) for key in group[:MOST_NAMED]]
    if len(group) > MOST_NAMED:
        named.append(language.say("{n} more", n=language.number(len(group) - MOST_NAMED)))
    return ", ".join(named)


SENTENCES: Mapping[str, Callable[[str, Values, Language, Names], str]] = {
    "convergence": _convergence,
    "warnings": _warnings,
    "prior": _prior,
    "speed": _speed,
    "one_step_coverage": _coverage,
    "outlying_waves": _outliers,
    "noise": _noise,
    "house_overlap": _overlap,
    "overlapping_windows": _windows,
    "bridges": bridges_sentence,
    "shocks": _shocks,
    "unknown_n": _unknown_n,
}
