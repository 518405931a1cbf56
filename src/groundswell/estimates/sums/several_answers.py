"""What questions ask of a set: a question with several answers, one of its answers, or one of its columns.

`Q5` asks for each answer of the set, `Q5=Prices` for one. `Q5_1` is a column; where it holds one code and empty cells
only, its share is of all who were asked the question, never of those who ticked it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundswell.errors import InputError, nearest
from groundswell.estimates.sums.items import Item
from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sets.cells import SEPARATORS
from groundswell.waves.respondents.sets.chosen import asked, chosen, in_cell, ticked_anything
from groundswell.waves.respondents.sets.columns import Rows, TwoCodes, held_by
from groundswell.waves.respondents.sets.mark_words import without_no_answer
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, answered, identifier, literal

MOST_NAMED = 5
"""Domains that a note names."""

NO_DOMAINS: Mapping[str, Sql] = {}

STATE_ASKED = (
    "If everyone was asked, state `asked=` with the name of the column; if some were, say who: "
    "{column}=COLUMN=CODE"
)


@dataclass(frozen=True)
class AskedOption:
    """One answer of a set, and the item that stands for it in a table of estimates."""

    item: Item
    of: AnswerSet
    option: Option


class SeveralAnswers:
    """The sets of a file, as questions ask for them; `rows` asks the file, as `Respondents.rows` does.

    `way_out` is what whoever asks for a column can do, of which nothing says what an empty cell means.
    """

    def __init__(self, codebook: Codebook, rows: Rows, way_out: str = STATE_ASKED) -> None:
        self._codebook = codebook
        self._rows = rows
        self._way_out = way_out
        self._asked: dict[tuple[str, str | None], tuple[AskedOption, ...] | None] = {}
        self._held: dict[str, TwoCodes] = {}

    def asked(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """What a question asks of a set, or None where it asks for a column as any other.

        Raises: InputError where the set has no such answer, and for a column of which nothing says what an empty cell
        means.
        """
        if (name, answer) not in self._asked:
            self._asked[name, answer] = self._look(name, answer)
        return self._asked[name, answer]

    def _look(self, name: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        found = self._codebook.sets.get(name)
        if found is not None:
            if answer is None:
                return tuple(AskedOption(Item(name, each.name), found, each) for each in found.options)
            option = found.option(answer) or self._unlisted(found, answer)
            if option is not None:
                return (AskedOption(Item(name, option.name), found, option),)
            if found.form in ("marks", "mentions", "list") or not self._is_cell(name, answer):
                raise no_answer(name, answer, [each.name for each in found.options])
            return None
        return self._marks(name, answer) if name in self._codebook else None

    def of_item(self, item: Item) -> AskedOption | None:
        """What an item that `asked` gave asks of a set."""
        options = self.asked(item.variable, item.category) if item.category is not None else None
        return options[0] if options else None

    def value(self, item: Item) -> Sql | None:
        """1 where the answer was chosen, 0 where it was not, NULL where nobody asked; None where it is of no set."""
        option = self.of_item(item)
        return None if option is None else chosen(option.of, [option.option], self._codebook)

    def columns(self, item: Item) -> tuple[str, ...]:
        """The columns that an item needs."""
        option = self.of_item(item)
        return (item.variable,) if option is None else (*option.of.columns, *(option.of.asked or ()))

    def notes(
        self, items: Sequence[Item], *, where: Sql = EVERY_ROW, by: Mapping[str, Sql] = NO_DOMAINS
    ) -> Iterator[Note]:
        """What whoever uses shares of these items, of chosen rows by domain, must know of the base, each set once.

        Raises: InputError where none of the rows ticked anything, though who was asked is not known.
        """
        options = [option for item in items if (option := self.of_item(item)) is not None]
        for name in dict.fromkeys(option.of.name for option in options):
            of_set = [option for option in options if option.of.name == name]
            yield from self._notes_of(of_set[0].of, [option.option for option in of_set], where)
            yield from self._silent_domains(of_set[0].of, where, by)
        in_set = {option.item for option in options}
        for item in items:
            if item.category is not None and item not in in_set:
                yield from self._in_other_cells(item.variable, item.category)

    def _in_other_cells(self, column: str, answer: str) -> Iterator[Note]:
        """That an answer stands in other cells too, next to others."""
        variable = self._codebook[column]
        if variable.kind != "text" or column in self._codebook.sets.one_answer:
            return
        for separator in SEPARATORS:
            if separator.isspace():
                continue
            ((others,),) = self._rows(
                "SELECT count(*) FROM {respondents} WHERE trim({name}) <> {answer} AND {held}",
                name=identifier(column),
                answer=literal(answer),
                held=in_cell(column, separator, answer),
            )
            if others:
                facts = {"answer": answer, "others": f"{others:,}", "separator": separator}
                yield Note("answer_in_other_cells", column, facts)
                return

    def _notes_of(self, found: AnswerSet, options: Sequence[Option], where: Sql) -> Iterator[Note]:
        base, nothing, every = self._rows(
            "SELECT count(*) FILTER ({asked}), count(*) FILTER ({asked} AND NOT {ticked}), count(*) "
            "FROM {respondents} WHERE {where}",
            asked=asked(found, self._codebook),
            ticked=ticked_anything(found, self._codebook),
            where=where,
        )[0]
        if base == nothing and found.asked is None and not found.no_stated:
            raise InputError(
                f"`{found.name}` was ticked by nobody of these {every:,} respondents, so it may not have been asked: "
                "choose rows of those who were, or say who was with `asked=` (QUESTION=COLUMN=CODE)"
            )
        code = "set_asked_everyone"
        if found.asked:
            code = "set_asked_stated"
        elif found.asked is None and (found.no_stated or found.form == "mentions"):
            code = "set_asked_answered"
        elif found.asked is None and base < every:
            code = "set_asked_not_excused"
        elif found.asked is None:
            code = "set_asked_unknown" if nothing else "set_asked_each"
        facts = {
            "base": f"{base:,}",
            "nothing": f"{nothing:,}",
            "out": f"{every - base:,}",
            "set": found.name,
        }
        facts |= {"by": ", ".join(f"`{column}`" for column in found.asked or ())}
        yield Note(code, found.columns[0], facts)
        listed = {option.name for option in options}
        for left, right in found.together:
            if len(options) > 1 and {left, right} <= listed:
                facts = {"set": found.name, "left": left, "right": right}
                yield Note("set_chosen_together", found.columns[0], facts)
        if found.rare and len(options) > 1:
            yield Note("set_rare_answers", found.columns[0], {"set": found.name, "rare": f"{found.rare:,}"})

    def _silent_domains(self, found: AnswerSet, where: Sql, by: Mapping[str, Sql]) -> Iterator[Note]:
        """The domains in which nobody ticked anything, where nobody says who was asked."""
        if found.no_stated or found.asked is not None:
            return
        for variable, category in by.items():
            silent = self._rows(
                "SELECT CAST({category} AS VARCHAR), count(*) FROM {respondents} "
                "WHERE {where} AND {category} IS NOT NULL GROUP BY 1 HAVING NOT bool_or({ticked}) ORDER BY 1",
                category=category,
                where=where,
                ticked=ticked_anything(found, self._codebook),
            )
            if silent:
                named = ", ".join(f"`{name}` ({many:,})" for name, many in silent[:MOST_NAMED])
                more = f" and {len(silent) - MOST_NAMED} more" if len(silent) > MOST_NAMED else ""
                yield Note("set_silent_domains", variable, {"set": found.name, "domains": named + more})

    def _marks(self, column: str, answer: str | None) -> tuple[AskedOption, ...] | None:
        """The mark of a column that holds one code, where other cells have no answer."""
        variable, held = self._codebook[column], self._holds(column)
        if held.codes is None or len(held.codes) > 1 or not held.others:
            return None
        found = self._codebook.sets.of_column(column)
        marks = found.options if found is not None and found.form == "marks" else ()
        option = next((each for each in marks if each.column == column), None)
        code = held.only if option is None else option.codes[0]
        if code is None or answer not in (None, str(code), variable.label_of(code)):
            return None
        if found is None or option is None:
            raise self._undecided(variable, held)
        return (AskedOption(Item(column, str(code)), found, option),)

    def _holds(self, column: str) -> TwoCodes:
        """What a column holds, looked at once."""
        if column not in self._held:
            self._held[column] = held_by([without_no_answer(self._codebook[column])], self._rows)[column]
        return self._held[column]

    def check_mean(self, column: str) -> None:
        """Refuse the mean of marks, which is 1 whoever ticked.

        Raises: InputError where a column holds one code, and other cells have no answer.
        """
        variable, held = self._codebook[column], self._holds(column)
        if held.only is not None:
            raise InputError(
                f"{self._only(variable, held)}: its mean would be that number whoever answered; ask for its share"
            )

    def _undecided(self, variable: Variable, held: TwoCodes) -> InputError:
        return InputError(
            f"{self._only(variable, held)}: whether these did not choose it, or were not asked, nothing says. "
            f"{self._way_out.format(column=variable.name)}"
        )

    def _only(self, variable: Variable, held: TwoCodes) -> str:
        """That a column has one answer, and how many have none."""
        code = "" if held.only is None else held.only
        label = variable.label_of(code)
        named = f"`{code}`" if label == str(code) else f"`{code}` (“{label}”)"
        return (
            f"`{variable.name}` holds {named} and no other answer, and {held.others:,} of {self._codebook.rows:,} "
            "cells have none"
        )

    def _unlisted(self, found: AnswerSet, answer: str) -> Option | None:
        """An answer that stands in cells, though too rarely to be listed, or as several texts that are one."""
        text = answer.strip()
        if found.form != "cell" or not text:
            return None
        held = in_cell(found.columns[0], found.separator, text)
        is_here = self._rows("SELECT 1 FROM {respondents} WHERE {held} LIMIT 1", held=held)
        return Option(text, (), found.columns[0], (text,)) if is_here else None

    def _is_cell(self, column: str, answer: str) -> bool:
        """Whether some cell holds this text and nothing else."""
        variable = self._codebook[column]
        return bool(
            self._rows(
                "SELECT 1 FROM {respondents} WHERE {answered} AND trim({name}) = {answer} LIMIT 1",
                answered=answered(variable),
                name=identifier(column),
                answer=literal(answer.strip()),
            )
        )


def no_answer(column: str, answer: str, known: Sequence[str]) -> InputError:
    """The error for an answer that stands nowhere in a question."""
    return InputError(f"`{answer}` is not an answer of `{column}`: {nearest(answer, known)}")
