"""How far all houses may be off together, in logits: as somebody states it, or as learnt where the truth became known.

At a benchmark the level's posterior has an error e, its mean less the logit of the truth, of which V is what the waves
leave open. What is left is the bias that all houses share:

    e = b + level's own error,   b ~ N(0, t²) each time anew,   t ~ half-t (4 degrees of freedom, scale 0.13)

With few benchmarks t is hardly known, and the interval for the population mixes over its posterior: it is wide after
one lucky election. 0.13 logits are 3.3 points at one half, about what published polls of elections have in common; the
half-t lets larger errors say otherwise (Gelman 2006, Bayesian Analysis 1). That biases of two dates are independent is
an assumption: where they last, fewer benchmarks would say as much, and their errors show it.

Worked example: errors of -0.2, 0.1 and 0.3 logits at three elections before which the level was known to 0.05. t is
0.20 (95%: 0.10 to 0.40), and the population lies within 0.46 logits of the level in 19 of 20 cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.trends.answers.tables import NOON, level_targets
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit, logit
from groundswell.waves.toplines.benchmarks import Benchmark

SCALE: Final = 0.13
FREEDOM: Final = 4.0
_GRID: Final = np.geomspace(0.004, 3.0, 60)
"""Standard deviations that are weighed; the largest is what `survey.toml` may state at most."""
ERROR_COLUMNS: Final = (
    *("start", "end", "variant", "truth", "share", "error", "se", "source_title", "source_url"),
)


class SharedBias(NamedTuple):
    """The bias of all houses: standard deviations in logits, and how probable each is."""

    sd: Floats
    weight: Floats

    @classmethod
    def stated(cls, sd: float) -> Self:
        """Of one known size."""
        return cls(np.array([sd]), np.ones(1))

    @classmethod
    def learnt(cls, error: Floats, covariance: Floats) -> Self:
        """From errors of the level in logits, and the covariance of what the waves leave open; of none the prior's."""
        values, axes = np.linalg.eigh(
            np.asarray(covariance, dtype=np.float64).reshape(len(error), len(error))
        )
        turned = axes.T @ error if len(error) else np.zeros(0)
        variance = np.maximum(values, 0.0) + _GRID[:, None] ** 2
        log_likelihood = -0.5 * (np.log(variance) + turned**2 / variance).sum(axis=1)
        log_prior = -0.5 * (FREEDOM + 1.0) * np.log1p((_GRID / SCALE) ** 2 / FREEDOM)
        # Even steps of the logarithm: each stands for a stretch as long as itself.
        log_weight = log_likelihood + log_prior + np.log(_GRID)
        weight = np.exp(log_weight - log_weight.max())
        return cls(_GRID, weight / weight.sum())

    def quantile(self, probability: float) -> float:
        """The standard deviation that is not exceeded with this probability."""
        return float(self.sd[np.searchsorted(np.cumsum(self.weight), probability - 1e-12)])


class BenchmarkErrors(NamedTuple):
    """Each benchmark against the level, oldest first, and the covariance of the errors in squared logits.

    `table` has `ERROR_COLUMNS`: the time, the wording ("" for the level), the `truth`, the level's `share` then,
    `error` in logits (above zero: too much was printed), its `se` from the waves alone, and the source.
    """

    table: pd.DataFrame
    covariance: Floats

    @property
    def bias(self) -> SharedBias:
        """What they say of the bias's size."""
        return SharedBias.learnt(self.table["error"].to_numpy(dtype=np.float64), self.covariance)


def benchmark_errors(
    benchmarks: Sequence[Benchmark], posterior: Posterior, dates: pd.DatetimeIndex, scales: Floats
) -> BenchmarkErrors:
    """Hold the level, on these `dates` and `scales` (one a benchmark), against what was true.

    A benchmark of a wording that no wave has asked is passed over.
    """
    variants = posterior.waves.combinations.names["variant"].to_numpy(str)
    asked = np.bincount(posterior.waves.combination, minlength=len(variants))
    kept, rows = [], scales.copy()
    for place, one in enumerate(benchmarks):
        mine = np.where(variants == one.variant, asked, 0)
        if one.variant and mine.any():
            rows[place] = np.eye(len(variants))[int(np.argmax(mine))]
        if not one.variant or mine.any():
            kept.append(place)
    if not kept:
        return BenchmarkErrors(pd.DataFrame(columns=list(ERROR_COLUMNS)), np.zeros((0, 0)))
    parts = posterior.joint(level_targets(day_number(dates[kept]) + NOON, rows[kept]))
    weights = posterior.weights
    means = np.array([mean for mean, _ in parts])
    centre = weights @ means
    covariance = np.einsum("c,cij->ij", weights, np.array([one for _, one in parts]))
    covariance += np.einsum("c,ci,cj->ij", weights, means - centre, means - centre)
    told = [benchmarks[place] for place in kept]
    truth = np.array([one.share for one in told])
    table = pd.DataFrame(
        {
            "start": [one.start for one in told],
            "end": [one.end for one in told],
            "variant": [one.variant for one in told],
            "truth": truth,
            "share": expit(centre),
            "error": centre - logit(truth),
            "se": np.sqrt(np.diag(covariance)),
            "source_title": [one.source_title for one in told],
            "source_url": [one.source_url for one in told],
        }
    )
    return BenchmarkErrors(table, covariance)
