"""Whether an answer of a set was chosen, and who was asked, as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.sets.mark_words import answers_only
from groundswell.waves.respondents.sql import (
    Sql,
    all_of,
    among,
    answered,
    any_of,
    identifier,
    literal,
    sql,
)


def chosen(among_set: AnswerSet, options: Sequence[Option], codebook: Codebook) -> Sql:
    """1 where one of the options was chosen, 0 where none was, NULL where the question was not asked."""
    given = [ticked(among_set, option, codebook) for option in options]
    base = asked(among_set, codebook)
    return sql("CASE WHEN {base} THEN CAST({any} AS INTEGER) END", base=base, any=any_of(given))


def asked(among_set: AnswerSet, codebook: Codebook) -> Sql:
    """Whether a respondent was asked; never NULL. Who ticked nothing and has a code for no answer was not."""
    variables = [answers_only(codebook[column]) for column in among_set.columns]
    if among_set.asked is None and (among_set.no_stated or among_set.form == "mentions"):
        return any_of(answered(variable) for variable in variables)
    base = was_asked(among_set.asked or {}, codebook)
    excused = [_missing(variable) for variable in variables if variable.missing]
    if not excused:
        return base
    ticked = ticked_anything(among_set, codebook)
    return sql("({base} AND ({ticked} OR NOT {excused}))", base=base, ticked=ticked, excused=any_of(excused))


def was_asked(codes: Mapping[str, tuple[Code, ...]], codebook: Codebook) -> Sql:
    """Whether every column holds one of its codes; never NULL."""
    return all_of(among(codebook[column], of_column) for column, of_column in codes.items())


def ticked_anything(among_set: AnswerSet, codebook: Codebook) -> Sql:
    """Whether a respondent chose any answer; never NULL."""
    variables = [codebook[column] for column in among_set.columns]
    if among_set.form == "marks":
        given = [ticked(among_set, option, codebook) for option in among_set.options]
        return any_of(given)
    if among_set.form == "list":
        return any_of(
            sql("coalesce(len({name}) > 0, false)", name=identifier(each.name)) for each in variables
        )
    return any_of(answered(variable) for variable in variables)


def ticked(among_set: AnswerSet, option: Option, codebook: Codebook) -> Sql:
    """Whether an answer was chosen; never NULL."""
    if among_set.form in ("marks", "mentions"):
        columns = (option.column,) if among_set.form == "marks" else among_set.columns
        return any_of(among(codebook[column], option.codes) for column in columns)
    if among_set.form == "list":
        return in_list(option.column, option.codes[0])
    return in_cell(option.column, among_set.separator, str(option.codes[0]))


def in_list(column: str, text: Code) -> Sql:
    """Whether a list holds a text; never NULL."""
    return sql(
        "coalesce(list_contains(CAST({name} AS VARCHAR[]), {text}), false)",
        name=identifier(column),
        text=literal(str(text)),
    )


def in_cell(column: str, separator: str, text: str) -> Sql:
    """Whether a text stands whole between separators; never NULL."""
    cell = tidy_cell(column, separator)
    return sql(
        "coalesce(contains({mark} || {cell} || {mark}, {text}), false)",
        mark=literal(separator),
        cell=cell,
        text=literal(f"{separator}{text}{separator}"),
    )


def tidy_cell(column: str, separator: str) -> Sql:
    """A cell without blanks around its separators, or separators at its ends."""
    own = sql("trim(CAST({name} AS VARCHAR))", name=identifier(column))
    if separator == " ":
        return sql("regexp_replace({own}, '\\s+', ' ', 'g')", own=own)
    if separator == ", ":
        return sql("regexp_replace({own}, '\\s*,\\s+', ', ', 'g')", own=own)
    single = sql(
        "regexp_replace({own}, {around}, {mark}, 'g')",
        own=own,
        around=literal(rf"\s*\Q{separator}\E\s*"),
        mark=literal(separator),
    )
    return sql("trim({single}, {mark})", single=single, mark=literal(separator))


def _missing(variable: Variable) -> Sql:
    """Whether a cell holds a code that is declared to be no answer; never NULL."""
    held = answered(replace(variable, missing=()))
    return sql("(({held}) AND NOT ({answered}))", held=held, answered=answered(variable))
