"""The words by which programs say that an answer was not chosen, in the languages that exports are written in."""

from __future__ import annotations

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code

NO_WORDS = frozenset(
    {
        *(
            "0",
            "no",
            "n",
            "false",
            "f",
            "off",
            "unselected",
            "unchecked",
            "unticked",
            "unmarked",
            "deselected",
        ),
        *("nein", "nicht", "non", "não", "nao", "nie", "ні", "нет", "н", "не"),
    }
)
NO_BEGINNINGS = ("not ", "non ", "no ", "nicht ", "pas ", "não ", "nie ", "не ")
"""Words before that which was not done: "not selected", "nicht genannt", "не отмечено"."""


def says_no(code: Code, variable: Variable) -> bool:
    """Whether a code, or its label, says that the answer was not chosen."""
    word = " ".join(variable.label_of(code).split()).casefold()
    return word in NO_WORDS or (word.startswith(NO_BEGINNINGS) and word not in _label_words(variable))


def _label_words(variable: Variable) -> set[str]:
    """The column's own label and its end, which may begin with such a word itself: "No answer fits me"."""
    label = " ".join(variable.label.split()).casefold()
    return {label, *(label.rpartition(mark)[2].strip() for mark in (" - ", ": ", "? ", "/"))}
