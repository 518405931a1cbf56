"""What `groundswell check` says of a sound survey folder, in English."""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.reports.evidence.disclosure import Item
from groundswell.reports.language.disclosure import item_title, missing_words
from groundswell.reports.language.language import Language


def sound_text(name: str, disclosure: Sequence[Item]) -> str:
    """How many disclosure items the folder states in full, and what is missing from each other one, a line each."""
    english, present = Language(), sum(item.present for item in disclosure)
    lines = [f"{name}: sound; {present} of {len(disclosure)} disclosure items stated"]
    for item in disclosure:
        if not item.present:
            words = ", ".join(missing_words(part.code, part.values, english) for part in item.missing)
            lines.append(f"  missing: {item_title(item.code, english)}: {words}")
    return "\n".join(lines)
