"""Rows of a table of shares that tell one published figure twice.

Two rows of one house, wording, mode and fieldwork with the same share, or the same before rounding, and no other n, are
one figure that was read in two places: it counts once. With another share or n they may be two surveys of the same
days, as houses do have, or a misprint: both count, and a note says which. So do rows whose dates may be the same.

Worked example: `acme,2024-03-31,0.41,1000` and `acme,2024-03-31,0.412,` are one wave of 1,000 people with 41.2%.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from groundswell.waves.toplines.row import ReadRow
from groundswell.waves.toplines.twice import Pair, how_alike, perhaps_twice


class Repeats(NamedTuple):
    """The rows that count, in the file's order, and what was found.

    In each pair of `once` the row `here` is left out for `there`; both rows of a pair of `doubts` count.
    """

    rows: list[ReadRow]
    once: list[Pair]
    doubts: list[Pair]


def without_repeats(rows: Sequence[ReadRow]) -> Repeats:
    """Each figure once: the finer printed of two, with the n and the design effect that either of them states."""
    waves: dict[tuple[object, ...], list[ReadRow]] = defaultdict(list)
    once, doubts = [], []
    for row in rows:
        kept = waves[
            row.indicator, row.variant, row.house, row.mode, row.start or row.end, row.end, row.precision
        ]
        for place, there in enumerate(kept):
            if _is_one_figure(there, row):
                finer, coarser = (row, there) if row.rounding < there.rounding else (there, row)
                kept[place] = replace(finer, n=finer.n or coarser.n, deff=finer.deff or coarser.deff)
                once.append(Pair(finer, coarser, how_alike(there, row), ()))
                break
        else:
            if kept:
                there = kept[-1]
                doubts.append(Pair(there, row, how_alike(there, row), ()))
            kept.append(row)
    counted = sorted((row for kept in waves.values() for row in kept), key=lambda row: row.line)
    return Repeats(counted, once, [*doubts, *perhaps_twice(counted)])


def _is_one_figure(there: ReadRow, here: ReadRow) -> bool:
    """Whether the shares are alike and neither n nor deff contradicts it."""
    stated = ((there.n, here.n), (there.deff, here.deff))
    agree = all(one == other or None in (one, other) for one, other in stated)
    return agree and how_alike(there, here) != "different"
