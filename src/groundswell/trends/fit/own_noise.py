"""Noise of its own: a combination whose waves scatter more than others' pays for it alone.

One common excess variance makes every house pay for one noisy wording. So each combination has an excess standard
deviation of its own: the common one times a factor that is log-normal around 1 (`FACTOR_LOG_SD` of its logarithm), so
that a combination of few or ordinary waves stays near the common one. The factors are those most probable given the
other hyperparameters, and the common excess moves with them; the fit is then made again with the factors as they are,
and the common excess is integrated over. Worked example: in a series whose excess sd is 0.04, two waves of one wording
contradict each other by 0.9 logits; with factors they get an excess sd of about 0.3, without them everyone gets 0.14.

The slope of the likelihood in a wave's variance comes from the same pass of filter and smoother as the likelihood
(see `StateSpace.evidence`). Rolling windows have their excess in the running means that they share, not in an error of
each: theirs stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize

from groundswell.arrays import Floats
from groundswell.trends.model.measurement import Noise
from groundswell.trends.model.priors import PRIORS
from groundswell.trends.model.statespace import StateSpace

FACTOR_LOG_SD: Final = 1.0
# Of the log posterior, as a part of it: the top of the factors is flat, and is looked for again with every fit.
NEAR_ENOUGH: Final = 1e-5


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

    def loss(z: Floats) -> tuple[float, Floats]:
        """Minus the log posterior, and its slope."""
        common, ratio = read(z)
        there, louder = {**hyper, "excess_sd": common}, noise._replace(excess=ratio)
        loglike, pull, information = model.evidence(there, louder)
        slope = 0.5 * (pull**2 - information)
        moves = np.bincount(combination, slope * common**2 * ratio[combination], minlength=size)
        moves[rolling] = 0.0
        slopes = z - 2.0 * widths * np.append(moves.sum(), moves)
        return 0.5 * float(z @ z) - loglike, slopes

    start = np.append(np.log(hyper["excess_sd"] / prior.median), 0.5 * np.log(noise.excess)) / widths
    common, ratio = read(minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": NEAR_ENOUGH}).x)
    return OwnNoise(ratio, common)
