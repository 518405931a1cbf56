"""How often each answer of each column was given, in few queries however many columns there are.

A query for each column of a wide file takes time that grows with the square of the columns, since each looks at all of
them before it chooses one. So columns are taken in blocks: a block is copied once, and one query adds up all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, identifier, joined, literal, sql

MANY = 40
"""A column with more different answers than this is known by its range, not by its answers."""

COLUMNS_AT_ONCE = 64
CELLS_AT_ONCE = 20_000_000
"""A block is of so many columns, or of fewer where there are many rows: it is kept while it is added up."""

Progress = Callable[[int], object]
"""Is told how many columns are done."""


@dataclass(frozen=True)
class AnswerCounts:
    """What was counted of one column.

    Attributes:
        different, empty: different answers, and respondents without any.
        low, high, mean: of a column of numbers, None of others.
        answers: each with its respondents and their weight, in order; none where there are more than were asked for.
    """

    different: int
    empty: int
    low: float | None
    high: float | None
    mean: float | None
    answers: tuple[tuple[Code, int, float], ...]


def answer_counts(
    respondents: Respondents,
    names: Sequence[str],
    *,
    where: Sql = EVERY_ROW,
    weight: Sql | None = None,
    every: Callable[[Variable], bool] = lambda _: False,
    progress: Progress = lambda _: None,
) -> dict[str, AnswerCounts]:
    """What was answered in each column by the respondents who pass `where`.

    `every` says of which columns all answers are listed, however many. Texts are taken without blanks around them; an
    empty text is no answer.
    """
    rows = max(respondents.codebook.rows, 1)
    size = max(min(COLUMNS_AT_ONCE, CELLS_AT_ONCE // rows), 1)
    counts: dict[str, AnswerCounts] = {}
    for first in range(0, len(names), size):
        block = [respondents.codebook[name] for name in names[first : first + size]]
        counts.update(_counted(respondents, block, where, weight or sql("1"), every))
        progress(len(counts))
    return counts


def _counted(
    respondents: Respondents,
    block: Sequence[Variable],
    where: Sql,
    weight: Sql,
    every: Callable[[Variable], bool],
) -> Iterator[tuple[str, AnswerCounts]]:
    """The counts of one block of columns: copied, grouped by column and answer, and summed up from its groups."""
    held = [
        sql("{held} AS {column}", held=_held(variable), column=_column(place))
        for place, variable in enumerate(block)
    ]
    respondents.rows(
        "CREATE OR REPLACE TEMP TABLE block AS SELECT {held}, {weight} AS weight FROM {respondents} WHERE {where}",
        held=held,
        weight=weight,
        where=where,
    )
    groups = joined(" UNION ALL ", [_groups(place, variable) for place, variable in enumerate(block)])
    respondents.rows("CREATE OR REPLACE TEMP TABLE answers AS {groups}", groups=groups)
    (rows,) = respondents.row("SELECT count(*) FROM block")
    summed = respondents.rows(
        "SELECT place, count(*), sum(n), min(number), max(number), sum(number * n) / sum(n) FROM answers GROUP BY place"
    )
    listed = [place for place, different, *_ in summed if different <= MANY or every(block[place])]
    answers: dict[int, list[tuple[Code, int, float]]] = {place: [] for place in listed}
    for place, text, n, w in respondents.rows(
        "SELECT place, code, n, w FROM answers WHERE list_contains([{listed}], place)",
        listed=[literal(place) for place in listed],
    ):
        answers[place].append((_code(block[place], text), int(n), float(w or 0)))
    respondents.rows("DROP TABLE block")
    respondents.rows("DROP TABLE answers")
    found = {place: rest for place, *rest in summed}
    for place, variable in enumerate(block):
        different, given, low, high, mean = found.get(place, (0, 0, None, None, None))
        ordered = sorted(answers.get(place, ()), key=lambda each: code_order(each[0]))
        yield variable.name, AnswerCounts(different, rows - int(given), low, high, mean, tuple(ordered))


def _column(place: int) -> Sql:
    return identifier(f"c{place}")


def _held(variable: Variable) -> Sql:
    name = identifier(variable.name)
    return sql("nullif(trim({name}), '')", name=name) if variable.kind == "text" else name


def _groups(place: int, variable: Variable) -> Sql:
    """The answers of one column of the block, with their respondents and their weight."""
    column = _column(place)
    number = sql("CAST({column} AS DOUBLE)", column=column) if variable.kind == "number" else sql("NULL")
    return sql(
        "SELECT {place} AS place, CAST({column} AS VARCHAR) AS code, CAST({number} AS DOUBLE) AS number, "
        "count(*) AS n, CAST(sum(weight) AS DOUBLE) AS w FROM block WHERE {column} IS NOT NULL GROUP BY {column}",
        place=literal(place),
        column=column,
        number=number,
    )


def code_order(code: Code) -> tuple[bool, Code]:
    """What codes are sorted by: numbers by size, then texts."""
    return isinstance(code, str), code


def _code(variable: Variable, text: str) -> Code:
    """The code that an answer's text stands for; a moment at midnight is its day."""
    if variable.kind == "number":
        return code_of(text)
    return text.removesuffix(" 00:00:00") if variable.kind == "date" else plain_code(text)
