"""Which levels may be told: an extreme of enough waves, a line between enough waves, a nowcast that says something."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import AS_OF, DrawnReading, a_reading, a_row

from groundswell.reports.evidence.told import (
    clear_extremes,
    has_line,
    is_extreme,
    newest_extreme,
    nowcast,
)

ENDS = ("2024-01-10", "2024-04-10", "2024-07-10", "2024-10-10")
BEFORE_EIGHTY = float(np.nextafter(0.80, 0))


def told(highest: Sequence[float], ends: Sequence[str] = ENDS, cuts: tuple[str, ...] = ()) -> DrawnReading:
    """Waves that end on these days, each the highest, and the lowest, with these probabilities."""
    reading = a_reading(*(a_row(end, 0.4 + place / 100) for place, end in enumerate(ends)), cuts=cuts)
    lowest = list(reversed(highest))
    reading.__dict__["extremes"] = reading.extremes.assign(highest=list(highest), lowest=lowest)
    return reading


def clear(reading: DrawnReading, name: str = "highest") -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in clear_extremes(reading, name)["date"]]


@pytest.mark.parametrize(("probability", "days"), [(0.80, ["2024-04-09"]), (BEFORE_EIGHTY, [])])
def test_an_extreme_is_clear_from_four_in_five(probability: float, days: list[str]) -> None:
    """And the highest is not the lowest: this one's mirror is."""
    reading = told([0.0, probability, 0.1, 0.1])
    assert clear(reading) == days
    assert clear(reading, "lowest") == ["2024-07-09"] * len(days)


@pytest.mark.parametrize(("waves", "days"), [(2, []), (3, ["2024-04-09"])])
def test_of_two_waves_none_is_the_highest(waves: int, days: list[str]) -> None:
    assert clear(told([0.0, 1.0, 0.0][:waves], ENDS[:waves])) == days


def test_waves_are_counted_in_their_own_segment() -> None:
    """Two waves before the wording changed, and three after it: of the two none is the highest of its own."""
    ends = ("2023-01-10", "2023-04-10", *ENDS[:3])
    reading = told([0.0, 1.0, 1.0, 0.0, 0.0], ends, cuts=("2023-12-01",))
    assert clear(reading) == ["2024-01-09"]


def test_a_month_is_named_and_its_most_probable_wave_stands_for_it() -> None:
    ends = ("2024-01-10", "2024-04-03", "2024-04-20", "2024-10-10")
    assert clear(told([0.1, 0.3, 0.5, 0.1], ends)) == ["2024-04-19"]
    assert clear(told([0.1, 0.5, 0.3, 0.1], ends)) == ["2024-04-02"]
    # The same month of another year is another month, and so is one of another segment.
    assert clear(told([0.1, 0.3, 0.5, 0.1], ("2022-01-10", "2023-04-03", "2024-04-20", "2024-10-10"))) == []
    cut = ("2024-04-03", "2024-04-05", "2024-04-07", "2024-04-25", "2024-04-27", "2024-04-29")
    parted = told([0.7, 0.2, 0.1, 0.5, 0.3, 0.0], cut, cuts=("2024-04-15",))
    assert clear(parted) == ["2024-04-02", "2024-04-24"]


def test_a_day_is_an_extreme_where_its_wave_is() -> None:
    reading = told([0.0, 0.9, 0.1, 0.0])
    assert is_extreme(reading, pd.Timestamp("2024-04-09"), "highest")
    assert not is_extreme(reading, pd.Timestamp("2024-07-09"), "highest")
    assert is_extreme(reading, pd.Timestamp("2024-07-09"), "lowest")
    assert not is_extreme(reading, pd.Timestamp("2024-04-10"), "highest")


