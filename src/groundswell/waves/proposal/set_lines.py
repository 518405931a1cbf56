"""What is proposed for an indicator that counts answers of a question with several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundswell.waves.proposal.guesses.known_names import normalised
from groundswell.waves.proposal.lines import BLANK, Line, remark
from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sets.columns import lone_mark
from groundswell.waves.surveys.survey_toml import Variant
from groundswell.waves.toml.written import toml_text
from groundswell.waves.wave.wave_toml import CountedAnswer

SHOWN = 8
"""How many answers a reason names."""


def set_lines(respondents: Respondents, variant: Variant, column: str | None) -> list[Line]:
    """The question with several answers that asks in a variant's words, and the answers that it counts.

    `column` is the one column that asks in these words, if there is one; none are proposed where it is no mark.
    """
    codebook = respondents.codebook
    if column is None:
        found = _asked_as(variant.question, list(codebook.sets.values()))
        return [] if found is None else list(_lines(found, _named(found, variant.numerator)))
    found = codebook.sets.of_column(column)
    if found is not None and found.form == "marks" and not found.no_stated:
        return list(_lines(found, [option for option in found.options if option.column == column]))
    if found is not None and found.name == column:
        return list(_lines(found, _named(found, variant.numerator)))
    mark = lone_mark(column, codebook, respondents.rows) if found is None else None
    return [] if mark is None else [*_lines(mark, mark.options), _who_was_asked()]


def gone_answers(answer: CountedAnswer, respondents: Respondents) -> Iterator[Line]:
    """What a person must say of an indicator of an earlier wave, whose question or answers are not in this file."""
    found = respondents.codebook.sets.get(str(answer.item))
    if found is None and not (answer.item in respondents.codebook and answer.asked is not None):
        yield Line("item", BLANK, f"`{answer.item}` is no question with several answers here: which is it?")
        return
    gone = [name for name in answer.options if found is not None and found.option(name) is None]
    if found is not None and gone:
        key = "any_of" if answer.any_of else "option"
        why = f"`{gone[0]}` is not an answer of `{found.name}` here: {_some(found)}"
        yield Line(key, toml_text([""]) if answer.any_of else BLANK, why)


def _asked_as(question: str, sets: Sequence[AnswerSet]) -> AnswerSet | None:
    """The one set whose question, or name, begins as this one does."""
    wanted = normalised(question)
    asked = [
        each
        for each in sets
        if wanted and any(normalised(text).startswith(wanted) for text in (each.label, each.name))
    ]
    return asked[0] if len(asked) == 1 else None


def _named(found: AnswerSet, answers: Sequence[str]) -> list[Option]:
    """The options with these names, whatever their punctuation."""
    wanted = {normalised(answer) for answer in answers}
    return [option for option in found.options if normalised(option.name) in wanted]


def _lines(found: AnswerSet, counted: Sequence[Option]) -> Iterator[Line]:
    """The set, and which of its answers count."""
    yield Line("item", toml_text(found.name), f"guessed: a question with several answers; {_some(found)}")
    names = [option.name for option in counted]
    if len(names) > 1:
        yield Line("any_of", toml_text(names), "guessed: who chose one of these at least")
    elif names:
        yield Line("option", toml_text(names[0]), "guessed: the answer that counts")
    else:
        yield Line("option", BLANK, "which answer counts; or `any_of` for one of several at least")
    if not found.no_stated and not found.declared:
        yield remark("everyone counts as asked; if only some were, say who: asked = { COLUMN = [CODES] }")


def _who_was_asked() -> Line:
    return Line("asked", BLANK, '"everyone", or who was asked: { COLUMN = [CODES] }, without quotes')


def _some(found: AnswerSet) -> str:
    """The first answers of a set."""
    names = [f"`{option.name}`" for option in found.options]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"its answers: {', '.join(names[:SHOWN])}{more}"
