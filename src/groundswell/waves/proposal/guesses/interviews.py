"""When people were asked, from a column of interviews' days or times: in each reading that its cells allow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from groundswell.waves.proposal.guesses.known_names import folded
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.column_dates import dates_of
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, answered, identifier, literal, sql

EXCEL_DAYS = (36526, 54789)
"""The days of 2000 to 2050 as Excel counts them."""

DATES = re.compile(folded("date|datum|fecha|intdat|дата|\\bdata"))
"""Words for a day, not for a time of day."""


@dataclass(frozen=True)
class InterviewDays:
    """First and last day, how the cells were read, and whether the column can stand as `interview_date`."""

    first: date
    last: date
    reading: str
    usable: bool


def interview_days(respondents: Respondents, variable: Variable) -> list[InterviewDays]:
    """The days that a column holds, in each reading of all its cells; none where they are no days."""
    if variable.kind == "number":
        return _days_in_numbers(respondents, variable)
    readings = dates_of(respondents, variable.name)
    # text is held against start and end as a day only in ISO form
    return [
        InterviewDays(
            each.first,
            each.last,
            each.order or "the file's dates",
            usable=variable.kind == "date" or each.order == "year, month, day",
        )
        for each in readings
    ]


def _days_in_numbers(respondents: Respondents, variable: Variable) -> list[InterviewDays]:
    """Excel's numbers of days, and dates written as 20240301; only of a column that is called a date."""
    if not DATES.search(folded(f"{variable.name} {variable.label}")):
        return []
    name, here = identifier(variable.name), answered(variable)
    excel, digits, many = respondents.row(
        "SELECT count(*) FILTER ({name} BETWEEN {low} AND {high}), "
        "count(*) FILTER ({name} BETWEEN 20000101 AND 20501231), count(*) FROM {respondents} WHERE {here}",
        name=name,
        low=literal(EXCEL_DAYS[0]),
        high=literal(EXCEL_DAYS[1]),
        here=here,
    )
    if not many or many not in (excel, digits):
        return []
    whole = sql("CAST(floor({name}) AS INTEGER)", name=name)
    if many == excel:
        day, reading = sql("(DATE '1899-12-30' + {whole})", whole=whole), "Excel's numbers of days"
    else:
        text = sql("CAST({whole} AS VARCHAR)", whole=whole)
        day, reading = _of_digits(text), "year, month, day in digits"
    days, first, last = respondents.row(
        "SELECT count({day}), min({day}), max({day}) FROM {respondents} WHERE {here}", day=day, here=here
    )
    return [InterviewDays(first, last, reading, usable=False)] if days == many else []


def _of_digits(text: Sql) -> Sql:
    return sql("TRY_CAST({text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8] AS DATE)", text=text)
