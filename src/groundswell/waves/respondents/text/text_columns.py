"""What a column of text cells is: numbers, dates or words, and which of its signs are no answers.

A column is what all its cells are: one stray word keeps it text, one leading zero keeps it the codes that were written.
What could be read in two ways stays text, and is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.sql import Sql, identifier, joined, literal, sql
from groundswell.waves.respondents.text import cell_forms as forms
from groundswell.waves.respondents.text.date_forms import Order, day_of, has_time, moment_of


@dataclass(frozen=True)
class TextColumn:
    """How a column of text is to be read: as SQL, and what is to be said of it."""

    name: str
    read: Sql
    notes: tuple[Note, ...] = ()
    decimal: str | None = None


def text_columns(
    connection: duckdb.DuckDBPyConnection,
    rows: Sql,
    columns: Sequence[str],
    options: ReadOptions,
    *,
    decimal_commas: bool,
) -> list[TextColumn]:
    """How each of these columns of text is to be read.

    `decimal_commas` says whether a decimal comma may be found; it may not where a comma stands between the cells. What
    `options.decimal` states overrules what would be found.
    """
    if not columns:
        return []
    held: list[dict[str, int]] = [{} for _ in columns]
    counted = connection.execute(
        sql(
            "SELECT place, form, sum(many) FROM (SELECT place, many, {form} AS form FROM "
            "(SELECT place, cell, count(*) AS many FROM "
            "(SELECT unnest([{cells}]) AS cell, unnest(range({columns})) AS place FROM {rows}) "
            "GROUP BY place, cell)) WHERE form IS NOT NULL GROUP BY place, form",
            form=forms.form_of(identifier("cell")),
            cells=[identifier(name) for name in columns],
            columns=literal(len(columns)),
            rows=rows,
        ).text
    )
    for place, form, many in counted.fetchall():
        held[place][form] = int(many)
    looked = [_Column(name, forms_held, options) for name, forms_held in zip(columns, held, strict=True)]
    found = [
        column.read(decimal_commas) or _dates(connection, rows, column) or column.as_text()
        for column in looked
    ]
    if options.decimal == "," or any(column.decimal for column in found):
        for place, column in enumerate(looked):
            if column.may_be_thousands():
                found[place] = column.as_text(Note("thousands_marks", column.name))
    return found


class _Column:
    """A column with the number of its cells by their form."""

    def __init__(self, name: str, held: Mapping[str, int], options: ReadOptions) -> None:
        self.name, self.cell = name, identifier(name)
        self.decimal = None if options.separators.get(name) == "," else options.decimal
        stated = {str(code) for code in (*options.missing, *options.missing_of.get(name, ()))}
        self.kept = {str(code) for key in ("*", name) for code in options.kept.get(key, ())}
        marks = {
            form.removeprefix(forms.MARK): many for form, many in held.items() if form.startswith(forms.MARK)
        }
        self.stated = {mark for mark in marks if mark in stated}
        self.marks = {mark: many for mark, many in marks.items() if mark not in self.kept}
        self.forms = {form: many for form, many in held.items() if not form.startswith(forms.MARK)}
        if len(self.marks) < len(marks):
            self.forms[forms.WORD] = self.forms.get(forms.WORD, 0) + 1

    def only(self, *names: str) -> bool:
        """Whether no cell has another form than these."""
        return bool(self.forms) and set(self.forms) <= set(names)

    def may_be_thousands(self) -> bool:
        """Whether every point may stand between thousands, as in `1.234`."""
        return forms.THREE_DECIMALS in self.forms and self.only(forms.WHOLE, forms.THREE_DECIMALS)

    def read(self, decimal_commas: bool) -> TextColumn | None:
        """The column as numbers, where all its cells are."""
        text = sql("ltrim(trim({cell}), '+')", cell=self.cell)
        if self.only(forms.WHOLE):
            return self._numbers(sql("TRY_CAST({text} AS BIGINT)", text=text))
        if self.only(forms.WHOLE, forms.THREE_DECIMALS, forms.FRACTION):
            return self._numbers(sql("TRY_CAST({text} AS DOUBLE)", text=text))
        commas = {forms.DECIMAL_COMMA, forms.LIST_OR_DECIMAL, forms.THOUSANDS_OR_DECIMAL} & set(self.forms)
        number = sql("TRY_CAST(replace({text}, ',', '.') AS DOUBLE)", text=text)
        if self.decimal == "," and self.only(forms.WHOLE, forms.COMMA_FIRST, *commas):
            return self._numbers(number, decimal=",")
        if commas and self.only(forms.WHOLE, *commas):
            if self.decimal is None and decimal_commas and forms.DECIMAL_COMMA in commas:
                return self._numbers(number, Note("decimal_commas", self.name), decimal=",")
            return self.as_text(Note("comma_unclear", self.name))
        if {forms.THOUSANDS, forms.THOUSANDS_OR_DECIMAL} & set(self.forms) and self.only(
            *(forms.WHOLE, forms.THREE_DECIMALS, forms.FRACTION, forms.THOUSANDS, forms.THOUSANDS_OR_DECIMAL)
        ):
            return self.as_text(Note("thousands_marks", self.name))
        return None

    def _numbers(self, number: Sql, *notes: Note, decimal: str | None = None) -> TextColumn:
        read = self._without(list(self.marks), number)
        return TextColumn(self.name, read, (*notes, *self._said(list(self.marks))), decimal)

    def as_text(self, *notes: Note) -> TextColumn:
        """The column as the words that were written, without the signs that are no answers."""
        marks = list(self._no_answers())
        kept = [
            Note("mark_is_answer", self.name, {"mark": mark, "cells": self.marks[mark]})
            for mark in self.marks
            if mark == forms.NOT_AVAILABLE and mark not in marks and mark not in self.stated
        ]
        return TextColumn(self.name, self._without(marks, self.cell), (*notes, *kept, *self._said(marks)))

    def _no_answers(self) -> Iterator[str]:
        """The signs that are no answers among words: not `NA` among codes of two letters, nor `-` next to `+`."""
        for mark in self.marks:
            if mark in forms.WORDS_AMONG_NUMBERS and self.forms:
                continue
            if mark in forms.DASHES and forms.PLUS in self.forms:
                continue
            if mark == forms.NOT_AVAILABLE and self.only(forms.TWO_CAPITALS):
                continue
            yield mark

    def _without(self, marks: Sequence[str], read: Sql) -> Sql:
        """What is read of a cell, NULL where it holds one of the signs."""
        if not marks:
            return read
        held = [literal(mark) for mark in marks]
        return sql(
            "CASE WHEN trim({cell}) IN ({held}) THEN NULL ELSE {read} END",
            cell=self.cell,
            held=held,
            read=read,
        )

    def _said(self, marks: Sequence[str]) -> list[Note]:
        return [
            Note("mark_no_answer", self.name, {"mark": mark, "cells": self.marks[mark]})
            for mark in marks
            if mark not in self.stated
        ]

    def without_marks(self) -> Sql:
        """The cell, NULL where it holds a sign."""
        return self._without(list(self.marks), self.cell)

    def as_dates(self, read: Sql, *notes: Note) -> TextColumn:
        """The column as dates."""
        return TextColumn(self.name, read, (*notes, *self._said(list(self.marks))))


def _dates(connection: duckdb.DuckDBPyConnection, rows: Sql, column: _Column) -> TextColumn | None:
    """The column as dates, where all its cells are and there is one reading of them."""
    form = next(iter(column.forms), "")
    if form not in forms.DATE_FORMS or not column.only(form):
        return None
    orders: dict[str, list[Order]] = {
        forms.YEAR_FIRST: ["year, month, day"],
        forms.DOTS: ["day, month, year"],
        forms.YEAR_LAST: ["day, month, year", "month, day, year"],
    }
    cell = column.without_marks()
    days = [day_of(cell, order) for order in orders[form]]
    asked = [sql("count({day})", day=day) for day in days]
    same = sql("bool_and({same})", same=joined(" IS NOT DISTINCT FROM ", [days[0], days[-1]]))
    *fitting, alike, timed = connection.execute(
        sql(
            "SELECT {asked}, {same}, bool_or({timed}) FROM {rows}", asked=asked, same=same,
            timed=has_time(cell), rows=rows,
        ).text
    ).fetchall()[0]  # fmt: skip
    whole = [order for order, many in zip(orders[form], fitting, strict=True) if many == column.forms[form]]
    if not whole:
        return None
    if len(whole) > 1 and not alike:
        return column.as_text(Note("date_unclear", column.name))
    read = moment_of(cell, whole[0]) if timed else day_of(cell, whole[0])
    said = (Note("date_read", column.name, {"order": whole[0]}),) if form == forms.YEAR_LAST else ()
    return column.as_dates(read, *said)
