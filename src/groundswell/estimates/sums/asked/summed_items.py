"""Scores that add up several columns: `gad2=ANXIOUS+WORRY-2>=3`, a column of a file's respondents from then on.

A respondent without an answer to one of the columns has no score. With a limit the score is 1 where it is reached and 0
where it is not; without one it is the sum itself. A column whose name holds `+`, `-`, `<`, `>` or a blank at its end
stands in back-ticks: ``worry=`Q5-1`+`Q5-2` ``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, LiteralString, cast

from groundswell.errors import InputError
from groundswell.estimates.design.design import check_column
from groundswell.estimates.sums.asked.bases import Bases
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.sql import (
    Sql,
    all_of,
    answered,
    as_double,
    identifier,
    joined,
    literal,
    sql,
)

Comparison = Literal[">=", ">", "<=", "<"]

COMPARED: dict[Comparison, LiteralString] = {
    ">=": "{total} >= {limit}",
    ">": "{total} > {limit}",
    "<=": "{total} <= {limit}",
    "<": "{total} < {limit}",
}

_TERM = re.compile(r"\s*([+-]?)\s*(`[^`]+`|[^`+<>-]+)\s*")
_LIMIT = re.compile(r"(>=|<=|>|<)\s*([+-]?\d+(?:\.\d+)?)\s*$")


@dataclass(frozen=True)
class SummedItem:
    """A score: its name, the columns that are added, what is added to their sum, and the limit, if there is one."""

    name: str
    columns: tuple[tuple[int, str], ...]
    offset: float = 0.0
    comparison: Comparison | None = None
    limit: float = 0.0


def parse_item(text: str) -> SummedItem:
    """Read `NAME=COLUMN+COLUMN…`, with numbers to add or take away, and `>=`, `>`, `<=` or `<` a limit.

    Raises: InputError where it is not of that form.

    Example:
        >>> parse_item("gad2=ANXIOUS+WORRY-2>=3")
        SummedItem(name='gad2', columns=((1, 'ANXIOUS'), (1, 'WORRY')), offset=-2.0, comparison='>=', limit=3.0)
    """
    name, equals, formula = text.partition("=")
    limited = _LIMIT.search(formula)
    terms = formula[: limited.start()] if limited else formula
    columns: list[tuple[int, str]] = []
    offset, at = 0.0, 0
    while at < len(terms) and (term := _TERM.match(terms, at)):
        if at and not term[1]:
            break
        sign, held = (-1 if term[1] == "-" else 1), term[2].strip()
        if re.fullmatch(r"\d+(\.\d+)?", held):
            offset += sign * float(held)
        else:
            columns.append((sign, held.strip("`")))
        at = term.end()
    if not (name.strip() and equals and columns) or at < len(terms):
        raise InputError(
            f"`{text}` is not a sum of columns: write it as `gad2=ANXIOUS+WORRY`, or with a limit as "
            "`gad2=ANXIOUS+WORRY>=3`; a column whose name holds a sign stands in back-ticks"
        )
    comparison = cast(Comparison, limited[1]) if limited else None
    return SummedItem(name.strip(), tuple(columns), offset, comparison, float(limited[2]) if limited else 0.0)


def with_items(bases: Bases, items: Sequence[SummedItem]) -> Bases:
    """The bases of a file with each score as a further column.

    Raises: InputError for a column that the file lacks, a name that it has already, or a column of text; and as
    `Bases.mean`, since a code that is no answer is no score.
    """
    respondents = bases.respondents
    variables = dict(respondents.codebook.variables)
    scores: list[Sql] = []
    for item in items:
        if item.name.casefold() in {name.casefold() for name in variables}:
            raise InputError(f"`item=` is called `{item.name}`, as a column of the file: name it otherwise")
        scores.append(sql("{score} AS {name}", score=_score(item, bases), name=identifier(item.name)))
        variables[item.name] = Variable(item.name, "number")
    if not scores:
        return bases
    scan = sql("(SELECT *, {scores} FROM {rows})", scores=scores, rows=respondents.scan)
    codebook = replace(respondents.codebook, variables=variables)
    return bases.over(replace(respondents, codebook=codebook, scan=scan))


def _score(item: SummedItem, bases: Bases) -> Sql:
    """The score of a respondent, NULL without an answer to each column."""
    codebook = bases.respondents.codebook
    for _, column in item.columns:
        check_column(column, codebook.variables, named_by="item")
        if codebook[column].kind != "number":
            raise InputError(f"`item=` adds up `{column}`, which holds text: name columns of numbers")
    held = [bases.mean(column) for _, column in item.columns]
    signed = [
        as_double(variable) if sign > 0 else sql("-{number}", number=as_double(variable))
        for (sign, _), variable in zip(item.columns, held, strict=True)
    ]
    total = sql("{sum} + {offset}", sum=joined(" + ", signed), offset=literal(item.offset))
    if item.comparison is not None:
        reached = sql(COMPARED[item.comparison], total=total, limit=literal(item.limit))
        total = sql("CAST({reached} AS INTEGER)", reached=reached)
    return sql("CASE WHEN {base} THEN {total} END", base=all_of(map(answered, held)), total=total)
