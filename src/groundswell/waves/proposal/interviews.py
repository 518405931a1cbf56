"""When people were asked, from a column of interviews' days or times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier, sql


@dataclass(frozen=True)
class InterviewDays:
    """First and last day, how the column's cells were read, and whether it can stand as `interview_date`."""

    first: date
    last: date
    reading: str
    usable: bool = True


def interview_days(respondents: Respondents, variable: Variable) -> InterviewDays | None:
    """The days that a column holds; None where fewer than nine in ten of its cells are days."""
    if variable.kind == "number":
        return None
    name = identifier(variable.name)
    day = sql("TRY_CAST({name} AS DATE)", name=name)
    rows, days, first, last = respondents.row(
        "SELECT count({name}), count({day}), min({day}), max({day}) FROM {respondents}", name=name, day=day
    )
    if rows and days >= 0.9 * rows and isinstance(first, date) and isinstance(last, date):
        return InterviewDays(first, last, "year-month-day")
    return None
