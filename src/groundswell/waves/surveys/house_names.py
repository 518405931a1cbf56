"""Whether two names are one house under two names: they differ in capitals, blanks, punctuation or an ending.

>>> same_house("Levada", "levada-"), same_house("Levada", "Levada Center"), same_house("Levada", "FOM")
(True, True, False)

A name that goes on with a number is another one: `house 1` and `house 10`, `Panel` and `Panel 2`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations

_WORD = re.compile(r"[^\W_]+")


def same_house(one: str, other: str) -> bool:
    """Whether the words of one name are those of the other, or those with more after them."""
    short, long = sorted((_words(one), _words(other)), key=len)
    if "".join(short) == "".join(long):
        return True
    more = long[len(short) :]
    return (
        bool(short) and long[: len(short)] == short and all(word.isalpha() and len(word) > 1 for word in more)
    )


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every two different names that may be one house's, in the names' order."""
    for one, other in combinations(dict.fromkeys(names), 2):
        if same_house(one, other):
            yield one, other


def _words(name: str) -> list[str]:
    """The words of a name without capitals and accents' ways of being written."""
    return _WORD.findall(unicodedata.normalize("NFKC", name).casefold())
