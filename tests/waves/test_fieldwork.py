"""Periods, precision, midpoints and overlap."""

from __future__ import annotations

import doctest
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.dates import today
from groundswell.waves.surveys import fieldwork
from groundswell.waves.surveys.fieldwork import PRECISIONS, Period, parse_survey_date, period

days = st.dates(date(1950, 1, 1), date(2030, 1, 1))
lengths = st.integers(0, 120)


def test_the_worked_example_holds() -> None:
    assert doctest.testmod(fieldwork).failed == 0


@pytest.mark.parametrize(
    ("start", "end", "precision", "first", "last"),
    [
        (None, date(2020, 3, 1), "day", date(2020, 3, 1), date(2020, 3, 1)),
        (None, date(2022, 9, 18), "week", date(2022, 9, 12), date(2022, 9, 18)),
        (None, date(2020, 2, 1), "month", date(2020, 2, 1), date(2020, 2, 29)),
        (None, date(2021, 5, 31), "quarter", date(2021, 4, 1), date(2021, 6, 30)),
        (None, date(2024, 12, 31), "quarter", date(2024, 10, 1), date(2024, 12, 31)),
        (None, date(2012, 6, 30), "year", date(2012, 1, 1), date(2012, 12, 31)),
        # Thursday to Wednesday is a whole week already
        (date(2022, 9, 22), date(2022, 9, 28), "week", date(2022, 9, 22), date(2022, 9, 28)),
        # a weekend known only to the week is that calendar week
        (date(2020, 4, 10), date(2020, 4, 12), "week", date(2020, 4, 6), date(2020, 4, 12)),
        (date(2021, 12, 30), date(2022, 1, 2), "year", date(2021, 1, 1), date(2022, 12, 31)),
    ],
)
def test_stated_dates_stand_for_a_period(
    start: date | None, end: date, precision: fieldwork.Precision, first: date, last: date
) -> None:
    assert period(start, end, precision) == Period(first, last)


@given(days, lengths, st.sampled_from(PRECISIONS), st.booleans())
@settings(deadline=None)
def test_a_period_holds_the_stated_dates_and_stretches_once(
    end: date, length: int, precision: fieldwork.Precision, known: bool
) -> None:
    start = end - timedelta(days=length) if known else None
    wave = period(start, end, precision)
    assert wave.start <= (start or end) <= end <= wave.end
    assert wave.days >= fieldwork.SHORTEST[precision] or precision == "day"
    assert period(wave.start, wave.end, precision) == wave


@given(days, lengths)
@settings(deadline=None)
def test_the_midpoint_is_as_far_from_either_end(start: date, length: int) -> None:
    wave = Period(start, start + timedelta(days=length))
    opened = datetime.combine(wave.start, datetime.min.time())
    closed = datetime.combine(wave.end, datetime.min.time()) + timedelta(days=1)
    assert wave.midpoint - opened == closed - wave.midpoint
    assert wave.midpoint.hour == (12 if wave.days % 2 else 0)


def test_the_midpoint_of_two_days_is_the_midnight_between_them() -> None:
    assert Period(date(2020, 3, 1), date(2020, 3, 2)).midpoint == datetime(2020, 3, 2)  # noqa: DTZ001


def test_the_spread_is_that_of_a_uniform_moment() -> None:
    assert Period(date(2020, 1, 1), date(2020, 1, 12)).spread == pytest.approx(12 / 12**0.5)


@given(days, lengths, days, lengths)
@settings(deadline=None)
def test_overlap_counts_common_days(a: date, m: int, b: date, n: int) -> None:
    one, other = Period(a, a + timedelta(days=m)), Period(b, b + timedelta(days=n))
    common = {a + timedelta(days=k) for k in range(m + 1)} & {b + timedelta(days=k) for k in range(n + 1)}
    assert one.overlap(other) == other.overlap(one) == len(common)


def test_what_was_printed_on_a_day_was_asked_by_then() -> None:
    july = Period(date(2025, 7, 1), date(2025, 7, 31))
    assert july.until(date(2025, 7, 16)) == Period(date(2025, 7, 1), date(2025, 7, 16))
    assert july.until(date(2025, 8, 2)) == july.until(None) == july
    assert july.until(date(2025, 6, 1)) == july


def test_an_end_before_the_start_is_no_period() -> None:
    with pytest.raises(ValueError, match=r"ends .* before it starts"):
        Period(date(2020, 2, 1), date(2020, 1, 1))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("24.02.2022", "2022-02-24"),
        ("03/04/22", "write a date as YYYY-MM-DD"),
        ("2022-02-30", "day of the calendar"),
        ("1700-01-01", "before 1900"),
        ("2200-01-01", "more than a year from now"),
    ],
)
def test_only_iso_dates_of_our_time_are_read(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        parse_survey_date(text)


@given(days)
@settings(deadline=None)
def test_an_iso_date_is_read_as_written(day: date) -> None:
    if day <= today():
        assert parse_survey_date(day.isoformat()) == day
