"""How often a report is made: the periods of a cadence, and its dates from a first one on.

A week begins on Monday, a month and a quarter on their first day:

>>> period_start("quarter", date(2024, 5, 31)), next_period("week", date(2024, 5, 31))
(datetime.date(2024, 4, 1), datetime.date(2024, 6, 3))
>>> [day.isoformat() for day in dates_every("month", date(2024, 1, 31), date(2024, 4, 30))]
['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from groundswell.waves.surveys.planned_report import Cadence

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3}


def period_start(every: Cadence, day: date) -> date:
    """The first day of the period that `day` lies in."""
    if every in _DAYS:
        return day - timedelta(days=day.weekday() if every == "week" else 0)
    return day.replace(month=day.month - (day.month - 1) % _MONTHS[every], day=1)


def next_period(every: Cadence, day: date) -> date:
    """The first day of the period after the one that `day` lies in."""
    return later(every, period_start(every, day), 1)


def later(every: Cadence, day: date, periods: int) -> date:
    """The day that lies so many periods after `day`; a month that is too short gives its last day."""
    if every in _DAYS:
        return day + timedelta(days=periods * _DAYS[every])
    years, month = divmod(day.month - 1 + periods * _MONTHS[every], 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def dates_every(every: Cadence, since: date, until: date) -> list[date]:
    """`since` and the days that lie whole periods after it, up to `until`; each is counted from `since`."""
    dates: list[date] = []
    while (day := later(every, since, len(dates))) <= until:
        dates.append(day)
    return dates
