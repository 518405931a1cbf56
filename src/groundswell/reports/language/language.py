"""The reader's language: sentences from a message catalogue, dates and numbers by locale.

English is written in the code; another language is one catalogue, `locale/<code>/LC_MESSAGES/groundswell.po`.
A message without translation stays English, and a test keeps the Russian catalogue complete.
"""

from __future__ import annotations

import datetime
import gettext
import io
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from groundswell.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

CATALOGUES = Path(__file__).parent / "locale"
LOCALES = {"en": "en_GB", "ru": "ru_RU"}
MINUS, DASH, NO_BREAK = "\u2212", "\u2013", "\u00a0"


class Language:
    """Says sentences, shares, points, dates and periods in one language.

    Raises: InputError where `code` is not one of the languages that the reports speak.
    """

    def __init__(self, code: str = "en") -> None:
        if code not in LOCALES:
            raise InputError(f"`language` is `{code}`, which no report speaks: {nearest(code, LOCALES)}")
        self.code = code
        self.locale = Locale.parse(LOCALES[code])
        self._catalogue = _catalogue(code)

    def say(self, message: str, **parts: object) -> str:
        """The message in this language, its {parts} filled in."""
        return self._catalogue.gettext(message).format(**parts)

    def word(self, text: str) -> str:
        """A word or phrase that stands in a table, in this language where the catalogue has it.

        Nothing is filled in: the text may be a survey's own, with any braces in it.
        """
        return self._catalogue.gettext(text) if text else ""

    def count(self, one: str, many: str, n: int, **parts: object) -> str:
        """A message that depends on a number; `{n}` in it is the number with its grouping."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **parts)

    def number(self, number: float, digits: int = 0) -> str:
        """A number with the locale's grouping and decimal sign; a true minus sign."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = str(numbers.format_decimal(round(number, digits) + 0.0, pattern, locale=self.locale))
        return text.replace("-", MINUS)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share in [0, 1] as a percentage: 0.4 is `40%` (Russian: `40 %`)."""
        return f"{self.number(share * 100, digits)}{'' if self.code == 'en' else NO_BREAK}%"

    def span(self, low: float, high: float, digits: int = 0) -> str:
        """A range of shares as percentages: `35–44%`."""
        if math.isclose(low, high):
            return self.percent(low, digits)
        return f"{self.number(low * 100, digits)}{DASH}{self.percent(high, digits)}"

    def points(self, change: float, digits: int = 0) -> str:
        """A signed change of a share in percentage points, without the unit: `−28`, `+2`, `0`."""
        rounded = round(change * 100, digits)
        return ("+" if rounded > 0 else "") + self.number(rounded, digits)

    def probability(self, probability: float) -> str:
        """A probability in words that do not pretend: never 0 or 1."""
        if probability > 0.995:
            return self.say("above {bound}", bound=self.number(0.99, 2))
        if probability < 0.005:
            return self.say("below {bound}", bound=self.number(0.01, 2))
        return self.number(probability, 2)

    def date(self, day: datetime.date | pd.Timestamp) -> str:
        """A day in full: `23 November 2026`, `23 ноября 2026 года` (an abbreviation would double a full stop)."""
        pattern = "d MMMM y" if self.code == "en" else "d MMMM y 'года'"
        return str(dates.format_date(day, pattern, locale=self.locale))

    def month(self, day: datetime.date | pd.Timestamp) -> str:
        """A month in the nominative, as it stands in a table: `October 2022`."""
        return str(dates.format_date(day, "LLLL y", locale=self.locale))

    def short_month(self, day: datetime.date | pd.Timestamp) -> str:
        """A month as small figures need it: `Oct 2022`."""
        return str(dates.format_date(day, "LLL y", locale=self.locale))

    def month_name(self, day: datetime.date | pd.Timestamp) -> str:
        """A month without its year as an axis has room for it: `Oct`, `окт.`."""
        return str(dates.format_date(day, "LLL", locale=self.locale))

    def day_of_month(self, day: datetime.date | pd.Timestamp) -> str:
        """A day without its year as an axis has room for it: `5 Oct`, `5 окт.`."""
        return str(dates.format_date(day, "d MMM", locale=self.locale))

    def in_month(self, day: datetime.date | pd.Timestamp) -> str:
        """A month as a sentence needs it after "in": `in October 2022`, `в октябре 2022 года`."""
        if self.code == "ru":
            return f"в {RUSSIAN_MONTHS[day.month - 1]} {day.year} года"
        return f"in {self.month(day)}"

    def period(self, start: pd.Timestamp, end: pd.Timestamp, precision: str = "day") -> str:
        """Fieldwork as far as it is known: `26 Sep–21 Oct 2025`, `July 2025`, `2021`, `until 8 Mar 2020`.

        An unknown `start` is NaT, which alone is unlike itself.
        """
        if precision == "year" or (precision == "quarter" and start != start):
            return str(end.year)
        if precision == "quarter":
            return str(dates.format_date(end, "QQQ y", locale=self.locale))
        if precision == "month":
            return self.month(end)
        last = self._day(end, year=True)
        if start != start or start == end:
            return last
        if start.year != end.year:
            return f"{self._day(start, year=True)}{DASH}{last}"
        if start.month != end.month:
            return f"{self._day(start, year=False)}{DASH}{last}"
        return f"{start.day}{DASH}{last}"

    def _day(self, day: pd.Timestamp, *, year: bool) -> str:
        return str(dates.format_date(day, "d MMM y" if year else "d MMM", locale=self.locale))


def mark(message: str) -> str:
    """The message as it is; marks it for the catalogue where it is said elsewhere (`make messages`)."""
    return message


RUSSIAN_MONTHS = (
    "январе",
    "феврале",
    "марте",
    "апреле",
    "мае",
    "июне",
    "июле",
    "августе",
    "сентябре",
    "октябре",
    "ноябре",
    "декабре",
)


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """The catalogue of a language, compiled from its readable file when first asked for."""
    source = CATALOGUES / code / "LC_MESSAGES" / "groundswell.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
