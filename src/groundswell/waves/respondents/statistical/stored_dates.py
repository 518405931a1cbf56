"""Dates as SPSS, Stata and SAS store them: a number, and a format that says what the number counts.

Nothing but the format makes a number a date: 1, 2 and 3 under Stata's `%8.0g` are codes, under `%td` they are the first
days of 1960. SPSS counts seconds from 14 October 1582; Stata and SAS count from 1 January 1960, Stata in the
milliseconds, days, weeks (52 a year), months, quarters or half-years that its format names, SAS in days or seconds.

A time of day or a duration (SPSS's TIME and DTIME, SAS's TIME, Stata's `%tcHH:MM`) is no date but a number of
seconds. Formats that print a plain number in words (SPSS's MONTH and WKDAY, Stata's `%ty`) leave it a number.

Sources: IBM SPSS Statistics Command Syntax Reference, "Date and time formats"; Stata User's Guide, [D] Datetime;
SAS Formats and Informats: Reference, "Formats by category".
"""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np

Program = Literal["spss", "stata", "sas"]
Unit = Literal["second", "millisecond", "day", "week", "month", "quarter", "half-year"]
Counted = tuple[Literal["date", "time"], Unit]
"""Whether a number is a date or a time, and what it counts."""

FIRST_DAYS: dict[Program, str] = {"spss": "1582-10-14", "stata": "1960-01-01", "sas": "1960-01-01"}

MICROSECONDS: dict[str, float] = {"millisecond": 1e3, "second": 1e6, "day": 86_400e6}
MONTHS = {"month": 1, "quarter": 3, "half-year": 6}
WEEKS_OF_A_YEAR = 52
EARLIEST, LATEST = np.datetime64("0001-01-01", "us"), np.datetime64("9999-12-31T23:59:59", "us")

SPSS_DATES = {
    *("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR"),
    *("DATETIME", "YMDHMS"),
}
SPSS_TIMES = {"TIME", "DTIME", "MTIME"}

STATA_UNITS: dict[str, Unit] = {
    "d": "day",
    "td": "day",
    "tc": "millisecond",
    "tC": "millisecond",
    "tw": "week",
    "tm": "month",
    "tq": "quarter",
    "th": "half-year",
}
STATA_FORMAT = re.compile(r"%-?(t[cCdwmqh]|d)(.*)")
STATA_CLOCK = re.compile(r"(?:[Hh]{2}|MM|mm|SS|ss|\.s+|[aA]\.?[mM]\.?|[:_. ])+")
"""What stands in a `%tc` format that shows the time of day and no date."""

SAS_FORMAT = re.compile(r"([A-Z](?:[A-Z0-9]*[A-Z])?)(?:\d+(?:\.\d*)?)?\.?")
SAS_DAYS = re.compile(
    r"DATE|JULIAN|JULDAY|PDJUL[GI]|WEEKDAT[EX]|WORDDAT[EX]|WEEK[UVW]|WEEKDAY|DOWNAME|DAY|MONNAME|MONTH|MONYY"
    r"|QTRR?|YEAR|NENGO|MINGUO|HEBDATE|(?:DDMMYY|MMDDYY|YYMMDD|MMYY|YYMM|YYQ|YYQR)[BCDNPSXZ]?|YYMON|YYWEEK[UVW]"
    r"|(?:E8601|B8601|IS8601)DA|NLDATE[A-Z]*|EURDF(?:DE|DD|MY|DWN|MN|WDX|WKX)"
)
SAS_SECONDS = re.compile(
    r"DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|(?:E8601|B8601|IS8601)D[TNXZ]|NLDATM[A-Z]*|EURDFDT"
)
SAS_TIMES = re.compile(r"TIME|HHMM|HOUR|MMSS|TOD|TIMEAMPM|(?:E8601|B8601|IS8601)(?:TM|TX|TZ|LZ)|NLTIM[A-Z]*")


def counted_by(program: Program, form: str | None) -> Counted | None:
    """What a number under a format counts; None where it is a plain number."""
    if not form:
        return None
    if program == "spss":
        return _spss(form.upper())
    return _stata(form) if program == "stata" else _sas(form.upper())


def _spss(form: str) -> Counted | None:
    name = form.rstrip("0123456789.")
    if name in SPSS_DATES:
        return "date", "second"
    return ("time", "second") if name in SPSS_TIMES else None


def _stata(form: str) -> Counted | None:
    found = STATA_FORMAT.fullmatch(form)
    if found is None:
        return None
    if found[1] in ("tc", "tC") and STATA_CLOCK.fullmatch(found[2]):
        return "time", "millisecond"
    return "date", STATA_UNITS[found[1]]


def _sas(form: str) -> Counted | None:
    found = SAS_FORMAT.fullmatch(form)
    if found is None:
        return None
    if SAS_DAYS.fullmatch(found[1]):
        return "date", "day"
    if SAS_SECONDS.fullmatch(found[1]):
        return "date", "second"
    return ("time", "second") if SAS_TIMES.fullmatch(found[1]) else None


def seconds(numbers: np.ndarray[Any, Any], unit: Unit) -> np.ndarray[Any, Any]:
    """A column of times as seconds."""
    return numbers * (MICROSECONDS[unit] / MICROSECONDS["second"])


def moments(numbers: np.ndarray[Any, Any], program: Program, unit: Unit) -> np.ndarray[Any, Any]:
    """A column of dates as moments; NaN, and what lies outside of the years 1 to 9999, is no date.

    A week, month, quarter or half-year is its first day.
    """
    dates = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[us]")
    first = np.datetime64(FIRST_DAYS[program], "us")
    if unit in MICROSECONDS:
        microseconds = numbers * MICROSECONDS[unit]
        low, high = (float((edge - first).astype("int64")) for edge in (EARLIEST, LATEST))
        held = (microseconds >= low) & (microseconds <= high)
        dates[held] = first + np.rint(microseconds[held]).astype("timedelta64[us]")
        return dates
    steps_a_year = WEEKS_OF_A_YEAR if unit == "week" else 12 // MONTHS[unit]
    years = first.astype("datetime64[Y]").astype(int) + 1970 + np.floor(numbers / steps_a_year)
    held = (years >= 1) & (years <= 9999)
    steps = np.floor(numbers[held]).astype(int)
    if unit == "week":
        starts = first.astype("datetime64[Y]") + (steps // WEEKS_OF_A_YEAR).astype("timedelta64[Y]")
        dates[held] = starts.astype("datetime64[D]") + 7 * (steps % WEEKS_OF_A_YEAR)
    else:
        dates[held] = first.astype("datetime64[M]") + MONTHS[unit] * steps
    return dates
