"""Hyperparameters of moods and movements: what is thought of each before the waves, and how a search writes it.

A search works on numbers that are standard normal beforehand, one a hyperparameter; `read` turns them into logits,
factors, slopes and correlations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from scipy.special import chdtri, gammaln, logsumexp, ndtri, softmax

from groundswell.arrays import Flags, Floats
from groundswell.trends.fit.fitting import bounded
from groundswell.trends.fit.mode import LogDensity, Mode
from groundswell.trends.model.priors import prior_of

OWN: Final = "own_sd: "
SLOPE: Final = "slope: "
ERROR_CORRELATION: Final = "error_correlation"
SLOPE_SD: Final = 0.7
"""A slope is normal around 1 beforehand: nine in ten lie between -0.2 and 2.2, and a negative one can be seen."""
ERROR_Z_SD: Final = 0.5
"""Of the inverse hyperbolic tangent of the correlation of two items' errors: 95% lie within -0.75 and 0.75."""
LEAST: Final = 1e-4
MOST_ALIKE: Final = 0.98
"""Errors are never quite the same."""
POINTS_LOG2: Final = 9
SEED: Final = 20240101
FREEDOM: Final = 6.0
ENOUGH: Final = 0.99
"""The heaviest points that together hold this much of the posterior stand for it."""


class Parameter(NamedTuple):
    """A hyperparameter: `read` of centre + width × z, with z standard normal beforehand."""

    name: str
    centre: float
    width: float
    read: Callable[[float], float]

    @classmethod
    def positive(cls, name: str, prior: str) -> Self:
        """One that is log-normal, with the prior that trends have under a name."""
        known = prior_of(prior)
        return cls(name, float(np.log(known.median)), known.log_sd, _exp)

    @classmethod
    def slope(cls, name: str) -> Self:
        """By how much an item moves where the mood moves by one logit."""
        return cls(f"{SLOPE}{name}", 1.0, SLOPE_SD, float)

    @classmethod
    def errors(cls, items: int) -> Self:
        """The correlation of the errors of any two of so many items of one wave: all alike, it cannot be as negative as
        it can be positive."""
        lowest = 1.0 / (items - 1)

        def read(z: float) -> float:
            correlation = MOST_ALIKE * float(np.tanh(z))
            return correlation if correlation > 0.0 else correlation * lowest

        return cls(ERROR_CORRELATION, 0.0, ERROR_Z_SD, read)

    def begin(self, near: float) -> float:
        """The standardised number of one that is near; a correlation is looked for from the middle."""
        if self.name == ERROR_CORRELATION:
            return 0.0
        return ((near if self.read is float else float(np.log(max(near, LEAST)))) - self.centre) / self.width


class Points(NamedTuple):
    """Hyperparameters that stand for their posterior, each with its weight; the log of the waves' probability."""

    hypers: tuple[dict[str, float], ...]
    weights: Floats
    log_evidence: float

    def of(self, name: str) -> Floats:
        """One hyperparameter at every point."""
        return np.array([hyper[name] for hyper in self.hypers])

    def where(self, some: Flags) -> Self:
        """Those at some points, and the rest left out."""
        hypers = tuple(hyper for hyper, one in zip(self.hypers, some, strict=True) if one)
        return type(self)(hypers, self.weights[some] / self.weights[some].sum(), self.log_evidence)

    def moments(self, name: str) -> tuple[float, float]:
        """Posterior mean and standard deviation of one hyperparameter."""
        each = self.of(name)
        mean = float(self.weights @ each)
        return mean, float(np.sqrt(self.weights @ (each - mean) ** 2))


def named(parameters: Sequence[Parameter], z: Floats) -> dict[str, float]:
    """The hyperparameters at standardised numbers, by name."""
    return {
        each.name: each.read(each.centre + each.width * float(one))
        for each, one in zip(parameters, z, strict=True)
    }


def standardised(parameters: Sequence[Parameter], near: Mapping[str, float]) -> Floats:
    """Where a search starts: at what is known, and in the middle of the prior where nothing is."""
    return np.array([each.begin(near[each.name]) if each.name in near else 0.0 for each in parameters])


def density_of(
    parameters: Sequence[Parameter], loglike: Callable[[Mapping[str, float]], float]
) -> LogDensity:
    """Log posterior density of the standardised numbers, up to a constant."""

    def density(z: Floats) -> float:
        return loglike(named(parameters, z)) - 0.5 * float(z @ z)

    return density


def posterior(
    parameters: Sequence[Parameter], density: LogDensity, mode: Mode, log2: int = POINTS_LOG2
) -> Points:
    """The posterior about its mode: 2 to the power of `log2` even points of a t distribution as wide as the curvature
    says, each weighed by how much more probable it is than the t distribution has it.

    With eight or more hyperparameters, of which slopes are told themselves, a grid along a few directions leaves their
    intervals a tenth too narrow.
    """
    size = len(parameters)
    from scipy.stats.qmc import Sobol  # half a second, which only a mood need wait for

    even = Sobol(size + 1, seed=SEED).random_base2(log2)
    root = np.linalg.cholesky(bounded(mode.precision, np.ones(size)))
    normal = ndtri(even[:, :-1]) / np.sqrt(chdtri(FREEDOM, even[:, -1:]) / FREEDOM)
    heights = np.array([density(point) for point in mode.theta + normal @ root.T])
    drawn = gammaln((FREEDOM + size) / 2.0) - gammaln(FREEDOM / 2.0) - 0.5 * size * np.log(FREEDOM * np.pi)
    drawn -= np.log(np.diag(root)).sum()
    logs = heights - drawn + 0.5 * (FREEDOM + size) * np.log1p((normal**2).sum(axis=1) / FREEDOM)
    evidence = float(logsumexp(logs) - np.log(len(logs)) - 0.5 * size * np.log(2.0 * np.pi))
    hypers = tuple(named(parameters, point) for point in mode.theta + normal @ root.T)
    return Points(hypers, softmax(logs), evidence)


def mixed(parts: Sequence[tuple[float, Points]]) -> Points:
    """One posterior of several models, each with the log of its prior probability; without the lightest points."""
    logs = np.array([prior + points.log_evidence for prior, points in parts])
    each = zip(softmax(logs), parts, strict=True)
    weights = np.concatenate([share * points.weights for share, (_, points) in each])
    hypers = [hyper for _, points in parts for hyper in points.hypers]
    order = np.argsort(-weights, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(weights[order]), ENOUGH)) + 1]
    chosen = tuple(hypers[place] for place in kept.tolist())
    return Points(chosen, weights[kept] / weights[kept].sum(), float(logsumexp(logs)))


def _exp(log: float) -> float:
    return float(np.exp(np.clip(log, -30.0, 30.0)))
