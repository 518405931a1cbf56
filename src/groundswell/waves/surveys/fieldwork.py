"""Fieldwork: the period in which people were asked, known to the day or only to the week, month or year.

The only module that knows weeks, quarters and years; how a date is written is in `groundswell.dates`. Three
ideas that are easily confused:

- the *stated dates* are what the source prints: `end = 2020-03-01, precision = month` is a placeholder;
- the *period* is every day on which somebody may have been asked: 1 to 31 March 2020;
- the *midpoint* is the moment in its middle. Days are whole, from midnight to midnight, so that a one-day
  wave has its midpoint at noon and 1–2 March at the midnight between them.

>>> wave = period(None, date(2020, 3, 1), "month")
>>> wave.start, wave.end, wave.days
(datetime.date(2020, 3, 1), datetime.date(2020, 3, 31), 31)
>>> wave.midpoint
datetime.datetime(2020, 3, 16, 12, 0)
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args

from groundswell.dates import read_date, today

Precision = Literal["day", "week", "month", "quarter", "year"]
PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)
# The shortest unit of each kind: stated dates that span as many days need no stretching.
SHORTEST: Final[dict[Precision, int]] = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
# The longest fieldwork that is believed; beyond it one of the two dates, or the precision, is a slip.
LONGEST: Final[dict[Precision, int]] = {"day": 366, "week": 35, "month": 92, "quarter": 366, "year": 1827}
FIRST_YEAR: Final = 1900


@dataclass(frozen=True)
class Period:
    """The days from `start` to `end`, both included, on which people may have been asked."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"fieldwork ends ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """Length in days, at least 1."""
        return (self.end - self.start).days + 1

    @property
    def midpoint(self) -> datetime:
        """The moment in the middle, at noon or midnight."""
        return datetime.combine(self.start, time.min) + timedelta(days=self.days / 2)

    @property
    def spread(self) -> float:
        """Standard deviation in days of an interview's moment, were interviews even over the period."""
        return self.days / float(12**0.5)

    def overlap(self, other: Period) -> int:
        """How many days the two periods share, at least 0."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days + 1)

    def until(self, published: date | None) -> Period:
        """The same period cut at the day of publication: what was printed on a day was asked by then."""
        if published is None or not self.start <= published < self.end:
            return self
        return Period(self.start, published)


def period(start: date | None, end: date, precision: Precision) -> Period:
    """The period that stated dates stand for.

    Known to the day, it is what is stated (one day if `start` is None). Known less well, it is every calendar
    unit that the stated dates touch, unless they already span a whole unit by themselves. Weeks run Monday to
    Sunday. Stretching twice changes nothing.

    Raises: ValueError if `end` is before `start`.
    """
    stated = Period(start or end, end)
    if precision == "day" or (start is not None and stated.days >= SHORTEST[precision]):
        return stated
    return Period(_unit(stated.start, precision).start, _unit(stated.end, precision).end)


def _unit(day: date, precision: Precision) -> Period:
    """The calendar unit that holds `day`."""
    if precision == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    months = {"month": 1, "quarter": 3, "year": 12}[precision]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))


def parse_survey_date(text: str) -> date:
    """The date that `text` writes as `groundswell.dates` reads it, if a survey can have it.

    Raises: ValueError with the rule, what was got and the way out; also for years before 1900 and for dates
    more than a year from now, which are slips."""
    day = read_date(text)
    if (fault := unlikely(day)) is not None:
        raise ValueError(fault)
    return day


def unlikely(day: date) -> str | None:
    """Why no survey can have this date (before 1900, over a year from now), or None."""
    if day.year < FIRST_YEAR:
        return f"`{day}` is before {FIRST_YEAR}, earlier than any survey: check the year"
    if day > today() + timedelta(days=366):
        return f"`{day}` is more than a year from now: check the year"
    return None
