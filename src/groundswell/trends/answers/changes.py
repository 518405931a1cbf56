"""The change between two dates, exactly: no draws, so that the same question has the same answer at every door.

Given the hyperparameters, the logits x0 and x1 of two levels are jointly normal. With their mean a = (x0 + x1) / 2 and
their difference s = x1 - x0, the change of the share is

    d = expit(x1) - expit(x0) = sinh(s/2) / (cosh(s/2) + cosh(a)),

which grows with s for every a. So P(d < t) is the mean over a of a normal probability of s, and one sum over a fine
grid of a gives it. The sign of d is the sign of s: the probability of a fall is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

from groundswell.arrays import Floats, Ints
from groundswell.trends.fit.mixture import Mixture, bracketed_newton
from groundswell.trends.model.logit import expit

# Of the grid over a, in its standard deviations. The sum of a smooth function over an even grid is accurate far beyond
# its spacing, as long as the probability of s turns from 0 to 1 over more than one step: where one of the two levels is
# known far better than the other it turns fast, and the grid is made finer.
REACH: Final = 6.0
FEWEST_KNOTS, MOST_KNOTS = 61, 1201
STEPS_A_TURN: Final = 1.5
# Of a variance, and in logits.
ROUNDING: Final = 1e-9
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_NODE_WEIGHTS = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()


class Joint(NamedTuple):
    """The logits of some dates together: the components' `weights`, and each one's mean and covariance."""

    weights: Floats
    parts: Sequence[tuple[Floats, Floats]]


class Changes(NamedTuple):
    """Changes of the share, newer minus older, each shape (pairs,), in share units; `low, high` hold 95%.

    `start` and `end` are the levels that the change lies between and `estimate` their difference; `se` is the posterior
    standard deviation, `fall` the probability that the share fell.
    """

    start: Floats
    end: Floats

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    fall: Floats


class _Logits(NamedTuple):
    """The difference of the logits of some pairs, shapes (components, pairs), and what their halves need."""

    difference: Floats
    variance: Floats
    both: Floats


class Halves(NamedTuple):
    """One pair, shapes (components, 1) and (components, knots): a, the mean of s given a, and its sd."""

    weights: Floats
    grid_weights: Floats
    a: Floats
    mean: Floats
    sd: Floats

    def below(self, s: Floats) -> float:
        """The probability that s lies below a bound, which may be another one for each a."""
        return float(self.weights @ ndtr((s - self.mean) / self.sd) @ self.grid_weights)


def exact_changes(joint: Joint, starts: ArrayLike, ends: ArrayLike) -> Changes:
    """The change of each pair: dates `starts[i]` to `ends[i]`, numbered as in `joint`; 95% intervals, equal tails."""
    old, new = np.asarray(starts, dtype=np.intp), np.asarray(ends, dtype=np.intp)
    means = np.array([mean for mean, _ in joint.parts])
    sd = np.sqrt(np.maximum([np.diag(covariance) for _, covariance in joint.parts], 0.0))
    mean_shares, _ = Mixture(joint.weights, means, sd).share_moments()
    shown, mean_change = levels_shown(joint), mean_shares[new] - mean_shares[old]
    pairs = zip(halves(joint, old, new), mean_change, strict=True)
    se, low, high = np.array([_span(*pair) for pair in pairs], dtype=np.float64).reshape(-1, 3).T
    return Changes(shown[old], shown[new], shown[new] - shown[old], se, low, high, falls(joint, old, new))


def change_table(joint: Joint, dates: pd.DatetimeIndex, places: Ints) -> pd.DataFrame:
    """The change of each pair of `dates`, one after another: `start, end, estimate, se, low, high` (95%),
    `probability_fall, probability_rise`; `places` numbers each of them in `joint`."""
    found = exact_changes(joint, places[::2], places[1::2])
    return pd.DataFrame(
        {
            "start": dates[::2],
            "end": dates[1::2],
            "estimate": found.estimate,
            "se": found.se,
            "low": found.low,
            "high": found.high,
            "probability_fall": found.fall,
            "probability_rise": 1.0 - found.fall,
        }
    )


def halves(joint: Joint, starts: ArrayLike, ends: ArrayLike) -> list[Halves]:
    """a and s of each pair: whatever grows with s for every a has its probability by one sum over them."""
    old, new = np.asarray(starts, dtype=np.intp), np.asarray(ends, dtype=np.intp)
    means = np.array([mean for mean, _ in joint.parts])
    variances = np.array([np.diag(covariance) for _, covariance in joint.parts])
    first, last = variances[:, old], variances[:, new]
    difference, variance, both = _logits(joint, old, new)
    centre = (means[:, new] + means[:, old]) / 2.0
    spread = np.sqrt(np.maximum(first + last + 2.0 * both, 1e-24)) / 2.0
    slope = (last - first) / 2.0 / spread
    sd = np.sqrt(np.maximum(variance - slope**2, 1e-24))
    every = (centre, spread, difference, slope, sd)
    return [_halves(joint.weights, *(part[:, [pair]] for part in every)) for pair in range(len(old))]


def s_of_change(change: float, a: Floats) -> Floats:
    """The difference of the logits at which the share changes by so much, for each a."""
    size, cosh = abs(change), np.cosh(a)
    # s is an odd function of the change; for a positive one no digits are lost.
    root = np.sqrt((size * cosh) ** 2 + (1.0 - size) * (1.0 + size))
    return np.asarray(2.0 * np.sign(change) * np.log((size * cosh + root) / (1.0 - size)))


def levels_shown(joint: Joint) -> Floats:
    """The level of each date as it is told: the posterior median of its share."""
    sd = [np.sqrt(np.maximum(np.diag(covariance), 0.0)) for _, covariance in joint.parts]
    return Mixture(joint.weights, np.array([mean for mean, _ in joint.parts]), np.array(sd)).share_medians()


def falls(joint: Joint, starts: ArrayLike, ends: ArrayLike) -> Floats:
    """The probability that the share fell, of many pairs at once; the `fall` of `exact_changes`."""
    old, new = np.asarray(starts, dtype=np.intp), np.asarray(ends, dtype=np.intp)
    difference, variance, _ = _logits(joint, old, new)
    return Mixture(joint.weights, difference, np.sqrt(variance)).probability_below(0.0)


def _logits(joint: Joint, old: Ints, new: Ints) -> _Logits:
    means = np.array([mean for mean, _ in joint.parts])
    variances = np.array([np.diag(covariance) for _, covariance in joint.parts])
    both = np.array([covariance[old, new] for _, covariance in joint.parts])
    total = variances[:, old] + variances[:, new]
    difference, variance = means[:, new] - means[:, old], np.maximum(total - 2.0 * both, 0.0)
    # A level that stands still between two dates differs by rounding alone: no change, neither a rise nor a fall.
    still = (variance <= ROUNDING * total) & (np.abs(difference) <= ROUNDING)
    return _Logits(np.where(still, 0.0, difference), np.where(still, 0.0, variance), both)


def _halves(
    weights: Floats, centre: Floats, spread: Floats, difference: Floats, slope: Floats, sd: Floats
) -> Halves:
    """One pair on a grid as fine as it needs."""
    turns = float(np.max(np.abs(slope) / sd))
    knots = int(np.clip(np.ceil(2.0 * REACH * STEPS_A_TURN * turns), FEWEST_KNOTS, MOST_KNOTS))
    grid = np.linspace(-REACH, REACH, knots)
    density = np.exp(-0.5 * grid**2)
    return Halves(weights, density / density.sum(), centre + spread * grid, difference + slope * grid, sd)


def _span(pair: Halves, mean: float) -> tuple[float, float, float]:
    """Standard deviation and both ends of the 95% interval of one change."""
    s = pair.mean[..., None] + pair.sd[..., None] * _NODES
    change = np.sinh(s / 2.0) / (np.cosh(s / 2.0) + np.cosh(pair.a)[..., None])
    square = float(pair.weights @ (change**2 @ _NODE_WEIGHTS) @ pair.grid_weights)
    se = float(np.sqrt(max(square - mean**2, 0.0)))
    cosh = np.cosh(pair.a)

    def excess_and_slope(at: Floats, probability: float) -> tuple[Floats, Floats]:
        s = s_of_change(float(at[0]), pair.a)
        z, cosh_half = (s - pair.mean) / pair.sd, np.cosh(s / 2.0)
        steep = 2.0 * (cosh + cosh_half) ** 2 / (cosh * cosh_half + 1.0)
        density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi) / pair.sd * steep
        return np.array([pair.below(s) - probability]), np.array(
            [float(pair.weights @ density @ pair.grid_weights)]
        )

    ends = []
    for probability, side in ((0.025, -1.96), (0.975, 1.96)):
        guess = np.clip(np.array([mean + side * se]), -0.999, 0.999)
        edge = np.array([1.0 - 1e-12])
        root = bracketed_newton(partial(excess_and_slope, probability=probability), -edge, edge, guess)
        ends.append(float(root[0]))
    return se, ends[0], ends[1]


def draw_shares(joint: Joint, n: int, seed: int | Sequence[int]) -> Floats:
    """Draws of the shares, shape (n, dates), every component in its proportion; the same seed, the same draws."""
    rng = np.random.default_rng(seed)
    drawn = []
    for (mean, covariance), count in zip(joint.parts, rng.multinomial(n, joint.weights), strict=True):
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        drawn.append(mean + rng.standard_normal((count, len(mean))) @ root.T)
    return expit(rng.permutation(np.vstack(drawn)))
