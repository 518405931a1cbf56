"""What a reading shows, draws and names: which rows, houses, days, gaps, breaks and events, from rows made by hand."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from reports.hand_made import AS_OF, DrawnTrend, a_reading, a_row, a_survey, an_event

from groundswell.reports.evidence.reading import (
    LONG,
    MOST_ROWS,
    is_range,
    is_simulated,
    middles,
    said_simulated,
    since_break,
)


def days(rows: pd.DataFrame) -> list[str]:
    return [day.date().isoformat() for day in rows["end"]]


def test_since_hides_older_rows_from_the_page_and_keeps_them_for_the_fit() -> None:
    reading = a_reading(since=pd.Timestamp("2024-07-10"))
    assert days(reading.shown) == ["2024-07-10", "2024-10-10"]
    assert len(reading.observations) == 4
    assert reading.first == pd.Timestamp("2024-07-09")
    assert reading.last == pd.Timestamp("2024-10-09")


def test_a_figure_draws_what_has_a_share_or_a_range_and_no_left_out_row_far_before_the_first_wave() -> None:
    left_out = {"left_out": "n_unknown"}
    reading = a_reading(
        a_row("2022-12-30", **left_out),
        a_row("2023-01-10", **left_out),
        a_row("2024-01-10"),
        a_row("2024-02-10", None),
        a_row("2024-03-10", None, range_low=0.15, range_high=0.18, **left_out),
    )
    assert days(reading.drawn) == ["2023-01-10", "2024-01-10", "2024-03-10"]
    assert days(reading.used) == ["2024-01-10", "2024-02-10"]
    assert list(is_range(reading.drawn)) == [False, False, True]
    unfitted = a_reading(a_row("2020-01-10", **left_out), a_row("2024-01-10", **left_out))
    assert len(unfitted.drawn) == 2


def test_the_middle_of_a_fieldwork_is_its_end_where_the_start_is_unknown() -> None:
    rows = a_reading(a_row("2024-01-11"), a_row("2024-02-11", start=None)).observations
    assert [day.date().isoformat() for day in middles(rows)] == ["2024-01-10", "2024-02-11"]


def test_the_house_with_most_used_waves_comes_first_and_one_only_shown_comes_last() -> None:
    reading = a_reading(
        a_row("2024-01-10", house="cats", left_out="n_unknown"),
        a_row("2024-02-10", house="cats", left_out="n_unknown"),
        *(a_row(day, house="bell") for day in ("2024-01-10", "2024-02-10")),
        a_row("2024-01-10"),
    )
    assert reading.houses() == ["bell", "acme", "cats"]
    assert [reading.house_name(house) for house in reading.houses()] == ["Bell & Co", "Acme", "cats"]


def test_a_gap_is_more_than_a_year_and_a_half_between_two_waves() -> None:
    apart = [a_row("2020-01-10"), a_row("2021-07-11"), a_row("2023-01-11")]
    ((start, end),) = a_reading(*apart).gaps()
    assert (end - start).days == 549
    assert pd.Timedelta(days=548) == LONG


def test_a_new_wording_is_a_change_of_one_house_at_its_first_day() -> None:
    reading = a_reading(
        a_row("2024-01-10", variant="acme-old"),
        a_row("2024-02-10", variant="acme"),
        a_row("2024-03-10", variant="acme-old"),
        a_row("2024-01-20", house="bell", variant="bell"),
    )
    assert reading.breaks() == [(pd.Timestamp("2024-02-09"), "acme")]


def test_events_are_those_of_the_indicator_inside_the_shown_time() -> None:
    events = [
        an_event("2024-01-09", "before"),
        an_event("2024-12-31", "last"),
        an_event("2024-01-10", "first"),
        an_event("2025-01-01", "after"),
        an_event("2024-06-01", "plans") | {"indicators": ["plans"]},
        an_event("2024-06-02", "mood") | {"indicators": ["mood"]},
    ]
    reading = a_reading(survey=a_survey(events=events))
    assert [event.label for event in reading.events()] == ["first", "mood", "last"]
    later = a_reading(survey=a_survey(events=events), since=pd.Timestamp("2024-06-02"))
    assert [event.label for event in later.events()] == ["mood", "last"]


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [("2021-01-10", "2024-03-10", 28), ("2014-01-10", "2024-01-10", 80), ("1990-01-10", "2024-01-10", 360)],
)
def test_the_figure_s_table_has_months_or_quarters_or_years_and_both_ends(
    first: str, last: str, step: int
) -> None:
    table = a_reading(a_row(first), a_row(last)).table_days
    assert table[0] == pd.Timestamp(first) - pd.Timedelta(days=1)
    assert table[-1] == pd.Timestamp(last) - pd.Timedelta(days=1)
    between = table[1:-1]
    assert len(between) <= MOST_ROWS
    assert min((b - a).days for a, b in pairwise(between)) >= step


def test_the_level_since_a_break_is_the_part_that_can_be_compared() -> None:
    whole, broken = a_reading(), a_reading(cuts=("2024-04-01", "2024-06-01"))
    assert whole.drawn_level is not None
    assert broken.drawn_level is not None
    assert len(since_break(whole, whole.drawn_level)) == len(whole.drawn_level)
    assert since_break(broken, broken.drawn_level)["date"].min() == pd.Timestamp("2024-06-30")
    assert whole.drawn_level["date"].max() == whole.last < AS_OF
    assert whole.level is not None
    assert whole.level["date"].max() == AS_OF


def test_simulated_respondents_are_named_in_the_title_once() -> None:
    rows = [a_row("2024-01-10"), a_row("2024-02-10", flags="small_base;simulated")]
    assert not is_simulated(a_reading(rows[0]).observations)
    assert a_reading(*rows).title == "Mood (simulated)"
    assert said_simulated("Simulated mood") == "Simulated mood"


def test_an_indicator_without_a_trend_has_no_level_and_says_why() -> None:
    reading = a_reading(a_row("2024-01-10", left_out="n_unknown"), why_not="there is no wave")
    assert (reading.level, reading.drawn_level, reading.house_effects().empty) == (None, None, True)
    assert reading.why_not == "there is no wave"


def test_level_on_gives_the_asked_days_in_the_level_s_order() -> None:
    reading = a_reading(trend=DrawnTrend({"2024-01-01": 0.2, "2024-12-31": 0.6}))
    rows = reading.level_on(pd.DatetimeIndex([reading.last, reading.first]))
    assert list(rows["date"]) == [reading.first, reading.last]
    assert rows["share"].is_monotonic_increasing
