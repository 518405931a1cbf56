"""That a level stood still: the days of its last year, and the smallest distance within which they surely lie."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit, ndtr

from groundswell.arrays import Floats
from groundswell.trends.answers.changes import Joint
from groundswell.trends.compared.stillness import BOUNDS, Stillness, last_year, stillness

NEWEST = pd.Timestamp("2024-12-31")


def known(*shares: tuple[float, ...], weights: tuple[float, ...] = (1.0,)) -> Joint:
    """Levels that are known exactly, as one or as several possibilities with their weights."""
    return Joint(np.array(weights), [(logit(some), np.zeros((len(some), len(some)))) for some in shares])


def days_before(*days: int) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([NEWEST - pd.Timedelta(days=one) for one in days]).sort_values()


def test_the_last_year_reaches_back_to_the_same_day_of_the_year_before() -> None:
    """Also of a leap year: 366 days, and not a day more."""
    assert last_year(days_before(0, 1, 366)).equals(days_before(0, 1, 366))
    assert last_year(days_before(0, 1, 200, 367)).equals(days_before(0, 1, 200))


def test_two_waves_are_too_few_to_stand_still() -> None:
    assert last_year(days_before(0, 100)).empty
    assert last_year(days_before(0, 100, 367)).empty
    assert len(last_year(days_before(0, 100, 200))) == 3
    assert last_year(pd.DatetimeIndex([])).empty


@pytest.mark.parametrize(
    ("apart", "within"),
    [
        (0.0, 0.005),
        *((0.0049, 0.005), (0.0051, 0.01)),
        *((0.0099, 0.01), (0.0101, 0.02)),
        *((0.0199, 0.02), (0.0201, 0.03)),
        (0.0299, 0.03),
    ],
)
def test_the_smallest_distance_that_holds_is_told(apart: float, within: float) -> None:
    """Whichever of the waves are the furthest apart."""
    for shares in ((0.4, 0.4 + apart, 0.4), (0.4 + apart, 0.4, 0.4 + apart / 2)):
        assert stillness(known(shares), 1) == Stillness(within, 1.0)


def test_what_lies_further_apart_than_three_points_did_not_stand_still() -> None:
    assert stillness(known((0.4, 0.4301)), 1) is None


@pytest.mark.parametrize(("sure", "told"), [(0.965, True), (0.93, False)])
def test_a_distance_must_hold_with_nineteen_in_twenty(sure: float, told: bool) -> None:
    """It stands still with this probability, and else it moved by half a point and a little."""
    found = stillness(known((0.4, 0.4), (0.4, 0.4051), weights=(sure, 1 - sure)), 1)
    assert found is not None
    assert found.within == (0.005 if told else 0.01)
    assert found.probability == pytest.approx(sure if told else 1.0, abs=0.012)
    elsewhere = stillness(known((0.4, 0.4), (0.4, 0.5), weights=(sure, 1 - sure)), 1)
    assert (elsewhere is not None) is told


@pytest.mark.parametrize("sd", [0.004, 0.012, 0.03])
def test_of_two_waves_the_probability_is_the_normal_s(sd: float) -> None:
    """Near one half a share moves by a quarter of its logit."""
    joint = Joint(np.ones(1), [(np.zeros(2), sd**2 * np.eye(2))])
    expected = [2 * ndtr(4 * bound / (sd * np.sqrt(2))) - 1 for bound in BOUNDS]
    bound = next(place for place, one in enumerate(expected) if one >= 0.95)
    found = stillness(joint, 3)
    assert found is not None
    assert found.within == BOUNDS[bound]
    assert found.probability == pytest.approx(expected[bound], abs=0.01)


def test_the_more_waves_the_less_still() -> None:
    """Independent levels: the range of many is wider than that of two."""

    def chance(waves: int) -> Floats | float:
        found = stillness(Joint(np.ones(1), [(np.zeros(waves), 0.019**2 * np.eye(waves))]), 1)
        return 0.0 if found is None else found.within

    assert chance(2) == chance(3) == 0.02
    assert chance(12) == 0.03


def test_the_same_seed_tells_the_same() -> None:
    joint = Joint(np.ones(1), [(np.zeros(3), 0.02**2 * np.eye(3))])
    assert stillness(joint, 1) == stillness(joint, 1)
    assert stillness(joint, 1) != stillness(joint, 2)
