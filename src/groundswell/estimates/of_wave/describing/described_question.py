"""One column of a file described: its answers with their respondents and shares, or its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from groundswell.estimates.of_wave.describing.answer_counts import MANY, AnswerCounts, code_order
from groundswell.estimates.sums.asked.bases import without
from groundswell.waves.respondents.answers.no_answer import NoAnswer, held_in, held_of, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, all_of, answered, identifier
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

SEVERAL = 5
"""A column of so few different texts is not taken for one of answers in people's own words."""

Meaning = Literal["", "counted", "valid", "missing", "in_no_list", "no_answer", "dont_know", "far_off"]
"""What a wave makes of a code, or what an undeclared code looks like; empty where there is nothing to say."""


@dataclass(frozen=True)
class DescribedAnswer:
    """One answer of a column: its code and label, what it means to the wave, how many gave it.

    `share` is weighted, in [0, 1], of respondents with a valid answer; None for answers that are not valid.
    """

    code: Code
    label: str
    meaning: Meaning
    respondents: int
    share: float | None


@dataclass(frozen=True)
class DescribedQuestion:
    """One column of a file.

    Attributes:
        column, label, kind: as the codebook has them.
        indicators, domains: what the wave uses it for, by their keys.
        different, empty: different answers, and respondents without any.
        low, high, mean: of a column of numbers with more than `MANY` different answers, else None; of those that do
            not look like no answer.
        look_unanswered: codes that look like no answer though nothing declares them, and are left out of a base.
        unanswered: how many respondents have one of them.
        own_words: whether it holds answers in people's own words, which are listed only where that is asked for.
        answers: none where there are more than `MANY`.
        of_set: the question with several answers that it belongs to; its answers' shares are there.
    """

    column: str
    label: str
    kind: str
    indicators: tuple[str, ...]
    domains: tuple[str, ...]
    different: int
    empty: int
    low: float | None
    high: float | None
    mean: float | None
    look_unanswered: tuple[Code, ...]
    unanswered: int
    own_words: bool
    answers: tuple[DescribedAnswer, ...]
    of_set: str = ""


COLUMNS_AT_ONCE = 64
"""Columns of numbers that are looked at in one query."""


def described_questions(
    respondents: Respondents,
    counts: Mapping[str, AnswerCounts],
    wave: Wave | None = None,
    *,
    where: Sql = EVERY_ROW,
    opened: bool = False,
    kept: Mapping[str, tuple[Code, ...]] | None = None,
) -> tuple[DescribedQuestion, ...]:
    """Each column that was counted, in order; `kept` codes are answers, by column, `*` for every column."""
    kept, words = kept or {}, wave.no_answer_words if wave else ()
    held = {
        name: held_of(respondents.codebook[name], {code: n for code, n, _ in counted.answers}, words)
        for name, counted in counts.items()
    }
    numbers = [
        name
        for name, counted in counts.items()
        if counted.different > MANY and respondents.codebook[name].kind == "number"
    ]
    for first in range(0, len(numbers), COLUMNS_AT_ONCE):
        block = numbers[first : first + COLUMNS_AT_ONCE]
        held |= held_in(respondents, block, where=where, own=words)
    questions = []
    for name, counted in counts.items():
        variable, stated = respondents.codebook[name], (*kept.get("*", ()), *kept.get(name, ()))
        found = no_answers(variable, held[name], kept=stated, own=words)
        if found and name in numbers:
            counted = _of_answers(respondents, without(variable, found), counted, where)
        questions.append(_question(variable, counted, found, wave, opened=opened))
    return tuple(questions)


def _of_answers(
    respondents: Respondents, variable: Variable, counted: AnswerCounts, where: Sql
) -> AnswerCounts:
    """The same with the range and the mean of the numbers that are answers."""
    low, high, mean = respondents.row(
        "SELECT min({name}), max({name}), avg({name}) FROM {respondents} WHERE {where}",
        name=identifier(variable.name),
        where=all_of([where, answered(variable)]),
    )
    return replace(counted, low=low, high=high, mean=mean)


