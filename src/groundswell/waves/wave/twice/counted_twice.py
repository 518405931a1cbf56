"""Whether two waves of a survey hold the same respondents: one file twice, a copy in another language, a part of both.

What chance alone would do is known from the waves themselves. Of two samples of one population, a respondent of the
first has a double in the second about as often as among the first's own others; only what goes beyond that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from groundswell.waves.wave.twice.prints import Hashes, Prints

FEWEST = 20
"""Fewer respondents in common are not spoken of."""

SAME_PROFILES = 0.8
"""Two files of which so many columns have the same profile are copies."""

SURE_DIGITS = 6.0
"""Profiles agree by chance in one of a million pairs of waves, or less."""

BEYOND_CHANCE = 0.05
"""Doubles beyond those that chance makes are said from this share of a wave on."""

SAME_ANSWERS = 0.95
"""Respondents of one identifier whose answers are the same in so many cases were not asked twice."""

Way = Literal["same_file", "copy", "same_ids", "same_answers", "ids_recur"]


@dataclass(frozen=True)
class Shared:
    """What two waves share.

    Attributes:
        one, other: the two, the later second.
        way: how it was found; `ids_recur` is no fault where a panel is meant.
        respondents: how many they share.
        columns: by how many columns.
    """

    one: Prints
    other: Prints
    way: Way
    respondents: int
    columns: int

    @property
    def is_fault(self) -> bool:
        """Whether answers are counted twice."""
        return self.way != "ids_recur"

    def __str__(self) -> str:
        """What they share, and what to do."""
        first, second = f"`{self.one.wave.name}`", f"`{self.other.wave.name}`"
        of = f"{self.respondents:,} of {self.other.rows:,} respondents"
        match self.way:
            case "same_file":
                return (
                    f"{second} has the respondents of {first}: the same file (SHA-256 {self.one.wave.sha256[:12]}…); "
                    "delete one of the two, or choose each one's with `rows`"
                )
            case "copy":
                return (
                    f"{second} is a copy of {first}, perhaps in another language: {self.columns} of "
                    f"{len(self.other.profiles)} columns hold the same numbers of each answer; delete one of the two"
                )
            case "same_ids":
                return (
                    f"{of} of {second} have an identifier (`{self.other.wave.design.id}`) and the answers of one in "
                    f"{first}, in all {self.columns} columns compared: keep them in one of the two"
                )
            case "same_answers":
                return (
                    f"{of} of {second} give the answers of one in {first} in all {self.columns} columns compared, "
                    "more than chance would: keep them in one of the two"
                )
        return (
            f"{of} of {second} have an identifier (`{self.other.wave.design.id}`) that occurs in {first}: if they are "
            "the same people, say so in both, under [design]: `psu_recur = true` with their column as `psu`"
        )


def respondents_in_two_waves(prints: Sequence[Prints]) -> Iterator[Shared]:
    """What any two waves share, the first thing that is found of each pair."""
    ordered = sorted(prints, key=lambda each: (each.wave.end, each.wave.name))
    for one, other in combinations(ordered, 2):
        if one.wave.toml == other.wave.toml:
            continue  # waves of one declaration have rows of their own
        if (shared := _shared(one, other)) is not None:
            yield shared


def _shared(one: Prints, other: Prints) -> Shared | None:
    if one.wave.sha256 == other.wave.sha256 and one.wave.rows == other.wave.rows:
        return Shared(one, other, "same_file", other.rows, 0)
    if (columns := _same_profiles(one, other)) is not None:
        return Shared(one, other, "copy", other.rows, columns)
    names = sorted(one.codes.keys() & other.codes.keys())
    if one.ids is not None and other.ids is not None:
        recurring = np.isin(other.ids, one.ids)
        if (many := int(recurring.sum())) >= FEWEST:
            return _of_recurring(one, other, recurring, names, many)
    many = _doubles(one, other, names)
    return Shared(one, other, "same_answers", many, len(names)) if many else None


def _same_profiles(one: Prints, other: Prints) -> int | None:
    """In how many columns the waves hold the same numbers of each answer, where that makes them copies."""
    if one.rows != other.rows or not one.profiles or not other.profiles:
        return None
    common = Counter(one.profiles) & Counter(other.profiles)
    many, digits = common.total(), sum(profile.information * times for profile, times in common.items())
    most = max(len(one.profiles), len(other.profiles))
    return many if many >= SAME_PROFILES * most and digits >= SURE_DIGITS else None


def _of_recurring(
    one: Prints, other: Prints, recurring: np.ndarray, names: list[str], many: int
) -> Shared | None:
    """Identifiers that occur in both: the same answers, or a panel that nobody has declared."""
    assert one.ids is not None
    assert other.ids is not None
    if names:
        place = {int(own): row for row, own in enumerate(one.ids)}
        rows = np.array([place[int(own)] for own in other.ids[recurring]])
        same = _rows(one, names)[rows] == _rows(other, names)[recurring]
        if same.mean() >= SAME_ANSWERS:
            return Shared(one, other, "same_ids", int(same.sum()), len(names))
    declared = one.wave.design.psu_recur and other.wave.design.psu_recur
    return None if declared else Shared(one, other, "ids_recur", many, 0)


def _doubles(one: Prints, other: Prints, names: list[str]) -> int:
    """How many respondents of the later wave have a double in the earlier one, where chance does not make so many."""
    if not names or min(one.rows, other.rows) < FEWEST:
        return 0
    first, second = _rows(one, names), _rows(other, names)
    doubles = np.isin(second, first)
    chance = max(_own_doubles(first), _own_doubles(second))
    share = float(doubles.mean())
    wobble = 3 * float(np.sqrt(max(share * (1 - share), 1 / other.rows) / other.rows))
    many = int(doubles.sum())
    return many if many >= FEWEST and share > chance + BEYOND_CHANCE + wobble else 0


def _own_doubles(rows: Hashes) -> float:
    """The share of respondents who have a double in their own wave."""
    _, place, many = np.unique(rows, return_inverse=True, return_counts=True)
    return float((many[place] > 1).mean())


def _rows(prints: Prints, names: list[str]) -> Hashes:
    """One hash a respondent, of his codes in these columns."""
    mixed = np.zeros(prints.rows, np.uint64)
    for name in names:
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + prints.codes[name]
    return mixed
