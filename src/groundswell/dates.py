"""The one way in which a date is read, everywhere: as YYYY-MM-DD, or as a date that Python already has.

`01.02.2024` is the first of February to some readers and the second of January to others, and `2024` may mean its
first day or its last. Neither is guessed: the error says what was got and how each reading is written.

>>> read_date("2024-02-01")
datetime.date(2024, 2, 1)
>>> read_date("24.02.2022")
Traceback (most recent call last):
    ...
ValueError: write a date as YYYY-MM-DD, got `24.02.2022`: 2022-02-24
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Final

from groundswell.errors import InputError

FIRST_YEAR, LAST_YEAR = 1678, 2261
"""The whole years that a time stamp in nanoseconds can hold."""

RULE: Final = "write a date as YYYY-MM-DD"
ISO_FORMAT: Final = "year-month-day"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORMATS: Final[dict[str, re.Pattern[str]]] = {
    "day.month.year": re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2,4})"),
    "with slashes": re.compile(r"(\d{1,4})/(\d{1,2})/(\d{1,4})"),
    "day-month-year": re.compile(r"(\d{1,2})-(\d{1,2})-(\d{2,4})"),
    "year, month and day without zeros": re.compile(r"(\d{4})[-.](\d{1,2})[-.](\d{1,2})"),
    "year and month": re.compile(r"(\d{4})-(\d{1,2})"),
    "year": re.compile(r"(\d{4})"),
    "digits": re.compile(r"(\d{4})(\d{2})(\d{2})"),
    "date and time": re.compile(r"(\d{4})-(\d{2})-(\d{2})[T ].+"),
    "month in words": re.compile(r".*[^\W\d_].*"),
}
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def parse_date(given: object, name: str) -> date:
    """The date that the argument `name` was given: ISO text, or a date of Python, pandas or numpy.

    Raises: InputError that names the argument, what was got, and the ISO form that it may have meant; also for a time
    of day, and for a year outside `FIRST_YEAR` to `LAST_YEAR`.
    """
    try:
        day = read_date(given)
    except ValueError as error:
        raise InputError(f"`{name}=`: {error}") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(f"`{name}=`: a date must lie between {FIRST_YEAR} and {LAST_YEAR}, got `{day}`")
    return day


def read_date(given: object) -> date:
    """The date that `given` is, as `parse_date`, for a caller who names the subject itself: a cell of a file.

    Raises: ValueError with the rule, what was got, and the ISO form that it may have meant.
    """
    if isinstance(given, str):
        return _from_text(given)
    if type(given).__name__ == "datetime64":  # numpy's: importing numpy here would make `--help` wait for it
        given = given.astype("datetime64[us]").item()  # type: ignore[attr-defined]
    if isinstance(given, datetime):
        return _from_moment(given)
    if isinstance(given, date):
        return given
    if given is None:
        raise ValueError(f"{RULE}, got nothing")
    raise ValueError(f"{RULE}, got `{given}`{_as_iso(str(given))}")


def date_format(text: str) -> str:
    """A name for the way in which `text` writes a date."""
    if _ISO.fullmatch(text):
        return ISO_FORMAT
    return next((name for name, form in _FORMATS.items() if form.fullmatch(text)), "not a date")


def today() -> date:
    """The date here and now: the as-of date of a report that names none."""
    return datetime.now().astimezone().date()


def _from_text(text: str) -> date:
    if not text.strip():
        raise ValueError(f"{RULE}, got an empty text")
    if not _ISO.fullmatch(text):
        raise ValueError(f"{RULE}, got `{text}`{_as_iso(text)}")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"a date must be a day of the calendar, got `{text}`") from error


def _from_moment(moment: datetime) -> date:
    """The date of a moment at midnight, without a time zone; pandas' time stamps are such moments too."""
    if moment != moment:  # pandas' NaT
        raise ValueError(f"{RULE}, got an empty time stamp")
    if moment.tzinfo is not None:
        raise ValueError(f"a date has no time zone, got `{moment}`: {moment.date()} there")
    if moment.time() != time.min or getattr(moment, "nanosecond", 0) != 0:
        raise ValueError(f"a date has no time of day, got `{moment}`: {moment.date()} for its day")
    return moment.date()


def _as_iso(text: str) -> str:
    """`: ` and how what was written may be meant, in ISO form; "" where no reading is a day of the calendar."""
    plain = unicodedata.normalize("NFKC", text).strip().translate(_DASHES)
    if _ISO.fullmatch(plain):
        readings = list(_days([(plain[:4], plain[5:7], plain[8:], "")]))
    else:
        name = date_format(plain)
        form = _FORMATS.get(name)
        parts = form.fullmatch(plain) if form else None
        readings = _readings(name, parts.groups()) if parts else []
    return f": {', '.join(readings)}" if readings else ""


def _readings(name: str, parts: tuple[str, ...]) -> list[str]:
    """Every day that the parts of a date written in the form `name` may stand for, with what it would mean."""
    match name:
        case "year":
            days = [(parts[0], "1", "1", " for its first day"), (parts[0], "12", "31", " for its last")]
            return _with_reason("a year is not a date", days)
        case "year and month":
            year, month = parts
            if not 1 <= int(month) <= 12:
                return []
            last = str(monthrange(int(year), int(month))[1])
            days = [(year, month, "1", " for its first day"), (year, month, last, " for its last")]
            return _with_reason("a month is not a date", days)
        case "year, month and day without zeros" | "digits":
            return list(_days([(*parts, "")]))
        case "date and time":
            return _with_reason("a date has no time of day", [(*parts, " for its day")])
        case "month in words":
            return []
    first, second, third = parts
    if len(first) == 4:
        return list(_days([(first, second, third, "")]))
    if len(third) != 4:
        return []  # a year of two digits has more readings than are worth printing
    both = [*_days([(third, second, first, "")]), *_days([(third, first, second, "")])]
    if len(set(both)) < 2:
        return both[:1]
    return [f"{both[0]} if the day comes first", f"{both[1]} if the month does"]


def _with_reason(reason: str, days: Iterable[tuple[str, ...]]) -> list[str]:
    """The days, the first after the reason; nothing where none is a day of the calendar."""
    readings = list(_days(days))
    return [f"{reason}; {readings[0]}", *readings[1:]] if readings else []


def _days(parts: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Year, month, day and a remark as text, where they are a day of the calendar."""
    for year, month, day, remark in parts:
        try:
            yield f"{date(int(year), int(month), int(day)).isoformat()}{remark}"
        except ValueError:  # not a day: then it cannot be what was meant
            continue
