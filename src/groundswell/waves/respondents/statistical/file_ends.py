"""Whether a file ends where its format says that it ends; the reader takes what is left of some for the whole.

A transport file of SAS is made of records of 80 bytes, and in its version 8 says how many respondents follow; files of
Stata 13 and later end with a mark of their own. A file cut off where an end might be cannot be told from a whole one.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from groundswell.errors import InputError

RECORD = 80
"""Bytes of each record of a transport file."""

STATED_ROWS = re.compile(rb"OBSV8   HEADER RECORD!{7} *(\d+)")
STATA, END_OF_STATA = b"<stata_dta>", b"</stata_dta>"
BLANKS = b" \r\n\0\x1a"


def check_ends(file: Path, rows: int) -> None:
    """Hold the end of a file, and the rows that were read of it, against its format.

    Raises: InputError where it was cut off.
    """
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as held:
        what = _missing(file.suffix.lower(), held, rows)
    if what:
        raise InputError(f"`{file}` is cut off ({what}): ask for the whole file")


def _missing(ending: str, held: mmap.mmap, rows: int) -> str:
    """What shows that the file was cut off, or nothing."""
    last = held[-200:].rstrip(BLANKS)
    if ending == ".xpt":
        if len(held) % RECORD:
            return f"its last record has {len(held) % RECORD} bytes of {RECORD}"
        stated = STATED_ROWS.search(held)
        many = int(stated[1]) if stated else 0
        return f"it states {many:,} rows and holds {rows:,}" if rows < many else ""
    if ending == ".dta" and held[: len(STATA)] == STATA and not last.endswith(END_OF_STATA):
        return f"it does not end with `{END_OF_STATA.decode()}`"
    return ""
