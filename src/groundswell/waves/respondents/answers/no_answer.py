"""Codes that look like no answer though the file does not declare them missing: which, and why.

Two things give a code away: its label (`no_answer_words`), and where it lies. Surveys write -1 to -9, or 66, 77, 88 and
96 to 99 (with as many digits as it takes to stand apart) where nobody answered, and a scale of 1 to 5 has no 99. A
column of real numbers has: ages reach 99, degrees lie below zero, a scale may go from -3 to 3.

What is made of such a code is for whoever estimates to decide (docs/decisions/0008-no-answer.md); here are facts.

Example: of a column that holds 5, 8, 77, 88 and 99, labelled nowhere, `77`, `88` and `99` are `far_off`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.no_answer_words import is_abbreviation, meaning_of, plain_label
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, all_of, answered, identifier, literal, sql

Sign = Literal["no_answer", "dont_know", "far_off"]

SMALL = 24
"""The highest code that a scale may have next to which 66 to 99 are far off; hours of the day are one."""

FIRST = 10
"""The highest code that a scale may begin with: ages of 18 to 20 are no scale."""

TIMES = 3.5
"""A code of three digits or more is far off numbers of any kind from so many times the highest of them on."""

MANY = 1000
"""Text of more different answers than this is no list of answers."""

SHOWN = 8
"""How many codes a message names."""

_REPEATED = (66, 77, 88, 96, 97, 98, 99)
_LONG = tuple(
    int(str(code)[0] * more + str(code)) for more in (1, 2, 3) for code in _REPEATED
)  # 666, 777, 888, 996 … 99999
_SINGLE_BELOW = tuple(range(-9, 0))
CONVENTIONAL = frozenset({*_REPEATED, *_LONG, *(-code for code in (*_REPEATED, *_LONG)), *_SINGLE_BELOW})
"""The codes that surveys write where nobody answered."""


@dataclass(frozen=True)
class NoAnswer:
    """A code that looks like no answer.

    Attributes:
        code, label: as recorded; a text's label is the text.
        sign: what its label says, or `far_off` where the label says nothing and its place does.
        below_zero: whether it is a number below zero, as no answer on a scale is.
        respondents: how many have it.
    """

    code: Code
    label: str
    sign: Sign
    below_zero: bool
    respondents: int


@dataclass(frozen=True)
class Held:
    """What a column holds.

    Attributes:
        answered: respondents with any code that the file does not declare missing.
        suspects: how many have each code that may be no answer, by the code.
        low, high: the range of the other numbers, None where there are none.
        whole: whether all numbers are whole.
    """

    answered: int
    suspects: Mapping[Code, int] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    whole: bool = True


def suspects(variable: Variable, own: Collection[str] = ()) -> frozenset[Code]:
    """The numbers of a column that may be no answer, before anybody has looked at what it holds."""
    labelled = {
        code for code, label in (variable.labels or {}).items() if meaning_of(label, off_scale=True, own=own)
    }
    return frozenset(code for code in CONVENTIONAL | labelled if not isinstance(code, str))


def held_of(variable: Variable, counts: Mapping[Code, int], own: Collection[str] = ()) -> Held:
    """What a column holds, from how many have each of its codes; text that writes a number counts as the number."""
    valid: Counter[Code] = Counter()
    for code, many in counts.items():
        meant = code_of(code) if isinstance(code, str) else plain_code(code)
        if meant != "" and not variable.is_missing(meant):
            valid[meant] += many
    looked = suspects(variable, own)
    numbers = [float(code) for code in valid if not isinstance(code, str)]
    others = [number for number in numbers if number not in looked]
    return Held(
        answered=valid.total(),
        suspects={code: many for code, many in valid.items() if isinstance(code, str) or code in looked},
        low=min(others, default=None),
        high=max(others, default=None),
        whole=all(number.is_integer() for number in numbers),
    )


def held_in(
    respondents: Respondents,
    columns: Iterable[str],
    *,
    where: Sql = EVERY_ROW,
    own: Collection[str] = (),
) -> dict[str, Held]:
    """What each column holds: all columns of numbers from one look at the file, each column of text from one more."""
    held: dict[str, Held] = {}
    numbers: list[Variable] = []
    for column in dict.fromkeys(columns):
        variable = respondents.codebook[column]
        if variable.kind == "number":
            numbers.append(variable)
        elif variable.kind == "text":
            held[column] = _held_text(respondents, variable, where, own)
        else:
            held[column] = Held(answered=0)
    if numbers:
        listed = [part for variable in numbers for part in _looks(variable, own)]
        found = respondents.row(
            "SELECT {listed} FROM {respondents} WHERE {where}", listed=listed, where=where
        )
        for place, variable in enumerate(numbers):
            many, counts, low, high, whole = found[5 * place : 5 * place + 5]
            codes = {plain_code(code): int(count) for code, count in (counts or {}).items()}
            held[variable.name] = Held(int(many), codes, low, high, whole is not False)
    return held


def _looks(variable: Variable, own: Collection[str]) -> list[Sql]:
    """What is asked of a column of numbers: the parts of `Held` in their order."""
    looked = sorted(suspects(variable, own), key=float)
    number = sql("CAST({name} AS DOUBLE)", name=identifier(variable.name))
    base = answered(variable)
    codes = [literal(code) for code in looked]
    among = sql("{number} IN ({codes})", number=number, codes=codes)
    inside = all_of([base, among])
    outside = all_of([base, sql("NOT ({among})", among=among)])
    return [
        sql("count(*) FILTER ({base})", base=base),
        sql("histogram({number}) FILTER ({inside})", number=number, inside=inside),
        sql("min({number}) FILTER ({outside})", number=number, outside=outside),
        sql("max({number}) FILTER ({outside})", number=number, outside=outside),
        sql("bool_and({number} = trunc({number})) FILTER ({base})", number=number, base=base),
    ]


def _held_text(respondents: Respondents, variable: Variable, where: Sql, own: Collection[str]) -> Held:
    """What a column of text holds; nothing is suspected of one that is no list of answers."""
    counts = respondents.rows(
        "SELECT trim({name}), count(*) FROM {respondents} WHERE {where} AND {answered} GROUP BY 1 LIMIT {most}",
        name=identifier(variable.name),
        where=where,
        answered=answered(variable),
        most=literal(MANY + 1),
    )
    if len(counts) > MANY:
        return Held(answered=0)
    return held_of(variable, {str(code): int(many) for code, many in counts}, own)


def no_answers(
    variable: Variable, held: Held, *, kept: Collection[Code] = (), own: Collection[str] = ()
) -> tuple[NoAnswer, ...]:
    """The codes of a column that look like no answer, in order.

    Args:
        variable: the column; codes that it declares missing are none of these.
        held: what it holds.
        kept: codes that are said to be answers.
        own: words of a survey's own for no answer.
    """
    kept = {str(plain_code(code)) for code in kept}
    found = []
    for code, many in sorted(held.suspects.items(), key=lambda item: (isinstance(item[0], str), item[0])):
        if str(code) not in kept and many:
            label = (variable.labels or {}).get(code, code if isinstance(code, str) else "")
            off_scale = not isinstance(code, str) and _off_scale(code, held, label)
            sign = _sign(variable, held, code, label, off_scale, own)
            if sign is not None:
                below_zero = not isinstance(code, str) and code < 0
                found.append(NoAnswer(code, label, sign, below_zero, many))
    return tuple(found)


def _sign(
    variable: Variable, held: Held, code: Code, label: str, off_scale: bool, own: Collection[str]
) -> Sign | None:
    """What gives a code away, if anything does: its label first, then its place."""
    between = (
        not isinstance(code, str)
        and held.low is not None
        and held.high is not None
        and held.low < code < held.high
    )
    meaning = meaning_of(label, off_scale=off_scale, between=between, own=own) if label else None
    if meaning and is_abbreviation(label) and not _has_words(variable, held, label):
        meaning = None
    return meaning or ("far_off" if off_scale else None)


def _has_words(variable: Variable, held: Held, label: str) -> bool:
    """Whether another label of the column is a word, so that a short one is not one name among others."""
    labels = [*(variable.labels or {}).values(), *(code for code in held.suspects if isinstance(code, str))]
    return any(len(plain_label(other)) > 4 for other in labels if other != label)


def _off_scale(number: float, held: Held, label: str) -> bool:
    """Whether a number lies where surveys write that nobody answered, far off what else the column holds."""
    if number not in CONVENTIONAL:
        return False
    if number < 0:
        return _below(number, held, label)
    if held.low is None or held.high is None or number <= held.high or not held.whole:
        return False
    if label and number > 2 * held.high:
        return True
    return (held.high <= SMALL and held.low <= FIRST) or (number > 600 and number >= TIMES * held.high)


def _below(number: float, held: Held, label: str) -> bool:
    """The same of a number below zero."""
    if held.low is None or held.high is None:
        return True
    if held.low < 0:
        return False
    if number < min(_SINGLE_BELOW):
        return True
    if held.high > SMALL:  # temperatures have a -5, ages of 18 and over have not
        return held.whole and held.low >= FIRST
    return held.whole and not _crosses_zero(held, label)


def _crosses_zero(held: Held, label: str) -> bool:
    """Whether the numbers below zero go on a scale that has about as many above: -3 to 3."""
    below = sorted(-code for code in held.suspects if not isinstance(code, str) and code < 0)
    if below != list(range(1, len(below) + 1)):
        return False
    high = held.high or 0
    return bool(label) or (held.low == 0 and len(below) >= (high - 1 if high >= 3 else high))


def named_codes(found: Sequence[NoAnswer]) -> str:
    """The first of these codes with their labels and respondents, as a message names them."""
    named = [
        f"`{each.code}`{f' “{each.label}”' if each.label not in ('', each.code) else ''} ({each.respondents:,})"
        for each in found[:SHOWN]
    ]
    return ", ".join(named) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")
