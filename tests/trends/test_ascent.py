"""The way up where the slope is told: the top is reached, in few looks, whatever the first guess of the curvature."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.arrays import Floats
from groundswell.trends.fit.ascent import Place, ascend

TOP = np.array([0.7, -1.2, 2.0])
BEND = np.array([[2.0, 0.6, 0.0], [0.6, 1.0, -0.3], [0.0, -0.3, 0.5]])


class Hill:
    """A parabola around `TOP`; a fall of more than `reach` bends out into a plain, where the slope says little."""

    def __init__(self, reach: float = np.inf) -> None:
        self.reach, self.looks = reach, 0

    def __call__(self, at: Floats) -> Place:
        self.looks += 1
        apart = at - TOP
        fallen = 0.5 * float(apart @ BEND @ apart)
        if np.isinf(self.reach):
            return Place(at, -fallen, -BEND @ apart)
        height = -self.reach * float(np.log1p(fallen / self.reach))
        return Place(at, height, -BEND @ apart / (1.0 + fallen / self.reach))


@pytest.mark.parametrize("guess", [0.02, 1.0, 5.0])
@pytest.mark.parametrize("reach", [np.inf, 0.5])
def test_the_top_is_reached_whatever_the_guess(guess: float, reach: float) -> None:
    hill, start = Hill(reach), np.array([3.0, 3.0, -3.0])
    found = ascend(hill, hill(start), guess * np.eye(3), 1e-6)
    np.testing.assert_allclose(found.at, TOP, atol=0.02)
    assert found.height <= 0.0


def test_where_the_curvature_is_known_one_step_is_enough() -> None:
    hill, start = Hill(), TOP + 0.5
    found = ascend(hill, hill(start), BEND, 1e-6)
    np.testing.assert_allclose(found.at, TOP, atol=1e-9)
    assert hill.looks == 2


def test_it_stops_where_the_parabola_promises_too_little() -> None:
    hill = Hill()
    start = hill(TOP + 0.1)
    assert ascend(hill, start, BEND, 1.0) == start


def test_no_step_is_kept_that_leads_down() -> None:
    hill = Hill()
    start = hill(TOP + 1.0)
    heights = []

    def look(at: Floats) -> Place:
        heights.append(hill(at).height)
        return hill(at)

    found = ascend(look, start, 0.05 * np.eye(3), 1e-9)
    assert min(np.diff(heights)) < 0.0
    assert found.height == max(heights)
