"""On whose scale a level stands, in words: said wherever more than one wording was ever asked."""

from __future__ import annotations

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.language.language import Language
from groundswell.reports.language.marked_words import mode_words, variant_words
from groundswell.trends.answers.segments import Segment


def scale_words(reading: Reading, segment: Segment, language: Language) -> str:
    """Whose question the level of a segment speaks of; "" where only one wording was ever asked."""
    asked = segment.scale.asked
    if segment.scale.wordings < 2:
        return ""
    if len(asked) > 1:
        return language.count(
            "the average of {n} house, as asked last",
            "the average of {n} houses, each as asked last",
            len(asked),
        )
    house, variant, mode = (str(asked[name].iloc[0]) for name in ("house", "variant", "mode"))
    name, words = reading.house_name(house), wording(reading, house, variant, mode, language)
    if words:
        return language.say("{house}’s question: {wording}", house=name, wording=words)
    return language.say("{house}’s question", house=name)


def scale_label(reading: Reading, segment: Segment, language: Language) -> str:
    """The same in the few letters that a figure has next to its line."""
    if segment.scale.wordings < 2:
        return ""
    asked = segment.scale.asked
    if len(asked) > 1:
        return language.say("scale: average")
    house, variant, mode = (str(asked[name].iloc[0]) for name in ("house", "variant", "mode"))
    if reading.fitted["house"].nunique() == 1:  # its name says nothing that the figure does not say
        return language.say("scale: {wording}", wording=wording(reading, house, variant, mode, language))
    return language.say("scale: {house}", house=reading.house_name(house))


def scaled_title(reading: Reading, segment: Segment, language: Language) -> str:
    """The indicator's title with its scale, as a sentence names it."""
    words = scale_words(reading, segment, language)
    return language.say("{title} ({scale})", title=reading.title, scale=words) if words else reading.title


def wording(reading: Reading, house: str, variant: str, mode: str, language: Language) -> str:
    """What tells one combination from the house's others: its period or key, and its mode; else ""."""
    mine = reading.fitted[reading.fitted["house"] == house]
    parts = []
    if mine["variant"].nunique() > 1:
        variants = reading.indicator.variants
        period = variants[variant].period
        alike = [name for name in mine["variant"].unique() if variants[name].period == period]
        parts.append(period if period and len(alike) == 1 else variant_words(house, variant))
    if mine["mode"].nunique() > 1:
        parts.append(mode_words(mode, language))
    return ", ".join(parts)
