"""What is stated of a file that the fuzzer made: drawn from its bytes, so that it can be stated again."""

from __future__ import annotations

import hashlib
import random
from typing import Any

from groundswell.waves.respondents.layouts.layout import LAYOUTS, ReadOptions

_STATED: dict[str, tuple[Any, ...]] = {
    "layout": LAYOUTS,
    "header_row": (1, 2, 3, 9),
    "delimiter": (",", ";", "\t", "|"),
    "decimal": (",", "."),
    "encoding": ("utf-8", "cp1251", "utf-16", "latin-1"),
    "sheet": ("Sheet", "Sheet 1", "absent"),
    "missing": ((99,), (1, 2), (-1.5,), ("a",)),
    "missing_of": ({"mood": (99,)}, {"absent": (1,)}),
    "kept": ({"*": ("NA", 99)}, {"mood": (99,)}, {"Status": (1,)}),
    "separators": ({"text": ";"}, {"mood": ""}),
}

_HAVE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), ("layout", "header_row", "delimiter", "decimal", "encoding")),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls"), ("layout", "header_row", "sheet", "decimal")),
    **dict.fromkeys((".sav", ".zsav", ".dta", ".xpt", ".sas7bdat"), ("encoding",)),
}
"""By the ending of a file's name the options that not every format has."""


def drawn_options(content: bytes, suffix: str) -> ReadOptions:
    """Nothing for half of all files; one or two options for the others."""
    drawn = random.Random(hashlib.sha256(content).digest())
    if drawn.random() < 0.5:
        return ReadOptions()
    names = (*_HAVE.get(suffix, ()), "missing", "missing_of", "kept", "separators")
    chosen = drawn.sample(names, drawn.choice((1, 1, 2)))
    return ReadOptions(**{name: drawn.choice(_STATED[name]) for name in chosen})
