"""Several answers to one question: who ticks "prices" and "war" gave two answers to "What worries you?".

A set is one question, however a file holds its answers:

- *marks*: a column an answer, `1` where it was chosen, and `0` or nothing where it was not;
- *cell*: one column of text with every answer of a respondent, as `Prices, War`;
- *list*: the same as a list;
- *mentions*: columns that hold one answer each, the first that was named, the second, and so on.

The base of each answer is who was asked, so shares of a set do not add up to one. A file rarely says who was asked:
`no_stated` tells whether it does. Where an answer that was not chosen has a code of its own (`0`, "Not selected"), who
was asked has a value in some column of the set; where it is an empty cell, nobody can tell who ticked nothing from who
was not asked. Everyone then counts as asked, unless `asked` says who was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundswell.waves.respondents.codes import Code

Form = Literal["marks", "cell", "list", "mentions"]


@dataclass(frozen=True)
class Option:
    """One answer of a set.

    Attributes:
        name: by which it is asked for and shown.
        also: what it may be called too: its column, the end of its column's name, its whole label, its code.
        column: of marks, the column.
        codes: that say that it was chosen; of a cell or a list, the one text that stands in it.
    """

    name: str
    also: tuple[str, ...]
    column: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerSet:
    """One question with several answers.

    Attributes:
        name: by which it is asked for: what its columns' names begin with, or the column.
        label: the question.
        form: how the file holds its answers.
        columns: all that hold its answers.
        options: its answers in the file's order, or the most frequent first.
        no_stated: whether the file itself says that an answer was not chosen.
        separator: of a cell, what stands between answers.
        declared: whether the file declares the set, or a user states it, rather than that it was found.
        asked: who was asked, as codes by column, where a user states it; an empty one is everyone.
        rare: of a cell, how many texts stand in one respondent's cell only and are not listed.
        together: options that are always chosen together, so that they may be one answer.
    """

    name: str
    label: str
    form: Form
    columns: tuple[str, ...]
    options: tuple[Option, ...]
    no_stated: bool = False
    separator: str = ""
    declared: bool = False
    asked: Mapping[str, tuple[Code, ...]] | None = None
    rare: int = 0
    together: tuple[tuple[str, str], ...] = ()

    def option(self, answer: str) -> Option | None:
        """The option of this name, or that may be called so; capitals count only where they tell options apart."""
        by_name = [option for option in self.options if option.name == answer]
        called = by_name or [option for option in self.options if answer in option.also]
        if not called:
            wanted = answer.strip().casefold()
            called = [
                option
                for option in self.options
                if wanted in {name.casefold() for name in (option.name, *option.also)}
            ]
        return called[0] if len(called) == 1 else None


class AnswerSets(Mapping[str, AnswerSet]):
    """The sets of a file by name, each looked for when it is first asked for.

    `looks` finds the set of a name, or None where its columns turn out to hold something else; `of` are the names under
    which a column may belong to a set; of `one_answer` a user states that a cell holds one.
    """

    def __init__(
        self,
        looks: Mapping[str, Callable[[], AnswerSet | None]],
        of: Mapping[str, Sequence[str]],
        one_answer: Collection[str] = (),
    ) -> None:
        self._looks = looks
        self._of = of
        self.one_answer = one_answer
        self._seen: dict[str, AnswerSet | None] = {}

    def __getitem__(self, name: str) -> AnswerSet:
        """The set of this name.

        Raises: KeyError where there is none.
        """
        if name not in self._seen:
            self._seen[name] = self._looks[name]()
        found = self._seen[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        """Names of the sets that there are; every candidate is looked at."""
        return (name for name in self._looks if name in self)

    def __len__(self) -> int:
        """How many there are; every candidate is looked at."""
        return sum(1 for _ in self)

    def of_column(self, column: str) -> AnswerSet | None:
        """The set that a column belongs to."""
        return next((self[name] for name in self._of.get(column, ()) if name in self), None)


def no_sets() -> AnswerSets:
    """The sets of a file that has none."""
    return AnswerSets({}, {})
