"""The answers of a question on one date together: how they are put together again, and their intervals.

Given the waves, the splits are independent, each a mixture of normals on the logit scale. A point of the posterior is
one logit a split; broken off one after another they are shares that add up to 1. Two ways to an interval:

- *an answer's share* is a product of independent parts, (1 - s1) (1 - s2) s3. Its distribution is worked out
  part by part (`product_intervals`), exact but for the interpolation of smooth functions;
- *a difference, a ratio, or shares without some answers* mix the parts. They are read off a fixed set of points that
  fills the space evenly (a scrambled Sobol sequence), through each split's quantile function.

Neither depends on which other dates were asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from groundswell.arrays import Floats
from groundswell.trends.fit.mixture import LEVELS, Mixture
from groundswell.trends.model.logit import expit

POINTS: Final = 2**14
"""Points on each date; how far an end of an interval is off is said in docs/method.md."""
SEED: Final = 20261126
# Where a distribution is taken, in its standard deviations: finer in the middle, where mixtures of narrow and wide
# parts bend most.
_GRID: Final = 8.0 * np.sinh(np.linspace(-3.0, 3.0, 121)) / np.sinh(3.0)
_FEWER: Final = _GRID[::2]
_NODES: Final = np.linspace(-6.0, 6.0, 41)
_NODE_WEIGHTS: Final = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
_LEAST: Final = 1e-15
# Numbers held at once, and dates whose products are worked out at once: no more than stay in a fast cache.
_AT_ONCE: Final = 4_000_000
_DATES: Final = 16
_TAILS: Final = {
    f"{side}{level}": tail if side == "low" else 1.0 - tail
    for level in LEVELS
    for tail in [(100 - level) / 200.0]
    for side in ("low", "high")
}


class _Scores(NamedTuple):
    """Distributions of logits, one a row: some logits and their normal scores, each shape (targets, grid).

    Of one normal the score is a straight line of the logit, of a mixture or a product nearly so: what is interpolated
    is the score.
    """

    logit: Floats
    score: Floats

    def at(self, scores: Floats) -> Floats:
        """The logits at these scores, shape (targets, scores)."""
        return np.array(
            [np.interp(scores, known, at) for at, known in zip(self.logit, self.score, strict=True)]
        )


def shown(splits: Sequence[Mixture]) -> Floats:
    """The answers' shares as they are told, shape (dates, answers): each split at its median, so that they add up."""
    return broken([mixture.share_medians() for mixture in splits])


