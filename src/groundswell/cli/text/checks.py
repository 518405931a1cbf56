"""What `groundswell check` says of a sound survey folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from groundswell.reports.language.disclosure import item_title, missing_words
from groundswell.reports.language.language import Language

if TYPE_CHECKING:
    from groundswell.errors import Fault
    from groundswell.reports.evidence.disclosure import Item
    from groundswell.waves.respondents.notes import Note
    from groundswell.waves.wave.category_names import DifferingCategories


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


def category_lines(
    notes: Mapping[str, Sequence[Note]], differing: Sequence[DifferingCategories]
) -> Iterator[str]:
    """What is said of the labels that make domains, by wave, and categories that differ between waves side by side."""
    for wave, said in notes.items():
        yield from (f"  wave {wave}: {note}" for note in said)
    for domain in differing:
        yield f"  domain `{domain.domain}`: its categories differ between waves"
        waves: dict[tuple[str, ...], list[str]] = {}
        for wave, names in domain.names.items():
            waves.setdefault(tuple(sorted(names)), []).append(wave)
        for names, those in waves.items():
            yield f"    {', '.join(those)}: {', '.join(names)}"
        for name, other in domain.near:
            way = f"then call them alike, by `categories` of [domains.{domain.domain}]"
            yield f"    are “{name}” and “{other}” the same? {way}"
