"""What whoever uses a number from a file must know: how it was read, what was left out, what was taken for what.

A note is a code with its facts. Its sentence is English, as an error's is: it is said where a file is read, on a
terminal or as a Python warning, never on a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, str] = {}
"""By code the sentence of a note; names in braces are its facts, `column` its column."""


@dataclass(frozen=True)
class Note:
    """A code of `SENTENCES`, the column that it speaks of (or none), and its facts by name."""

    code: str
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence."""
        return SENTENCES[self.code].format(column=self.column, **self.facts)
