"""Columns that may make domains: sex, age, region, by their names, their labels, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from groundswell.waves.proposal.guesses.guess import Guess, by_label, by_name, named, text_of, words_for
from groundswell.waves.proposal.guesses.held import Held, held
from groundswell.waves.proposal.guesses.known_names import OTHERS, SEX_WORDS, folded
from groundswell.waves.proposal.guesses.unanswered import unanswered
from groundswell.waves.respondents.answers.no_answer import NoAnswer
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.reader import Respondents

AGE_BREAKS = (30, 45, 60)
MANY_CATEGORIES = 30
"""A domain variable with more categories than this is too fine to be proposed."""

FEW_LABELS = 8
"""An age in years has labels for its ends and its missing codes, not more."""

FIT = 3
"""So much must speak for a column that it is proposed; less makes it a rival."""


@dataclass(frozen=True)
class Domain:
    """A guess of a domain.

    Attributes:
        guess: the column.
        in_years: whether it counts years, which must be cut into bands.
        unanswered: its codes that look like no answer.
    """

    guess: Guess
    in_years: bool
    unanswered: tuple[NoAnswer, ...] = ()


def guess_domains(respondents: Respondents, own: Sequence[str] = ()) -> list[Domain]:
    """At most one column each for sex, age and region; an exact name comes before words in a label.

    `own` are the survey's words for no answer.
    """
    guesses = []
    for role, points_of in POINTS.items():
        called = [v for v in respondents.codebook.variables.values() if by_name(v, role) or by_label(v, role)]
        if role == "sex":
            called += [
                v for v in respondents.codebook.variables.values() if v not in called and _labelled_sexes(v)
            ]
        none = {variable.name: unanswered(respondents, variable, own) for variable in called}
        looked = [
            (
                variable,
                *points_of(
                    variable, held(respondents, variable, [each.code for each in none[variable.name]])
                ),
            )
            for variable in called
        ]
        # the first of those for which as much speaks
        ranked = sorted(looked, key=lambda each: -each[1])
        if ranked and ranked[0][1] >= FIT:
            best, _, what = ranked[0]
            rivals = tuple(named(variable) for variable, *_ in ranked[1:])
            words = words_for(best, role) if by_name(best, role) or text_of(best) else "by its answers"
            guess = Guess(role, best.name, f"{words}; {what}", rivals)
            guesses.append(Domain(guess, what.startswith(YEARS), none[best.name]))
    return guesses


YEARS = "years "


def _points(variable: Variable, role: str) -> int:
    """What its name and its label say for a column."""
    points = 4 if by_name(variable, role) else 2 if by_label(variable, role) else 0
    return points - (3 if OTHERS.search(folded(text_of(variable))) else 0)


def _sex(variable: Variable, column: Held) -> tuple[int, str]:
    answers = _answers(variable, column)
    sexes = [answer for answer in answers if SEX_WORDS.fullmatch(folded(answer))]
    if len(sexes) >= 2:
        return _points(variable, "sex") + 3, f"answers {_listed(answers)}"
    small = 2 <= column.different <= 4 and not variable.labels and column.low is not None
    return (_points(variable, "sex") + 1, column.range) if small else (0, "")


def _age(variable: Variable, column: Held) -> tuple[int, str]:
    years = (
        column.low is not None
        and column.high is not None
        and column.different > FEW_LABELS >= len(variable.labels or {}) - len(variable.missing)
        and column.low >= 0
        and 10 <= column.high <= 130
    )
    if years:
        return _points(variable, "age") + 2, f"{YEARS}{column.low:g} to {column.high:g}"
    answers = _answers(variable, column)
    bands = [answer for answer in answers if any(letter.isdigit() for letter in answer)]
    if column.low is None and 2 <= len(bands) <= MANY_CATEGORIES and len(bands) >= 0.5 * len(answers):
        return _points(variable, "age") + 1, f"bands {_listed(answers)}"
    if column.low is not None and variable.labels and 2 <= len(bands) <= MANY_CATEGORIES:
        return _points(variable, "age") + 1, f"bands {_listed(bands)}"
    return 0, ""


def _region(variable: Variable, column: Held) -> tuple[int, str]:
    answers = _answers(variable, column)
    if 2 <= len(answers) <= MANY_CATEGORIES:
        return _points(variable, "region") + 1, f"answers {_listed(answers)}"
    if not answers and 2 <= column.different <= MANY_CATEGORIES:
        return _points(variable, "region"), column.range
    return 0, ""


POINTS: dict[str, Callable[[Variable, Held], tuple[int, str]]] = {"sex": _sex, "age": _age, "region": _region}


def _labelled_sexes(variable: Variable) -> bool:
    words = [label for label in (variable.labels or {}).values() if SEX_WORDS.fullmatch(folded(label))]
    return len({folded(word) for word in words if len(word) > 1}) == 2


def _answers(variable: Variable, column: Held) -> list[str]:
    """The answers in words: labels of codes that are no declared missing, or the text itself."""
    if variable.labels:
        return [label for code, label in variable.labels.items() if not variable.is_missing(code)]
    return [] if column.low is not None else [str(code) for code in column.codes]


def _listed(answers: Sequence[str]) -> str:
    """The first answers."""
    more = f" and {len(answers) - 3} more" if len(answers) > 3 else ""
    return ", ".join(f"“{answer}”" for answer in answers[:3]) + more
