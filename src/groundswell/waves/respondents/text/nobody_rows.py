"""Rows of a file that are nobody: empty ones, names again, totals, remarks below a table, tests of a questionnaire.

A person is never counted that is not one. What is left out is counted and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from groundswell.shortened import shortened
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.layouts.layout_signs import TOTALS, is_total
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, all_of, identifier, joined, literal, sql

MOST_TOTALS = 3
"""More rows that begin with a word such as “Total” are answers."""

MOST_FOOTERS = 5
"""More rows with nothing but words in the first cell are people who said no more."""

LARGEST = 9.2e18
"""Whole numbers beyond it are identifiers, which a number would not hold exactly."""

TESTS = {1: "Survey Preview", 2: "Survey Test", 9: "Spam Survey Preview", 17: "Offline Survey Preview"}
"""Codes and words of Qualtrics' column `Status` for what the questionnaire's makers answered themselves."""


@dataclass(frozen=True)
class Somebody:
    """The rows of somebody: what tells them, the columns that hold anything, and what is to be said.

    `strange_numbers` are columns that were taken for numbers and hold infinities, or whole numbers too long to be one.
    """

    tests: tuple[Sql, ...]
    columns: tuple[str, ...]
    notes: tuple[Note, ...]
    strange_numbers: tuple[str, ...]


def passing(rows: Sql, tests: Sequence[Sql]) -> Sql:
    """The rows that pass all tests, to stand after FROM."""
    return sql("(SELECT * FROM {rows} WHERE {tests})", rows=rows, tests=all_of(tests)) if tests else rows


def left_out(connection: duckdb.DuckDBPyConnection, rows: Sql, tests: Sequence[Sql]) -> list[int]:
    """The places, from 0, of the rows that do not pass all tests."""
    if not tests:
        return []
    connection.execute("SET preserve_insertion_order = true")
    found = connection.execute(
        sql(
            "SELECT place - 1 FROM (SELECT row_number() OVER () AS place, {tests} AS kept FROM {rows}) "
            "WHERE NOT kept ORDER BY place",
            tests=all_of(tests),
            rows=rows,
        ).text
    ).fetchall()
    connection.execute("SET preserve_insertion_order = false")
    return [int(place) for (place,) in found]


def somebody(
    connection: duckdb.DuckDBPyConnection,
    rows: Sql,
    types: Mapping[str, str],
    header: Sequence[str],
    unnamed: Sequence[int],
) -> Somebody:
    """Look through all rows for those that are nobody; `types` are the columns' by name."""
    names = list(types)
    held = [_held(name, types[name]) for name in names]
    empty = all_of([sql("{held} IS NULL", held=cell) for cell in held])
    again = _names_again(names, types, header)
    totals = _begins_with_total(names, types)
    footer = _alone(names, types, held)
    floats = [name for name in names if types[name] == "DOUBLE"]
    strange = [
        sql(
            "bool_or(NOT isfinite({cell}) OR abs({cell}) >= {most})",
            cell=identifier(name),
            most=literal(LARGEST),
        )
        for name in floats
    ]
    counted = [sql("count({cell})", cell=held[place]) for place in unnamed]
    found = connection.execute(
        sql(
            "SELECT count(*) FILTER ({empty}), count(*) FILTER ({again}), count(*) FILTER ({totals}), "
            "count(*) FILTER ({footer}) {more} FROM {rows}",
            empty=empty, again=again, totals=totals, footer=footer, rows=rows,
            more=Sql("".join(f", {piece.text}" for piece in (*strange, *counted))),
        ).text
    ).fetchall()[0]  # fmt: skip
    empties, repeated, total_rows, footers, *rest = found
    tests, notes = [], []
    if empties and len(names) > 1 and _someone_is_whole(connection, rows, held, empty):
        tests.append(sql("NOT ({empty})", empty=empty))
        notes.append(Note("empty_rows", facts={"rows": empties}))
    if repeated:
        tests.append(sql("NOT ({again})", again=again))
        notes.append(Note("names_again", facts={"rows": repeated}))
    if 0 < total_rows <= MOST_TOTALS and (words := _totals(connection, rows, totals)):
        tests.append(sql("NOT ({totals})", totals=totals))
        notes.append(Note("total_rows", facts={"rows": total_rows, "word": words[0]}))
    if footers and (words := _footers(connection, rows, names[0], footer)):
        tests.append(sql("NOT ({footer})", footer=footer))
        notes.append(Note("footer_rows", facts={"rows": footers, "word": shortened(words[0], 60)}))
    gone = {names[place] for place, many in zip(unnamed, rest[len(strange) :], strict=True) if not many}
    notes += [
        Note("no_name", names[place], {"place": place + 1}) for place in unnamed if names[place] not in gone
    ]
    return Somebody(
        tests=tuple(tests),
        columns=tuple(name for name in names if name not in gone),
        notes=tuple(notes),
        strange_numbers=tuple(name for name, odd in zip(floats, rest, strict=False) if odd),
    )