def points(splits: Sequence[Mixture]) -> Iterator[Floats]:
    """Points of the joint posterior, some dates at a time in order, shape (dates, answers, `POINTS`)."""
    dates = splits[0].mean.shape[1]
    step = max(_AT_ONCE // (POINTS * (len(splits) + 1)), 1)
    normal = _even(len(splits))
    for start in range(0, dates, step):
        cut = slice(start, start + step)
        some = [Mixture(each.weight, each.mean[:, cut], each.sd[:, cut]) for each in splits]
        parts = [expit(at_scores(mixture, scores)) for mixture, scores in zip(some, normal, strict=True)]
        yield broken(parts, axis=1)


def broken(parts: Sequence[Floats], axis: int = -1) -> Floats:
    """The shares of all answers, along a new axis, from the part that each but the last takes of what is left; they
    add up to 1."""
    left = np.ones_like(parts[0])
    shares = []
    for part in parts:
        shares.append(left * part)
        left = left * (1.0 - part)
    return np.stack([*shares, left], axis=axis)


def at_scores(mixture: Mixture, scores: Floats) -> Floats:
    """The logits of each target at these normal scores (the quantile of probability 0.975 at 1.96), shape (targets,
    scores)."""
    return _scores(mixture).at(scores)


def _scores(mixture: Mixture) -> _Scores:
    """The distribution of each target's logit."""
    sd = np.maximum(mixture.sd, 1e-12)
    grid = mixture.centre[:, None] + np.maximum(mixture.spread, 1e-12)[:, None] * _GRID
    below = np.zeros_like(grid)
    for weight, mean, spread in zip(mixture.weight, mixture.mean, sd, strict=True):
        below += weight * ndtr((grid - mean[:, None]) / spread[:, None])
    return _Scores(grid, _score(below / mixture.weight.sum()))


def _score(probability: Floats) -> Floats:
    return np.asarray(ndtri(np.clip(probability, _LEAST, 1.0 - _LEAST)))


def product_intervals(splits: Sequence[Mixture]) -> dict[str, Floats]:
    """The standard deviation `se` of every answer's share and the ends of its central intervals, each shape (dates,
    answers)."""
    found: dict[str, list[Floats]] = {name: [] for name in ("se", *_TAILS)}
    left = square = np.ones(splits[0].mean.shape[1])
    tails, rest = ndtri(list(_TAILS.values())), None
    for split in splits:
        mean, sd = split.share_moments()
        found["se"].append(_sd(square * (sd**2 + mean**2), left * mean))
        left, square = left * (1.0 - mean), square * (sd**2 + (1.0 - mean) ** 2)
        part = _scores(split)
        others = _Scores(-part.logit[:, ::-1], -part.score[:, ::-1])
        answers = [_product(rest, part)]
        rest = _product(rest, others)
        if split is splits[-1]:
            answers.append(rest)
        for answer in answers:
            for name, end in zip(_TAILS, answer.at(tails).T, strict=True):
                found[name].append(expit(end))
    found["se"].append(_sd(square, left))
    return {name: np.stack(parts, axis=-1) for name, parts in found.items()}


def _product(one: _Scores | None, other: _Scores) -> _Scores:
    """The distribution of the product of two independent shares, date by date; without the first it is the other."""
    if one is None:
        return other
    # Over the nodes of the narrower the probability of the wider one turns slowly, so that few nodes do.
    logs = [_log_share(each.at(_NODES)) for each in (one, other)]
    second = np.ptp(logs[1], axis=1) < np.ptp(logs[0], axis=1)
    narrow, wide = (np.where(mine[:, None], logs[1], logs[0]) for mine in (second, ~second))
    logits, scores = np.empty((2, len(other.logit), len(_FEWER)))
    for start in range(0, len(logits), _DATES):
        dates = slice(start, start + _DATES)
        both = _logit_of_log(narrow[dates, :, None] + wide[dates, None, :])
        centre = _NODE_WEIGHTS @ (both @ _NODE_WEIGHTS).T
        sd = np.sqrt(_NODE_WEIGHTS @ ((both - centre[:, None, None]) ** 2 @ _NODE_WEIGHTS).T)
        product = centre[:, None] + np.maximum(sd, 1e-12)[:, None] * _FEWER
        needed = _logit_of_log(_log_share(product)[:, :, None] - narrow[dates, None, :])
        widest = [one if mine else other for mine in second[dates]]
        found = [
            np.interp(some, each.logit[date], each.score[date])
            for date, some, each in zip(range(start, start + len(needed)), needed, widest, strict=True)
        ]
        logits[dates], scores[dates] = product, _score(ndtr(np.array(found)) @ _NODE_WEIGHTS)
    return _Scores(logits, scores)


def _sd(square: Floats, mean: Floats) -> Floats:
    return np.asarray(np.sqrt(np.maximum(square - mean**2, 0.0)))


def _log_share(logit: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0.0, -logit))


def _logit_of_log(log_share: Floats) -> Floats:
    """The logit of a share whose logarithm is given; of one of everyone or more it is larger than any other."""
    below = np.minimum(log_share, -1e-300)
    return np.asarray(below - np.log(-np.expm1(below)))


def summary(values: Floats) -> dict[str, Floats]:
    """The standard deviation `se` and the ends of central intervals, of values along the last axis."""
    quantiles = np.quantile(values, list(_TAILS.values()), axis=-1)
    return {"se": values.std(axis=-1), **dict(zip(_TAILS, quantiles, strict=True))}


@cache
def _even(dimensions: int) -> Floats:
    """Normal scores that fill the space evenly, shape (dimensions, `POINTS`)."""
    # half a second, which a report without whole questions need not wait for
    from scipy.stats.qmc import Sobol

    sequence = Sobol(dimensions, scramble=True, seed=SEED)
    return np.asarray(ndtri(sequence.random_base2(int(np.log2(POINTS)))).T)
