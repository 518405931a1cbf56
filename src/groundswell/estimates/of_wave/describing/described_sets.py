"""The questions of a file with several answers, as `groundswell describe` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from groundswell.estimates.of_wave.describing.described_question import DescribedQuestion
from groundswell.waves.respondents.answer_sets import AnswerSet, Form
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sets.chosen import asked, ticked, ticked_anything
from groundswell.waves.respondents.sql import sql


@dataclass(frozen=True)
class DescribedOption:
    """One answer: its name, its column, how many chose it, and their share of those who were asked, unweighted."""

    name: str
    column: str
    respondents: int
    share: float | None


@dataclass(frozen=True)
class DescribedSet:
    """A question with several answers.

    Attributes:
        name, label, form, columns, separator: as in `AnswerSet`.
        declared: by the file or a user, rather than found.
        asked: respondents who count as asked.
        asked_known: whether the file or a user says who was; else it is everyone.
        nothing: those of them who chose no answer.
        options: its answers.
    """

    name: str
    label: str
    form: Form
    columns: tuple[str, ...]
    separator: str
    declared: bool
    asked: int
    asked_known: bool
    nothing: int
    options: tuple[DescribedOption, ...]


def described_sets(respondents: Respondents) -> Iterator[DescribedSet]:
    """Every question with several answers that a file declares, or in which some are found."""
    for found in respondents.codebook.sets.values():
        yield _described(found, respondents)


def _described(found: AnswerSet, respondents: Respondents) -> DescribedSet:
    codebook = respondents.codebook
    base = asked(found, codebook)
    tests = [ticked_anything(found, codebook), *(ticked(found, option, codebook) for option in found.options)]
    was_asked, anything, *many = respondents.row(
        "SELECT count(*) FILTER ({base}), {counts} FROM {respondents}",
        base=base,
        counts=[sql("count(*) FILTER ({base} AND {test})", base=base, test=test) for test in tests],
    )
    return DescribedSet(
        name=found.name,
        label=found.label,
        form=found.form,
        columns=found.columns,
        separator=found.separator,
        declared=found.declared,
        asked=was_asked,
        asked_known=found.asked is not None or found.no_stated,
        nothing=was_asked - anything,
        options=tuple(
            DescribedOption(option.name, option.column, n, n / was_asked if was_asked else None)
            for option, n in zip(found.options, many, strict=True)
        ),
    )


def in_sets(
    questions: Iterable[DescribedQuestion], sets: Sequence[DescribedSet]
) -> Iterator[DescribedQuestion]:
    """The columns, each of a set without shares of its own: they are shown with the set."""
    for question in questions:
        name = next((each.name for each in sets if question.column in each.columns), "")
        yield replace(_without_shares(question), of_set=name) if name else without_share_of_marks(question)


def without_share_of_marks(question: DescribedQuestion) -> DescribedQuestion:
    """A column without the share of its only answer, where others have none: whoever ticked it is 100% of those."""
    given = [answer for answer in question.answers if answer.respondents]
    valid = [answer for answer in given if answer.share is not None]
    others = question.empty or len(given) > len(valid)
    return _without_shares(question) if len(valid) == 1 and others else question


def _without_shares(question: DescribedQuestion) -> DescribedQuestion:
    return replace(question, answers=tuple(replace(answer, share=None) for answer in question.answers))
