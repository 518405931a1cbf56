"""The periods of a cadence and its dates."""

from __future__ import annotations

import doctest
from datetime import date

import pytest

from groundswell.runs.plan import cadence
from groundswell.runs.plan.cadence import dates_every, later, next_period, period_start
from groundswell.waves.surveys.planned_report import Cadence


def test_the_examples_run() -> None:
    assert doctest.testmod(cadence).failed == 0


@pytest.mark.parametrize(
    ("every", "start", "following"),
    [
        ("day", date(2026, 12, 31), date(2027, 1, 1)),
        ("week", date(2026, 12, 28), date(2027, 1, 4)),
        ("month", date(2026, 12, 1), date(2027, 1, 1)),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_holds_its_days_and_ends_before_the_next(
    every: Cadence, start: date, following: date
) -> None:
    day = date(2026, 12, 31)
    assert period_start(every, day) == start
    assert next_period(every, day) == following
    assert period_start(every, following) == following


def test_dates_are_counted_from_the_first_and_do_not_drift() -> None:
    dates = dates_every("month", date(2023, 10, 31), date(2024, 5, 31))
    assert dates == [
        date(2023, 10, 31), date(2023, 11, 30), date(2023, 12, 31), date(2024, 1, 31),
        date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31),
    ]  # fmt: skip
    assert dates_every("week", date(2024, 1, 2), date(2024, 1, 1)) == []
    assert later("quarter", date(2024, 11, 30), 1) == date(2025, 2, 28)
