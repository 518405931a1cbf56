"""A file of respondents that many waves share, read once by a process.

Only the last such file is kept: waves of one file come one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents

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
        _last[:] = [(key, read_respondents(file, options=options))]
    kept = _last[0][1]
    return replace(kept, connection=kept.connection.cursor())
