"""The sets of a file of respondents, each looked for when it is asked for: declared, columns of marks, lists, cells.

One question is one set. KoBo writes a question as a cell and as columns of marks: the columns are taken, since they say
of each answer that it was not chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.answer_sets import AnswerSet, AnswerSets
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.sets.cells import cell_set, holds_only, list_set
from groundswell.waves.respondents.sets.columns import Rows, declared_set, lone_mark, marked_set
from groundswell.waves.respondents.sets.stems import stems

Look = Callable[[], AnswerSet | None]


def sets_of(codebook: Codebook, rows: Rows, options: ReadOptions) -> AnswerSets:
    """The sets of a file; only those of which it is stated who was asked are looked at yet.

    Raises: InputError where `options` state who was asked of what is no such question.
    """
    looks: dict[str, list[Look]] = {}
    of: dict[str, list[str]] = {}

    def add(name: str, columns: tuple[str, ...], look: Look) -> None:
        looks.setdefault(name, []).append(look)
        for column in columns:
            of.setdefault(column, []).append(name)

    for stated in codebook.declared_sets:
        add(stated.name.lstrip("$"), stated.columns, partial(declared_set, stated, codebook, rows))
    for stem, columns in _undeclared(codebook):
        if stem not in codebook:
            add(stem, columns, partial(marked_set, stem, columns, codebook, rows))
            continue
        for name, same in ((stem, True), (f"{stem}*", False)):
            add(name, columns, partial(_beside_column, name, stem, columns, codebook, rows, same=same))
    for name, variable in codebook.variables.items():
        if variable.kind == "list":
            add(name, (name,), partial(list_set, variable, rows))
        elif variable.kind == "text":
            separator = options.separators.get(name)
            add(name, (name,), partial(cell_set, variable, rows, separator=separator))
    for name in options.asked:
        if name in codebook:
            add(name, (name,), partial(lone_mark, name, codebook, rows))
    one_answer = {name for name, sign in options.separators.items() if not sign}
    sets = AnswerSets(
        {name: partial(_first, tried, options.asked.get(name)) for name, tried in looks.items()},
        of,
        one_answer,
    )
    _check_stated(sets, options)
    return sets


def _undeclared(codebook: Codebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Columns of one stem, but those of a question that the file itself names."""
    declared = [set(stated.columns) for stated in codebook.declared_sets]
    for stem, columns in stems(codebook.variables.values()).items():
        if not any(set(columns) <= own for own in declared):
            yield stem, columns


def _beside_column(
    name: str, stem: str, columns: tuple[str, ...], codebook: Codebook, rows: Rows, *, same: bool
) -> AnswerSet | None:
    """The set of columns whose stem is a column's name; `same`: where that column holds the same answers in a cell."""
    found = marked_set(name, columns, codebook, rows)
    if found is None:
        return None
    ends = {end for option in found.options for end in (option.name, *option.also)}
    return found if holds_only(codebook[stem], ends, rows) == same else None


def _check_stated(sets: AnswerSets, options: ReadOptions) -> None:
    """Hold what is stated of who was asked against the file."""
    for question in options.asked:
        if question not in sets:
            raise InputError(
                f"`asked=` names `{question}`, which is no question with several answers, nor a column with one code "
                f"and empty cells: {nearest(question, sets)}"
            )


def _first(looks: list[Look], asked: Mapping[str, tuple[Code, ...]] | None) -> AnswerSet | None:
    """The first that there is, with who was asked where a user states it."""
    for look in looks:
        if (found := look()) is not None:
            return found if asked is None else replace(found, asked=asked)
    return None
