"""How many respondents gave each code: of many columns from one look at the file, and as a message names it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import CodeCount, recorded
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, any_of, identifier, joined, literal, sql

Counts = tuple[CodeCount, ...]
"""Codes with their respondents, the most frequent first."""

SHOWN = 5
"""How many codes a message names."""

EVERY_CODE = (EVERY_ROW,)
"""The one test of a column of which every code is to be counted."""


def counted_codes(
    respondents: Respondents, columns: Sequence[tuple[str, Sequence[Sql]]], *, where: Sql, most: int
) -> list[list[Counts]]:
    """The codes in the rows `where` that pass a test, column by column and test by test.

    Args:
        respondents: the file.
        columns: each with its tests of a code; a code is counted under the first that it passes.
        where: which rows.
        most: how many codes of each test there may be.
    """
    if not columns:
        return []
    codes = [identifier(f"code {at}") for at in range(len(columns))]
    passed = [identifier(f"test {at}") for at in range(len(columns))]
    # the number of a test stands beside each code that passes it: it tells the column, too
    first = [0, *accumulate(len(tests) for _, tests in columns)]
    cells = [
        cell
        for (name, tests), number, code, test in zip(columns, first, codes, passed, strict=False)
        for cell in _cells(name, tests, number, code, test)
    ]
    rows = respondents.rows(
        "SELECT coalesce({passed}, NULL) AS passed, count(*) AS many, {codes} "
        "FROM (SELECT {cells} FROM {respondents} WHERE {where}) GROUP BY GROUPING SETS ({sets}) "
        "HAVING passed IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY passed ORDER BY many DESC, {codes}) <= {most} "
        "ORDER BY passed, many DESC, {codes}",
        passed=passed,
        codes=codes,
        cells=cells,
        sets=[
            sql("({code}, {test})", code=code, test=test) for code, test in zip(codes, passed, strict=True)
        ],
        where=where,
        most=literal(most),
    )
    found: list[list[CodeCount]] = [[] for _ in range(first[-1])]
    column_of = [at for at, (_, tests) in enumerate(columns) for _ in tests]
    for test, many, *held in rows:
        found[test].append(CodeCount(recorded(held[column_of[test]]), int(many)))
    return [[tuple(own) for own in found[start:end]] for start, end in pairwise(first)]


def _cells(name: str, tests: Sequence[Sql], number: int, code: Sql, passed: Sql) -> tuple[Sql, Sql]:
    """A code, where it passes a test, and the number of the first that it passes."""
    cases = [
        sql("WHEN {test} THEN {number}", test=test, number=literal(number + at))
        for at, test in enumerate(tests)
    ]
    return (
        sql("CASE WHEN {any} THEN {name} END AS {code}", any=any_of(tests), name=identifier(name), code=code),
        sql("CASE {cases} END AS {passed}", cases=joined(" ", cases), passed=passed),
    )


def listed_codes(counts: Sequence[CodeCount], variable: Variable) -> str:
    """The first codes with their labels and numbers of respondents."""
    named = []
    for count in counts[:SHOWN]:
        label = "empty" if count.code is None else variable.label_of(count.code)
        own = "" if label in (str(count.code), "empty") else f" “{label}”"
        named.append(f"`{'' if count.code is None else count.code}`{own} ({count.respondents:,})")
    more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    return ", ".join(named) + more
