"""The allowance for many comparisons against closed forms: one alone, independent ones, ones that are all the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from groundswell.reports.evidence.comparisons import simultaneous_tails

DRAWS = 200_000


def standard(pairs: int) -> np.ndarray:
    """Independent standard normal draws, exactly centred and scaled."""
    draws = np.random.default_rng(11).standard_normal((DRAWS, pairs))
    return (draws - draws.mean(axis=0)) / draws.std(axis=0)


@pytest.mark.parametrize("z", [0.0, 0.5, 1.0, 1.96, 3.0])
def test_one_comparison_has_the_two_sided_tail_of_a_normal(z: float) -> None:
    (tail,) = simultaneous_tails(standard(1) * 0.03 - z * 0.03)
    assert tail == pytest.approx(2 * norm.sf(z), abs=0.004)


@pytest.mark.parametrize("pairs", [2, 5, 40])
def test_independent_comparisons_have_the_tail_of_the_largest_of_so_many(pairs: int) -> None:
    z = np.linspace(0.5, 3.5, pairs)
    tails = simultaneous_tails((standard(pairs) + z) * np.linspace(0.01, 0.2, pairs))
    assert tails == pytest.approx(1 - (1 - 2 * norm.sf(z)) ** pairs, abs=0.004)


def test_comparisons_that_are_all_the_same_count_as_one() -> None:
    one = standard(1)
    many = simultaneous_tails(np.repeat(one + 2.0, 30, axis=1))
    assert many == pytest.approx(np.full(30, 2 * norm.sf(2.0)), abs=0.002)
    opposite = simultaneous_tails(np.hstack([one + 2.0, -one - 2.0]))
    assert opposite == pytest.approx(np.full(2, 2 * norm.sf(2.0)), abs=0.002)


def test_a_tail_is_never_zero_and_never_above_one() -> None:
    assert simultaneous_tails(standard(3) + 50.0) == pytest.approx(np.full(3, 1 / (1 + DRAWS)), rel=1e-9)
    assert (simultaneous_tails(standard(3)) <= 1).all()


def test_a_change_without_any_spread_is_certain_and_one_of_nothing_is_not() -> None:
    draws = np.hstack([np.full((DRAWS, 1), 0.1), np.zeros((DRAWS, 1)), standard(1)])
    certain, nothing, _ = simultaneous_tails(draws)
    assert certain < 1e-4
    assert nothing == 1.0
