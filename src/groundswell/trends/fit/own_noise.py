"""Noise of its own: a combination whose waves scatter more than others' pays for it alone.

One common excess variance makes every house pay for one noisy wording. So each combination has an excess standard
deviation of its own: the common one times a factor that is log-normal around 1 (`FACTOR_LOG_SD` of its logarithm), so
that a combination of few or ordinary waves stays near the common one. The factors are those most probable given the
other hyperparameters, and the common excess moves with them; the fit is then made again with the factors as they are,
and the common excess is integrated over. Worked example: in a series whose excess sd is 0.04, two waves of one wording
contradict each other by 0.9 logits; with factors they get an excess sd of about 0.3, without them everyone gets 0.14.

The slope of the likelihood in a wave's variance comes from the same pass of filter and smoother as the likelihood
(see `StateSpace.evidence`), and so does its curvature, roughly: few passes lead to the top. Rolling windows have their
excess in the running means that they share, not in an error of each: theirs stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.ascent import Place, ascend
from groundswell.trends.model.measurement import Noise
from groundswell.trends.model.priors import PRIORS
from groundswell.trends.model.statespace import StateSpace

FACTOR_LOG_SD: Final = 1.0
# Of the log posterior, for each wave: the top of the factors is flat, and is looked for again with every fit.
NEAR_ENOUGH: Final = 2e-6


class OwnNoise(NamedTuple):
    """By how much each combination's excess variance exceeds the common one (a `ratio`, shape (combinations,)), and the
    `common` excess sd that goes with it, in logits."""

    ratio: Floats
    common: float


def own_noise(model: StateSpace, hyper: Mapping[str, float], noise: Noise) -> OwnNoise:
    """The factors most probable given the other hyperparameters of a fit and the noise known."""
    prior, size = PRIORS["excess_sd"], len(noise.excess)
    combination = model.waves.combination
    rolling = np.isin(np.arange(size), combination[model.waves.rolling])
    if rolling.all():
        return OwnNoise(noise.excess, hyper["excess_sd"])
    widths = np.append(prior.log_sd, np.full(size, FACTOR_LOG_SD))

    def read(z: Floats) -> tuple[float, Floats]:
        """The common excess sd and the ratios at standardised logarithms: of the common one, then of the factors."""
        logs = widths * z
        common = prior.median * float(np.exp(logs[0]))
        kept = noise.excess * (hyper["excess_sd"] / common) ** 2
        return common, np.where(rolling, kept, np.exp(2.0 * logs[1:]))

    def look(z: Floats) -> tuple[Place, Floats]:
        """The log posterior, and its negative Hessian, roughly: both what is seen there and what is expected say how
        fast the pull of a wave on its variance gives way."""
        common, ratio = read(z)
        there, louder = {**hyper, "excess_sd": common}, noise._replace(excess=ratio)
        loglike, pull, information = model.evidence(there, louder)
        moved = np.where(rolling, 0.0, 2.0 * common**2 * ratio)[combination]
        slope = 0.5 * moved * (pull**2 - information)
        bend = 0.5 * moved**2 * information * (information + pull**2)
        slopes, bends = (np.bincount(combination, each, minlength=size) for each in (slope, bend))
        curvature = np.diag(np.append(bends.sum(), bends))
        curvature[0, 1:] = curvature[1:, 0] = bends
        place = Place(z, loglike - 0.5 * float(z @ z), widths * np.append(slopes.sum(), slopes) - z)
        return place, curvature * np.outer(widths, widths) + np.eye(len(z))

    start = np.append(np.log(hyper["excess_sd"] / prior.median), 0.5 * np.log(noise.excess)) / widths
    first, curvature = look(start)
    common, ratio = read(ascend(lambda z: look(z)[0], first, curvature, NEAR_ENOUGH * len(model.waves)).at)
    return OwnNoise(ratio, common)
