"""Which column holds the weights: every candidate with what speaks for it, and why another cannot be one.

A column of codes is none, however it is called: Chronicles' `for_weight` holds the codes of weighting cells. A column
that is called a weight and cannot be used (a gap, a decimal comma, text, a negative number) is named with its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundswell.waves.proposal.guesses.guess import by_label, by_name, text_of, words_for
from groundswell.waves.proposal.guesses.known_names import BODY, FINAL_WEIGHT, PART_WEIGHT, folded
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import all_of, among, identifier, literal, number, sql

NEAR_ONE = 0.02
"""Weights that were scaled to the number of respondents have a mean this near to 1."""

UNSURE = re.compile(r"p?w\d*|factor\d*|coef\w*|pond\w*|gew\d*|ves|wes")
"""Names that weights have and other columns too: such a column must hold fractions."""

DECIMAL_COMMA = re.compile(r"\s*\d+,\d+\s*")


@dataclass(frozen=True)
class WeightCandidate:
    """A column that is called a weight.

    Attributes:
        column: its name.
        why: by which words, and what its numbers are like.
        points: how much speaks for it.
        fault: why it cannot be used as it is, with the row; "" where it can.
        spoilt: whether the fault is one of single cells, which can be corrected.
    """

    column: str
    why: str
    points: int
    fault: str = ""
    spoilt: bool = False


def weight_candidates(respondents: Respondents, variables: Sequence[Variable]) -> list[WeightCandidate]:
    """The columns that are called weights: those that can be used first, of these what most speaks for."""
    found = [
        candidate
        for variable in variables
        if (by_name(variable, "weight") or by_label(variable, "weight"))
        and not BODY.search(folded(f"{variable.name} {variable.label}").replace("_", " "))
        and (candidate := _candidate(respondents, variable)) is not None
    ]
    return sorted(found, key=lambda candidate: (bool(candidate.fault), -candidate.points))


def _candidate(respondents: Respondents, variable: Variable) -> WeightCandidate | None:
    """The column as a candidate; None for one of codes that has little of a weight but its name."""
    told = by_label(variable, "weight")
    points = (2 if told else 0) + (1 if by_name(variable, "weight") else 0)
    words = folded(f"{variable.name} {text_of(variable)}")
    if FINAL_WEIGHT.search(words):
        points += 4
    elif PART_WEIGHT.search(words):
        points -= 2
    why = words_for(variable, "weight")
    if variable.kind == "date":
        return None
    value = sql("CAST({value} AS DOUBLE)", value=number(variable))
    rows, low, mean, high, fractions, labelled = respondents.row(
        "SELECT count({value}), min({value}), avg({value}), max({value}), "
        "count(*) FILTER ({value} <> trunc({value})), count(*) FILTER ({labelled}) FROM {respondents}",
        value=value,
        labelled=among(variable, _valid_labels(variable)),
    )
    sure = told or not UNSURE.fullmatch(folded(variable.name))
    if not rows or (not fractions and not sure):
        fault = _fault(respondents, variable) if sure else ""
        return WeightCandidate(variable.name, why, points, fault, spoilt=bool(fault)) if sure else None
    if labelled > 0.5 * rows:
        return WeightCandidate(variable.name, why, points, "holds codes, since its numbers are labelled")
    if fault := _fault(respondents, variable):
        return WeightCandidate(variable.name, why, points, fault, spoilt=True)
    if low == high:
        return WeightCandidate(variable.name, why, points, f"is {low:g} for everyone, which weights nothing")
    if abs(mean - 1) <= NEAR_ONE:
        points += 1
    if not fractions:
        points -= 2
    return WeightCandidate(variable.name, f"{why}; {low:.3g} to {high:.3g}, mean {mean:.3g}", points)


def _valid_labels(variable: Variable) -> list[int | float]:
    """The labelled numbers that may be an answer."""
    labelled = variable.labels or {}
    return [
        code for code in labelled if not isinstance(code, str) and code >= 0 and not variable.is_missing(code)
    ]


def _fault(respondents: Respondents, variable: Variable) -> str:
    """Why the first row that cannot be weighted by this column cannot, and how many more there are."""
    name, value = identifier(variable.name), sql("CAST({value} AS DOUBLE)", value=number(variable))
    missing = [code for code, label in (variable.labels or {}).items() if variable.is_missing(code)]
    sound = all_of(
        [sql("coalesce({value} >= 0, false)", value=value), sql("NOT {m}", m=among(variable, missing))]
    )
    (many,) = respondents.row("SELECT count(*) FILTER (NOT ({sound})) FROM {respondents}", sound=sound)
    if not many:
        return ""
    respondents.keep_order()
    place, cell = respondents.row(
        "SELECT place, cell FROM (SELECT row_number() OVER () AS place, CAST({name} AS VARCHAR) AS cell, "
        "{sound} AS sound FROM {respondents}) WHERE NOT sound ORDER BY place LIMIT {one}",
        name=name,
        sound=sound,
        one=literal(1),
    )
    more = f" and {many - 1:,} more" if many > 1 else ""
    row = respondents.places.name(int(place))
    return f"{_what(variable, cell)} in {row.text}{more}{row.how}"


def _what(variable: Variable, cell: str | None) -> str:
    """What stands in a cell that is no weight."""
    if cell is None or not cell.strip():
        return "is empty"
    if DECIMAL_COMMA.fullmatch(cell):
        return f"is text with a decimal comma, `{cell.strip()}`,"
    try:
        code = float(cell)
    except ValueError:
        return f"is text, `{cell.strip()}`,"
    label = (variable.labels or {}).get(int(code) if code.is_integer() else code)
    return f"is {code:g}{f' “{label}”' if label else ''}"


def complete_in_turn(
    candidates: Sequence[WeightCandidate], incomplete: Sequence[dict[str, int]]
) -> Iterator[str]:
    """The candidates that it takes until each wave has a complete one; `incomplete` are gaps by column.

    What is complete in most waves comes first, since a series that changes its weights may move for that alone; then
    what more speaks for.
    """
    open_waves = list(incomplete)
    whole = {each.column: sum(gaps.get(each.column, 1) == 0 for gaps in incomplete) for each in candidates}
    for candidate in sorted(candidates, key=lambda each: (-whole[each.column], -each.points)):
        left = [gaps for gaps in open_waves if gaps.get(candidate.column, 1)]
        if len(left) < len(open_waves):
            yield candidate.column
            open_waves = left
