"""Whether a column of a new file asks what the column of that name asked in an earlier wave.

A name proves little: `Q1` may be sex in one wave and age in the next. What is compared is the label, the labels of the
codes that both have, and what the columns hold. Any of the three may speak against them; nothing but the name may
speak for them, and then that is said.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from groundswell.waves.proposal.guesses.held import Held, held
from groundswell.waves.proposal.guesses.known_names import normalised
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import Respondents

SIMILAR = 0.6
"""Two labels less alike than this ask different things, unless their answers are the same."""

SHARED = 0.5
"""So much of what a column holds must be what the other held."""


@dataclass(frozen=True)
class Alike:
    """Whether two columns ask the same, and what says so; `recoded` where they do and only the codes changed."""

    same: bool
    why: str
    recoded: bool = False


def compare(before: Respondents, old: str, now: Respondents, new: str, *, asks: bool) -> Alike:
    """The new file's column `new` against an earlier wave's column `old`.

    What is not a question (`asks` is False: an identifier, a sampling unit, a day) has other values in every wave.
    """
    was, here = before.codebook[old], now.codebook[new]
    answers = _answers(was, here)
    label = _labels(was, here)
    if answers is not None and not answers.same:
        same_words = {normalised(word) for word in (was.labels or {}).values()} & {
            normalised(word) for word in (here.labels or {}).values()
        }
        recoded = label is not None and label.same and len(same_words) >= SHARED * len(was.labels or {})
        return Alike(False, answers.why, recoded)
    if label is not None and not label.same and answers is None:
        return label
    values = _values(held(before, was), held(now, here), kinds=(was.kind, here.kind), asks=asks)
    if not values.same:
        return values
    found = [each.why for each in (label, answers, values) if each is not None]
    return Alike(True, "; ".join(found if label or answers else [*found, "no labels to compare"]))


def _labels(was: Variable, here: Variable) -> Alike | None:
    """What the columns' labels say; None where one has none."""
    one, other = normalised(was.label), normalised(here.label)
    if not one or not other:
        return None
    if one == other:
        return Alike(True, f"labelled “{here.label}” in both")
    alike = difflib.SequenceMatcher(None, one, other).ratio() >= SIMILAR
    return Alike(alike, f"labelled “{here.label}”, was “{was.label}”")


def _answers(was: Variable, here: Variable) -> Alike | None:
    """What the labels of the codes that both have say; None where there are none."""
    shared: list[tuple[Code, str, str]] = [
        (code, was.labels[code], here.labels[code])
        for code in (was.labels or {})
        if was.labels and here.labels and code in here.labels and not was.is_missing(code)
    ]
    if not shared:
        return None
    same = [code for code, one, other in shared if normalised(one) == normalised(other)]
    if len(same) >= SHARED * len(shared):
        return Alike(True, f"{len(same)} of {len(shared)} answers have the same words")
    code, one, other = shared[0]
    return Alike(False, f"`{code}` is “{other}”, was “{one}”")


def _values(was: Held, here: Held, kinds: tuple[str, str], *, asks: bool) -> Alike:
    """What the columns hold."""
    said = f"holds {here.range}, held {was.range}"
    if (was.low is None) != (here.low is None):
        return Alike(False, f"{said}: {_kind(here, kinds[1])} now, {_kind(was, kinds[0])} then")
    if not asks:
        return Alike(True, said)
    if was.codes and here.codes:
        common = was.codes.keys() & here.codes.keys()
        respondents = sum(here.codes[code] for code in common)
        most = max(len(was.codes), len(here.codes))
        return Alike(respondents >= SHARED * sum(here.codes.values()) and len(common) >= SHARED * most, said)
    if was.low is not None and was.high is not None and here.low is not None and here.high is not None:
        spans = sorted((was.high - was.low, here.high - here.low))
        common_span = min(was.high, here.high) - max(was.low, here.low)
        many = sorted((was.different, here.different))
        alike = common_span >= SHARED * spans[1] and many[1] <= 10 * many[0]
        return Alike(alike, said)
    return Alike(True, said)


def _kind(column: Held, kind: str) -> str:
    if kind == "date":
        return "dates"
    return "words" if column.low is None else "numbers"
