"""Waves that are far off: a few figures are wrong by more than sampling and excess error explain.

A misprint, another question under the same name, a field force that failed: each wave has a small chance of
a further error of standard deviation `FAR` logits (ten points at one half). How probable that is for a wave
is read off its distance from what all other waves say of it, and the wave then counts for as much less. The
rate is learnt with it. A normal mixture for the errors, each wave weighed given the others' weights; source:
Box & Tiao 1968, Biometrika 55 (a Bayesian approach to some outlier problems).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import Noise
from groundswell.trends.model.statespace import StateSpace

FAR: Final = 0.4
# What is known of the rate beforehand: one far-off wave in fifty.
PRIOR_FAR: Final = 1.0
PRIOR_WAVES: Final = 50.0
ROUNDS: Final = 3


class Outlying(NamedTuple):
    """Each wave's `probability` of being far off, the variance `extra` that its error then gets on average (in
    squared logits, shape (waves,)), the `rate`, and the variance that each wave has `own`, were it not far off."""

    probability: Floats
    extra: Floats
    rate: float
    own: Floats


def outlying_waves(model: StateSpace, hyper: Mapping[str, float], noise: Noise) -> Outlying:
    """How far off each wave is, given the hyperparameters and the noise of a fit."""
    before = noise.outlying
    variance, error, error_variance = model.wave_errors(hyper, noise)
    own = variance - before
    # Distance from the expectation without the wave itself, and that distance's variance but for outlying.
    information = (variance - error_variance) / variance**2
    distance = error / variance / information
    apart = np.maximum(1.0 / information - before, own)
    rate = PRIOR_FAR / PRIOR_WAVES
    for _ in range(ROUNDS):
        odds = np.log(rate / (1.0 - rate)) + 0.5 * (
            np.log(apart / (apart + FAR**2)) + distance**2 * (1.0 / apart - 1.0 / (apart + FAR**2))
        )
        probability = expit(odds)
        rate = float((PRIOR_FAR + probability.sum()) / (PRIOR_WAVES + len(probability)))
    # What a rolling window has by itself is next to nothing: it is weighed by what it says beyond its neighbours.
    own = np.where(model.waves.rolling, apart, own)
    weight = (1.0 - probability) + probability * own / (own + FAR**2)
    return Outlying(probability, own * (1.0 / weight - 1.0), rate, own)
