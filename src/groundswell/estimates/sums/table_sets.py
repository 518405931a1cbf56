"""Questions with several answers in a table in memory: found, counted and said as those of a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from groundswell.estimates.sums.caller import warn_caller
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.several_answers import AskedOption, SeveralAnswers
from groundswell.waves.respondents.in_memory import in_memory
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sets.cells import SEPARATORS
from groundswell.waves.respondents.sql import identifier, sql

FILL_OR_LEAVE_OUT = "Write 0 where it was not chosen, or leave out the rows of those who were not asked"

SIGNS = frozenset("".join(SEPARATORS))


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
    def _sets(self) -> SeveralAnswers:
        return SeveralAnswers(self._respondents.codebook, self._respondents.rows, FILL_OR_LEAVE_OUT)

    def asked(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """As `SeveralAnswers.asked`."""
        return None if self._is_plain(name) else self._sets.asked(name, answer)

    def check_mean(self, column: str) -> None:
        """As `SeveralAnswers.check_mean`."""
        if not self._is_plain(column):
            self._sets.check_mean(column)

    def counted(self, items: Sequence[Item]) -> tuple[pd.DataFrame, tuple[Item, ...]]:
        """The table with a column of 1 and 0 for each item of a set, and the items as they are called in it."""
        closer = [item for item in items if not self._is_plain(item.variable)]
        values = {item: value for item in closer if (value := self._sets.value(item)) is not None}
        if not values:
            return self._table, tuple(items)
        for note in self._sets.notes(list(values)):
            warn_caller(str(note))
        own = {item: Item(f"groundswell item {place}", "1") for place, item in enumerate(values)}
        chosen = [
            sql("{value} AS {name}", value=value, name=identifier(own[item].variable))
            for item, value in values.items()
        ]
        marks = self._respondents.frame("SELECT {chosen} FROM {respondents}", chosen=chosen)
        table = self._table.assign(**{str(name): marks[name].to_numpy() for name in marks})
        return table, tuple(own.get(item, item) for item in items)

    def _is_plain(self, column: str) -> bool:
        """Whether it is seen at a glance that a column holds one answer a respondent, which spares a closer look."""
        if column not in self._table.columns:
            return False
        held = self._table[column]
        answers = held.dropna()
        if held.dtype == object and not all(isinstance(answer, str | int | float) for answer in answers):
            return False
        different = answers.unique()
        if any(isinstance(answer, str) and not SIGNS.isdisjoint(answer) for answer in different):
            return False
        return len(different) > 1 or len(answers) == len(held)