def _question(
    variable: Variable,
    counted: AnswerCounts,
    found: Sequence[NoAnswer],
    wave: Wave | None,
    *,
    opened: bool,
) -> DescribedQuestion:
    """One column: its answers with their respondents and weighted shares, or its range."""
    indicators = wave.indicators if wave else {}
    domains = wave.domains if wave else {}
    many = counted.different > MANY
    own_words = _own_words(variable, counted)
    answer = next((each for each in indicators.values() if variable.name in each.columns), None)
    left = [each for each in found if _left_out(each)]
    return DescribedQuestion(
        column=variable.name,
        label=variable.label,
        kind=variable.kind,
        indicators=tuple(key for key, each in indicators.items() if variable.name in each.columns),
        domains=tuple(key for key, rule in domains.items() if variable.name == rule.column),
        different=counted.different,
        empty=counted.empty,
        low=counted.low if many else None,
        high=counted.high if many else None,
        mean=counted.mean if many else None,
        look_unanswered=tuple(each.code for each in left),
        unanswered=sum(each.respondents for each in left),
        own_words=own_words,
        answers=() if own_words and not opened else _answers(variable, counted, answer, found),
    )


def _left_out(found: NoAnswer) -> bool:
    """Whether a code that looks like no answer is out of the base of shares, as in `Bases`."""
    return found.sign != "dont_know" or found.below_zero


def _own_words(variable: Variable, counted: AnswerCounts) -> bool:
    """Whether a column holds answers in people's own words: texts without labels, most of them given once."""
    if variable.kind != "text" or variable.labels or variable.missing:
        return False
    given = sum(respondents for _, respondents, _ in counted.answers)
    return counted.different > MANY or (counted.different > SEVERAL and 2 * counted.different > given)


def _answers(
    variable: Variable, counted: AnswerCounts, answer: CountedAnswer | None, found: Sequence[NoAnswer]
) -> tuple[DescribedAnswer, ...]:
    """Each answer with its respondents and its share of valid answers; with a label also one that nobody gave."""
    labels = variable.labels or {}
    rows = list(counted.answers)
    known = {_meant(code) for code, *_ in rows} | {code for code, *_ in rows}
    unused = [code for code in labels if code not in known]
    if rows and len(rows) + len(unused) <= MANY:
        rows = sorted([*rows, *((code, 0, 0.0) for code in unused)], key=lambda row: code_order(row[0]))
    signs = {each.code: each for each in found}
    meanings = {code: _meaning(code, variable, answer, signs.get(_meant(code))) for code, *_ in rows}
    valid = {
        code
        for code, meaning in meanings.items()
        if meaning in ("", "counted", "valid")
        or (meaning == "dont_know" and not _left_out(signs[_meant(code)]))
    }
    base = sum(w for code, _, w in rows if code in valid) or 1.0
    return tuple(
        DescribedAnswer(
            code,
            labels.get(code) or labels.get(_meant(code), ""),
            meanings[code],
            n,
            w / base if code in valid else None,
        )
        for code, n, w in rows
    )


def _meant(code: Code) -> Code:
    """The code, or the number that it writes where it is text."""
    return code_of(code) if isinstance(code, str) else code


def _meaning(code: Code, variable: Variable, answer: CountedAnswer | None, looks: NoAnswer | None) -> Meaning:
    """What the wave makes of a code, or what the code looks like where no wave counts its column."""
    if variable.is_missing(code) or variable.is_missing(_meant(code)):
        return "missing"
    if answer is None:
        return looks.sign if looks else ""
    if code in map(plain_code, answer.missing):
        return "missing"
    if code in map(plain_code, answer.numerator or ()):
        return "counted"
    return "valid" if answer.valid is None or code in map(plain_code, answer.valid) else "in_no_list"
