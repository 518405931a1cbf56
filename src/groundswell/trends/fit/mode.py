"""Hyperparameters: the posterior mode, and Gauss-Hermite points around it that stand for the posterior.

Works on the logarithms of the hyperparameters. Source of the quadrature: Naylor & Smith 1982, Applied
Statistics 31, corrected by importance weights at the points.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats

LogDensity = Callable[[Floats], float]

STEP: Final = 0.1  # of the second differences, in logarithms
NUDGE: Final = 0.01  # of the first differences
LONGEST_STEP: Final = 1.5  # of one iteration, in logarithms
GOOD_ENOUGH: Final = 0.01  # Newton decrement: how far below the top, in log density, counts as the top
LEAST_CURVATURE: Final = 0.2
ITERATIONS: Final = 30


class Mode(NamedTuple):
    """Top of a log density: where, how high, its negative Hessian there, and how it was reached."""

    theta: Floats
    height: float
    precision: Floats
    converged: bool
    evaluations: int


class Point(NamedTuple):
    """One quadrature point: hyperparameters' logarithms and its share of the posterior."""

    theta: Floats
    weight: float


def find_mode(
    density: LogDensity, start: Floats, precision: Floats | None = None, good_enough: float = GOOD_ENOUGH
) -> Mode:
    """Climb from `start` by quasi-Newton steps (BFGS), to within `good_enough` of the top.

    `precision` is a first guess of the negative Hessian, for example that of a neighbouring problem; the one
    returned is BFGS's (see `sharpen`). Slopes are forward differences corrected by the curvature.
    """
    count = _Counted(density)
    theta, height = np.array(start, dtype=np.float64), count(start)
    curvature: Floats = np.diag(_bend(count, theta, height)) if precision is None else precision
    slope = _slope(count, theta, height, curvature)
    converged = False
    for _ in range(ITERATIONS):
        step = np.linalg.solve(curvature, slope).astype(np.float64)
        if slope @ step < 2.0 * good_enough:
            converged = True
            break
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        moved, reached = _line_search(count, theta, height, slope, step)
        if moved is None:
            break
        new_slope = _slope(count, moved, reached, curvature)
        curvature = _bfgs(curvature, moved - theta, slope - new_slope)
        theta, height, slope = moved, reached, new_slope
    return Mode(theta, height, curvature, converged, count.calls)


def sharpen(density: LogDensity, mode: Mode) -> Mode:
    """The mode with its negative Hessian measured by second differences, made positive definite if need
    be."""
    size, theta = len(mode.theta), mode.theta
    offsets = np.eye(size) * STEP
    up = np.array([density(theta + move) for move in offsets])
    down = np.array([density(theta - move) for move in offsets])
    hessian = np.diag((up + down - 2.0 * mode.height) / STEP**2)
    for i in range(size):
        for j in range(i):
            both = density(theta + offsets[i] + offsets[j])
            hessian[i, j] = hessian[j, i] = (both - up[i] - up[j] + mode.height) / STEP**2
    values, vectors = np.linalg.eigh(-hessian)
    precision = (vectors * np.maximum(np.abs(values), LEAST_CURVATURE / 2.0)) @ vectors.T
    return mode._replace(precision=precision)


def quadrature(density: LogDensity, mode: Mode, directions: int = 3) -> list[Point]:
    """Three points in each of the first `directions`, with weights summing to one.

    The directions are those of Cholesky's factor of the covariance: the first hyperparameters are integrated
    over whole, the others follow them as far as they are correlated and are otherwise left at the mode.
    """
    wide = min(directions, len(mode.theta))
    axes = np.linalg.cholesky(np.linalg.inv(mode.precision))[:, :wide]
    knots, knot_weights = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1.0, 4.0, 1.0]) / 6.0
    grid = np.array(list(product(range(3), repeat=wide)), dtype=np.intp).reshape(3**wide, wide)
    thetas = mode.theta + knots[grid] @ axes.T
    heights = np.array([density(theta) for theta in thetas])
    # A point far above the normal approximation would take all the weight: the correction is bounded.
    ratios = np.exp(np.minimum(heights - mode.height + 0.5 * (knots[grid] ** 2).sum(axis=1), 3.0))
    weights = knot_weights[grid].prod(axis=1) * ratios
    weights /= weights.sum()
    return [Point(theta, float(weight)) for theta, weight in zip(thetas, weights, strict=True)]


class _Counted:
    """A log density that counts its calls."""

    def __init__(self, density: LogDensity) -> None:
        self._density, self.calls = density, 0

    def __call__(self, theta: Floats) -> float:
        self.calls += 1
        return self._density(theta)


def _bend(density: LogDensity, theta: Floats, height: float) -> Floats:
    """Minus the second derivative along each axis, kept positive."""
    offsets = np.eye(len(theta)) * STEP
    ends = [density(theta + move) + density(theta - move) for move in offsets]
    return np.asarray(np.maximum((2.0 * height - np.array(ends)) / STEP**2, LEAST_CURVATURE))


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


def _bfgs(curvature: Floats, moved: Floats, bent: Floats) -> Floats:
    """Update the curvature with the change of slope `bent` seen along `moved`."""
    agreement = float(moved @ bent)
    if agreement <= 1e-8:
        return curvature
    pushed = curvature @ moved
    return np.asarray(
        curvature + np.outer(bent, bent) / agreement - np.outer(pushed, pushed) / float(moved @ pushed)
    )
