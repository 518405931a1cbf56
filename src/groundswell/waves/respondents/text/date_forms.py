"""Dates as files write them: 2024-03-01, 01.03.2024, 03/01/2024, `2024/03/01 9:12:00 AM GMT+3`.

`03/01/2024` is a day of March to some and of January to others. A column of such cells is dates where the whole column
fits one reading only, since a day above 12 stands somewhere in it. Dates that users type are read by
`groundswell.dates`.
"""

from __future__ import annotations

from typing import Literal

from groundswell.waves.respondents.sql import Sql, literal, sql

Order = Literal["year, month, day", "day, month, year", "month, day, year"]
"""What the three numbers of a date are."""

_PLACES: dict[Order, tuple[int, int, int]] = {
    "year, month, day": (1, 2, 3),
    "day, month, year": (3, 2, 1),
    "month, day, year": (3, 1, 2),
}
"""By order, which of a date's numbers are its year, its month and its day."""

_DATE = r"^\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
_TIME = r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?"
_AFTERNOON = r"\d ?[Pp]\.?[Mm]\.?"
_MORNING = r"\d ?[Aa]\.?[Mm]\.?"


def day_of(cell: Sql, order: Order) -> Sql:
    """The day of a text cell as SQL; NULL where it is none in this order."""
    year, month, day = (_part(cell, _DATE, place) for place in _PLACES[order])
    return sql(
        "CASE WHEN len({year}) = 4 THEN TRY_CAST({year} || '-' || {month} || '-' || {day} AS DATE) END",
        year=year,
        month=month,
        day=day,
    )


def moment_of(cell: Sql, order: Order) -> Sql:
    """The day and the time of a text cell, in the zone in which it was written; midnight where it has no time."""
    hour, minute, second = (_part(cell, _TIME, place) for place in (1, 2, 3))
    clock = sql(
        "(coalesce(TRY_CAST({hour} AS INTEGER), 0) % CASE WHEN {half} THEN 12 ELSE 24 END "
        "+ CASE WHEN {afternoon} THEN 12 ELSE 0 END)",
        hour=hour,
        half=sql("regexp_matches({cell}, {form})", cell=cell, form=literal(f"{_MORNING}|{_AFTERNOON}")),
        afternoon=sql("regexp_matches({cell}, {form})", cell=cell, form=literal(_AFTERNOON)),
    )
    return sql(
        "(CAST({day} AS TIMESTAMP) + to_hours({clock}) + to_minutes(coalesce(TRY_CAST({minute} AS INTEGER), 0)) "
        "+ to_seconds(coalesce(TRY_CAST({second} AS INTEGER), 0)))",
        day=day_of(cell, order),
        clock=clock,
        minute=minute,
        second=second,
    )


def has_time(cell: Sql) -> Sql:
    """Whether a text cell holds a time of day."""
    return sql("regexp_matches({cell}, {form})", cell=cell, form=literal(_TIME))


def _part(cell: Sql, form: str, place: int) -> Sql:
    return sql("regexp_extract({cell}, {form}, {place})", cell=cell, form=literal(form), place=literal(place))
