"""Respondents without a category of a margin in words: how many, and what raking does with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.reports.language.language import Language, mark
from groundswell.vocabulary import WithoutCategory

RULES: dict[WithoutCategory, str] = {
    "other_margins": mark("raked at the other margins"),
    "unknown": mark("held at that share as a category of their own"),
    "hot_deck": mark("each given the category of one who is alike in the other margins, drawn by weight"),
}
"""What is done with them; not with those whom "refuse" stops."""

NOT_CHOSEN = mark("raked at the other margins, as no rule was chosen")


def without_category_words(values: Mapping[str, Any], language: Language) -> str:
    """Who has no category of a margin, their share of the weight and the rule, as one sentence.

    `values` are `variable`, the `waves` that it is said of (none where the page is one wave's), how many `respondents`,
    their `share` of the weight (the largest of any wave), the `rule`, and whether it was `chosen`.
    """
    rule = RULES[values["rule"]] if values["chosen"] else NOT_CHOSEN
    said = {
        "variable": values["variable"],
        "share": language.percent(values["share"], 1),
        "rule": language.say(rule),
    }
    many, waves = values["respondents"], values["waves"]
    if not waves:
        return language.count(
            "{n} respondent has no category of `{variable}` ({share} of the weight): {rule}.",
            "{n} respondents have no category of `{variable}` ({share} of the weight): {rule}.",
            many,
            **said,
        )
    if len(waves) == 1:
        return language.count(
            "{n} respondent of the wave {wave} has no category of `{variable}` ({share} of the weight): {rule}.",
            "{n} respondents of the wave {wave} have no category of `{variable}` ({share} of the weight): {rule}.",
            many,
            wave=waves[0],
            **said,
        )
    return language.count(
        "{n} respondent of {waves} has no category of `{variable}` (up to {share} of a wave's weight): {rule}.",
        "{n} respondents of {waves} have no category of `{variable}` (up to {share} of a wave's weight): {rule}.",
        many,
        waves=language.count("{n} wave", "{n} waves", len(waves)),
        **said,
    )
