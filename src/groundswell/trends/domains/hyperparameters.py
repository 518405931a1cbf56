"""How far domains lie apart, how fast they part, how noisy their figures are: learnt once for a whole variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.domains.departures import Figures, Hyper, log_likelihood, smooth
from groundswell.trends.fit.fitting import ROUGHLY, bounded, named
from groundswell.trends.fit.mode import LogDensity, Mode, climb, find_mode
from groundswell.trends.fit.quadrature import Grid, integral
from groundswell.trends.model.priors import log_prior, prior_median, prior_sd
from groundswell.trends.model.system import YEAR

NAMES: Final = ("domain_sd", "domain_walk_sd", "dispersion", "excess_sd")
INTEGRATED: Final = 20_000
"""So many figures leave little to integrate over: the hyperparameters are then taken at their mode."""
GRID: Final = Grid(wide=2, step=1.2, depth=4.5, spread=True, passes=2)


class Points(NamedTuple):
    """Hyperparameters that stand for their posterior, each with its weight."""

    hypers: tuple[Hyper, ...]
    weights: Floats


def prior_hyper() -> dict[str, float]:
    """The priors' medians."""
    return named(NAMES, prior_median(NAMES))


def roughly(figures: Figures) -> Mode:
    """About the most probable hyperparameters, where the variances are still to move."""
    return climb(_density(figures), prior_median(NAMES), good_enough=ROUGHLY)


def at(mode: Mode) -> dict[str, float]:
    """The hyperparameters at a mode, by name."""
    return named(NAMES, mode.theta)


def pooled(figures: Figures, near: Mode) -> Points:
    """The posterior of the hyperparameters by the figures of all domains, whose mode is looked for from `near`."""
    density = _density(figures)
    if figures.seen.sum() >= INTEGRATED:
        return Points((at(climb(density, near.theta, near.precision)),), np.ones(1))
    mode = find_mode(density, near.theta, near.precision)
    spread = bounded(mode.precision, prior_sd(NAMES))
    taken = integral(density, mode.theta, spread, GRID, _departure_effects(figures, mode))
    return Points(tuple(named(NAMES, point) for point in taken.points), taken.weights)


def _density(figures: Figures) -> LogDensity:
    """Log posterior density of the hyperparameters' logarithms."""

    def density(theta: Floats) -> float:
        return log_likelihood(figures, named(NAMES, theta)) + log_prior(NAMES, theta)

    return density


def _departure_effects(figures: Figures, mode: Mode) -> Callable[[Floats], Floats]:
    """What hyperparameters do to the departures in the first wave and a year after the last: their means, in standard
    deviations at the mode, and the logarithms of their standard deviations."""
    days = np.array([figures.day[0], figures.day[-1] + YEAR])

    def moments(theta: Floats) -> tuple[Floats, Floats]:
        found = smooth(figures, named(NAMES, theta), days)
        variance = np.diagonal(found.own, axis1=1, axis2=2) + (found.shared**2).sum(axis=2)
        return found.mean.ravel(), variance.ravel()

    sd = np.sqrt(moments(mode.theta)[1])

    def effects(theta: Floats) -> Floats:
        mean, variance = moments(theta)
        return np.concatenate([mean / sd, 0.5 * np.log(variance)])

    return effects
