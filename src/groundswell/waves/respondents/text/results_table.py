"""Whether a file is a table of results rather than of respondents: shares or totals in rows, nobody in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.layout_signs import is_number, is_total

MOST_ROWS = 60
"""A table of results has seldom more: of a longer one only its columns' names tell, or cells that are mostly shares."""

MOSTLY_SHARES = 0.75
"""The part of a long table's cells that are shares; respondents who write a percentage or two have fewer."""

_SHARE = re.compile(r"[<~≈]?\s*\d+([.,]\d+)?\s*%")
_ANSWERS = frozenset(("category", "answer", "response", "option", "indicator"))
_SHARES = frozenset(("share", "share_low", "percent", "percentage", "pct", "per cent", "%", "proportion"))
"""Names, in small letters, of which a table of results has one of each kind."""


def check_is_respondents(file: Path, names: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """Refuse what looks like published shares or a cross-table, which would be read as a few odd respondents.

    Raises: InputError with what it was told by, and the ways out.
    """
    rows = [row for row in body if any(cell.strip() for cell in row)]
    if not rows:
        return
    if told := _told_by(names, rows):
        raise InputError(
            f"`{file}` looks like a table of results ({told}), not of respondents with a row each: published shares "
            "belong in a survey's toplines.csv; if each row is a respondent, say so with `--layout plain`"
        )


def _told_by(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """By what it is one; "" where nothing speaks for it."""
    plain = {name.strip().casefold(): name for name in names}
    answers, shares = _ANSWERS & plain.keys(), _SHARES & plain.keys()
    if answers and shares:
        return f"it has the columns `{plain[min(answers)]}` and `{plain[min(shares)]}`"
    cells = [cell.strip() for row in rows for cell in row[1:] if cell.strip()]
    percents = sum(_SHARE.fullmatch(cell) is not None for cell in cells)
    many = len(rows) > MOST_ROWS
    if cells and percents >= len(cells) * (MOSTLY_SHARES if many else 0.5):
        return f"{percents} of its {len(cells)} cells are shares such as `{_first_share(cells)}`"
    if many:
        return ""
    firsts = [row[0].strip() for row in rows]
    words = len(set(firsts)) == len(firsts) and not any(map(is_number, firsts))
    totals = [row[0] for row in rows if len(row) > 1 and is_total(row)]
    if words and totals and all(map(is_number, cells)):
        return f"its rows have names, one of them `{totals[0].strip()}`, and hold nothing but numbers"
    return ""


def _first_share(cells: Sequence[str]) -> str:
    return next(cell for cell in cells if _SHARE.fullmatch(cell))
