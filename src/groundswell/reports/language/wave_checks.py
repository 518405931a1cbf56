"""Checks of a trend's waves in sentences: windows that overlap, shocks, and an n that nobody states."""

from __future__ import annotations

import datetime

from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.told_houses import MOST_NAMED, Names, Values, told_combination, told_house


def windows_sentence(_: str, values: Values, language: Language, houses: Names) -> str:
    """Which waves overlap in their fieldwork, and what they count as."""
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
    return language.say(message, house=told_house(told["house"], houses), waves=waves, apart=apart)


def shocks_sentence(_: str, values: Values, language: Language, houses: Names) -> str:
    """How many shocks there were, and who responds otherwise to them."""
    sentences = [_counted_shocks(values, language)]
    sentences += [_otherwise(one, language, houses) for one in values.get("otherwise", [])[:MOST_NAMED]]
    return " ".join(sentences)


def _otherwise(one: Values, language: Language, houses: Names) -> str:
    return language.say(
        "At the shock of {date}, waves of {name} jump by {size} logits where the others jump by {common}; the two are "
        "told apart.",
        date=language.date(datetime.date.fromisoformat(one["date"])),
        name=told_combination(one, language, houses),
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


def unknown_n_sentence(_: str, values: Values, language: Language, __: Names) -> str:
    """What stands for an n that is not stated."""
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
