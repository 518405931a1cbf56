"""A question of a cross-table: a column, one answer of a set (`Q5=Prices`), or a whole set (`Q5`).

The answers of a column, and having chosen an answer or not, put a respondent into one domain. A set puts one into a
domain for each answer that was chosen, so that each of these is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundswell.errors import InputError
from groundswell.estimates.design.design import check_column
from groundswell.estimates.sums.asked.bases import Bases
from groundswell.estimates.sums.asked.plan_of_file import ChosenRows, category_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, literal, sql


@dataclass(frozen=True)
class CrossedQuestion:
    """A question as it was asked for, and what it asks of a set: its `items`, none for a column."""

    name: str
    items: tuple[Item, ...]

    @property
    def several(self) -> bool:
        """Whether a respondent may have several of its answers."""
        return len(self.items) > 1


def said_of(
    bases: Bases, asked: CrossedQuestion, by: CrossedQuestion, plans: Sequence[SumPlan]
) -> Iterator[Note]:
    """What must be known of the sets among two questions, with a plan a domain: the base, and the missing test.

    Raises: InputError as `SeveralAnswers.notes`.
    """
    for plan in plans:
        yield from bases.sets.notes(plan.items, where=plan.where, by=plan.by)
    for note in bases.sets.notes(by.items, where=plans[0].where):
        if not by.several or not note.code.startswith("set_asked"):  # its domains are of who chose
            yield note
    for question, code in ((asked, "set_as_row"), (by, "set_as_column")):
        if question.several:
            answer = f'"{question.name}={question.items[0].category}"'
            yield Note(code, question.name, {"answer": answer})


def crossed(bases: Bases, question: str) -> CrossedQuestion:
    """What a question is.

    Raises: InputError for an unknown column, and as `SeveralAnswers.asked`.
    """
    known = bases.respondents.codebook.variables
    name, equals, answer = (question, "", "") if question in known else question.partition("=")
    options = bases.sets.asked(name, answer if equals else None)
    if options is None:
        check_column(question, known)
    return CrossedQuestion(question, tuple(option.item for option in options or ()))


def domains_of(bases: Bases, question: CrossedQuestion, rows: ChosenRows) -> dict[Item | None, Sql]:
    """The categories of its domains: of a set by each answer that somebody chose, else those of the question alone.

    Raises: InputError where nobody chose an answer of the set, and as `category_of`.
    """
    if not question.items:
        bases.look([question.name], rows.where)
        return {None: category_of(bases, question.name)}
    values = {item: value for item in question.items if (value := bases.sets.value(item)) is not None}
    if not question.several:
        return {None: values[question.items[0]]}
    ((*many,),) = bases.respondents.rows(
        "SELECT {sums} FROM {respondents} WHERE {where}",
        sums=[sql("coalesce(sum({value}), 0)", value=value) for value in values.values()],
        where=rows.where,
    )
    if not any(many):
        raise InputError(
            f"`{question.name}`: nobody chose any of its answers, so that there are no domains; choose other rows"
        )
    return {
        item: sql("CASE WHEN {value} = 1 THEN {name} END", value=value, name=literal(str(item.category)))
        for (item, value), chosen in zip(values.items(), many, strict=True)
        if chosen
    }
