"""What is recorded in one column, as SQL: its number, whether it holds an answer, and which.

User-missing codes of the file, `missing` codes of a wave and empty cells are no answers here; which of them it was is
for the codebook to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from groundswell.waves.respondents.codebook import Code, Variable
from groundswell.waves.respondents.sql import Sql, all_of, identifier, joined, literal, sql


def number(variable: Variable) -> Sql:
    """The column as a number; text that is not a number is NULL."""
    name = identifier(variable.name)
    return sql("TRY_CAST({name} AS DOUBLE)", name=name) if variable.kind == "text" else name


def among(variable: Variable, codes: Iterable[Code]) -> Sql:
    """Whether the column holds one of `codes`; never NULL."""
    codes = tuple(codes)
    numbers = [literal(code) for code in codes if not isinstance(code, str)]
    texts = [literal(code) for code in codes if isinstance(code, str)]
    tests = [sql("{number} IN ({codes})", number=number(variable), codes=numbers)] if numbers else []
    if texts and variable.kind == "text":
        tests.append(sql("trim({name}) IN ({codes})", name=identifier(variable.name), codes=texts))
    return sql("coalesce({any}, false)", any=joined(" OR ", tests)) if tests else sql("false")


def answered(variable: Variable, missing: Iterable[Code] = (), valid: Iterable[Code] | None = None) -> Sql:
    """Whether the column holds an answer that is not missing (and is among `valid`, where that is stated)."""
    name = identifier(variable.name)
    tests = [sql("{name} IS NOT NULL", name=name)]
    if variable.kind == "text":
        tests.append(sql("trim({name}) <> ''", name=name))
    missing = tuple(missing)
    if missing:
        tests.append(sql("NOT {missing}", missing=among(variable, missing)))
    for low, high in variable.missing:
        held = name if isinstance(low, str) else number(variable)
        between = sql("{held} BETWEEN {low} AND {high}", held=held, low=literal(low), high=literal(high))
        tests.append(sql("NOT coalesce({between}, false)", between=between))
    if valid is not None:
        tests.append(among(variable, valid))
    return all_of(tests)
