"""Codes of a new file that look like no answer, and the labelled codes that are left as valid."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from groundswell.waves.respondents.answers.no_answer import NoAnswer, held_in, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.no_answer_words import meaning_of
from groundswell.waves.respondents.reader import Respondents


def unanswered(respondents: Respondents, variable: Variable, own: Collection[str]) -> tuple[NoAnswer, ...]:
    """The codes of a column that look like no answer; `own` are the survey's words for none."""
    return no_answers(variable, held_in(respondents, [variable.name], own=own)[variable.name], own=own)


def valid_codes(variable: Variable, found: Sequence[NoAnswer], own: Collection[str]) -> list[Code]:
    """The labelled codes of a column that may be an answer."""
    none = {each.code for each in found}
    return [
        code
        for code, label in (variable.labels or {}).items()
        if not variable.is_missing(code) and code not in none and meaning_of(label, own=own) is None
    ]
