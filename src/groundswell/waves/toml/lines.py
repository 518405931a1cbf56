"""On which line of a TOML text each key stands, which the standard library's `tomllib` does not say.

A path is the tuple of keys that leads to a value, with the index where an array is passed: `("houses", "fom",
"name")`, `("events", 1, "date")`. The text must be one that `tomllib` accepts: nothing is checked here, only
found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
BARE_VALUE = re.compile(r"[^,\]}\n#]*")
# the longest form first: three quotes open a multi-line string, which up to five quotes close
STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)
ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
SHORT_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, on which each path of a sound TOML text first stands."""
    return _Scanner(text).lines


class KeyLines(Mapping[Path, int]):
    """The `key_lines` of a text, looked for when the first is asked for: a file without a fault is never asked."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return key_lines(self._text)

    def __getitem__(self, path: Path) -> int:
        return self._lines[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class _Scanner:
    """One pass over the text; `lines` is the result."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.lines: dict[Path, int] = {}
        self._ends = [newline.start() for newline in re.finditer("\n", text)]
        self._arrays: dict[Path, int] = {}
        table: Path = ()
        self._pass(BLANK)
        while self.position < len(text):
            if text[self.position] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._pass(BLANK)

    def _pass(self, pattern: re.Pattern[str]) -> str:
        """Move over what `pattern` matches here and return it."""
        matched = pattern.match(self.text, self.position)
        if matched is None:
            raise ValueError(f"not sound TOML at character {self.position}")
        self.position = matched.end()
        return matched.group()

    def _note(self, path: Path, position: int) -> None:
        """Remember the line of `path` and of what leads to it, unless they stood earlier."""
        line = bisect_right(self._ends, position - 1) + 1
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the path of the table that it opens."""
        begin, is_array = self.position, self.text.startswith("[[", self.position)
        self.position += 2 if is_array else 1
        path: Path = ()
        keys = self._keys()
        for key in keys[:-1]:
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        if is_array:
            self._arrays[path] = self._arrays.get(path, -1) + 1
        path = self._inside(path)
        self.position += 2 if is_array else 1
        self._note(path, begin)
        return path

    def _inside(self, path: Path) -> Path:
        """`path`, or its newest element where it is an array of tables."""
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _keys(self) -> list[str]:
        """The parts of a dotted key."""
        keys = []
        while True:
            self._pass(SPACE)
            quoted = self.text[self.position] in "\"'"
            keys.append(_unquoted(self._string()) if quoted else self._pass(BARE_KEY))
            self._pass(SPACE)
            if self.text[self.position] != ".":
                return keys
            self.position += 1

    def _pair(self, table: Path) -> None:
        """`key = value` inside `table`."""
        begin = self.position
        path = (*table, *self._keys())
        self._note(path, begin)
        self.position += 1  # the equals sign
        self._pass(SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        """Move over one value, noting the keys and elements within it."""
        first = self.text[self.position]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._pass(BARE_VALUE)

    def _array(self, path: Path) -> None:
        """`[1, 2]`, over as many lines as it likes."""
        self.position += 1
        self._pass(BLANK)
        element = 0
        while self.text[self.position] != "]":
            self._note((*path, element), self.position)
            self._value((*path, element))
            element += 1
            self._comma()
        self.position += 1

    def _inline_table(self, path: Path) -> None:
        """`{ a = 1, b = 2 }`."""
        self.position += 1
        self._pass(BLANK)
        while self.text[self.position] != "}":
            self._pair(path)
            self._comma()
        self.position += 1

    def _comma(self) -> None:
        """Move over the comma between two elements, where there is one."""
        self._pass(BLANK)
        if self.text[self.position] == ",":
            self.position += 1
            self._pass(BLANK)

    def _string(self) -> str:
        """Move over a string, quotes included, and return it."""
        pattern = next(pattern for pattern in STRINGS if pattern.match(self.text, self.position))
        return self._pass(pattern)


def _unquoted(key: str) -> str:
    """The key that a quoted key writes."""
    if key[0] == "'":
        return key[1:-1]
    return ESCAPE.sub(
        lambda part: SHORT_ESCAPES[part[3]] if part[3] else chr(int(part[1] or part[2], 16)), key[1:-1]
    )
