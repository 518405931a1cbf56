"""How often a level that stands still looks as if it had moved: the tails, against series in which nothing moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from groundswell.arrays import Floats
from groundswell.trends.answers.changes import Joint
from groundswell.trends.compared.chance import DRAWS, Levels, chance_root, chance_tails
from groundswell.trends.compared.pairs import every_pair
from groundswell.trends.fit.components import weightiest


def walk(days: int, sd: float) -> Floats:
    """The covariance of a random walk's levels before any wave: a first level of sd 5, then steps."""
    steps = np.minimum.outer(np.arange(days), np.arange(days)) * sd**2
    return np.asarray(25.0 + steps)


def posterior(before: Floats, noise: float, waves: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of the levels once each day has a wave with this standard deviation."""
    gain = before @ np.linalg.inv(before + noise**2 * np.eye(len(before)))
    return gain @ waves, before - gain @ before


def levels_of(before: Floats, mean: Floats, after: Floats) -> Levels:
    return mixed(np.ones(1), [(before, mean, after)])


def mixed(weights: Floats, parts: list[tuple[Floats, Floats, Floats]]) -> Levels:
    """Levels whose hyperparameters have these weights: for each the covariance before the waves, and what is after."""
    days = pd.date_range("2024-01-01", periods=len(parts[0][1]))
    heard = weightiest(weights)
    unseen = [(np.zeros(len(days)), parts[part][0]) for part in heard]
    after = Joint(weights, [(mean, after) for _, mean, after in parts])
    return Levels(days, Joint(weights[heard], unseen), after)


CERTAIN = np.eye(2) * 1e4, np.array([0.0, 9.0]), np.eye(2) * 0.01
"""Two days between which the level surely moved: in no series of waves by chance."""
RIGID = np.full((2, 2), 25.0), np.zeros(2), np.full((2, 2), 0.04)
"""Two days between which the level cannot move."""
LEAST = 1 / (1 + DRAWS)
"""The tail of what no draw reaches: never zero, for so many draws say no more."""


def tail_of(levels: Levels) -> float:
    """The tail of the change from the first day to the second."""
    return float(chance_tails(levels, np.array([0]), np.array([1]), 1)[0])


def errors(tail: float) -> float:
    """Three standard errors of a tail that so many draws tell."""
    return float(3 * np.sqrt(tail * (1 - tail) / DRAWS))


@pytest.mark.parametrize("sd", [0.02, 0.3])
def test_chance_makes_of_the_posterior_s_mean_what_the_algebra_says(sd: float) -> None:
    """Waves of a level that stands still, two thousand times: the means scatter by P - P C^-1 P, and no more."""
    before = walk(6, sd)
    rng = np.random.default_rng(3)
    drawn = [posterior(before, 0.1, 0.4 + rng.normal(0.0, 0.1, 6)) for _ in range(2000)]
    seen = np.cov(np.array([mean for mean, _ in drawn]).T)
    root = chance_root(before, drawn[0][1])
    assert root @ root.T == pytest.approx(seen, rel=0.15, abs=0.0004)
    after = drawn[0][1]
    assert root @ root.T == pytest.approx(after - after @ np.linalg.inv(before) @ after, abs=1e-9)


@pytest.mark.parametrize("sd", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("days", [2, 8])
def test_of_levels_that_stand_still_as_many_show_a_tail_as_it_says(sd: float, days: int) -> None:
    """The surest change of 300 series has a tail below 0.1 in a tenth of them: neither shyer nor bolder."""
    before = walk(days, sd)
    older, newer = every_pair(days)
    rng = np.random.default_rng([days, round(100 * sd)])
    smallest = []
    for _ in range(300):
        mean, after = posterior(before, 0.1, rng.normal(0.0, 0.1, days))
        smallest.append(chance_tails(levels_of(before, mean, after), older, newer, 5).min())
    for tail in (0.1, 0.4):
        # Three standard errors of a proportion of 300.
        assert np.mean(np.array(smallest) <= tail) == pytest.approx(
            tail, abs=3 * np.sqrt(tail * (1 - tail) / 300)
        )


def test_the_tail_of_two_far_waves_is_that_of_the_test_of_two_shares() -> None:
    mean, after = np.array([0.0, 0.2]), np.eye(2) * 0.1**2
    (tail,) = chance_tails(levels_of(np.eye(2) * 1e4, mean, after), np.array([0]), np.array([1]), 1)
    assert tail == pytest.approx(2 * ndtr(-0.2 / (0.1 * np.sqrt(2))), abs=0.02)


def test_the_tail_grows_with_what_is_looked_at_and_not_with_the_same_again() -> None:
    mean, after = np.arange(12) * 0.02, np.eye(12) * 0.1**2
    levels = levels_of(np.eye(12) * 1e4, mean, after)
    one = chance_tails(levels, np.array([0]), np.array([11]), 1)[0]
    again = chance_tails(levels, np.zeros(5, int), np.full(5, 11), 1)[0]
    older, newer = every_pair(12)
    many = chance_tails(levels, older, newer, 1)[(older == 0) & (newer == 11)][0]
    assert again == pytest.approx(one, abs=1e-12)
    assert many > 4 * one


def test_tails_are_how_often_waves_of_a_still_level_show_a_change_as_clear() -> None:
    """Every pair of four days, whose waves are worth differently: against twenty thousand series drawn one by one."""
    before, noise = walk(4, 0.2), np.array([0.05, 0.2, 0.1, 0.4])
    gain = before @ np.linalg.inv(before + np.diag(noise**2))
    after = before - gain @ before
    older, newer = every_pair(4)
    sd = np.sqrt([after[i, i] + after[j, j] - 2 * after[i, j] for i, j in zip(older, newer, strict=True)])
    means = np.random.default_rng(8).normal(0.0, noise, (20_000, 4)) @ gain.T
    clearest = (np.abs(means[:, newer] - means[:, older]) / sd).max(axis=1)
    mean = np.array([0.0, 0.06, 0.14, 0.34])
    seen = [np.mean(clearest >= abs(mean[j] - mean[i]) / s) for i, j, s in zip(older, newer, sd, strict=True)]
    assert min(seen) < 0.2 < 0.8 < max(seen)
    tails = chance_tails(levels_of(before, mean, after), older, newer, 2)
    assert tails == pytest.approx(seen, abs=0.03)


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_tails_do_not_know_the_unit(unit: float) -> None:
    before = walk(5, 0.2)
    mean, after = posterior(before, 0.1, np.array([0.0, 0.1, 0.1, 0.2, 0.3]))
    older, newer = every_pair(5)
    tails = chance_tails(levels_of(before, mean, after), older, newer, 3)
    scaled = chance_tails(levels_of(before * unit**2, mean * unit, after * unit**2), older, newer, 3)
    # Other draws may have been taken, as axes have no sign of their own.
    assert scaled == pytest.approx(tails, abs=2 * errors(0.5))
    assert tails.min() < 0.5


def test_a_tail_is_between_one_in_the_draws_and_one() -> None:
    """No draw is as clear as a certain change, and every draw is as clear as next to none."""
    assert tail_of(mixed(np.ones(1), [CERTAIN])) == pytest.approx(LEAST, rel=1e-12)
    before, _, after = CERTAIN
    assert tail_of(levels_of(before, np.array([0.0, 1e-9]), after)) == pytest.approx(1.0, rel=1e-12)


def test_a_tail_is_the_mean_over_the_hyperparameters() -> None:
    """Two of equal weight: under the one the change is 0.5 standard deviations, under the other 2."""
    parts = [(np.eye(2) * 1e6, np.array([0.0, z * np.sqrt(2.0)]), np.eye(2)) for z in (0.5, 2.0)]
    expected = float(np.mean(2 * ndtr([-0.5, -2.0])))
    assert tail_of(mixed(np.array([0.5, 0.5]), parts)) == pytest.approx(expected, abs=errors(expected))


def test_hyperparameters_beyond_nine_tenths_of_the_posterior_are_not_heard() -> None:
    """The heaviest are heard, in whatever order they come, until together they hold nine tenths."""
    weights = np.array([0.02, 0.06, 0.03, 0.85, 0.04])
    unheard = mixed(weights, [RIGID, CERTAIN, RIGID, CERTAIN, RIGID])
    assert tail_of(unheard) == pytest.approx(LEAST, rel=1e-12)
    heard = mixed(weights, [CERTAIN, RIGID, CERTAIN, CERTAIN, CERTAIN])
    assert tail_of(heard) == pytest.approx(0.06 / 0.91, abs=errors(0.06 / 0.91))


def test_of_equally_heavy_hyperparameters_the_first_are_heard() -> None:
    """So that every machine hears the same ones: all fifty heavy ones, and of as many light ones the first 26."""
    weights = np.tile([0.0041, 0.0159], 50)
    light = [CERTAIN] * 26 + [RIGID] * 24
    parts = [part for one in light for part in (one, CERTAIN)]
    assert tail_of(mixed(weights, parts)) == pytest.approx(LEAST, rel=1e-12)


def test_waves_that_say_nothing_and_waves_that_say_all_leave_nothing_to_chance() -> None:
    """N is P - P C^-1 P: nothing where P is C, and nothing where P is zero in every direction that waves speak of."""
    for seed in range(5):
        sides = np.random.default_rng(seed).normal(size=(6, 6))
        before = sides @ sides.T + np.eye(6)
        known = before[:, :3] @ np.linalg.inv(before[:3, :3]) @ before[:3]
        for after in (before, before - known):
            root = chance_root(before, (after + after.T) / 2)
            assert root @ root.T == pytest.approx(np.zeros((6, 6)), abs=1e-6)


def test_two_days_that_are_known_exactly_do_not_speak_for_the_others() -> None:
    """Of the first two days the waves say all, of the other two as much as of two shares."""
    after = np.diag([0.0, 0.0, 0.01, 0.01])
    levels = levels_of(np.eye(4) * 1e4, np.array([0.0, 0.0, 0.0, 0.2]), after)
    still, moved = chance_tails(levels, np.array([0, 2]), np.array([1, 3]), 1)
    expected = float(2 * ndtr(-0.2 / np.sqrt(0.02)))
    assert still == pytest.approx(1.0, rel=1e-12)
    assert moved == pytest.approx(expected, abs=errors(expected))


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e3])
def test_levels_that_differ_by_rounding_alone_have_not_moved(size: float) -> None:
    after = size * (np.full((2, 2), 1.0) + 1e-10 * np.eye(2))
    before, mean, _ = CERTAIN
    assert tail_of(levels_of(before, mean, after)) == pytest.approx(1.0, rel=1e-12)


def test_days_are_numbered_in_whatever_order_they_are_asked() -> None:
    days = mixed(np.ones(1), [CERTAIN]).days
    levels = mixed(np.ones(1), [CERTAIN])
    assert levels.places([days[1], days[0], days[1]]).tolist() == [1, 0, 1]
    assert levels.places(day for day in days).tolist() == [0, 1]


def test_where_the_level_cannot_move_no_change_is_clear() -> None:
    still = mixed(np.array([0.6, 0.4]), [CERTAIN, RIGID])
    # Six in ten of the posterior hold a change that is certain, four in ten none at all.
    assert tail_of(still) == pytest.approx(0.4, abs=errors(0.4))


def test_where_no_hyperparameters_let_the_level_move_every_tail_is_one() -> None:
    assert tail_of(mixed(np.array([0.6, 0.4]), [RIGID, RIGID])) == pytest.approx(1.0, rel=1e-12)
