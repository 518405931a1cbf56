"""Questions with several answers in a table in memory: found, counted and said as those of a file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.several_answers import SeveralAnswers
from groundswell.waves.respondents.reader import Respondents, in_memory
from groundswell.waves.respondents.sql import identifier, sql

FILL_OR_LEAVE_OUT = "Write 0 where it was not chosen, or leave out the rows of those who were not asked"


class TableSets:
    """The sets of a table."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    @cached_property
    def _respondents(self) -> Respondents:
        respondents = in_memory(self._table)
        respondents.keep_order()
        return respondents

    @cached_property
    def several(self) -> SeveralAnswers:
        """What questions may ask of them."""
        return SeveralAnswers(self._respondents.codebook, self._respondents.rows, FILL_OR_LEAVE_OUT)

    def counted(self, items: Sequence[Item]) -> tuple[pd.DataFrame, tuple[Item, ...]]:
        """The table with a column of 1 and 0 for each item of a set, and the items as they are called in it."""
        values = {item: value for item in items if (value := self.several.value(item)) is not None}
        if not values:
            return self._table, tuple(items)
        for note in self.several.notes(list(values)):
            warnings.warn(str(note), stacklevel=4)
        own = {item: Item(f"groundswell item {place}", "1") for place, item in enumerate(values)}
        marks = self._respondents.frame(
            "SELECT {marks} FROM {respondents}",
            marks=[
                sql("{value} AS {name}", value=value, name=identifier(own[item].variable))
                for item, value in values.items()
            ],
        )
        table = self._table.assign(**{name: marks[name].to_numpy() for name in marks})
        return table, tuple(own.get(item, item) for item in items)
