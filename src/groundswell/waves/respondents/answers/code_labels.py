"""Codes are keys, labels are words: codes that share a label, and codes without one where the others have one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, answered, identifier, literal, sql

MANY = 1000
"""A column with more codes without a label than this is a number with a few labels."""


def codes_by_label(variable: Variable) -> dict[str, tuple[Code, ...]]:
    """The codes of each label, in the file's order; codes that are declared missing have none."""
    codes: dict[str, list[Code]] = {}
    for code, label in (variable.labels or {}).items():
        if not variable.is_missing(code):
            codes.setdefault(label, []).append(code)
    return {label: tuple(each) for label, each in codes.items()}


def shared_labels(variable: Variable) -> dict[str, tuple[Code, ...]]:
    """The labels that several codes have, with their codes."""
    return {label: codes for label, codes in codes_by_label(variable).items() if len(codes) > 1}


def codes_meant(variable: Variable, answer: str) -> tuple[Code, ...]:
    """The codes that an answer means: itself where it is a code, else all that have it as their label.

    Codes that are declared missing are meant only where no other code has the label.
    """
    labels = variable.labels or {}
    if answer in map(str, labels):
        return (answer,)
    declared = tuple(code for code, label in labels.items() if label == answer)
    return codes_by_label(variable).get(answer) or declared or (answer,)


def codes_without_label(
    respondents: Respondents, variable: Variable, *, where: Sql = EVERY_ROW
) -> dict[Code, int]:
    """The codes that a column holds without a label, with their respondents, where its codes have labels.

    A scale with labels at its ends, or a number with a label or two, is no such column.
    """
    labels = [code for code in variable.labels or {} if not variable.is_missing(code)]
    if len(labels) < 2:
        return {}
    name = identifier(variable.name)
    found = respondents.rows(
        "SELECT {name}, count(*) FROM {respondents} WHERE {where} AND {answered} AND NOT ({name} IN ({labels})) "
        "GROUP BY 1 ORDER BY 1 LIMIT {most}",
        name=name,
        where=where,
        answered=answered(variable),
        labels=[literal(code) for code in labels if isinstance(code, str) == (variable.kind == "text")]
        or sql("NULL"),
        most=literal(MANY + 1),
    )
    counts = {plain_code(code): int(many) for code, many in found}
    return counts if _mostly_labelled(labels, counts) else {}


def _mostly_labelled(labels: Collection[Code], counts: Mapping[Code, int]) -> bool:
    """Whether labels are the rule: twice as many codes have one, and not only the two ends of a scale."""
    if len(labels) < 2 * len(counts):
        return False
    numbers = [code for code in labels if not isinstance(code, str)]
    inside = [code for code in counts if not isinstance(code, str) and min(numbers) < code < max(numbers)]
    return len(labels) > 2 or not inside
