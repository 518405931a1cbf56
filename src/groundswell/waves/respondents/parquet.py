"""The columns of a Parquet file as questions: plain numbers, texts, dates and lists, whatever types wrote them.

- NaN, as which some programs write a missing answer, is an empty cell.
- A struct `address` of `city` and `street` is the columns `address.city` and `address.street`.
- A list of plain values holds several answers of one respondent, and is a column of the kind `list`.
- A moment with a zone is the local time of the zone that the file names (UTC where it names none).
- A time of day or a duration is a number of seconds.
- Any other type (maps, lists of structs, bytes) is read as text, and a note says so: a column that nobody asks for
  never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from groundswell.waves.respondents.codebook import Kind, Variable
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, identifier, literal, sql

WHOLE = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "null"}
WIDE = {"ubigint", "hugeint", "uhugeint", "decimal"}
"""Numbers that Python or pandas hold as objects, and which are read as the nearest double."""

FRACTIONS = {"float", "double"}
MOMENTS = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
DURATIONS = {"time", "time with time zone", "interval"}
TEXTS = {"varchar", "enum", "uuid"}
PLAIN = WHOLE | WIDE | FRACTIONS | MOMENTS | DURATIONS | TEXTS | {"boolean", "date"}


@dataclass(frozen=True)
class PlainColumn:
    """One column as SQL, and what it is."""

    variable: Variable
    held: Sql
    notes: tuple[Note, ...] = ()


def plain_columns(
    connection: duckdb.DuckDBPyConnection, rows: Sql, zones: Mapping[str, str]
) -> tuple[PlainColumn, ...]:
    """The columns of `rows`, a Parquet file or a table of Arrow's; `zones` are those of its moments, by column."""
    relation = connection.sql(sql("SELECT * FROM {rows}", rows=rows).text)
    names = {name.casefold() for name in relation.columns}
    return tuple(
        column
        for name, kind in zip(relation.columns, relation.types, strict=True)
        for column in _columns(name, identifier(name), kind, zones, names)
    )


def plain_rows(columns: tuple[PlainColumn, ...], rows: Sql) -> Sql:
    """The rows with their columns plain, to stand after FROM."""
    chosen = [
        sql("{held} AS {name}", held=each.held, name=identifier(each.variable.name)) for each in columns
    ]
    return sql("(SELECT {chosen} FROM {rows})", chosen=chosen, rows=rows)


def zones_of(schema: Any) -> dict[str, str]:
    """The zones of a pyarrow schema's moments, by column."""
    return {field.name: field.type.tz for field in schema if getattr(field.type, "tz", None)}


def _columns(
    name: str, held: Sql, kind: Any, zones: Mapping[str, str], names: set[str]
) -> Iterator[PlainColumn]:
    """One column, or the fields of a struct."""
    fields = kind.children if kind.id == "struct" else []
    if fields and not any(f"{name}.{field}".casefold() in names for field, _ in fields):
        for field, inner in fields:
            of_field = sql("struct_extract({held}, {field})", held=held, field=literal(field))
            yield from _columns(f"{name}.{field}", of_field, inner, zones, names)
    else:
        yield _column(name, held, kind, zones.get(name))


def _column(name: str, held: Sql, kind: Any, zone: str | None) -> PlainColumn:
    """One column that is no struct."""
    if kind.id in ("list", "array") and kind.children[0][1].id in PLAIN:
        return PlainColumn(Variable(name, "list"), sql("CAST({held} AS VARCHAR[])", held=held))
    if kind.id in DURATIONS:
        seconds = sql("CAST(epoch({held}) AS DOUBLE)", held=held)
        return PlainColumn(Variable(name, "number"), seconds, (Note("times_as_seconds", name),))
    if kind.id == "timestamp with time zone":
        local = sql("timezone({zone}, {held})", zone=literal(zone or "UTC"), held=held)
        said = (Note("local_time", name, {"zone": zone}),) if zone not in (None, "UTC") else ()
        return PlainColumn(Variable(name, "date"), local, said)
    plain = _plain(held, kind.id)
    if plain is not None:
        return PlainColumn(Variable(name, plain[0]), plain[1])
    text = sql("CAST({held} AS VARCHAR)", held=held)
    return PlainColumn(Variable(name, "text"), text, (Note("type_as_text", name, {"type": str(kind)}),))


def _plain(held: Sql, kind: str) -> tuple[Kind, Sql] | None:
    """A column of one of the simple types."""
    if kind in FRACTIONS:
        return "number", sql("CASE WHEN NOT isnan({held}) THEN {held} END", held=held)
    if kind in WIDE:
        return "number", sql("CAST({held} AS DOUBLE)", held=held)
    if kind in MOMENTS:
        return "date", sql("CAST({held} AS TIMESTAMP)", held=held)
    if kind in TEXTS:
        return "text", sql("CAST({held} AS VARCHAR)", held=held)
    if kind == "date":
        return "date", held
    return ("number", held) if kind in WHOLE or kind == "boolean" else None
