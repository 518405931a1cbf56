"""Mixtures of normals on the logit scale: what integrating over hyperparameters leaves behind, and its
summaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from groundswell.arrays import Floats
from groundswell.trends.model.logit import expit

LEVELS: Final = (50, 80, 95)
STEPS: Final = 100
# Of a probability: a quantile is then known to far more digits than any table shows.
SETTLED: Final = 1e-13
_KNOTS, _KNOT_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_KNOT_WEIGHTS = _KNOT_WEIGHTS / _KNOT_WEIGHTS.sum()


@dataclass(frozen=True)
class Mixture:
    """One mixture of normals for each target: `weight` (components,), `mean` and `sd` (components,
    targets)."""

    weight: Floats
    mean: Floats
    sd: Floats

    def widened(self, sd: float | Floats) -> Mixture:
        """The mixture with independent normal noise of this standard deviation added."""
        return Mixture(self.weight, self.mean, np.sqrt(self.sd**2 + np.asarray(sd) ** 2))

    def widened_by(self, sd: Floats, weight: Floats) -> Mixture:
        """The mixture with noise whose standard deviation is known only with these weights, one a possible one."""
        wide = [self.widened(float(one)) for one in sd]
        weights = np.concatenate([one * self.weight for one in weight])
        return Mixture(weights, np.tile(self.mean, (len(sd), 1)), np.vstack([one.sd for one in wide]))

    def contaminated(self, rate: float, sd: float) -> Mixture:
        """The mixture in which a proportion `rate` has independent normal noise of this standard deviation."""
        wide = self.widened(sd)
        weight = np.concatenate([(1.0 - rate) * self.weight, rate * wide.weight])
        return Mixture(weight, np.vstack([self.mean, wide.mean]), np.vstack([self.sd, wide.sd]))

    @property
    def centre(self) -> Floats:
        """Means, in logits, shape (targets,)."""
        return np.asarray(self.weight @ self.mean)

    @property
    def spread(self) -> Floats:
        """Standard deviations, in logits, shape (targets,)."""
        return np.asarray(np.sqrt(self.weight @ (self.sd**2 + (self.mean - self.centre) ** 2)))

    def probability_below(self, bound: float | Floats) -> Floats:
        """Probability of each target lying below `bound`, in logits."""
        sd = np.maximum(self.sd, 1e-12)
        return np.asarray(self.weight @ ndtr((np.asarray(bound) - self.mean) / sd))

    def quantile(self, probability: float) -> Floats:
        """The quantile of each target in logits, by bisection steadied Newton steps."""
        sd = np.maximum(self.sd, 1e-12)
        ends = self.mean + ndtri(probability) * sd
        low, high = ends.min(axis=0), ends.max(axis=0)
        guess = np.clip(self.centre + ndtri(probability) * self.spread, low, high)

        def excess_and_slope(at: Floats) -> tuple[Floats, Floats]:
            z = (at - self.mean) / sd
            density = self.weight @ (np.exp(-0.5 * z**2) / (sd * np.sqrt(2.0 * np.pi)))
            return self.weight @ ndtr(z) - probability, density

        return bracketed_newton(excess_and_slope, low, high, guess)

    def share_moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each target's share, by quadrature."""
        shares = expit(self.mean[..., None] + self.sd[..., None] * _KNOTS)
        first = self.weight @ (shares @ _KNOT_WEIGHTS)
        second = self.weight @ ((shares - first[:, None]) ** 2 @ _KNOT_WEIGHTS)
        return np.asarray(first), np.asarray(np.sqrt(second))

    def share_medians(self) -> Floats:
        """The median of each target's share: the share at the median of its logits."""
        return np.asarray(expit(self.quantile(0.5)))

    def share_intervals(self, levels: tuple[int, ...] = LEVELS) -> dict[str, Floats]:
        """Central intervals of the share, `low50, high50, …`."""
        columns = {}
        for level in levels:
            tail = (100 - level) / 200.0
            columns[f"low{level}"] = expit(self.quantile(tail))
            columns[f"high{level}"] = expit(self.quantile(1.0 - tail))
        return columns


def bracketed_newton(
    excess_and_slope: Callable[[Floats], tuple[Floats, Floats]], low: Floats, high: Floats, guess: Floats
) -> Floats:
    """Where each of many growing functions is zero, between `low` and `high`: Newton's steps, halved where they crawl.

    `excess_and_slope` gives the functions and their derivatives at one point each. A function within `SETTLED` of zero
    stays where it is, so that no answer depends on what else was asked.
    """
    before = np.full(len(guess), np.inf)
    for _ in range(STEPS):
        excess, slope = excess_and_slope(guess)
        settled = np.abs(excess) < SETTLED
        if settled.all():
            break
        low, high = np.where(excess < 0, guess, low), np.where(excess >= 0, guess, high)
        newton = guess - excess / np.maximum(slope, 1e-300)
        # Between far-apart components Newton's steps crawl: one that does not halve the miss is halved out.
        quick = (newton > low) & (newton < high) & (np.abs(excess) < 0.5 * before)
        moved = np.where(quick, newton, 0.5 * (low + high))
        guess, before = np.where(settled, guess, moved), np.abs(excess)
    return np.asarray(guess)
