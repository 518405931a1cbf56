"""Codes of a column as a fault names them: with their labels and how many gave them."""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import CodeCount

SHOWN = 5
"""How many codes a message names."""


def listed_codes(counts: Sequence[CodeCount], variable: Variable) -> str:
    """The first codes with their labels and numbers of respondents."""
    named = []
    for count in counts[:SHOWN]:
        label = "empty" if count.code is None else variable.label_of(count.code)
        own = "" if label in (str(count.code), "empty") else f" “{label}”"
        named.append(f"`{'' if count.code is None else count.code}`{own} ({count.respondents:,})")
    more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    return ", ".join(named) + more
