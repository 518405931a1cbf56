"""What to add up of a file: the questions asked of its columns, its codes and labels, as a `SumPlan`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite, nan

import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.columns import text_fault
from groundswell.estimates.design.design import Design, check_column, check_columns
from groundswell.estimates.sums.asked.bases import Bases
from groundswell.estimates.sums.asked.questions import chosen_of, items_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.several_answers import AskedOption, no_answer
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.answers.code_labels import codes_meant
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import (
    EVERY_ROW,
    Sql,
    among,
    answered,
    as_double,
    code_text,
    identifier,
    joined,
    literal,
    sql,
)

MANY_ANSWERS = 200
"""A question with more answers than this is a number or a text: name one of its answers."""


@dataclass(frozen=True)
class ChosenRows:
    """Which rows of a file are taken at all: the test, and the columns that it looks at."""

    where: Sql = EVERY_ROW
    columns: tuple[str, ...] = ()


EVERYBODY = ChosenRows()


def plan_of_file(
    bases: Bases,
    design: Design,
    *,
    shares: Sequence[str],
    means: Sequence[str],
    by: Sequence[str],
    rows: ChosenRows = EVERYBODY,
    products: bool = False,
) -> SumPlan:
    """The plan for questions (`shares`), columns of numbers (`means`) and domains (`by`), every name checked.

    `bases` say who is in the base of each, `rows` which of the file are taken at all.

    Raises: InputError for unknown columns or answers, for a mean of text, and as `Bases`.
    """
    respondents = bases.respondents
    codebook = respondents.codebook
    design = design.over(codebook.variables)
    check_columns(design, codebook.variables)
    for role, names in (("by", by), ("means", means)):
        for name in names:
            check_column(name, codebook.variables, named_by=role)
    items = (*items_of(shares, FileAnswers(bases), named_by="shares"), *map(Item, means))
    of_sets = {item: value for item in items if (value := bases.sets.value(item)) is not None}
    bases.look([*(item.variable for item in items if item not in of_sets), *by], rows.where)
    for name in means:
        _check_numbers(respondents, bases.mean(name))
        bases.sets.check_mean(name)
    needed = [column for item in items for column in bases.sets.columns(item)]
    return SumPlan(
        design=design,
        items=items,
        answers=tuple(of_sets.get(item) or _value(item, bases) for item in items),
        by={name: category_of(bases, name) for name in by},
        where=rows.where,
        columns=tuple(dict.fromkeys([*design.columns, *needed, *by, *rows.columns])),
        products=products,
    )


class FileAnswers:
    """The answers that stand in a file; a code may be named by its label.

    A named answer is taken at its word, which spares a look at the file; `check_answers` looks where nobody gave it.
    """

    def __init__(self, bases: Bases) -> None:
        self._bases, self._respondents = bases, bases.respondents
        self.columns: Collection[str] = bases.respondents.codebook.variables

    def several(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """As `Answers.several`."""
        return self._bases.sets.asked(name, answer)

    def answers(self, column: str) -> list[str]:
        """The valid answers as text, in order.

        Raises: InputError where there are none, or more than `MANY_ANSWERS`.
        """
        given = _given(self._respondents, self._bases.share(column))
        if not given:
            raise InputError(
                f"`{column}` holds no answer, every cell being empty or missing: ask for another column"
            )
        if len(given) > MANY_ANSWERS:
            raise InputError(
                f"`{column}` has over {MANY_ANSWERS} answers: name one of them, or ask for its mean"
            )
        return given

    def code(self, column: str, answer: str) -> str:
        """The code that a code or a label means; the label itself where several codes have it."""
        variable = self._respondents.codebook[column]
        codes = codes_meant(variable, answer)
        if len(codes) > 1:
            return answer
        code = str(codes[0])
        if variable.kind != "number" or code in ("true", "false"):
            return code
        try:
            value = float(code)
        except ValueError:
            value = nan
        if not isfinite(value):
            raise _no_answer(self._respondents, variable, answer)
        return str(int(value)) if value.is_integer() else code


def check_answers(bases: Bases, plan: SumPlan, table: pd.DataFrame) -> None:
    """Refuse an answer that stands nowhere in the file; one that only respondents of weight zero gave is a 0.

    An answer of a set is known to be one, also where nobody chose it, and so is the 1 of a column of 0 alone.

    Raises: InputError, with the answers that were given.
    """
    respondents = bases.respondents
    for place, (item, value) in enumerate(zip(plan.items, plan.answers, strict=True)):
        given = (table["estimate"].iloc[place :: len(plan.items)] > 0).any()
        if item.category is None or given or bases.sets.of_item(item) is not None:
            continue
        if respondents.rows("SELECT 1 FROM {respondents} WHERE {value} = 1 LIMIT 1", value=value):
            continue
        variable = respondents.codebook[item.variable]
        if chosen_of(_given(respondents, variable)) != item.category:
            raise _no_answer(respondents, variable, item.category)


def with_codes(table: pd.DataFrame, codebook: Codebook, by: Sequence[str], *, labels: bool) -> pd.DataFrame:
    """The table with whole codes written whole, and with labels in their place where those are asked for."""
    for name in by:
        column = table[name]
        if pd.api.types.is_float_dtype(column.dtype) and (column % 1 == 0).all():
            table[name] = column = column.astype("int64")
        if labels and codebook[name].labels:
            table[name] = [codebook[name].label_of(plain_code(code)) for code in column]
    if labels:
        table["category"] = [
            codebook[name].label_of(answer_codes(codebook[name], code)[0])
            if code and name in codebook
            else code
            for name, code in zip(table["variable"], table["category"], strict=True)
        ]
    return table


def _check_numbers(respondents: Respondents, variable: Variable) -> None:
    """A mean needs numbers; what is written as text must read as one."""
    if variable.kind == "number":
        return
    if variable.kind == "date":
        raise InputError(f"`{variable.name}` holds dates, which have no mean: name a column of numbers")
    respondents.keep_order()
    text = respondents.rows(
        "SELECT row, cell FROM (SELECT row_number() OVER () AS row, CAST({name} AS VARCHAR) AS cell, "
        "{answered} AS here FROM {respondents}) WHERE here AND TRY_CAST(cell AS DOUBLE) IS NULL "
        "ORDER BY TRY_CAST(replace(cell, ',', '.') AS DOUBLE) IS NOT NULL, row LIMIT 1",
        name=identifier(variable.name),
        answered=answered(variable),
    )
    if text:
        row, cell = respondents.places.name(int(text[0][0])), text[0][1]
        raise InputError(
            f"{text_fault(f'`{variable.name}`', cell, row)}; text has no mean, so ask for the share of one answer"
        )


def _no_answer(respondents: Respondents, variable: Variable, answer: str) -> InputError:
    known = [*_given(respondents, variable), *(variable.labels or {}).values()]
    return no_answer(variable.name, answer, known)


def _given(respondents: Respondents, variable: Variable) -> list[str]:
    """The valid answers of a question as text, in order; one more than `MANY_ANSWERS` at most."""
    rows = respondents.rows(
        "SELECT DISTINCT {text} AS answer, {name} AS own FROM {respondents} WHERE {answered} "
        "ORDER BY own LIMIT {most}",
        text=code_text(variable),
        name=identifier(variable.name),
        answered=answered(variable),
        most=literal(MANY_ANSWERS + 1),
    )
    return list(dict.fromkeys(str(answer) for answer, _ in rows))


def _value(item: Item, bases: Bases) -> Sql:
    """1 for the answer, 0 for another valid one; the number for a mean; NULL where there is no valid answer."""
    code = item.category
    if code is None:
        variable = bases.mean(item.variable)
        value = as_double(variable)
        return sql("CASE WHEN {answered} THEN {value} END", answered=answered(variable), value=value)
    codes = answer_codes(bases.respondents.codebook[item.variable], code)
    variable = bases.share(item.variable, codes)
    value = sql("CAST({held} AS INTEGER)", held=among(variable, codes))
    return sql("CASE WHEN {answered} THEN {value} END", answered=answered(variable), value=value)


def answer_codes(variable: Variable, answer: str) -> tuple[Code, ...]:
    """The codes of an answer as the column holds them; several where they share the label that was asked for."""
    codes = codes_meant(variable, answer)
    if variable.kind != "number" or codes[0] in ("true", "false"):
        return codes
    return tuple(plain_code(float(code)) for code in codes)


def category_of(bases: Bases, column: str) -> Sql:
    """The code that makes domains, NULL where it is declared missing; the first of those that are one domain.

    Raises: InputError for a column of lists, and as `Bases.domain`.
    """
    if bases.respondents.codebook[column].kind == "list":
        raise InputError(
            f"`{column}` (by) holds several answers of one respondent, who would be in several domains: "
            "name a column with one answer"
        )
    variable, same = bases.domain(column)
    name = category = identifier(column)
    if same:
        cases = [
            sql("WHEN {held} THEN {first}", held=among(variable, codes), first=literal(codes[0]))
            for codes in same
        ]
        category = sql("CASE {cases} ELSE {name} END", cases=joined(" ", cases), name=name)
    if not variable.missing:
        return category
    return sql("CASE WHEN {answered} THEN {category} END", answered=answered(variable), category=category)
