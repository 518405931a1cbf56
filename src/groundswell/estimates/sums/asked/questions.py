"""The one grammar of questions: `column=answer`, or a column alone, of tables in memory and of files.

A column alone asks for its 1 where it holds 0 and 1 only, for its `true` where it holds false and true only, otherwise
for each of its answers in order. An equals sign in a column's own name is part of the name. A question with several
answers is asked for by the name of its set (see `several_answers`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

import pandas as pd

from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import check_column
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.several_answers import AskedOption, no_answer
from groundswell.estimates.sums.table_sets import TableSets

CHOSEN = ({"0", "1"}, "1"), ({"false", "true"}, "true")
"""Answers of which one is meant where a column is asked for without an answer."""


class Answers(Protocol):
    """The columns that questions may name, and what was answered in them."""

    @property
    def columns(self) -> Collection[str]:
        """Names of the columns."""

    def answers(self, column: str) -> list[str]:
        """The answers that were given, as text, in their own order."""

    def code(self, column: str, answer: str) -> str:
        """The code that an answer means, as `answers` writes it.

        Raises: InputError where it cannot be an answer of the column.
        """

    def several(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """What a question asks of a set of answers, or None where it asks for a column.

        Raises: InputError as `SeveralAnswers.asked`.
        """


def items_of(questions: Sequence[str], asked: Answers, *, named_by: str = "") -> tuple[Item, ...]:
    """The shares that questions ask for; `named_by` is the argument that gave them.

    Raises:
        InputError: an unknown column or answer, with the nearest known.
    """
    items: list[Item] = []
    for question in questions:
        column, equals, answer = question.partition("=")
        if question in asked.columns:
            column, equals = question, ""
        options = asked.several(column, answer if equals else None)
        if options is not None:
            items += [option.item for option in options]
            continue
        check_column(column, asked.columns, named_by=named_by)
        if equals:
            items.append(Item(column, asked.code(column, answer)))
            continue
        given = asked.answers(column)
        chosen = chosen_of(given)
        items += [Item(column, code) for code in ([chosen] if chosen else given)]
    return tuple(items)


def chosen_of(given: Iterable[str]) -> str | None:
    """The answer that a column alone asks for; None where every answer is. It is one also where nobody gave it."""
    held = set(given)
    return next((code for codes, code in CHOSEN if held <= codes), None)


class TableAnswers:
    """The answers of a table in memory."""

    def __init__(self, respondents: pd.DataFrame) -> None:
        self._respondents = respondents
        self.sets = TableSets(respondents)
        self.columns: Collection[str] = set(map(str, respondents.columns))

    def several(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """As `Answers.several`."""
        return self.sets.asked(name, answer)

    def answers(self, column: str) -> list[str]:
        """As `Answers.answers`."""
        _, given = pd.factorize(self._respondents[column], sort=True)
        return list(map(answer_text, given))

    def code(self, column: str, answer: str) -> str:
        """As `Answers.code`; every answer is looked up, so that none is asked for that nobody gave."""
        given = self.answers(column)
        code = answer if answer in given else answer.lower()
        if code not in given or (code != answer and code not in ("true", "false")):
            raise no_answer(column, answer, given)
        return code
