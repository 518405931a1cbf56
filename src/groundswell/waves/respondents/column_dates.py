"""The days that a column holds: the first and the last, in each reading that the whole column allows.

>>> dates_of(respondents, "asked")  # 03/04/2024 and 05/06/2024: nobody can say which
(Dates(order='day, month, year', first=datetime.date(2024, 4, 3), last=datetime.date(2024, 6, 5)),
 Dates(order='month, day, year', first=datetime.date(2024, 3, 4), last=datetime.date(2024, 5, 6)))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import get_args

from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, answered, identifier, sql
from groundswell.waves.respondents.text.date_forms import Order, day_of


@dataclass(frozen=True)
class Dates:
    """A reading of a column as days: the order of a date's numbers (None where the file has dates), first and last."""

    order: Order | None
    first: date
    last: date


def dates_of(respondents: Respondents, column: str) -> tuple[Dates, ...]:
    """Each reading by which every answer of a column is a day; none where it holds no dates.

    Two readings with the same first and last day are one.
    """
    variable = respondents.codebook[column]
    name = identifier(column)
    if variable.kind == "date":
        readings: dict[Order | None, Sql] = {None: sql("CAST({name} AS DATE)", name=name)}
    elif variable.kind == "text":
        readings = {order: day_of(name, order) for order in get_args(Order)}
    else:
        return ()
    here = answered(variable)
    found: list[Dates] = []
    for order, day in readings.items():
        answers, days, first, last = respondents.row(
            "SELECT count(*), count({day}), min({day}), max({day}) FROM {respondents} WHERE {here}",
            day=day,
            here=here,
        )
        if answers and answers == days and all((first, last) != (each.first, each.last) for each in found):
            found.append(Dates(order, first, last))
    return tuple(found)
