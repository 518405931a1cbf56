"""The moves between turning points: which are taken, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.trends.compared.turning_points import CLEAR, SURE, clearest_of, moves


def found(*levels: float, clear: float = 1.0) -> list[tuple[int, int]]:
    """The moves of levels in points of which every change of at least `clear` is certain and no smaller one is."""
    level = np.array(levels) / 100
    change = level - level[:, None]
    return moves(change, np.where(np.abs(change) >= clear / 100, 1.0, 0.5))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((87, 73, 57, 45, 56, 63), [(0, 3), (3, 5)]),
        ((40, 41, 40, 41), []),
        ((40, 60, 40), [(0, 1), (1, 2)]),
        ((40, 60, 61, 40, 70, 71), [(0, 2), (2, 3), (3, 5)]),
        # The fall is the clearest; before it the level rose, and after it the rise turned twice.
        ((40, 50, 10, 25, 18, 35), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]),
        ((40, 50), [(0, 1)]),
        ((40,), []),
    ],
)
def test_moves_follow_one_another_from_turning_point_to_turning_point(
    levels: tuple[float, ...], expected: list[tuple[int, int]]
) -> None:
    assert found(*levels, clear=5.0) == expected


@pytest.mark.parametrize(("adjusted", "there"), [(0.80, True), (np.nextafter(0.80, 0), False)])
def test_a_move_begins_exactly_at_its_probability(adjusted: float, there: bool) -> None:
    sure = np.array([[0.0, adjusted], [0.0, 0.0]])
    assert bool(moves(np.array([[0.0, 0.1], [0.0, 0.0]]), sure)) is there


def test_the_bounds_are_those_of_the_words() -> None:
    assert (CLEAR, SURE) == (0.80, 0.99)


def test_the_clearest_is_the_largest_of_the_sure_else_the_surest() -> None:
    assert clearest_of(np.array([-0.1, 0.2, 0.9]), np.array([0.999, 0.99, 0.98])) == 1
    assert clearest_of(np.array([-0.1, 0.9]), np.array([0.97, 0.96])) == 0
    assert clearest_of(np.array([-0.1, 0.2, -0.2]), np.array([0.97, 0.97, 0.97])) == 1
