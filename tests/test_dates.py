"""A date is read in one way, and what is refused is answered with how it would be written."""

from __future__ import annotations

import doctest
import re
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell import dates
from groundswell.dates import date_format, parse_date, read_date
from groundswell.errors import InputError
from groundswell.trends.data.days import parse_dates

SOURCE = Path(dates.__file__).parent
days = st.dates(date(1678, 1, 1), date(2261, 12, 31))


def test_the_worked_example_holds() -> None:
    assert doctest.testmod(dates).failed == 0


@given(days)
@settings(deadline=None)
def test_every_kind_of_date_is_the_same_day(day: date) -> None:
    moment = datetime.combine(day, datetime.min.time())
    for written in (
        day,
        day.isoformat(),
        moment,
        pd.Timestamp(day),
        np.datetime64(day),
        np.datetime64(moment, "s"),
    ):
        assert parse_date(written, "as_of") == day
        assert type(parse_date(written, "as_of")) is date
    assert date_format(day.isoformat()) == "year-month-day"


@pytest.mark.parametrize(
    ("got", "says"),
    [
        ("01.02.2024", "2024-02-01 if the day comes first, 2024-01-02 if the month does"),
        ("1/2/2024", "2024-02-01 if the day comes first, 2024-01-02 if the month does"),
        ("01-02-2024", "2024-02-01 if the day comes first, 2024-01-02 if the month does"),
        ("24.02.2022", "got `24.02.2022`: 2022-02-24"),
        ("02/24/2022", "got `02/24/2022`: 2022-02-24"),
        ("03.03.2022", "got `03.03.2022`: 2022-03-03"),
        ("2022/02/24", ": 2022-02-24"),
        ("2022.02.24", ": 2022-02-24"),
        ("2022-2-24", ": 2022-02-24"),
        ("20220224", ": 2022-02-24"),
        (20220224, ": 2022-02-24"),
        ("2024", "a year is not a date; 2024-01-01 for its first day, 2024-12-31 for its last"),
        (2024, "a year is not a date; 2024-01-01 for its first day"),
        ("2024-02", "a month is not a date; 2024-02-01 for its first day, 2024-02-29 for its last"),
        ("2022-02-24T10:00", "a date has no time of day; 2022-02-24"),
        (" 2022-02-24", ": 2022-02-24"),
        ("2022\u201302\u201324", ": 2022-02-24"),
        ("٢٠٢٢-٠٢-٢٤", ": 2022-02-24"),
        (pd.Timestamp("2022-02-24 10:00"), "no time of day"),
        (np.datetime64("2022-02-24T10:00"), "no time of day"),
        (datetime(2022, 2, 24, tzinfo=UTC), "no time zone"),
        ("2022-02-30", "a day of the calendar, got `2022-02-30`"),
        ("2023-02-29", "a day of the calendar"),
        ("1066-10-14", "between 1678 and 2261"),
        (date(2300, 1, 1), "between 1678 and 2261"),
    ],
)
def test_what_is_not_iso_is_refused_with_what_it_may_have_meant(got: object, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)) as refused:
        parse_date(got, "since")
    assert str(refused.value).startswith("`since=`: ")


@pytest.mark.parametrize(
    "got", ["", " ", None, pd.NaT, np.datetime64("NaT"), "31.13.2024", "01.02.24", "2024-13", "24 February 2022",
            "tomorrow", "2022-W08-4", "0000", True, 3.5, float("nan"), b"2022-02-24"],
)  # fmt: skip
def test_what_has_no_reading_is_refused_with_the_rule_alone(got: object) -> None:
    with pytest.raises(ValueError, match=r"^write a date as YYYY-MM-DD, got [^:]*$"):
        read_date(got)


@given(st.text(max_size=12) | st.integers() | st.floats())
@settings(deadline=None)
def test_anything_is_a_date_in_iso_form_or_refused(got: object) -> None:
    try:
        day = read_date(got)
    except ValueError:
        return
    assert got == day.isoformat()


def test_several_dates_keep_their_order_and_one_is_several() -> None:
    written = ["2024-02-01", date(2022, 1, 1), pd.Timestamp("2023-05-05")]
    expected = pd.DatetimeIndex(["2024-02-01", "2022-01-01", "2023-05-05"])
    for several in (written, pd.Series(written), np.array(expected), expected, iter(written)):
        assert parse_dates(several, "at").equals(expected)
    assert parse_dates("2024-02-01", "at").equals(expected[:1])
    assert parse_dates(expected + pd.Timedelta(hours=18), "at").equals(expected)


@pytest.mark.parametrize(
    "several", [[], [None], ["2024-01-01", "2024"], "2024", pd.Series([], dtype="datetime64[ns]")]
)
def test_no_date_or_a_wrong_one_among_several_is_refused(several: object) -> None:
    with pytest.raises(InputError, match="`at=`"):
        parse_dates(several, "at")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("24.02.2022", "day.month.year"),
        ("02/24/2022", "with slashes"),
        ("24-02-2022", "day-month-year"),
        ("2022-02", "year and month"),
        ("2022", "year"),
        ("2022-02-24T10:00", "date and time"),
        ("24 February 2022", "month in words"),
        ("?", "not a date"),
    ],
)
def test_ways_of_writing_a_date_have_names(text: str, name: str) -> None:
    assert date_format(text) == name
