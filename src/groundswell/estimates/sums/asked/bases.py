"""Who is in the base of a question: which codes are left out of a share, a mean or a domain, and what is said of it.

The choices are those of docs/decisions/0008-no-answer.md. A label that says *no answer* leaves its code out; one that
says *don't know* leaves it out of a mean, and of a share only where the code is below zero, since a question is whole.
A code far off the scale that no label explains is refused: whether it is an answer only a person knows. What is asked
for is in its own base.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace

from groundswell.errors import InputError
from groundswell.estimates.sums.several_answers import SeveralAnswers
from groundswell.waves.respondents.answers.code_labels import codes_without_label, shared_labels
from groundswell.waves.respondents.answers.no_answer import Held, NoAnswer, held_in, named_codes, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.notes import Note, sentences
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql


class Bases:
    """The columns of a file as they are asked about, each with the codes that are not in its base declared missing.

    `notes` grows while questions are asked; it holds each thing once.
    """

    def __init__(
        self,
        respondents: Respondents,
        *,
        kept: Mapping[str, Collection[Code]] | None = None,
        without_dont_know: bool = False,
        by_label: bool = False,
    ) -> None:
        """The bases of a file.

        Args:
            respondents: of the file.
            kept: codes that are answers whatever they look like, by column; `*` is every column.
            without_dont_know: no don't know is in the base of a share.
            by_label: codes that have one label make one domain.
        """
        self.respondents = respondents
        self._kept, self._without_dont_know, self._by_label = kept or {}, without_dont_know, by_label
        self._held: dict[str, Held] = {}
        self._found: dict[str, tuple[NoAnswer, ...]] = {}
        self._unlabelled: dict[str, dict[Code, int]] = {}
        self._notes: list[Note] = []
        self.sets = SeveralAnswers(respondents.codebook, respondents.rows)

    def over(self, respondents: Respondents) -> Bases:
        """The same of respondents with further columns."""
        other = copy(self)
        other.respondents = respondents
        other.sets = SeveralAnswers(respondents.codebook, respondents.rows)
        return other

    def look(self, columns: Iterable[str], where: Sql = EVERY_ROW) -> None:
        """Look at columns in one go, which spares a look at the file for each, and at these rows only."""
        new = [column for column in columns if column not in self._held]
        self._held |= held_in(self.respondents, new, where=where)
        for column in new:
            variable = self.respondents.codebook[column]
            kept = (*self._kept.get("*", ()), *self._kept.get(column, ()))
            self._found[column] = no_answers(variable, self._held[column], kept=kept)
            known = without(variable, self._found[column])
            self._unlabelled[column] = codes_without_label(self.respondents, known, where=where)

    def _looked(self, column: str) -> tuple[Variable, tuple[NoAnswer, ...]]:
        self.look([column])
        return self.respondents.codebook[column], self._found[column]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What whoever uses the answers must know."""
        return tuple(self._notes)

    def share(self, column: str, asked: Collection[Code] = ()) -> Variable:
        """The column as the base of a share of the codes `asked`; of none: of each of its answers.

        Raises: InputError for codes far off the scale that nothing explains, and for a don't know that is asked for and
        left out at once.
        """
        variable, found = self._looked(column)
        wanted = {str(plain_code(code)) for code in asked}
        own = [each for each in found if str(each.code) in wanted]
        others = [each for each in found if each not in own]
        if self._without_dont_know and any(each.sign == "dont_know" for each in own):
            raise InputError(
                f"`{own[0].label or own[0].code}` of `{column}` is what `without_dont_know=True` leaves out: "
                "ask for its share without that"
            )
        self._refuse(column, [each for each in others if each.sign == "far_off" and not each.label], "a base")
        left = [each for each in others if self._leaves(each)]
        base = self._held[column].answered - sum(each.respondents for each in left)
        self._say_left(column, left, "the base of its shares")
        self._say("asked_for", column, [each for each in own if self._leaves(each)])
        for sign, code in (("dont_know", "dont_know_counted"), ("far_off", "far_off_counted")):
            inside = [each for each in found if each.sign == sign and each.label and not self._leaves(each)]
            share = sum(each.respondents for each in inside) / max(base, 1)
            self._say(code, column, inside, share=f"{share:.1%}")
        self._say_shared(variable, wanted)
        self._say_without_label(variable)
        return without(variable, left)

    def _leaves(self, found: NoAnswer) -> bool:
        """Whether a code is left out of the shares of other answers."""
        if found.sign == "dont_know":
            return found.below_zero or self._without_dont_know
        return found.sign == "no_answer"

    def mean(self, column: str) -> Variable:
        """The column as the numbers of a mean.

        Raises: InputError for codes far off the scale that no label calls no answer.
        """
        variable, found = self._looked(column)
        self._refuse(column, [each for each in found if each.sign == "far_off"], "a mean")
        self._say_left(column, found, "its mean")
        self._say_without_label(variable)
        return without(variable, found)

    def domain(self, column: str) -> tuple[Variable, tuple[tuple[Code, ...], ...]]:
        """The column as one that makes domains, and the codes that are one domain, since they have one label.

        Raises: InputError for codes far off the scale that nothing explains.
        """
        variable, found = self._looked(column)
        self._refuse(
            column, [each for each in found if each.sign == "far_off" and not each.label], "a domain"
        )
        shared = shared_labels(variable)
        for label, codes in shared.items():
            said = "one_domain" if self._by_label else "domains_apart"
            self._note(said, column, label=label, codes=_ticked(codes))
        self._say_without_label(variable)
        return variable, tuple(shared.values()) if self._by_label else ()

    def _note(self, code: str, column: str, **facts: str) -> None:
        """Say something of a column, once."""
        note = Note(code, column, facts)
        if note not in self._notes:
            self._notes.append(note)

    def _refuse(self, column: str, found: Sequence[NoAnswer], what: str) -> None:
        if found:
            stated = _stated(column, found)
            raise InputError(
                f"`{column}` holds codes far off its others, which do not belong in {what} if they are no answer: "
                f"{named_codes(found)}; state which it is, `missing={stated}` (no answer) or "
                f"`kept={stated}` (answers)"
            )

    def _say_left(self, column: str, left: Sequence[NoAnswer], what: str) -> None:
        for sign, code in (("no_answer", "no_answer_left_out"), ("dont_know", "dont_know_left_out")):
            self._say(code, column, [each for each in left if each.sign == sign], what=what)

    def _say(self, code: str, column: str, found: Sequence[NoAnswer], **facts: str) -> None:
        if found:
            self._note(code, column, codes=named_codes(found), stated=_stated(column, found), **facts)

    def _say_shared(self, variable: Variable, wanted: Collection[str]) -> None:
        """Of answers that share a label with others: that they were added up, or kept apart."""
        for label, codes in shared_labels(variable).items():
            asked = [code for code in codes if str(code) in wanted]
            if asked or not wanted:
                code = "codes_together" if len(asked) == len(codes) else "codes_apart"
                self._note(code, variable.name, label=label, codes=_ticked(codes))

    def _say_without_label(self, variable: Variable) -> None:
        for code, many in self._unlabelled[variable.name].items():
            self._note("code_without_label", variable.name, recorded=str(code), many=f"{many:,}")


def say(notes: Iterable[Note], columns: Collection[str]) -> None:
    """Warn of what concerns these columns, at the line that asked."""
    for sentence in sentences(notes, columns):
        warnings.warn(sentence, UserWarning, stacklevel=3)


def without(variable: Variable, found: Iterable[NoAnswer]) -> Variable:
    """The column with these codes declared missing too."""
    return replace(variable, missing=(*variable.missing, *((each.code, each.code) for each in found)))


def _stated(column: str, found: Sequence[NoAnswer]) -> str:
    """The codes of a column as one states them: Q5=77,88."""
    codes = (f'"{each.code}"' if "," in str(each.code) else str(each.code) for each in found)
    stated = f"{column}={','.join(codes)}"
    return f'"{stated}"' if " " in stated else stated


def _ticked(codes: Sequence[Code]) -> str:
    """Codes in back-ticks."""
    return " and ".join(f"`{code}`" for code in codes)
