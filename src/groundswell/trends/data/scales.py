"""Tables of means: the ends of their scales, and their numbers on them.

In every table a mean stands in the columns of shares by its place in [0, 1]; `scale_low, scale_high` say between which
ends. Both are empty for a share.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from groundswell.errors import InputError
from groundswell.waves import Survey
from groundswell.waves.surveys.answer_scale import Ends, number_at

SCALES: Final = ("scale_low", "scale_high")
PLACES: Final = (
    *("share", "share_low", "share_high", "range_low", "range_high"),
    *("low50", "high50", "low80", "high80", "low95", "high95", "population_low95", "population_high95"),
)
"""Columns that hold a place between the ends."""
DISTANCES: Final = ("share_se", "rounding", "estimate", "se", "low", "high")
"""Columns that hold a distance; an `estimate` next to levels is always a change."""


def with_scales(survey: Survey, table: pd.DataFrame, *, named: str = "indicator") -> pd.DataFrame:
    """A table whose column `named` has indicators with the ends of each mean's answer scale."""
    ends = {key: indicator.scale for key, indicator in survey.indicators.items() if indicator.scale}
    columns = {
        name: table[named].map({key: scale[end] for key, scale in ends.items()}).astype("float64")
        for end, name in enumerate(SCALES)
    }
    return table.assign(**columns)


def on_scale(table: pd.DataFrame, scale: Ends | None = None) -> pd.DataFrame:
    """The table with its means in the numbers of their scale; shares stay as they are.

    Args:
        table: of observations, levels or changes, by this package or from a report's CSV.
        scale: the ends of the scale of every row, as `survey.indicators["satisfaction"].scale` has them; by default
            the table's own columns `scale_low, scale_high`.

    Raises: InputError where neither says the scale.

    Example: a level of 0.69 on a scale from 0 to 10.
        >>> from groundswell.trends import on_scale
        >>> level = pd.DataFrame({"date": ["2024-05-01"], "share": [0.69], "low95": [0.67], "high95": [0.71]})
        >>> on_scale(level, (0, 10)).round(1)
                 date  share  low95  high95
        0  2024-05-01    6.9    6.7     7.1
    """
    if scale is None and not set(SCALES) <= set(table.columns):
        raise InputError(
            "`table=` has no columns `scale_low` and `scale_high`: give the ends as `scale=(0, 10)`, or a table that "
            "has them"
        )
    if scale is not None:
        converted = {name: number_at(table[name], scale) for name in PLACES if name in table}
        converted |= {name: table[name] * (scale[1] - scale[0]) for name in DISTANCES if name in table}
        return table.assign(**converted)
    plain = table.reset_index(drop=True)
    for low, high in plain[list(SCALES)].dropna().drop_duplicates().itertuples(index=False, name=None):
        mine = (plain[SCALES[0]] == low) & (plain[SCALES[1]] == high)
        told = on_scale(plain[mine], (low, high))
        plain = plain.assign(
            **{name: told[name].combine_first(plain[name]) for name in told if name in PLACES + DISTANCES}
        )
    return plain.set_index(table.index)