def test_the_newest_extreme_is_the_level_on_the_day_of_that_wave() -> None:
    reading = told([0.0, 0.9, 0.1, 0.0])
    peak, trough = (newest_extreme(reading, name) for name in ("highest", "lowest"))
    assert peak is not None
    assert trough is not None
    assert (peak["date"], peak["share"]) == (pd.Timestamp("2024-04-09"), pytest.approx(0.41))
    assert (trough["date"], trough["share"]) == (pd.Timestamp("2024-07-09"), pytest.approx(0.42))
    assert newest_extreme(told([0.2, 0.3, 0.3, 0.2]), "highest") is None


def test_an_extreme_before_the_newest_break_is_not_told_as_one_of_now() -> None:
    ends = ("2023-01-10", "2023-04-10", "2023-07-10", *ENDS[:3])
    old = told([0.0, 1.0, 0.0, 0.3, 0.4, 0.3], ends, cuts=("2023-12-01",))
    assert clear(old) == ["2023-04-09"]
    assert newest_extreme(old, "highest") is None
    both = told([0.0, 1.0, 0.0, 0.0, 0.0, 1.0], ends, cuts=("2023-12-01",))
    peak = newest_extreme(both, "highest")
    assert peak is not None
    assert peak["date"] == pd.Timestamp("2024-07-09")


@pytest.mark.parametrize(("waves", "line"), [(4, False), (5, True)])
def test_a_level_is_a_line_from_five_waves_on(waves: int, line: bool) -> None:
    """Two houses in the field at the same time are one day, and what is before the break is another stretch."""
    ends = [f"2024-0{month}-10" for month in range(1, waves + 1)]
    rows = [a_row(end) for end in ends]
    (segment,) = a_reading(*rows).segments
    assert has_line(a_reading(*rows), segment) is line
    twice = a_reading(*rows, *(a_row(end, house="bell", variant="bell") for end in ends))
    assert has_line(twice, twice.segments[0]) is line
    earlier = a_reading(*(a_row(f"2023-0{month}-10") for month in range(1, 5)), *rows, cuts=("2023-12-01",))
    assert [has_line(earlier, one) for one in earlier.segments] == [False, line]


def with_width(reading: DrawnReading, waves: float, now: float) -> DrawnReading:
    """The reading's level with 95% intervals of this width on the days of waves, and on the as-of date."""
    level = reading.level
    assert level is not None
    wide = np.where(level["date"] == AS_OF, now, waves)
    reading.__dict__["level"] = level.assign(high95=level["low95"] + wide)
    return reading


@pytest.mark.parametrize(
    ("waves", "now", "is_told"),
    [(0.06, 0.239, True), (0.06, 0.241, False), (0.20, 0.299, True), (0.20, 0.301, False)],
)
def test_a_nowcast_is_told_up_to_thirty_points_and_to_four_typical_waves(
    waves: float, now: float, is_told: bool
) -> None:
    said = nowcast(with_width(a_reading(), waves, now))
    assert (said is not None) is is_told
    if said is not None:
        assert said["date"] == AS_OF
        assert said["high95"] - said["low95"] == pytest.approx(now)


def test_a_nowcast_of_just_thirty_points_is_told() -> None:
    reading = a_reading()
    level = reading.level
    assert level is not None
    high = np.where(level["date"] == AS_OF, 0.30, 0.20)
    reading.__dict__["level"] = level.assign(low95=0.0, high95=high)
    assert nowcast(reading) is not None


def test_a_typical_wave_is_the_median_one() -> None:
    """One wave that asked hardly anybody makes no wide nowcast news; the other days of the figure do not count."""
    reading = with_width(a_reading(), 0.9, 0.25)
    level = reading.level
    assert level is not None
    days = pd.DatetimeIndex(reading.used["middle"])
    assert len(days) == 4
    for widths, is_told in (((0.01, 0.07, 0.07, 0.5), True), ((0.01, 0.05, 0.05, 0.5), False)):
        wide = level["date"].map(dict(zip(days, widths, strict=True)))
        high = (level["low95"] + wide).where(wide.notna(), level["high95"])
        reading.__dict__["level"] = level.assign(high95=high)
        assert (nowcast(reading) is not None) is is_told
