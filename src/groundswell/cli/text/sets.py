"""The questions of a file with several answers, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundswell.estimates.of_wave.describing.described_sets import DescribedSet
from groundswell.shortened import shortened
from groundswell.terminal_table import aligned

HELD: dict[str, str] = {
    "marks": "a column an answer",
    "cell": "all answers in one cell",
    "list": "lists",
    "mentions": "columns of mentions",
}
SIGNS = {" ": "blanks", "\n": "line breaks", ", ": "`, `"}

MOST_SHOWN = 40
"""Answers of one question that are shown."""


def sets_text(sets: Sequence[DescribedSet]) -> Iterator[str]:
    """One block for all of them, where there are any."""
    if sets:
        count = "1 question" if len(sets) == 1 else f"{len(sets)} questions"
        yield "\n\n".join([f"{count} with several answers", *map(_set, sets)])


def _set(described: DescribedSet) -> str:
    """The question, how the file holds its answers, who was asked, and its answers."""
    rows = [
        [
            shortened(option.name, 60),
            option.column if described.form == "marks" else "",
            f"{option.respondents:,}",
            "" if option.share is None else f"{option.share:.1%}",
        ]
        for option in described.options[:MOST_SHOWN]
    ]
    more = len(described.options) - MOST_SHOWN
    head = described.name + (f"  {shortened(described.label, 90)}" if described.label else "")
    return "\n".join(
        [
            head,
            f"  {_held(described)}; {_asked(described)}",
            aligned(rows, [2, 3], "  "),
            *([f"  and {more:,} more answers"] if more > 0 else []),
        ]
    )


def _held(described: DescribedSet) -> str:
    """How the file holds the answers, and whether it says so itself."""
    how = HELD[described.form]
    if described.separator:
        how += f" between {SIGNS.get(described.separator, f'`{described.separator}`')}"
    return f"{how}, as stated" if described.declared else how


def _asked(described: DescribedSet) -> str:
    """Who counts as asked, and how many of them chose nothing."""
    if not described.nothing:
        return f"asked of {described.asked:,}, each of whom ticked one at least"
    who = "" if described.asked_known else ", which is everyone: who was asked is not in the file"
    return f"asked of {described.asked:,}{who}; {described.nothing:,} ticked nothing"
