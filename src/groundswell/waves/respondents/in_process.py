"""A file of respondents that many waves share, read once by a process.

Only the last such file is kept: waves of one file come one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import sql
from groundswell.waves.respondents.stored_rows import TABLE, stored

_Key = tuple[Path, int, int, ReadOptions]
_last: list[tuple[_Key, Respondents]] = []


def respondents_in_process(file: Path, options: ReadOptions) -> Respondents:
    """The respondents of a file as `read_respondents` gives them, with a connection of their own to the same rows.

    Raises: InputError as `read_respondents`.
    """
    if not file.is_file():
        return read_respondents(file, options=options)
    state = file.stat()
    key = (file.resolve(), state.st_size, state.st_mtime_ns, options)
    if not _last or _last[0][0] != key:
        _last[:] = [(key, _in_a_table(read_respondents(file, options=options)))]
    kept = _last[0][1]
    return replace(kept, connection=kept.connection.cursor())


def _in_a_table(respondents: Respondents) -> Respondents:
    """The same with rows that every cursor sees: what was registered with a connection, only that one does."""
    connection = respondents.connection
    if not connection.execute(
        "SELECT count(*) FROM duckdb_views() WHERE view_name = 'respondents'"
    ).fetchall()[0][0]:
        return respondents
    own = stored(connection, sql("SELECT * FROM {rows}", rows=respondents.scan), f"{TABLE}_in_process")
    connection.unregister(TABLE)
    return replace(respondents, scan=own)
