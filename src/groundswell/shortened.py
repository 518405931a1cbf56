"""A text on one line, cut where it is too long to stand in a sentence, a label or a cell."""

from __future__ import annotations


def shortened(text: str, most: int) -> str:
    """The text on one line, cut to `most` characters with `…` where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
