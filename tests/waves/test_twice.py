"""One figure in two rows, one house under two names: what is told apart, and what a person is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from groundswell.waves.surveys.house_names import alike, same_house
from groundswell.waves.toplines.row import COLUMNS, ToplineRow, read_row, sound_row
from groundswell.waves.toplines.twice import (
    Pair,
    how_alike,
    likeness,
    pair_message,
    perhaps_twice,
    same_category,
)

from .folders import row


def made(line: int, **cells: str) -> ToplineRow:
    read, faults = read_row(dict.fromkeys(COLUMNS, "") | row(**cells), line)
    record = sound_row(read)
    assert record is not None, faults
    return record


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ((0.6, 0.01), (0.6, 0.01), "equal"),
        ((0.6, 0.01), (0.597, 0.001), "rounded"),
        ((0.6, 0.01), (0.605, 0.001), "rounded"),
        ((0.6, 0.01), (0.594, 0.001), "different"),
        ((0.6, 0.01), (0.59, 0.01), "different"),
        ((0.597, 0.001), (0.598, 0.001), "different"),
    ],
)
def test_shares_that_are_one_before_rounding(
    one: tuple[float, float], other: tuple[float, float], kind: str
) -> None:
    assert likeness(*one, *other) == likeness(*other, *one) == kind


def doubts(there: dict[str, str], here: dict[str, str]) -> list[Pair]:
    return list(perhaps_twice([made(2, **there), made(3, **here)]))


@pytest.mark.parametrize(
    ("there", "here", "says"),
    [
        # the same days, one of which is not known
        ({}, {"start": ""}, "the same share, 0.35; they differ in `start`"),
        ({}, {"start": "", "share": "0.347"}, "before rounding, 0.35 there and 0.347 here"),
        ({}, {"start": "", "share": "0.4"}, "another share, 0.35 there and 0.4 here"),
        # the same days, told of another mode or wording
        ({}, {"mode": "CATI"}, "they differ in `mode`"),
        ({}, {"variant": "other"}, "they differ in `variant`"),
        # known to the day here, to the month there
        (
            {},
            {"start": "", "end": "2022-09-01", "precision": "month", "source_title": "Vedomosti"},
            "from `FOM` there and `Vedomosti` here; they differ in `start`, `end`, `precision`",
        ),
    ],
)
def test_a_wave_that_may_be_another_rows_is_a_doubt(
    there: dict[str, str], here: dict[str, str], says: str
) -> None:
    (pair,) = doubts(there, here)
    assert (pair.there.line, pair.here.line) == (2, 3)
    message = pair_message(pair)
    assert message.startswith("`anxious` of `fom` may be line 2 once more, counted twice: ")
    assert says in message


@pytest.mark.parametrize(
    "here",
    [
        {"start": "2022-09-23", "end": "2022-09-25"},  # the next week printed the same
        {"start": "2022-09-17"},  # a window of two days that ends with one of three
        {"mode": "CATI", "share": "0.4"},  # two modes at once
        {"variant": "other", "share": "0.4"},  # half of the sample got another wording
        {"start": "", "end": "2022-09-01", "precision": "month", "share": "0.4"},  # another week of the month
        {"start": "", "end": "2022-10-01", "precision": "month"},
        {"category": "calm"},
        {"house": "pulse"},
        {"indicator": "planning"},
        {},  # the same wave by every column is a fault, and no doubt besides
    ],
)
def test_what_is_told_apart_is_no_doubt(here: dict[str, str]) -> None:
    assert doubts({}, here) == []


def test_a_pair_is_found_in_whatever_order_its_rows_stand() -> None:
    first, second = made(2, start=""), made(3)
    assert [pair[:2] for pair in perhaps_twice([second, first])] == [(first, second)]


def test_days_that_are_apart_end_the_search_for_one_figure_only() -> None:
    """The second house's pair is found although the first house's rows are told apart by their days."""
    apart = [made(2, start="", end="2022-01-05"), made(3, start="", end="2022-05-05")]
    twins = [made(4, house="pulse"), made(5, house="pulse", start="")]
    assert [(pair.there.line, pair.here.line) for pair in perhaps_twice([*apart, *twins])] == [(4, 5)]


@pytest.mark.parametrize(
    ("there", "here", "kind"),
    [
        ({"share": "0.35"}, {"share": "", "share_low": "0.3", "share_high": "0.4"}, "different"),
        (
            {"share": "", "share_low": "0.3", "share_high": "0.4"},
            {"share": "", "share_low": "0.3", "share_high": "0.4"},
            "equal",
        ),
        (
            {"share": "", "share_low": "0.3", "share_high": "0.4"},
            {"share": "", "share_low": "0.304", "share_high": "0.4"},
            "rounded",
        ),
    ],
)
def test_a_range_is_alike_where_both_its_ends_are(
    there: dict[str, str], here: dict[str, str], kind: str
) -> None:
    assert how_alike(made(2, **there), made(3, **here)) == kind


@pytest.mark.parametrize("wrong", ["there", "here", "both"])
def test_a_share_that_cannot_be_read_is_compared_with_none(wrong: str) -> None:
    cells = dict.fromkeys(COLUMNS, "") | row()
    there, here = (
        read_row(cells | ({"share": "62"} if wrong in (place, "both") else {}), line)[0]
        for line, place in ((2, "there"), (3, "here"))
    )
    assert (
        same_category(there, here) == "`anxious` of this wave stands on line 2 already: delete one of the two"
    )


def test_thousands_of_waves_are_compared_with_their_neighbours_only() -> None:
    """Ten thousand days of one house: all pairs would be fifty million."""
    days = [date(1990, 1, 1) + timedelta(days=n) for n in range(10_000)]
    base = made(2)
    rows = [replace(base, line=n, start=None, end=day) for n, day in enumerate(days, start=2)]
    assert list(perhaps_twice(rows)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Levada", "levada"),
        ("Levada", "levada "),
        ("Levada", "Levada Center"),
        ("levada-center", "Levada"),
        ("F.O.M.", "FOM"),
        ("YouGov", "You Gov"),
        ("Левада", "Левада-Центр"),
    ],
)
def test_one_house_under_two_names(one: str, other: str) -> None:
    assert same_house(one, other)
    assert same_house(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Levada", "FOM"),
        ("house-1", "house-10"),
        ("house", "house-a"),
        ("Panel", "Panel 2"),
        ("Sifo", "Kantar Sifo"),
        ("Ipsos", "Ipso"),
        ("", "FOM"),
    ],
)
def test_two_houses(one: str, other: str) -> None:
    assert not same_house(one, other)
    assert not same_house(other, one)


def test_every_pair_of_names_is_told_once_in_their_order() -> None:
    assert list(alike(["FOM", "Levada", "fom", "Levada Center", "Levada"])) == [
        ("FOM", "fom"),
        ("Levada", "Levada Center"),
    ]
