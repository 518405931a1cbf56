"""Whether a text made again says the same as the published one: numbers within a tolerance, everything else exactly.

Two machines may add the same numbers in another order and differ in the twelfth digit, so numbers are compared within
TOLERANCE, relative or absolute, whichever is wider; words, names and the order of everything must be the same.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-6
"""A millionth: far below what any page prints, far above what another order of additions does."""

NUMBER = re.compile(r"[-\u2212]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
CSV_INSIDE = re.compile(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)")
BY_CHANCE = re.compile(r"(?<=\bT_)[0-9a-f]{5}(?=_|\b)|(?<= at )0x[0-9a-f]+")
"""What differs from run to run and says nothing: the name of a styled table, and where an object lay in memory."""
AROUND = 24


@dataclass(frozen=True)
class Difference:
    """One place where a file made again parts from the published one.

    `row` is the row of a table by its keys, the place in a record, or the line of a text; `column` is that of a table,
    else "". What was `published` there and what was `made` now is a number, or the words around the place.
    """

    file: str
    row: str
    column: str
    published: str
    made: str

    @property
    def relative(self) -> float | None:
        """How far the number moved, as a part of the published one; None for words, and where that was zero."""
        if NUMBER.fullmatch(self.published) is None or NUMBER.fullmatch(self.made) is None:
            return None
        before, now = _number(self.published), _number(self.made)
        return abs(now - before) / abs(before) if before and math.isfinite(before) else None

    def __str__(self) -> str:
        place = f"{self.file} {self.row}" + (f", column `{self.column}`" if self.column else "")
        far = "" if self.relative is None else f" (relative difference {self.relative:.2g})"
        return f"{place}: published `{self.published}`, now `{self.made}`{far}"


def compare_texts(
    name: str, *, published: str, made: str, row: str = "", column: str = ""
) -> list[Difference]:
    """Every number that differs, by line; only the first place where the words around the numbers part.

    A text that stands in a table or a record by itself has its `row` and `column` there.
    """
    if published == made:
        return []
    first, second = list(NUMBER.finditer(published)), list(NUMBER.finditer(made))
    words, now = NUMBER.split(published), NUMBER.split(made)
    if words != now:
        place = next((i for i, (a, b) in enumerate(zip(words, now, strict=False)) if a != b), -1)
        start = first[place - 1].start() if 0 < place <= len(first) else 0
        again = second[place - 1].start() if 0 < place <= len(second) else 0
        there, here = _around(published, start), _around(made, again)
        return [Difference(name, row or _line(published, start), column, there, here)]
    return [
        Difference(name, row or _line(published, one.start()), column, one.group(), other.group())
        for one, other in zip(first, second, strict=True)
        if not _close(one.group(), other.group())
    ]


def count_numbers(text: str) -> int:
    """How many numbers a text holds."""
    return sum(1 for _ in NUMBER.finditer(text))


def shown_texts(notebook: Any) -> Iterator[tuple[str, str]]:
    """What the cells of an executed notebook show, each with the first line of its cell's code."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
        name = f"`{next((line for line in lines if not line.startswith('#')), '')}`"
        for output in cell.outputs:
            yield from ((name, text) for text in _output_texts(output))


def _output_texts(output: Any) -> Iterable[str]:
    if output.output_type == "stream":
        return [str(output.text)]
    parts = output.get("data", {})
    texts = [
        part if isinstance(part, str) else json.dumps(part, sort_keys=True)
        for _, part in sorted(parts.items())
    ]
    return [BY_CHANCE.sub("", CSV_INSIDE.sub(_unpacked, text)) for text in texts]


def _unpacked(packed: re.Match[str]) -> str:
    """A CSV inside a link as the text that it holds, so that its numbers are compared as numbers."""
    return base64.b64decode(packed.group(1)).decode()


def _close(one: str, other: str) -> bool:
    if one == other:  # also digits of a checksum that read as a number beyond all bounds
        return True
    a, b = _number(one), _number(other)
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def _number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def _line(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}"


def _around(text: str, position: int) -> str:
    return " ".join(text[position : position + 2 * AROUND].split()) or "(nothing)"
