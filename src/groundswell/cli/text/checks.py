"""What `groundswell check` says of a sound survey folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundswell.reports.language.disclosure import item_title, missing_words
from groundswell.reports.language.language import Language

if TYPE_CHECKING:
    from groundswell.errors import Fault
    from groundswell.reports.evidence.disclosure import Item


def sound_text(name: str, items: Sequence[Item], doubts: Sequence[Fault] = ()) -> str:
    """How many disclosure items the folder states in full, what is missing from each other one, and what to look at."""
    english = Language()
    present = sum(item.present for item in items)
    lines = [f"{name}: sound; {present} of {len(items)} disclosure items stated"]
    for item in items:
        if not item.present:
            words = ", ".join(missing_words(part.code, part.values, english) for part in item.missing)
            lines.append(f"  missing: {item_title(item.code, english)}: {words}")
    return "\n".join([*lines, *(f"  note: {doubt}" for doubt in doubts)])
