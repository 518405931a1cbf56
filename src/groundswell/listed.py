"""Words of one option with commas between them: names of columns, codes, answers."""

from __future__ import annotations

import re

WORD = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,]*))(?:,|\Z)')
"""One word and the comma after it. A line break is a sign like any other: form programs write it into names."""


def listed(text: str) -> list[str]:
    """The words, as in a row of a CSV file: one that holds a comma stands in double quotes; empty ones are left out."""
    words = []
    place = 0
    while place < len(text):
        found = WORD.match(text, place)
        assert found is not None  # a word may be empty
        quoted, plain = found["quoted"], found["plain"]
        words.append(plain.strip() if quoted is None else quoted.replace('""', '"').strip())
        place = found.end()
    return [word for word in words if word]
