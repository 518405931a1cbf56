"""The check of bridges in a sentence: where the level crosses a change of wording, and on what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from groundswell.reports.language.language import Language, mark

KINDS: Final[Mapping[str, str]] = {
    "parallel_run": mark("a parallel run of both"),
    "split_ballot": mark("a split ballot"),
    "equating": mark("the same respondents’ answers to both"),
    "judgement": mark("a judgement"),
}


def bridges_sentence(_: str, values: Mapping[str, Any], language: Language, __: Mapping[str, str]) -> str:
    """Each bridge that is used, and each that is not."""
    sentences = [_used(bridge, language) for bridge in values["used"]]
    return " ".join([*sentences, *(_unused(bridge, language) for bridge in values["unused"])])


def _used(bridge: Mapping[str, Any], language: Language) -> str:
    distance, low, high = (100 * bridge[name] for name in ("distance", "low", "high"))
    message = (
        mark(
            "The level goes on between {old} and {new}: by {kind} of {date} the second reads {distance} points "
            "higher (95%: {low} to {high}), and the interval of a change from one to the other includes that error."
        )
        if distance >= 0
        else mark(
            "The level goes on between {old} and {new}: by {kind} of {date} the second reads {distance} points "
            "lower (95%: {low} to {high}), and the interval of a change from one to the other includes that error."
        )
    )
    kind = KINDS[bridge["kind"]]
    ends = (low, high) if distance >= 0 else (-high, -low)
    return language.say(
        message,
        old=language.quoted(bridge["old"]),
        new=language.quoted(bridge["new"]),
        kind=language.say(kind),
        date=language.date(datetime.date.fromisoformat(bridge["date"])),
        distance=language.number(abs(distance), 1),
        low=language.number(ends[0], 1),
        high=language.number(ends[1], 1),
    )


def _unused(bridge: Mapping[str, Any], language: Language) -> str:
    return language.say(
        "The bridge between {old} and {new} is not used: one of the two has no wave in the fit.",
        old=language.quoted(bridge["old"]),
        new=language.quoted(bridge["new"]),
    )
