"""One column that holds every answer of a respondent -> a set: text with a separator, or a list.

A comma does not make two answers: "Yes, often" is one. What tells a question with several answers:

- two texts, at least, recur in different company, alone or with others ("often" never stands without "Yes", so that
  the two are one);
- they stand first in a cell too: of "North, urban" and "South, urban" the second half never does;
- no cell holds a text twice, as numbers with a decimal comma do (`1,1`).

Between commas without blanks, and between blanks, only codes are taken apart, never words of a sentence: `prices war`
as KoBo writes it, where each code also stands alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.sets.columns import Rows
from groundswell.waves.respondents.sql import answered, identifier, literal

SEPARATORS = (";", "|", "\n", ", ", ",", " ")

MOST_CELLS = 20_000
"""Different cells that are looked at, the most frequent first."""

FIRST = 2 / 3
"""How many of the recurring texts, by how often they occur, must stand first in some cell."""

KNOWN = 0.5
"""How many of all texts, by how often they occur, must recur; what people write themselves rarely does."""

CODE = re.compile(r"[^\W]+([.\-/][^\W]+)*")
"""A code as KoBo and LimeSurvey write one: letters, digits and `_`, without blanks."""


def cell_set(variable: Variable, rows: Rows, *, separator: str | None = None) -> AnswerSet | None:
    """The set that a column of text holds, or None; a `separator` that a user states is taken at its word.

    An empty separator says that the column holds one answer a cell.
    """
    if variable.kind != "text" or separator == "":
        return None
    cells = _cells(variable, rows)
    if separator is not None:
        parts = {cell: _texts(cell, separator) for cell in cells}
        return _set_of(variable, cells, parts, separator, declared=True)
    for mark in SEPARATORS:
        if not any(mark in cell.strip() for cell in cells):
            continue
        parts = {cell: _texts(cell, mark) for cell in cells}
        if _are_answers(cells, parts, codes=mark in (",", " "), alone=mark == " "):
            return _set_of(variable, cells, parts, mark)
    return None


def list_set(variable: Variable, rows: Rows) -> AnswerSet:
    """The set that a column of lists holds."""
    name = identifier(variable.name)
    counted = rows(
        "SELECT text, count(*) FROM (SELECT unnest(CAST({name} AS VARCHAR[])) AS text FROM {respondents}) "
        "WHERE text IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        name=name,
    )
    empty = rows("SELECT 1 FROM {respondents} WHERE len({name}) = 0 LIMIT 1", name=name)
    return AnswerSet(
        name=variable.name,
        label=variable.label,
        form="list",
        columns=(variable.name,),
        options=tuple(Option(str(text), (), variable.name, (str(text),)) for text, _ in counted),
        no_stated=bool(empty),
    )


def holds_only(variable: Variable, answers: Collection[str], rows: Rows) -> bool:
    """Whether a column of text holds nothing but these answers, alone or between separators."""
    return variable.kind == "text" and all(
        cell in answers or any(set(_texts(cell, separator)) <= set(answers) for separator in SEPARATORS)
        for cell in _cells(variable, rows)
    )


def _cells(variable: Variable, rows: Rows) -> dict[str, int]:
    """Different cells with their respondents."""
    counted = rows(
        "SELECT {name}, count(*) FROM {respondents} WHERE {answered} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}",
        name=identifier(variable.name),
        answered=answered(variable),
        most=literal(MOST_CELLS),
    )
    return {str(cell): int(many) for cell, many in counted}


def _texts(cell: str, separator: str) -> tuple[str, ...]:
    """The texts of a cell between its separators."""
    pieces = re.split(r",\s+", cell) if separator == ", " else cell.split(separator)
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _are_answers(
    cells: dict[str, int], parts: dict[str, tuple[str, ...]], *, codes: bool, alone: bool
) -> bool:
    """Whether what stands between separators are answers that were chosen one by one."""
    if any(len(set(texts)) < len(texts) for texts in parts.values()):
        return False
    if codes and not all(CODE.fullmatch(text) for texts in parts.values() for text in texts):
        return False
    together = () if codes else _together(parts.values())
    whole = {cell: _runs(texts, together) for cell, texts in parts.items()}
    company: dict[str, set[tuple[str, ...]]] = {}
    many: Counter[str] = Counter()
    for cell, texts in whole.items():
        for text in texts:
            company.setdefault(text, set()).add(texts)
            many[text] += cells[cell]
    recurring = {text for text, combinations in company.items() if len(combinations) > 1}
    if len(recurring) < 2 or sum(many[text] for text in recurring) < KNOWN * many.total():
        return False
    leading = {texts[0] for texts in whole.values() if not alone or len(texts) == 1}
    first = sum(many[text] for text in recurring & leading)
    return first >= (0.9 if alone else FIRST) * sum(many[text] for text in recurring)


def _together(cells: Collection[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Texts of which the second always follows the first, and never stands without it."""
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for texts in cells:
        for left, right in pairwise(("", *texts, "")):
            after.setdefault(left, set()).add(right)
            before.setdefault(right, set()).add(left)
    return [
        (left, right)
        for left, (right, *more) in ((text, sorted(followers)) for text, followers in after.items())
        if left and right and not more and before[right] == {left}
    ]


def _runs(texts: tuple[str, ...], together: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """The texts of a cell, those that always stand together as one."""
    runs: list[list[str]] = []
    for left, right in pairwise(("", *texts)):
        if (left, right) in together:
            runs[-1].append(right)
        else:
            runs.append([right])
    return tuple(" ".join(run) for run in runs)


def _set_of(
    variable: Variable,
    cells: dict[str, int],
    parts: dict[str, tuple[str, ...]],
    separator: str,
    *,
    declared: bool = False,
) -> AnswerSet:
    """The set, its most frequent answers first; what stands in one respondent's cell only is counted, not listed."""
    many: Counter[str] = Counter()
    for cell, texts in parts.items():
        many.update(dict.fromkeys(texts, cells[cell]))
    listed = [text for text, n in many.most_common() if n > 1] or list(many)
    return AnswerSet(
        name=variable.name,
        label=variable.label,
        form="cell",
        columns=(variable.name,),
        options=tuple(Option(text, (), variable.name, (text,)) for text in listed),
        separator=separator,
        declared=declared,
        rare=len(many) - len(listed),
        together=tuple(_together(parts.values())),
    )
