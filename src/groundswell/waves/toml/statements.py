"""A TOML text cut into its statements, also where `tomllib` cannot read it: headers, and keys with their values.

`tomllib` stops at the first thing that it cannot read. Here each statement is tried on its own, so that every one that
is wrong is found, and so is what stands twice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2000
"""Lines that one list or text may take before it counts as never closed."""
PIECE: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|.', re.DOTALL)
_NEXT: Final = re.compile(r"\s*(?:\[{1,2}[^\[\],\"']+\]{1,2}\s*(?:#.*)?|[\w-]+\s*=(?!=).*)")
_CLOSE: Final = re.compile(r"[\]}]|\"\"\"|'''")
_TRIPLE: Final = ('"""', "'''")


@dataclass(frozen=True)
class Statement:
    """A header, or a key with its value; `line` counts from 1, `table` holds the keys of the header above."""

    line: int
    text: str
    sound: bool
    table: tuple[str, ...]

    @property
    def is_header(self) -> bool:
        """Whether it opens a table."""
        return self.text.startswith("[")

    @property
    def left(self) -> str:
        """The header without its brackets, or the key."""
        if self.is_header:
            return uncommented(self.text).strip("[] \t")
        return divided(self.text, "=")[0].strip()

    @property
    def right(self) -> str | None:
        """What follows the equals sign, without its comment; None where there is none."""
        pieces = divided(self.text, "=")
        return None if self.is_header or len(pieces) == 1 else uncommented("=".join(pieces[1:])).strip()

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to it, quotes taken off."""
        own = key_parts(self.left)
        return own if self.is_header else (*self.table, *own)


def statements(text: str) -> Iterator[Statement]:
    """Every statement of the text in order; blank lines and comments belong to none."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    table: tuple[str, ...] = ()
    at = 0
    while at < len(lines):
        first = lines[at].strip()
        if not first or first.startswith("#"):
            at += 1
            continue
        end = _end(lines, at)
        whole = "\n".join(lines[at:end]).strip()
        statement = Statement(at + 1, whole, _is_sound(whole), table)
        yield statement
        if statement.is_header:
            table = statement.path
        at = end


def divided(text: str, mark: str) -> list[str]:
    """The text at each `mark` that stands outside quotes."""
    parts = [""]
    for piece in PIECE.findall(text):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def uncommented(text: str) -> str:
    """The text without what follows a `#` outside quotes, line by line."""
    return "\n".join(divided(line, "#")[0].rstrip() for line in text.split("\n")).rstrip()


def key_parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key, without blanks and quotes."""
    parts = (part.strip() for part in divided(key, "."))
    return tuple(
        part[1:-1] if len(part) > 1 and part[0] in "\"'" and part[-1] == part[0] else part for part in parts
    )


def _end(lines: list[str], at: int) -> int:
    """The line after the statement that begins on line `at`: the first on which it is whole.

    One that is never whole ends before the next statement; a text in three quotes that is never closed takes the rest.
    """
    if _is_sound(lines[at]) or not (opened := _opened(lines[at])):
        return at + 1
    for end in range(at + 1, min(len(lines), at + LONGEST)):
        if opened not in _TRIPLE and _NEXT.fullmatch(lines[end]):
            return end
        if _CLOSE.search(lines[end]):
            if _is_sound("\n".join(lines[at : end + 1])):
                return end + 1
            if opened in lines[end] and opened in _TRIPLE:
                return end + 1
    return len(lines)


def _opened(line: str) -> str:
    """What the line opens and does not close: three quotes, a bracket or a brace; "" where nothing."""
    if line.lstrip().startswith("["):
        return ""
    value = uncommented(line).partition("=")[2].strip()
    for mark in _TRIPLE:
        if value.startswith(mark):
            return "" if mark in value[3:] else mark
    bare = [piece for piece in PIECE.findall(value) if len(piece) == 1]
    for opening, closing in ("[]", "{}"):
        if bare.count(opening) > bare.count(closing):
            return opening
    return ""


def _is_sound(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
