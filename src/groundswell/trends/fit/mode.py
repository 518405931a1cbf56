"""Hyperparameters: the top of their posterior density, looked for from several places and checked.

Works on the logarithms of the hyperparameters. A search by slopes alone may end where the density is level but
not highest: on a saddle, or on the lower of two tops. So a top is looked for from several starts, and it counts
as found where slopes and curvatures, both measured by central differences, say that every way leads down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.ascent import bfgs

LogDensity = Callable[[Floats], float]

STEP: Final = 0.1  # of the central differences, in logarithms
NUDGE: Final = 0.01  # of the forward differences
LONGEST_STEP: Final = 1.5  # of one iteration, in logarithms
GOOD_ENOUGH: Final = 0.01  # Newton decrement: how far below the top, in log density, counts as the top
LEAST_CURVATURE: Final = 0.2
ITERATIONS: Final = 30
# Of the other starts so many, the highest, are climbed from, if they lie less than `HOPELESS` below the top so far: in
# ninety series no climb from farther below came out above it.
CLIMBS: Final = 2
HOPELESS: Final = 30.0
# A climb from another start goes on where it may still pass the top so far.
ROUGHLY: Final = 0.5
# The rest of a climb is left to the measured parabola.
NEARLY: Final = 0.1
# A climb's end is measured at most so often, each time after another climb.
MEASURED: Final = 6
# How far a saddle is left along the way that bends up, in logarithms, to both sides.
AWAY: Final = (0.4, 1.0, 2.0)


class Mode(NamedTuple):
    """Top of a log density: where, how high, its negative Hessian there, and how it was reached.

    `converged` where slope and curvature were measured by central differences and say that it is a top: the
    `decrement`, how far below the top of the parabola they describe, is small, and the `least_curvature`, the
    smallest eigenvalue of the negative Hessian, is positive. Both are NaN where nothing was measured (`climb`).
    `others` are lower tops that were met on the way.
    """

    theta: Floats
    height: float
    precision: Floats
    evaluations: int
    decrement: float = float("nan")
    least_curvature: float = float("nan")
    others: tuple[Floats, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether it was measured to be a top."""
        return self.decrement < GOOD_ENOUGH and self.least_curvature > 0.0


def climb(
    density: LogDensity, start: Floats, precision: Floats | None = None, good_enough: float = GOOD_ENOUGH
) -> Mode:
    """Climb from `start` by quasi-Newton steps (BFGS), to within `good_enough` of a top or of a saddle.

    `precision` is a first guess of the negative Hessian, for example that of a neighbouring problem; the one
    returned is BFGS's. Slopes are forward differences corrected by the curvature.
    """
    count = _Counted(density)
    theta, height = np.array(start, dtype=np.float64), count(start)
    if precision is None:
        slope, curvature = _first_look(count, theta, height)
    else:
        slope, curvature = _slope(count, theta, height, precision), precision
    for _ in range(ITERATIONS):
        step = np.linalg.solve(curvature, slope).astype(np.float64)
        if slope @ step < 2.0 * good_enough:
            break
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        moved, reached = _line_search(count, theta, height, slope, step)
        if moved is None:
            break
        new_slope = _slope(count, moved, reached, curvature)
        curvature = bfgs(curvature, moved - theta, slope - new_slope)
        theta, height, slope = moved, reached, new_slope
    return Mode(theta, height, curvature, count.calls)


def find_mode(
    density: LogDensity, start: Floats, precision: Floats | None = None, others: Sequence[Floats] = ()
) -> Mode:
    """The highest top that can be climbed to from `start` and from the highest of `others`, measured.

    Where the measured end of a climb is no top, the climb goes on: along the way that bends up where there is
    one, else by the measured slope and curvature.
    """
    count = _Counted(density)
    top = climb(count, start, precision, NEARLY)
    heights = [(count(place), place) for place in others]
    met: tuple[Floats, ...] = ()
    for height, place in sorted(heights, key=lambda pair: pair[0], reverse=True)[:CLIMBS]:
        if height > top.height - HOPELESS:
            top, lower = _higher(count, top, place)
            met += lower
    for left in reversed(range(MEASURED)):
        slope, top = _measured(count, top)
        if top.least_curvature > 0.0:
            top = _nearer(count, top, slope)
        if top.converged or not left:
            break
        further = _further(count, top, slope)
        if further.height <= top.height:
            break
        top = further
    return top._replace(evaluations=count.calls, others=met)


