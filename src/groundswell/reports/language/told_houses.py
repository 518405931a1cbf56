"""Houses as the sentences of checks name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.reports.language.language import Language
from groundswell.reports.language.marked_words import mode_words, variant_words

MOST_NAMED = 4

Values = Mapping[str, Any]
Names = Mapping[str, str]


def told_combination(named: Values, language: Language, houses: Names) -> str:
    """A house, and where it has others the variant and mode that are meant."""
    house, mode = str(named["house"]), str(named["mode"])
    parts = [variant_words(house, str(named["variant"])), mode and mode_words(mode, language)]
    details = ", ".join(filter(None, parts))
    return f"{told_house(house, houses)} ({details})" if details else told_house(house, houses)


def told_house(key: str, houses: Names) -> str:
    """The house's name, or its key in back-ticks."""
    return houses.get(key, f"`{key}`")


def told_group(group: list[str], language: Language, houses: Names) -> str:
    """The first houses of a group, and how many more there are."""
    named = [told_house(key, houses) for key in group[:MOST_NAMED]]
    if len(group) > MOST_NAMED:
        named.append(language.say("{n} more", n=language.number(len(group) - MOST_NAMED)))
    return ", ".join(named)
