"""Reading a text file whose encoding is certain: UTF-8, with or without a byte-order mark.

Guessing an encoding turns `ё` into `Ñ‘` without a word, so anything else is refused with the way out.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from groundswell.errors import Fault, FaultsError

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# C0 and C1 controls without tab and line ends, and the marks that reverse how the rest of a line is shown.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def read_text(file: Path) -> str:
    """The text of `file`, decoded as UTF-8, a byte-order mark removed, line ends as they are.

    Raises: FaultsError naming the line where the text stops being UTF-8, or where a NUL byte stands.
    """
    try:
        raw = file.read_bytes()
    except FileNotFoundError as error:
        raise FaultsError(str(file), [Fault(file, None, "", "no such file; it must be here")]) from error
    except OSError as error:
        raise FaultsError(str(file), [Fault(file, None, "", f"cannot be read: {error.strerror}")]) from error
    if raw.startswith(UTF16_MARKS) or (raw and raw.count(0) * 4 >= len(raw)):
        message = "is UTF-16 text, must be UTF-8: save it again as UTF-8 (in a spreadsheet “CSV UTF-8”)"
        raise FaultsError(str(file), [Fault(file, 1, "", message)])
    if (offset := raw.find(0)) >= 0:
        message = "holds a NUL byte, which no text has: delete it, or save the file again as UTF-8"
        raise FaultsError(str(file), [Fault(file, _line(raw, offset), "", message)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the byte's offset counts from the start of the file whether or not a mark was there
        got = f"byte 0x{error.object[error.start]:02x}"
        message = (
            f"is not UTF-8 text ({got}; Latin-1 or a Windows code page is likely): save it again as UTF-8"
        )
        mark = len(raw) - len(error.object)
        raise FaultsError(str(file), [Fault(file, _line(raw, error.start + mark), "", message)]) from error


def unseen(text: str) -> str | None:
    """The first character of `text` that cannot be seen or that hides others, as `U+0007`; None if none."""
    character = UNSEEN.search(text)
    return f"U+{ord(character.group()):04X}" if character else None


def _line(raw: bytes, offset: int) -> int:
    """The line, from 1, on which the byte at `offset` stands."""
    return raw.count(b"\n", 0, offset) + 1
