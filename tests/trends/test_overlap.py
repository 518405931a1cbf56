"""Which waves of a house are taken for rolling windows: what dates suggest, and what is stated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.trends.answers.diagnostics import overlapping_windows
from groundswell.trends.data.overlap import Windows, apart
from groundswell.trends.model.measurement import Waves, measure

FIRST = pd.Timestamp("2024-01-01")


def waves(days: int, every: int, count: int = 9, **columns: object) -> Waves:
    """Windows of so many days, published every so many days."""
    return measure(windows(days, every, count, **columns))


def windows(days: int, every: int, count: int = 9, **columns: object) -> pd.DataFrame:
    start = FIRST + pd.to_timedelta(every * np.arange(count), unit="D")
    rows = {"house": "a", "start": start, "end": start + pd.Timedelta(days=days - 1)}
    return pd.DataFrame(rows | {"share": 0.4, "n_effective": 500.0} | columns)


def dated(asked: list[tuple[int, int]]) -> Windows:
    """Windows by their first day and their length in days, in the order of their first days."""
    start = FIRST + pd.to_timedelta([first for first, _ in asked], unit="D")
    end = start + pd.to_timedelta([length - 1 for _, length in asked], unit="D")
    found = measure(windows(1, 1, len(asked)).assign(start=start, end=end))
    order = np.argsort(found.opened, kind="stable")
    return Windows(found.overlapping[order], found.rolling[order])


@pytest.mark.parametrize(
    ("days", "every", "rolling"),
    [
        *((3, 1, True), (7, 1, True), (3, 2, True), (4, 3, True)),
        *((40, 30, True), (13, 10, False)),
        *((5, 4, False), (31, 30, False), (3, 3, False), (1, 1, False)),
    ],
)
def test_windows_of_which_neighbours_share_a_quarter_are_rolling(
    days: int, every: int, rolling: bool
) -> None:
    found = waves(days, every)
    assert found.rolling.all() == found.rolling.any() == rolling
    assert found.overlapping.all() == found.overlapping.any() == (every < days)


def test_two_windows_are_too_few_to_tell() -> None:
    assert not waves(3, 1, 2).rolling.any()
    assert waves(3, 1, 3).rolling.all()


def test_one_fieldwork_told_often_is_no_evidence() -> None:
    assert not waves(3, 0).rolling.any()


def test_most_neighbours_must_overlap() -> None:
    """Two of three gaps shared, then two of four, then three of five."""
    for starts, rolling in (([0, 1, 2, 9], True), ([0, 1, 2, 9, 19], False), ([0, 1, 2, 3, 9, 19], True)):
        start = FIRST + pd.to_timedelta(starts, unit="D")
        rows = windows(3, 1, len(starts)).assign(start=start, end=start + pd.Timedelta(days=2))
        found = measure(rows)
        assert found.rolling.any() == rolling
        # What shares nothing is no window, whatever its house does.
        assert not found.rolling[np.isin(found.opened - found.opened[0], [9, 19])].any()


@pytest.mark.parametrize(("shared", "rolling"), [(7, False), (8, True)])
def test_eight_of_fifteen_neighbours_are_most(shared: int, rolling: bool) -> None:
    assert dated([(day, 3) for day in [*range(shared + 1), *range(20, 90, 5)][:16]]).rolling.any() == rolling


@pytest.mark.parametrize(("first", "later", "rolling"), [(4, 40, False), (40, 4, True)])
def test_what_neighbours_share_is_held_against_the_shorter_of_the_two(
    first: int, later: int, rolling: bool
) -> None:
    """One window and three others of another length, each of which shares its first day with the one before."""
    starts = first - 1 + (later - 1) * np.arange(3)
    assert dated([(0, first), *((int(start), later) for start in starts)]).rolling.any() == rolling


def test_a_window_overlaps_with_the_next_or_with_any_before() -> None:
    """Ten days that nobody else asked on; then two that share one; then a long one with two inside."""
    found = dated([(0, 10), (20, 3), (22, 3), (30, 50), (31, 2), (60, 2)])
    assert found.overlapping.tolist() == [False, True, True, True, True, True]


@pytest.mark.parametrize("precision", ["week", "month"])
def test_rough_dates_are_no_evidence_and_no_windows(precision: str) -> None:
    assert not waves(7, 1, precision=precision).overlapping.any()
    assert not waves(7, 1, precision=precision, overlap="rolling").rolling.any()


@pytest.mark.parametrize("different", ["house", "variant", "mode"])
def test_windows_are_those_of_one_house_wording_and_mode(different: str) -> None:
    rows = windows(3, 1)
    assert not measure(rows.assign(**{different: [f"x{row}" for row in range(len(rows))]})).overlapping.any()


def test_what_is_stated_wins() -> None:
    assert waves(31, 30, overlap="rolling").rolling.all()
    assert waves(3, 1, 2, overlap="rolling").rolling.all()
    separate = waves(3, 1, overlap="separate")
    assert separate.overlapping.all()
    assert not separate.rolling.any()


def test_another_word_is_refused_and_so_are_both() -> None:
    with pytest.raises(InputError, match="`overlap` of `a` is `rolling`, `separate` or empty, got `daily`"):
        waves(3, 1, overlap="daily")
    rows = windows(3, 1, 4).assign(overlap=["rolling", "separate", "", ""])
    with pytest.raises(InputError) as both:
        measure(rows)
    assert str(both.value) == (
        "`overlap` of `a` must be the same for all its waves in one wording and mode, got `rolling` and `separate`: "
        "keep one of them, or tell the waves apart by `variant`"
    )


def test_windows_that_share_nothing_are_counted_from_the_first() -> None:
    opened = np.array([0.0, 1, 2, 3, 4, 5, 6, 1])
    closed, house = opened + 3, np.array([0] * 7 + [1])
    rolling = np.array([True] * 6 + [False, True])
    kept = apart(opened, closed, rolling, house)
    assert kept.dtype == bool
    assert kept.tolist() == [
        True,
        False,
        False,
        True,
        False,
        False,
        True,
        True,
    ]


def test_a_window_shares_respondents_with_those_that_it_overlaps() -> None:
    rows = [windows(3, 1), windows(3, 1, house="b"), windows(5, 4, house="separate")]
    found = measure(pd.concat(rows, ignore_index=True))
    of_a = np.flatnonzero(found.table["house"] == "a")
    assert np.flatnonzero(found.sharing(of_a[4])).tolist() == of_a[2:7].tolist()
    alone = int(np.flatnonzero(found.table["house"] == "separate")[1])
    assert np.flatnonzero(found.sharing(alone)).tolist() == [alone]


def test_the_check_tells_what_is_made_of_each_house() -> None:
    rows = [
        windows(3, 1, house="daily"),
        windows(5, 4, house="weekly"),
        windows(3, 3, house="apart"),
        windows(3, 1, house="known", overlap="rolling"),
    ]
    check = overlapping_windows(measure(pd.concat(rows, ignore_index=True)))
    assert check.verdict == "warned"
    told = {kind: {each["house"]: each for each in some} for kind, some in check.values.items()}
    assert told["rolling"]["daily"] == {"house": "daily", "waves": 9, "apart": 3, "stated": False}
    assert told["rolling"]["known"]["stated"]
    assert told["separate"] == {"weekly": {"house": "weekly", "waves": 9, "apart": 9, "stated": False}}
    assert overlapping_windows(waves(3, 1)).verdict == "passed"
    assert overlapping_windows(waves(5, 4, overlap="separate")).verdict == "passed"
    assert overlapping_windows(waves(3, 3)).verdict == "not applicable"
