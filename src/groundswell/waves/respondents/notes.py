"""What whoever uses a number from a file must know: how it was read, what was left out, what was taken for what.

A note is a code with its facts. Its sentence is English, as an error's is: it is said where a file is read, on a
terminal or as a Python warning, never on a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, str] = {
    "answer_in_other_cells": (
        "`{column}`: “{answer}” also stands in {others} other cells, next to `{separator}`, which count as other "
        "answers; if a cell holds several answers, say so with `separator=` (COLUMN=SIGN)"
    ),
    "set_asked_answered": (
        "`{set}` has several answers: of the {base} respondents with a value in any of its columns, who count as "
        "asked; {nothing} of them ticked nothing, {out} have no value"
    ),
    "set_asked_each": "`{set}` has several answers: of all {base} respondents, each of whom ticked one at least",
    "set_asked_everyone": (
        "`{set}` has several answers: everyone counts as asked, as stated ({base} respondents); {nothing} ticked "
        "nothing"
    ),
    "set_asked_not_excused": (
        "`{set}` has several answers: of {base} respondents, {nothing} of whom ticked nothing; {out} are left out, "
        "whose code says that they gave no answer. If others were not asked, say who was with `asked=` "
        "(QUESTION=COLUMN=CODE)"
    ),
    "set_asked_stated": (
        "`{set}` has several answers: of the {base} respondents who were asked, as {by} says; {nothing} ticked nothing"
    ),
    "set_asked_unknown": (
        "`{set}` has several answers: everyone counts as asked ({base} respondents), since the file does not say who "
        "was; {nothing} ticked nothing. If only some were asked, say who with `asked=` (QUESTION=COLUMN=CODE)"
    ),
    "set_chosen_together": (
        "`{column}`: “{left}” and “{right}” are always chosen together, so they may be one answer"
    ),
    "set_silent_domains": (
        "`{set}` was ticked by nobody where `{column}` is {domains}: it may not have been asked there, and 0% "
        "would be wrong"
    ),
    "set_rare_answers": (
        "`{column}`: {rare} answers that one respondent each gave are not listed; ask for one by its text"
    ),
    "no_answer_left_out": "`{column}`: no answer, left out of {what}: {codes}; `kept={stated}` keeps them in",
    "dont_know_left_out": "`{column}`: don't know, left out of {what}: {codes}; `kept={stated}` keeps them in",
    "dont_know_counted": "`{column}`: don't know, in the base of its shares ({share} of it, unweighted): {codes}; "
    "`missing={stated}` leaves them out, `without_dont_know=True` every don't know",
    "far_off_counted": "`{column}`: far off the other codes, counted as answers: {codes}; `missing={stated}` leaves "
    "them out",
    "asked_for": "`{column}`: in the base of its own share only, since it was asked for: {codes}",
    "codes_together": "`{column}`: “{label}” is the codes {codes}, added up",
    "codes_apart": "`{column}`: {codes} are both “{label}”, and kept apart; ask for the label to add them up",
    "one_domain": "`{column}`: “{label}” is the codes {codes}, one domain",
    "domains_apart": "`{column}`: {codes} are both “{label}”, and domains apart; `labels=True` makes them one",
    "far_off_in_table": "`{column}`: far off its other numbers, and estimated as numbers: {codes}; make them NaN if "
    "they are no answer",
    "in_no_category": "`{column}`: in no category, and so in the whole alone: {codes}",
    "code_without_label": "`{column}`: `{recorded}` ({many}) has no label, where the other codes have one; it is an "
    "answer, or a domain, of its own",
}
"""By code the sentence of a note; names in braces are its facts, `column` its column."""


@dataclass(frozen=True)
class Note:
    """A code of `SENTENCES`, the column that it speaks of (or none), and its facts by name."""

    code: str
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence."""
        return SENTENCES[self.code].format(column=self.column, **self.facts)
