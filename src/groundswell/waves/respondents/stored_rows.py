"""Rows kept in a DuckDB connection, where a query is not to be asked again."""

from __future__ import annotations

import duckdb

from groundswell.waves.respondents.sql import Sql, identifier, sql

TABLE = "respondents"
"""The name by which DuckDB knows rows that are loaded rather than scanned."""


def stored(connection: duckdb.DuckDBPyConnection, query: Sql, name: str = TABLE) -> Sql:
    """Keep what a query gives, in its order, as a table, in place of one of this name; to stand after FROM."""
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(
        sql("CREATE OR REPLACE TABLE {name} AS {query}", name=identifier(name), query=query).text
    )
    connection.execute("SET preserve_insertion_order = false")
    return identifier(name)
