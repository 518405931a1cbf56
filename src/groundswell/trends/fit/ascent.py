"""The way up a log posterior whose slope is told with its height.

Quasi-Newton steps (BFGS): a first guess of the curvature is improved by what each step shows. A step that leads down
shows the curvature, too, so that it is not lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats

STEPS: Final = 40
LONGEST_STEP: Final = 2.0
# Where the slope grows along a step, the next one may be so many times as long.
STEEPER: Final = 4.0
# Stands for no step at all.
TINY: Final = 1e-300


class Place(NamedTuple):
    """Somewhere on the way: `at` which parameters, how high, and how steep there."""

    at: Floats
    height: float
    slope: Floats


def ascend(look: Callable[[Floats], Place], start: Place, curvature: Floats, near_enough: float) -> Place:
    """The top, or a place whence the parabola promises less than `near_enough` more.

    `curvature` is a guess of the negative Hessian at the start, which must be positive definite; parameters should be
    of about unit uncertainty beforehand, since no step is longer than `LONGEST_STEP` in any of them.
    """
    here, reach = start, LONGEST_STEP
    for _ in range(STEPS):
        step = np.asarray(np.linalg.solve(curvature, here.slope), dtype=np.float64)
        step *= min(1.0, reach / max(float(np.abs(step).max()), TINY))
        if here.slope @ step < 2.0 * near_enough:
            break
        there = look(here.at + step)
        bent = here.slope - there.slope
        curvature = bfgs(curvature, step, bent) if step @ bent > 0.0 else curvature / STEEPER
        if there.height > here.height:
            here, reach = there, LONGEST_STEP
        else:
            reach = float(np.abs(step).max()) / 2.0
    return here


def bfgs(curvature: Floats, moved: Floats, bent: Floats) -> Floats:
    """Update the curvature with the change of slope `bent` seen along `moved`."""
    agreement = float(moved @ bent)
    if agreement <= 1e-8:
        return curvature
    pushed = curvature @ moved
    return np.asarray(
        curvature + np.outer(bent, bent) / agreement - np.outer(pushed, pushed) / float(moved @ pushed)
    )