def _held(name: str, kind: str) -> Sql:
    """The cell, NULL where it holds nothing but blanks."""
    cell = identifier(name)
    return sql("nullif(trim({cell}), '')", cell=cell) if kind == "VARCHAR" else cell


def _names_again(names: Sequence[str], types: Mapping[str, str], header: Sequence[str]) -> Sql:
    """Whether a row is the names' row again, as where files were put behind each other."""
    if set(types.values()) != {"VARCHAR"} or not any(header):
        return sql("false")
    pairs = [
        sql("trim({cell}) = {name}", cell=identifier(name), name=literal(own.strip()))
        for name, own in zip(names, header, strict=False)
        if own.strip()
    ]
    return sql("coalesce({pairs}, false)", pairs=all_of(pairs))


def _begins_with_total(names: Sequence[str], types: Mapping[str, str]) -> Sql:
    """Whether a row begins with a word for a total."""
    if types[names[0]] != "VARCHAR":
        return sql("false")
    return sql(
        "coalesce(rtrim(lower(trim({first})), ':.') IN ({words}), false)",
        first=identifier(names[0]),
        words=[literal(word) for word in sorted(TOTALS)],
    )


def _totals(connection: duckdb.DuckDBPyConnection, rows: Sql, totals: Sql) -> list[str]:
    """The words of the rows that begin with one for a total, where all of them are totals: the rest is numbers."""
    found = connection.execute(
        sql("SELECT * FROM {rows} WHERE {totals}", rows=rows, totals=totals).text
    ).fetchall()
    cells = [[None if cell is None else str(cell) for cell in row] for row in found]
    return [str(row[0]) for row in cells] if all(map(is_total, cells)) else []


def _alone(names: Sequence[str], types: Mapping[str, str], held: Sequence[Sql]) -> Sql:
    """Whether a row holds several words in its first cell and nothing else, as `Source: Acme` below a table."""
    if types[names[0]] != "VARCHAR" or len(names) < 2:
        return sql("false")
    rest = all_of([sql("{held} IS NULL", held=cell) for cell in held[1:]])
    return sql("coalesce({first} LIKE '% %', false) AND {rest}", first=held[0], rest=rest)


def _footers(connection: duckdb.DuckDBPyConnection, rows: Sql, first: str, footer: Sql) -> list[str]:
    """The texts of such rows, where nobody else has several words in the first cell: then they are remarks."""
    found = connection.execute(
        sql(
            "SELECT trim({first}), {footer} FROM {rows} WHERE trim({first}) LIKE '% %' LIMIT {most}",
            first=identifier(first),
            footer=footer,
            rows=rows,
            most=literal(MOST_FOOTERS + 1),
        ).text
    ).fetchall()
    texts = [str(text) for text, alone in found if alone]
    return texts if len(texts) == len(found) <= MOST_FOOTERS else []


def _someone_is_whole(
    connection: duckdb.DuckDBPyConnection, rows: Sql, held: Sequence[Sql], empty: Sql
) -> bool:
    """Whether some column is filled in every row that is not empty: then an empty row is nobody.

    In a file of nothing but ticks, an empty row is a person who ticked nothing.
    """
    whole = joined(" OR ", [sql("bool_and({cell} IS NOT NULL)", cell=cell) for cell in held])
    looked = connection.execute(
        sql("SELECT {whole} FROM {rows} WHERE NOT ({empty})", whole=whole, rows=rows, empty=empty).text
    )
    return bool(looked.fetchall()[0][0])


def tests_of_qualtrics(
    connection: duckdb.DuckDBPyConnection, rows: Sql, columns: Sequence[str], options: ReadOptions
) -> tuple[tuple[Sql, ...], list[Note]]:
    """What tells respondents from the previews that Qualtrics marks in `Status`, unless `kept` says that they count."""
    name = next((column for column in columns if column.casefold() == "status"), None)
    if name is None:
        return (), []
    kept = {str(code) for key in ("*", name) for code in options.kept.get(key, ())}
    codes = [code for both in TESTS.items() for code in map(str, both) if code not in kept]
    test = sql(
        "coalesce(trim(CAST({status} AS VARCHAR)) IN ({codes}), false)",
        status=identifier(name),
        codes=[literal(code) for code in codes],
    )
    found = connection.execute(
        sql(
            "SELECT count(*), any_value(CAST({status} AS VARCHAR)) FROM {rows} WHERE {test}",
            status=identifier(name),
            rows=rows,
            test=test,
        ).text
    ).fetchall()[0]
    if not found[0]:
        return (), []
    note = Note("tests_left_out", facts={"rows": found[0], "status": name, "code": found[1]})
    return (sql("NOT {test}", test=test),), [note]
