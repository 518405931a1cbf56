"""Points that stand for the posterior of the hyperparameters, also where it is far from normal.

With few waves the posterior is wide and skewed, and scatter may be put down to the level, to the houses or to the
waves' own errors: a parabola around the top would miss most of that. So two directions, those that move the level and
its uncertainty most, are walked in equal steps from the centre for as long as there is any density; the others are
taken in the middle and at both sides, corrected by the density there. Where the points' own mean and covariance are
not what the directions assumed, the walk is made again along better ones. Sources: Naylor & Smith 1982, Applied
Statistics 31 (recentring on moments); Rue, Martino & Chopin 2009, JRSS B 71 (the walk).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.mode import LogDensity

# Directions need not be improved whose centre is this near, in standard deviations, and whose widths are known
# to within this factor.
NEAR: Final = 0.1
ABOUT: Final = 1.1
# Where the whole is wider than the top (two tops, a long tail), steps are shorter: at most `ROUNDER` of the width by
# the curvature at the top, though never below the part `FINEST` of a step.
ROUNDER: Final = 1.4
FINEST: Final = 0.4
# A part of the first covariance that stays, lest all the weight on one point leave no directions.
LEAST: Final = 1e-4
# Stands for no weight at all.
SMALL: Final = 1e-12


class Grid(NamedTuple):
    """How a posterior is taken: directions that are walked (`wide`), the step in standard deviations, how far
    below the top, in log density, the walk goes on, whether the other directions are `spread` over points of
    their own or left at the centre, and how many `passes` are made at most."""

    wide: int
    step: float
    depth: float
    spread: bool
    passes: int = 1


class Integral(NamedTuple):
    """Points (logarithms of hyperparameters, shape (points, hyperparameters)), their `weights`, which sum to
    one, and the log of the density's integral."""

    points: Floats
    weights: Floats
    log_evidence: float

    @property
    def centre(self) -> Floats:
        """The posterior means."""
        return np.asarray(self.weights @ self.points)

    @property
    def covariance(self) -> Floats:
        """The posterior covariance."""
        apart = self.points - self.centre
        return np.asarray(apart.T @ (apart * self.weights[:, None]))


def integral(
    density: LogDensity,
    centre: Floats,
    covariance: Floats,
    grid: Grid,
    effects: Callable[[Floats], Floats],
) -> Integral:
    """The integral of a log density that lies about `centre`, as wide as `covariance` says.

    `effects` gives what the hyperparameters are integrated for: numbers of about unit uncertainty, for example
    the level in standard deviations. The directions that change them most are walked.
    """
    axes = np.asarray(np.linalg.cholesky(covariance))
    precision = np.linalg.inv(covariance)
    slopes = _slopes(effects, centre, axes)
    for left in reversed(range(grid.passes)):
        axes = axes @ np.linalg.svd(slopes @ axes)[2].T
        bent = np.sqrt(np.einsum("ij,ik,kj->j", axes, precision, axes))[: grid.wide]
        found = _taken(density, centre, axes, grid, grid.step * np.clip(ROUNDER / bent, FINEST, 1.0))
        if not left or _as_assumed(found, centre, axes):
            break
        centre, axes = found.centre, np.linalg.cholesky(found.covariance + LEAST * covariance)
    return found


def _slopes(effects: Callable[[Floats], Floats], centre: Floats, axes: Floats) -> Floats:
    """How fast each effect changes with each hyperparameter."""
    here = effects(centre)
    return np.asarray(np.array([effects(centre + axis) - here for axis in axes.T]).T @ np.linalg.inv(axes))


def _taken(density: LogDensity, centre: Floats, axes: Floats, grid: Grid, steps: Floats) -> Integral:
    """One pass along given directions: the columns of `axes`, each a standard deviation long, of which the `steps`
    are parts."""
    wide = min(grid.wide, len(centre))
    walked, heights = _walked(density, centre, axes[:, :wide] * steps, grid.depth)
    rest, scale = len(centre) - wide, np.log(steps).sum() + np.linalg.slogdet(axes)[1]
    scale += 0.5 * rest * np.log(2.0 * np.pi)
    points = centre + walked @ (axes[:, :wide] * steps).T
    if rest and grid.spread:
        heavy = heights > heights.max() - grid.depth
        square = max(3.0, rest)  # of a side's distance: with up to three others the middle has weight, too
        sides = np.sqrt(square) * np.vstack([np.eye(rest), -np.eye(rest)]) @ axes[:, wide:].T
        aside = (points[heavy, None] + sides).reshape(-1, len(centre))
        above = np.array([density(point) for point in aside]) + 0.5 * square - np.log(2.0 * square)
        points = np.vstack([points, aside])
        heights = np.append(heights + np.log(max(1.0 - rest / square, SMALL)), above)
    weights = np.exp(heights - heights.max())
    evidence = float(heights.max() + np.log(weights.sum()) + scale)
    return Integral(points, weights / weights.sum(), evidence)


def _walked(density: LogDensity, centre: Floats, steps: Floats, depth: float) -> tuple[Floats, Floats]:
    """How many of which `steps` (columns) away from the centre there are places that can be reached without passing
    one farther than `depth` below the top, and the log density at each."""
    wide = steps.shape[1]
    heights: dict[tuple[int, ...], float] = {}
    ahead, top = [(0,) * wide], -np.inf
    while ahead:
        for place in ahead:
            heights[place] = density(centre + steps @ np.array(place))
        top = max(heights.values())
        ahead = list(
            dict.fromkeys(
                near
                for place, height in heights.items()
                if height > top - depth
                for near in _next(place)
                if near not in heights
            )
        )
    places = np.array(list(heights), dtype=np.float64).reshape(len(heights), wide)
    return places, np.array(list(heights.values()))


def _next(place: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The places one step away along each direction."""
    return [
        (*place[:way], place[way] + step, *place[way + 1 :]) for way in range(len(place)) for step in (-1, 1)
    ]


def _as_assumed(found: Integral, centre: Floats, axes: Floats) -> bool:
    """Whether points lie about the centre and along the directions by which they were taken."""
    inverse = np.linalg.inv(axes)
    moved = inverse @ (found.centre - centre)
    widths = np.sqrt(np.linalg.eigvalsh(inverse @ found.covariance @ inverse.T))
    return bool(np.abs(moved).max() < NEAR and widths.max() < ABOUT and widths.min() > 1.0 / ABOUT)
