"""What a reader must know of an estimate, as codes: the flags of a row, joined by `;` where there are several.

`small_base` and `hidden` (`vocabulary`) are also the reasons for which a row is left out of the trend.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

SIMULATED = "simulated"
"""The respondents are simulated: nobody was asked."""

RESPONDENTS_ABSENT = "respondents_absent"
"""Estimated earlier and kept; the respondents are not here."""

PUBLISHED_BEFORE = "published_before"
"""Hidden for the sake of what an earlier report showed: together they would give few people away."""

SEPARATOR = ";"


def join_flags(flags: Iterable[str]) -> str:
    """Flags as a cell of the observations table holds them; empty ones are dropped."""
    return SEPARATOR.join(filter(None, flags))


def split_flags(cell: str) -> tuple[str, ...]:
    """The flags in a cell; none in an empty one."""
    return tuple(filter(None, cell.split(SEPARATOR)))


def flagged(cells: pd.Series[Any], flag: str) -> pd.Series[bool]:
    """Which cells of a column of flags hold `flag`, alone or among others."""
    return cells.map(lambda cell: flag in split_flags(cell)).astype(bool)
