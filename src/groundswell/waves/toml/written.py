"""Values and keys as TOML writes them."""

from __future__ import annotations

import json
import re
from typing import Any


def toml_text(value: Any) -> str:
    """A value as TOML writes it.

    >>> toml_text({"year": [2012], "Q 1": "a"})
    '{ year = [2012], "Q 1" = "a" }'
    """
    if isinstance(value, dict):
        pairs = ", ".join(f"{toml_key(str(key))} = {toml_text(part)}" for key, part in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_text(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def toml_key(key: str) -> str:
    """A key as TOML writes it, in quotes where it must."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
