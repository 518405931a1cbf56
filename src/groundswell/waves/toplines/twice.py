"""One figure that stands in two rows: read in two sources, rounded in one of them, or dated in two ways.

Two rows of one wave and answer cannot both be kept: that is a fault. Two rows that may be one wave, because one of them
says less of its dates, or another mode or wording, are a doubt: only a person can tell, and `groundswell check` names
them with what they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, Literal, NamedTuple

from groundswell.waves.surveys.fieldwork import Period
from groundswell.waves.toplines.row import ReadRow

Likeness = Literal["equal", "rounded", "different"]
EXACT: Final = 1e-9
SHARES: Final = frozenset({"share", "share_low", "share_high"})
DATED: Final = ("variant", "mode", "start", "end", "precision")
"""What may differ where one wave is told in two ways."""


def likeness(one: float, one_step: float, other: float, other_step: float) -> Likeness:
    """Whether two printed shares are equal, or equal once the finer is rounded to the coarser's step.

    >>> likeness(0.6, 0.01, 0.597, 0.001), likeness(0.60, 0.01, 0.59, 0.01)
    ('rounded', 'different')
    """
    gap = abs(one - other)
    if gap < EXACT:
        return "equal"
    return "rounded" if gap <= max(one_step, other_step) / 2 + EXACT else "different"


def same_category(there: ReadRow, here: ReadRow) -> str:
    """What is wrong where one answer of one wave stands in two rows."""
    begin = f"`{here.category}` of this wave stands on line {there.line} already"
    if there.wrong & SHARES or here.wrong & SHARES:
        return f"{begin}: delete one of the two"
    match how_alike(there, here):
        case "equal":
            return f"{begin}, with the same share{_sources(there, here)}: delete one of the two"
        case "rounded":
            both = f"{_share(there)} there, {_share(here)} here"
            return f"{begin}, with the same share before rounding ({both}{_sources(there, here)}): keep the finer one"
        case _:
            both = f"{_share(there)} there, {_share(here)} here"
            way_out = "find out which is right, and delete the other"
            return f"{begin}, with another share ({both}{_sources(there, here)}): {way_out}"


class Pair(NamedTuple):
    """Two rows that may be one wave: how alike their shares are, and the columns in which they differ."""

    there: ReadRow
    here: ReadRow
    alike: Likeness
    differ: tuple[str, ...]


def perhaps_twice(rows: Sequence[ReadRow]) -> Iterator[Pair]:
    """Rows that may be another row's wave: same house, indicator and answer, and dates that do not tell them apart.

    Rows of one wave by every column are a fault, not a doubt, and are not among them.
    """
    figures: dict[tuple[str, str, str], list[tuple[Period, ReadRow]]] = defaultdict(list)
    for row in rows:
        if row.asked is not None:
            figures[row.house, row.indicator, row.category].append((row.asked, row))
    for same in figures.values():
        same.sort(key=lambda each: (each[0].start, each[1].line))
        for place, (asked, row) in enumerate(same):
            for other_asked, other in islice(same, place + 1, None):
                if other_asked.start > asked.end:
                    break
                there, here = sorted((row, other), key=lambda each: each.line)
                if there.wave != here.wave and (pair := _pair(there, here)):
                    yield pair


def pair_message(pair: Pair) -> str:
    """What the two rows share, for whoever can tell whether they are one wave."""
    there, here = pair.there, pair.here
    shares = {
        "equal": f"the same share, {_share(here)}",
        "rounded": f"the same share before rounding, {_share(there)} there and {_share(here)} here",
        "different": f"another share, {_share(there)} there and {_share(here)} here",
    }[pair.alike]
    differ = ", ".join(f"`{name}`" for name in pair.differ)
    return (
        f"`{here.category}` of `{here.house}` may be line {there.line} once more, counted twice: the fieldwork may "
        f"be the same, with {shares}{_sources(there, here)}; they differ in {differ}. Keep one if it is one wave"
    )


def _pair(there: ReadRow, here: ReadRow) -> Pair | None:
    """Two rows that may be one wave; None where they are told apart."""
    alike = how_alike(there, here)
    one_way = (there.variant, there.mode) == (here.variant, here.mode)
    same_days = there.end == here.end and (there.start == here.start or None in (there.start, here.start))
    if not (same_days or _within(there, here)) or (alike == "different" and not (same_days and one_way)):
        return None
    return Pair(
        there, here, alike, tuple(name for name in DATED if getattr(there, name) != getattr(here, name))
    )


def _within(there: ReadRow, here: ReadRow) -> bool:
    """Whether one of them is dated so roughly that the other's days lie within its own."""
    one, other = there.asked, here.asked
    if one is None or other is None or (there.precision == here.precision == "day"):
        return False
    return one.overlap(other) == min(one.days, other.days)


def how_alike(there: ReadRow, here: ReadRow) -> Likeness:
    """How alike the printed shares, or both ends of their ranges, are."""
    if (there.share is None) != (here.share is None):
        return "different"
    pairs = [(getattr(there, name), getattr(here, name)) for name in SHARES]
    kinds = {
        likeness(one, there.rounding, other, here.rounding)
        for one, other in pairs
        if one is not None and other is not None
    }
    return next((kind for kind in ("different", "rounded") if kind in kinds), "equal")


def _share(row: ReadRow) -> str:
    return f"{row.share:g}" if row.share is not None else f"{row.share_low:g} to {row.share_high:g}"


def _sources(there: ReadRow, here: ReadRow) -> str:
    """Where each was read, where that differs."""
    if there.source_title == here.source_title:
        return ""
    return f", from `{there.source_title}` there and `{here.source_title}` here"
