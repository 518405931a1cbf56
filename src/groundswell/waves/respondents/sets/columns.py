"""Columns that belong together -> a set of marks, where they hold nothing but marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.codebook import Codebook, DeclaredSet, Variable
from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.sets.mark_words import answers_only, says_no
from groundswell.waves.respondents.sets.stems import is_open, option_names, stem_and_end
from groundswell.waves.respondents.sql import Sql, answered, identifier, sql

Rows = Callable[..., list[tuple[Any, ...]]]
"""Asks a file of respondents, as `Respondents.rows` does."""

AT_ONCE = 100
"""Columns that one query looks at."""


@dataclass(frozen=True)
class TwoCodes:
    """What a column holds: its codes, where there are two at most (None where there are more), and other cells.

    `others` are cells without an answer: empty ones, and codes that are declared to be none.
    """

    codes: tuple[Code, ...] | None
    others: int

    @property
    def only(self) -> Code | None:
        """The only code of a column in which other cells have no answer."""
        return self.codes[0] if self.codes is not None and len(self.codes) == 1 and self.others else None


def held_by(variables: Sequence[Variable], rows: Rows) -> dict[str, TwoCodes]:
    """What columns hold."""
    found: dict[str, TwoCodes] = {}
    for start in range(0, len(variables), AT_ONCE):
        found |= _held(variables[start : start + AT_ONCE], rows)
    return found


def _held(variables: Sequence[Variable], rows: Rows) -> dict[str, TwoCodes]:
    values = {each.name: _value(each) for each in variables if each.kind in ("number", "text")}
    ends = [
        piece
        for value in values.values()
        for piece in (
            sql("min({value})", value=value),
            sql("max({value})", value=value),
            sql("count(*) - count({value})", value=value),
        )
    ]
    flat = rows("SELECT {ends} FROM {respondents}", ends=ends)[0] if ends else ()
    seen = {name: flat[3 * place : 3 * place + 3] for place, name in enumerate(values)}
    pairs = [name for name, (low, high, _) in seen.items() if low is not None and low != high]
    two = dict(zip(pairs, _hold_their_ends([values[name] for name in pairs], rows), strict=True))
    return {
        each.name: TwoCodes(None, 0)
        if each.name not in seen or not two.get(each.name, True)
        else TwoCodes(_codes(*seen[each.name][:2]), int(seen[each.name][2]))
        for each in variables
    }


def _hold_their_ends(values: Sequence[Sql], rows: Rows) -> Sequence[bool]:
    """Whether each column holds its lowest and its highest value only."""
    if not values:
        return ()
    ends = [
        sql("min({value}) AS {low}, max({value}) AS {high}", value=value, low=low, high=high)
        for value, (low, high) in zip(values, _ends_of(values), strict=True)
    ]
    tests = [
        sql("bool_and({value} IN ({low}, {high}))", value=value, low=low, high=high)
        for value, (low, high) in zip(values, _ends_of(values), strict=True)
    ]
    return rows(
        "SELECT {tests} FROM {respondents}, (SELECT {ends} FROM {respondents}) AS ends",
        tests=tests,
        ends=ends,
    )[0]


def _ends_of(values: Sequence[Sql]) -> Iterator[tuple[Sql, Sql]]:
    for place in range(len(values)):
        yield identifier(f"groundswell low {place}"), identifier(f"groundswell high {place}")


def _value(variable: Variable) -> Sql:
    """The answer, NULL where there is none; text without blanks around it."""
    name = identifier(variable.name)
    own = sql("trim({name})", name=name) if variable.kind == "text" else name
    return sql("CASE WHEN {answered} THEN {own} END", answered=answered(variable), own=own)


def _codes(low: object, high: object) -> tuple[Code, ...]:
    return tuple(dict.fromkeys(_code(each) for each in (low, high) if each is not None))


def _code(held: object) -> Code:
    return plain_code(held) if isinstance(held, str | int | float) else plain_code(float(str(held)))


def marked_set(name: str, columns: Sequence[str], codebook: Codebook, rows: Rows) -> AnswerSet | None:
    """The set that columns of one stem are, or None where they hold other things than marks.

    Columns for what people wrote themselves are left out.
    """
    variables = {column: answers_only(codebook[column]) for column in columns if not is_open(column)}
    held = held_by(list(variables.values()), rows)
    closed = [each for each in variables.values() if held[each.name].codes is not None or each.kind != "text"]
    codes = {each.name: held[each.name].codes for each in closed}
    if len(closed) < 2 or None in codes.values():
        return None
    marks = {each.name: _mark(codes[each.name] or (), each) for each in closed}
    usual = next((mark for mark in marks.values() if mark is not None), None)
    unclear = [column for column, mark in marks.items() if mark is None and len(codes[column] or ()) > 1]
    if (
        usual is None
        or unclear
        or not all(_is_mark(mark, variables[column]) for column, mark in marks.items())
    ):
        return None
    no_stated = any(says_no(code, each) for each in closed for code in codes[each.name] or ())
    if not no_stated and not any(held[each.name].others for each in closed):
        return None
    chosen = {column: usual if mark is None else mark for column, mark in marks.items()}
    return _set_of(name, chosen, codebook, no_stated=no_stated)


def _mark(codes: Sequence[Code], variable: Variable) -> Code | None:
    """The code that says "chosen": the only one, or the one of two that does not say no."""
    chosen = [code for code in codes if not says_no(code, variable)]
    return chosen[0] if len(chosen) == 1 else None


def _is_mark(mark: Code | None, variable: Variable) -> bool:
    """Whether a code marks what was chosen, and is not a number that is the only one by chance."""
    if mark is None or isinstance(code := code_of(str(mark)), str):
        return True
    own = (stem_and_end(variable.name) or ("", ""))[1].lstrip("0")
    return code == 1 or mark in (variable.labels or {}) or str(code) == own


def _set_of(
    name: str, marks: Mapping[str, Code], codebook: Codebook, *, no_stated: bool, declared: bool = False
) -> AnswerSet:
    """The set of these columns, each answer named by what its label, its own text or its column's name tells."""
    columns = tuple(marks)
    label, names = option_names(columns, codebook.variables)
    ends = [parts[1] if (parts := stem_and_end(column)) else column for column in columns]
    if names == ends:
        own = [codebook[column].label_of(mark) for column, mark in marks.items()]
        texts = all(isinstance(code_of(text), str) for text in own)
        names = own if texts and len(set(own)) == len(own) > 1 else names
    options = tuple(
        Option(
            answer,
            tuple(dict.fromkeys(each for each in (column, end, codebook[column].label) if each)),
            column,
            (marks[column],),
        )
        for answer, column, end in zip(names, columns, ends, strict=True)
    )
    return AnswerSet(
        name=name,
        label=label,
        form="marks",
        columns=columns,
        options=options,
        no_stated=no_stated,
        declared=declared,
    )