def _nearer(density: LogDensity, mode: Mode, slope: Floats) -> Mode:
    """The mode after a step to the top of the measured parabola. What the step gained less, or more, than the
    parabola promised is how far from the top it still is."""
    theta = mode.theta + _newton(mode.precision, slope)
    height = density(theta)
    if height < mode.height:
        return mode
    left = abs(mode.decrement - (height - mode.height))
    return mode._replace(theta=theta, height=height, decrement=left)


def _further(density: LogDensity, mode: Mode, slope: Floats) -> Mode:
    """Another climb from an end that is no top: along the way that bends up where there is one."""
    if mode.least_curvature > 0.0:
        return climb(density, mode.theta + _newton(mode.precision, slope), mode.precision)
    way = np.linalg.eigh(mode.precision)[1][:, 0]
    places = [mode.theta + sign * length * way for length in AWAY for sign in (-1.0, 1.0)]
    return climb(density, max(places, key=density))


def _higher(density: LogDensity, top: Mode, start: Floats) -> tuple[Mode, tuple[Floats, ...]]:
    """The top, or the one that is climbed to from `start` if that is higher; and where the lower one is, if it is
    another one."""
    other = climb(density, start, good_enough=ROUGHLY)
    apart = other.theta - top.theta
    elsewhere = apart @ other.precision @ apart > 2.0 * ROUGHLY
    if elsewhere and other.height + ROUGHLY > top.height:
        other = climb(density, other.theta, other.precision)
        top = climb(density, top.theta, top.precision)
    high, low = (other, top) if other.height > top.height else (top, other)
    return high, (low.theta,) if elsewhere else ()


def _measured(density: LogDensity, mode: Mode) -> tuple[Floats, Mode]:
    """The slope, and the mode with its negative Hessian and what they say of it, by central differences."""
    size, theta = len(mode.theta), mode.theta
    offsets = np.eye(size) * STEP
    up = np.array([density(theta + move) for move in offsets])
    down = np.array([density(theta - move) for move in offsets])
    bent = up + down - 2.0 * mode.height
    hessian = np.diag(bent)
    for i in range(size):
        for j in range(i):
            both = offsets[i] + offsets[j]
            ends = density(theta + both) + density(theta - both) - 2.0 * mode.height
            hessian[i, j] = hessian[j, i] = 0.5 * (ends - bent[i] - bent[j])
    slope, precision = (up - down) / (2.0 * STEP), -hessian / STEP**2
    least = float(np.linalg.eigvalsh(precision)[0])
    decrement = float(0.5 * slope @ np.linalg.solve(precision, slope)) if least > 0.0 else np.inf
    return slope, mode._replace(precision=precision, decrement=decrement, least_curvature=least)


def _newton(precision: Floats, slope: Floats) -> Floats:
    """The step to the top of a parabola, no longer than a step may be."""
    step = np.linalg.solve(precision, slope)
    return np.asarray(step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300)))


class _Counted:
    """A log density that counts its calls."""

    def __init__(self, density: LogDensity) -> None:
        self._density, self.calls = density, 0

    def __call__(self, theta: Floats) -> float:
        self.calls += 1
        return self._density(theta)


def _first_look(density: LogDensity, theta: Floats, height: float) -> tuple[Floats, Floats]:
    """Slope, and minus the second derivative along each axis, kept positive: only a measure for the first steps."""
    offsets = np.eye(len(theta)) * STEP
    up = np.array([density(theta + move) for move in offsets])
    down = np.array([density(theta - move) for move in offsets])
    bend = np.maximum((2.0 * height - up - down) / STEP**2, LEAST_CURVATURE)
    return (up - down) / (2.0 * STEP), np.diag(bend)


def _slope(density: LogDensity, theta: Floats, height: float, curvature: Floats) -> Floats:
    """First derivatives by forward differences; `curvature` takes out most of their bias."""
    up = np.array([density(theta + move) for move in np.eye(len(theta)) * NUDGE])
    return np.asarray((up - height) / NUDGE + 0.5 * NUDGE * np.diag(curvature))


def _line_search(
    density: LogDensity, theta: Floats, height: float, slope: Floats, step: Floats
) -> tuple[Floats | None, float]:
    """Halve the step until the climb is a fair part of what the slope promised."""
    for _ in range(12):
        moved = theta + step
        reached = density(moved)
        if reached > height + 1e-3 * float(slope @ step):
            return moved, reached
        step = step / 2.0
    return None, height
