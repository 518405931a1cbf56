"""A parameter's value as it is typed after `-p name=`, and a typed list read back; one is the other's inverse."""

from __future__ import annotations

import json
from typing import Any


def parameter_text(value: Any) -> str:
    """The text of a parameter's value, from a manifest: "" for none, `a,b` for a list."""
    if value is None:
        return ""
    if isinstance(value, list):
        plain = ",".join(map(str, value))
        return plain if plain and typed_list(plain) == value else json.dumps(value, ensure_ascii=False)
    return str(value)


def typed_list(text: str) -> list[str]:
    """The words of `a,b`, or of a JSON list of texts, which is for words that hold a comma or are empty."""
    try:
        words = json.loads(text) if text.startswith("[") else None
    except ValueError:  # a word that begins with a bracket
        words = None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return words
    return text.split(",") if text else []
