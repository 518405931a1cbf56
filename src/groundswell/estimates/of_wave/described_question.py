"""One column of a file described: its answers with their respondents and shares, or its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundswell.estimates.sums.bases import without
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.no_answer import NoAnswer, held_in, held_of, no_answers
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, all_of, answered, identifier, literal, sql
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

MANY = 40
"""A column with more different answers than this is described by its range, not by its answers."""

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
        look_unanswered: codes that look like no answer though nothing declares them, and left out of a base.
        unanswered: how many respondents have one of them.
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
    answers: tuple[DescribedAnswer, ...]
    of_set: str = ""


def described_question(
    respondents: Respondents,
    variable: Variable,
    plan: SumPlan | None = None,
    wave: Wave | None = None,
    *,
    kept: Mapping[str, tuple[Code, ...]] | None = None,
) -> DescribedQuestion:
    """One column: its answers with their respondents and weighted shares, or its range."""
    counted = wave.indicators if wave else {}
    grouped = wave.domains if wave else {}
    words = wave.no_answer_words if wave else ()
    where = plan.where if plan else EVERY_ROW
    given = _given(respondents, variable, plan)
    many = sum(code is not None for code, *_ in given) > MANY
    different, empty = (
        _many_answers(respondents, variable, where)
        if many
        else (sum(code is not None for code, *_ in given), sum(n for code, n, _ in given if code is None))
    )
    if many and variable.kind == "number":
        held = held_in(respondents, [variable.name], where=where, own=words)[variable.name]
    else:
        held = held_of(variable, {} if many else {code: n for code, n, _ in given if code is not None}, words)
    stated = [code for column in ("*", variable.name) for code in (kept or {}).get(column, ())]
    found = no_answers(variable, held, kept=stated, own=words)
    low, high, mean = _range(respondents, without(variable, found), where) if many else (None, None, None)
    answer = next((each for each in counted.values() if variable.name in each.columns), None)
    return DescribedQuestion(
        column=variable.name,
        label=variable.label,
        kind=variable.kind,
        indicators=tuple(key for key, each in counted.items() if variable.name in each.columns),
        domains=tuple(key for key, rule in grouped.items() if variable.name == rule.column),
        different=different,
        empty=empty,
        low=low,
        high=high,
        mean=mean,
        look_unanswered=tuple(each.code for each in found if _left_out(each)),
        unanswered=sum(each.respondents for each in found if _left_out(each)),
        answers=() if many else _answers(given, variable, answer, found),
    )


def _name(variable: Variable) -> Sql:
    """The column, blank text being no answer."""
    own = identifier(variable.name)
    return sql("nullif(trim({own}), '')", own=own) if variable.kind == "text" else own


def _given(
    respondents: Respondents, variable: Variable, plan: SumPlan | None
) -> list[tuple[Code | None, int, float]]:
    """Each code, its respondents and their weight, in order; None is empty. No more than tell that there are many."""
    rows = respondents.rows(
        "SELECT {name}, count(*), sum({weight}) FROM {respondents} WHERE {where} GROUP BY 1 ORDER BY 1 LIMIT {most}",
        name=_name(variable),
        weight=identifier(plan.design.weights) if plan and plan.design.weights else sql("1"),
        where=plan.where if plan else EVERY_ROW,
        most=literal(MANY + 2),
    )
    return [(None if code is None else _plain(code), int(n), float(w or 0)) for code, n, w in rows]


def _many_answers(respondents: Respondents, variable: Variable, where: Sql) -> tuple[int, int]:
    """How many different answers there are, and how many respondents without one."""
    different, empty = respondents.row(
        "SELECT count(DISTINCT {name}), count(*) - count({name}) FROM {respondents} WHERE {where}",
        name=_name(variable),
        where=where,
    )
    return different, empty


def _left_out(found: NoAnswer) -> bool:
    """Whether a code that looks like no answer is out of the base of shares, as in `Bases`."""
    return found.sign != "dont_know" or found.off_scale


def _range(
    respondents: Respondents, variable: Variable, where: Sql
) -> tuple[float | None, float | None, float | None]:
    """The lowest and highest number of a column, and their mean; None of anything else."""
    if variable.kind != "number":
        return None, None, None
    low, high, mean = respondents.row(
        "SELECT min({name}), max({name}), avg({name}) FROM {respondents} WHERE {where}",
        name=identifier(variable.name),
        where=all_of([where, answered(variable)]),
    )
    return low, high, mean


def _answers(
    given: Sequence[tuple[Code | None, int, float]],
    variable: Variable,
    answer: CountedAnswer | None,
    found: Sequence[NoAnswer],
) -> tuple[DescribedAnswer, ...]:
    """Each answer with its respondents and its share of valid answers."""
    rows = [(code, n, w) for code, n, w in given if code is not None]
    signs = {each.code: each for each in found}
    meanings = {code: _meaning(code, variable, answer, signs.get(_meant(code))) for code, *_ in rows}
    valid = {
        code
        for code, meaning in meanings.items()
        if meaning in ("", "counted", "valid")
        or (meaning == "dont_know" and not _left_out(signs[_meant(code)]))
    }
    base = sum(w for code, _, w in rows if code in valid) or 1.0
    labels = variable.labels or {}
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


def _plain(code: object) -> Code:
    """A code as people write it; dates and truth values as text."""
    return plain_code(code) if isinstance(code, str | float) or type(code) is int else str(code)
