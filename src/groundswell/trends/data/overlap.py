"""Which waves of one house are windows that share respondents, because their fieldwork overlaps.

Two ideas that are easily confused:

- a *rolling* house asks new people every day and publishes the mean over its last days: neighbouring windows hold
  mostly the same people;
- *separate* surveys draw a sample each, and may be in the field on the same day all the same.

Dates alone do not tell them apart, so a survey or a table may state which (`overlap`). Where nobody does, the waves of
one house in one wording and mode count as rolling if there are at least `FEWEST` windows and most neighbours share at
least `PART` of the shorter window's days. Waves dated only to a week or longer are no windows: that two of them may
overlap is no evidence. Worked example: three-day windows published every second day share a third with their
neighbours and are rolling; monthly fieldwork whose last day is the next month's first shares a thirtieth and is not.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError

Overlap = Literal["rolling", "separate"]
KINDS: Final[tuple[Overlap, ...]] = ("rolling", "separate")
FEWEST: Final = 3
PART: Final = 0.25
MOST: Final = 0.5


class Windows(NamedTuple):
    """Of each wave: whether its exactly dated fieldwork is `overlapping` that of another wave of its combination, and
    whether it shares what it overlaps (`rolling`)."""

    overlapping: Flags
    rolling: Flags


def windows(
    opened: Floats, closed: Floats, rough: Flags, combination: NDArray[np.intp], table: pd.DataFrame
) -> Windows:
    """Which waves overlap, and which of them share respondents.

    Fieldwork runs from `opened` to `closed`, in days; `combination` numbers house, wording and mode; `table` has the
    column `house`, and `overlap`, one of `KINDS` or empty.

    Raises: InputError where another word is stated, or both of one combination.
    """
    words, houses = table["overlap"].to_numpy(str), table["house"].to_numpy(str)
    for wave in np.flatnonzero(~np.isin(words, ("", *KINDS)))[:1]:
        raise InputError(
            f"`overlap` of `{houses[wave]}` is `rolling`, `separate` or empty, got `{words[wave]}`"
        )
    found = Windows(np.zeros(len(opened), bool), np.zeros(len(opened), bool))
    for one in np.unique(combination):
        mine = np.flatnonzero((combination == one) & ~rough)
        kinds = sorted({*words[combination == one]} - {""})
        if len(kinds) > 1:
            raise InputError(
                f"`overlap` of `{houses[combination == one][0]}` must be the same for all its waves in one wording and "
                "mode, got `rolling` and `separate`: keep one of them, or tell the waves apart by `variant`"
            )
        mine = mine[np.lexsort((closed[mine], opened[mine]))]
        overlapping = _overlapping(opened[mine], closed[mine])
        found.overlapping[mine] = overlapping
        if kinds == ["rolling"] or (not kinds and _roll(opened[mine], closed[mine])):
            found.rolling[mine] = overlapping
    return found


def apart(opened: Floats, closed: Floats, rolling: Flags, combination: NDArray[np.intp]) -> Flags:
    """Which waves, in the order given, share nothing with an earlier one that is among them: as many as the windows are
    worth by themselves."""
    kept = np.ones(len(opened), bool)
    until: dict[int, float] = {}
    for wave in np.flatnonzero(rolling):
        kept[wave] = opened[wave] >= until.get(int(combination[wave]), -np.inf)
        if kept[wave]:
            until[int(combination[wave])] = float(closed[wave])
    return kept


def _overlapping(opened: Floats, closed: Floats) -> Flags:
    """Which of some windows, ordered by their first day, have a day in common with another."""
    reached = np.maximum.accumulate(closed)
    with_earlier = np.append(False, opened[1:] < reached[:-1])
    with_next = np.append(opened[1:] < closed[:-1], False)
    return np.asarray(with_earlier | with_next)


def _roll(opened: Floats, closed: Floats) -> bool:
    """Whether most neighbours among the different windows share enough of their days to be rolling."""
    different = np.unique(np.column_stack([opened, closed]), axis=0)
    if len(different) < FEWEST:
        return False
    starts, ends = different.T
    shared = np.minimum(ends[1:], ends[:-1]) - starts[1:]
    shorter = np.minimum(np.diff(different, axis=1)[1:, 0], np.diff(different, axis=1)[:-1, 0])
    return bool(np.mean(shared >= PART * shorter) > MOST)
