"""Shares of independent samples."""

from __future__ import annotations

import numpy as np

from groundswell.arrays import Floats
from groundswell.simulate.scenarios import Scenario


def sampled(rng: np.random.Generator, scenario: Scenario, size: Floats, true: Floats) -> Floats:
    """Shares of independent samples whose variance is deff x dispersion x binomial.

    Above binomial the counts are beta-binomial (clusters of like-minded respondents), below it they are
    binomial from a larger sample.
    """
    factor = scenario.deff * scenario.dispersion
    if factor <= 1.0:
        larger = np.round(size / factor)
        return np.asarray(rng.binomial(larger.astype(np.int64), true) / larger)
    alike = (factor - 1.0) / (size - 1.0)
    concentration = (1.0 - alike) / alike
    clustered = rng.beta(true * concentration, (1.0 - true) * concentration)
    return np.asarray(rng.binomial(size.astype(np.int64), clustered) / size)
