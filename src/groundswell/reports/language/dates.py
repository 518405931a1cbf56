"""Dates as a language writes them: each in the catalogue's own pattern, else in the locale's.

A pattern is written in CLDR's letters (`d` the day, `MMMM` the month in full, `LLLL` the same standing alone, `y` the
year; letters that are meant as such stand in single quotes: `d MMMM y 'года'`). The patterns in this module are
English and stand in every catalogue as messages; one that a catalogue leaves empty is taken from the locale.
"""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from babel import Locale, dates

from groundswell.reports.language.catalogue import mark

if TYPE_CHECKING:
    import pandas as pd

    Day = datetime.date | pd.Timestamp

DASH = "\u2013"

FULL, MONTH, SHORT_MONTH, SHORT_DAY, SHORT_DATE, QUARTER = (
    mark("d MMMM y"),
    mark("MMMM y"),
    mark("MMM y"),
    mark("d MMM"),
    mark("d MMM y"),
    mark("QQQ y"),
)
SKELETONS = {
    MONTH: "yMMMM",
    SHORT_MONTH: "yMMM",
    SHORT_DAY: "MMMd",
    SHORT_DATE: "yMMMd",
    QUARTER: "yQQQ",
}
"""CLDR's name for each pattern but the full date, which it calls `long`."""
SPANS = {
    "y": mark("d MMM y–d MMM y"),
    "M": mark("d MMM–d MMM y"),
    "d": mark("d–d MMM y"),
}
"""A span of days, by the largest part in which its two ends differ: year, month or day."""
PATTERNS = (FULL, *SKELETONS, *SPANS.values())
"""Every message that is a pattern and no words."""

IN_MONTHS = (
    mark("in January {year}"),
    mark("in February {year}"),
    mark("in March {year}"),
    mark("in April {year}"),
    mark("in May {year}"),
    mark("in June {year}"),
    mark("in July {year}"),
    mark("in August {year}"),
    mark("in September {year}"),
    mark("in October {year}"),
    mark("in November {year}"),
    mark("in December {year}"),
)


class Dates(ABC):
    """Writes days, months and periods in one locale."""

    locale: Locale

    @abstractmethod
    def say(self, message: str, **parts: object) -> str:
        """The message in this language, its {parts} filled in."""

    @abstractmethod
    def pattern(self, message: str) -> str:
        """The catalogue's own pattern for one of `PATTERNS`, "" where it has none."""

    def date(self, day: Day) -> str:
        """A day in full: `23 November 2026`, `23 ноября 2026 года` (an abbreviation would double a full stop)."""
        return self._written(day, FULL)

    def month(self, day: Day) -> str:
        """A month in the nominative, as it stands in a table: `October 2022`."""
        return self._written(day, MONTH)

    def short_month(self, day: Day) -> str:
        """A month as small figures need it: `Oct 2022`."""
        return self._written(day, SHORT_MONTH)

    def month_name(self, day: Day) -> str:
        """A month without its year as an axis has room for it: `Oct`, `окт.`."""
        return str(dates.format_date(day, "LLL", locale=self.locale))

    def day_of_month(self, day: Day) -> str:
        """A day without its year as an axis has room for it: `5 Oct`, `5 окт.`."""
        return self._written(day, SHORT_DAY)

    def in_month(self, day: Day) -> str:
        """A month as a sentence needs it after "in": `in October 2022`, `в октябре 2022 года`."""
        return self.say(IN_MONTHS[day.month - 1], year=day.year)

    def period(self, start: pd.Timestamp, end: pd.Timestamp, precision: str = "day") -> str:
        """Fieldwork as far as it is known: `26 Sept–21 Oct 2025`, `July 2025`, `2021`, `8 Mar 2020`.

        An unknown `start` is NaT, which alone is unlike itself.
        """
        if precision == "year" or (precision == "quarter" and start != start):
            return str(end.year)
        if precision == "quarter":
            return self._written(end, QUARTER)
        if precision == "month":
            return self.month(end)
        if start != start or start == end:
            return self._written(end, SHORT_DATE)
        return self._span(start, end)

    def _span(self, start: pd.Timestamp, end: pd.Timestamp) -> str:
        """Both ends of a span of days; no blank around the dash, since figures have little room."""
        largest = "y" if start.year != end.year else "M" if start.month != end.month else "d"
        own = self.pattern(SPANS[largest])
        if not own:
            text = str(dates.format_interval(start, end, "yMMMd", locale=self.locale))
            return re.sub(rf"\s*{DASH}\s*", DASH, text)
        first, _, last = own.partition(DASH)
        ends = ((start, first), (end, last))
        return DASH.join(str(dates.format_date(day, pattern, locale=self.locale)) for day, pattern in ends)

    def _written(self, day: Day, pattern: str) -> str:
        """A day in the catalogue's pattern, or in the locale's where the catalogue leaves it."""
        own = self.pattern(pattern)
        if own:
            return str(dates.format_date(day, own, locale=self.locale))
        if pattern not in SKELETONS:
            return str(dates.format_date(day, "long", locale=self.locale))
        return str(dates.format_skeleton(SKELETONS[pattern], day, locale=self.locale))
