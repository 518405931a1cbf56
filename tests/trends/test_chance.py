"""How often a level that stands still looks as if it had moved: the tails, against series in which nothing moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from groundswell.arrays import Floats
from groundswell.trends.answers.changes import Joint
from groundswell.trends.compared.chance import Levels, chance_root, chance_tails
from groundswell.trends.compared.pairs import every_pair


def walk(days: int, sd: float) -> Floats:
    """The covariance of a random walk's levels before any wave: a first level of sd 5, then steps."""
    steps = np.minimum.outer(np.arange(days), np.arange(days)) * sd**2
    return np.asarray(25.0 + steps)


def posterior(before: Floats, noise: float, waves: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of the levels once each day has a wave with this standard deviation."""
    gain = before @ np.linalg.inv(before + noise**2 * np.eye(len(before)))
    return gain @ waves, before - gain @ before


def levels_of(before: Floats, mean: Floats, after: Floats) -> Levels:
    days = pd.date_range("2024-01-01", periods=len(mean))
    return Levels(
        days, Joint(np.ones(1), [(np.zeros(len(mean)), before)]), Joint(np.ones(1), [(mean, after)])
    )


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


def test_where_the_level_cannot_move_no_change_is_clear() -> None:
    rigid = np.full((2, 2), 0.04)
    still = Levels(
        pd.date_range("2024-01-01", periods=2),
        Joint(np.array([0.6, 0.4]), [(np.zeros(2), walk(2, 1.0)), (np.zeros(2), rigid * 25)]),
        Joint(np.array([0.6, 0.4]), [(np.array([0.0, 9.0]), np.eye(2) * 0.01), (np.zeros(2), rigid)]),
    )
    # Six in ten of the posterior hold a change that is certain, four in ten none at all.
    assert chance_tails(still, np.array([0]), np.array([1]), 1)[0] == pytest.approx(0.4, abs=0.03)