def lone_mark(column: str, codebook: Codebook, rows: Rows) -> AnswerSet | None:
    """A set of one column with one code and empty cells, for a user who says who was asked."""
    variable = codebook[column]
    code = held_by([variable], rows)[column].only
    if code is None:
        return None
    option = Option(variable.label_of(code), (str(code), column), column, (code,))
    return AnswerSet(
        name=column, label=variable.label, form="marks", columns=(column,), options=(option,), declared=True
    )


def declared_set(stated: DeclaredSet, codebook: Codebook, rows: Rows) -> AnswerSet | None:
    """The set that a file declares; None where it lacks the columns."""
    columns = tuple(column for column in stated.columns if column in codebook)
    if not columns:
        return None
    name = stated.name.lstrip("$")
    if stated.kind == "categories":
        return _mentions(name, stated.label, columns, codebook, rows)
    counted = 1 if stated.counted is None else stated.counted
    held = held_by([answers_only(codebook[column]) for column in columns], rows)
    others = any(set(held[column].codes or (counted, None)) - {counted} for column in columns)
    found = _set_of(name, dict.fromkeys(columns, counted), codebook, no_stated=others, declared=True)
    return replace(found, label=stated.label or found.label)


def _mentions(name: str, label: str, columns: tuple[str, ...], codebook: Codebook, rows: Rows) -> AnswerSet:
    """Columns that hold one answer each, and the codes of all of them."""
    codes: dict[Code, str] = {}
    for column in columns:
        variable = codebook[column]
        given = rows(
            "SELECT DISTINCT {value} FROM {respondents} WHERE {answered} ORDER BY 1",
            value=_value(variable),
            answered=answered(variable),
        )
        known = {
            code: text for code, text in (variable.labels or {}).items() if not variable.is_missing(code)
        }
        codes |= {code: text for code, text in known.items() if code not in codes}
        codes |= {code: str(code) for code in (_code(each) for (each,) in given) if code not in codes}
    options = tuple(Option(text, (str(code),), columns[0], (code,)) for code, text in codes.items())
    return AnswerSet(
        name=name,
        label=label,
        form="mentions",
        columns=columns,
        options=options,
        no_stated=True,
        declared=True,
    )
