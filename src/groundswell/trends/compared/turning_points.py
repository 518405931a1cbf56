"""The moves of a level between its turning points: where it clearly rose, where it clearly fell, one after the other.

The largest of the surest moves is taken first; where the level clearly went back on the way, the way is cut there.
Then what lies before and after is searched in the same way, until nothing clear is left. Every move among all pairs of
waves has been allowed for (see `chance`), so that the search for turning points costs nothing further.

Worked example: 87, 73, 57, 45, 56 and 63% in six waves of 560. The largest clear move is the fall from 87 to 45%; after
it 63% is clearly above 45%; before it there is nothing. Two moves: down, then up to the newest wave.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from groundswell.arrays import Floats

SURE: Final = 0.99
"""Moves from here on are equally sure, and the largest of them is taken."""
CLEAR: Final = 0.80
"""Below this there is no move."""


def clearest_of(estimate: Floats, adjusted: Floats) -> int:
    """The clearest change: the largest of those at `SURE` or above, else of the surest; of equals the first."""
    enough = min(float(adjusted.max()), SURE)
    return int(np.argmax(np.where(adjusted >= enough, np.abs(estimate), -1.0)))


def moves(estimate: Floats, adjusted: Floats) -> list[tuple[int, int]]:
    """The clear moves of a series, oldest first, as numbers of their first and last wave.

    `estimate` and `adjusted` are those of the change from wave i to wave j, shape (waves, waves); only i < j is read.
    """
    found: list[tuple[int, int]] = []
    spans = [(0, len(estimate) - 1)]
    while spans:
        first, last = spans.pop()
        move = _clearest_within(estimate, adjusted, first, last)
        if move is None:
            continue
        start, end = move
        # A clear move the other way on the way there: the way is three moves.
        back = _clearest_within(-np.sign(estimate[start, end]) * estimate, adjusted, start, end, rises=True)
        if back is None:
            found.append(move)
            spans += [(first, start), (end, last)]
        else:
            spans += [(first, back[0]), back, (back[1], last)]
    return sorted(found)


def _clearest_within(
    estimate: Floats, adjusted: Floats, first: int, last: int, *, rises: bool = False
) -> tuple[int, int] | None:
    """The clearest move between two waves, or the clearest rise; None where nothing there is clear."""
    older, newer = (part + first for part in np.triu_indices(last - first + 1, 1))
    sure = adjusted[older, newer] * (estimate[older, newer] > 0 if rises else 1.0)
    if not (sure >= CLEAR).any():
        return None
    place = clearest_of(estimate[older, newer], sure)
    return int(older[place]), int(newer[place])
