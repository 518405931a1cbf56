"""A progress bar on the terminal for a query that takes more than two seconds."""

from __future__ import annotations

import sys
import threading

import duckdb
import pandas as pd

from groundswell.waves.respondents.sql import Sql

PATIENCE = 2.0
"""Seconds of silence before a bar is shown."""


def watched(connection: duckdb.DuckDBPyConnection, query: Sql) -> pd.DataFrame:
    """The query's result; on a terminal, a bar on standard error from the second second on.

    Raises: duckdb.Error as the query does.
    """
    if not sys.stderr.isatty():
        return pd.DataFrame(connection.execute(query.text).df())
    done = threading.Event()
    watcher = threading.Thread(target=_show, args=(connection, done), daemon=True)
    watcher.start()
    try:
        return pd.DataFrame(connection.execute(query.text).df())
    finally:
        done.set()
        watcher.join()


def _show(connection: duckdb.DuckDBPyConnection, done: threading.Event) -> None:
    """Draw how much of the query is done, four times a second, once patience has run out."""
    if done.wait(PATIENCE):
        return
    from tqdm import tqdm

    with tqdm(total=100, desc="adding up respondents", unit="%", leave=False, file=sys.stderr) as bar:
        while not done.wait(0.25):
            bar.update(max(connection.query_progress(), 0.0) - bar.n)
