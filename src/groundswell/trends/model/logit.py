"""The logit scale: where levels live, and what sampling error, rounding and ranges become on it.

A published share becomes its empirical logit; its sampling variance is taken at the *smoothed* share, because
at the observed share a sample that happens to be small also looks precise, and small shares lose their
coverage.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from groundswell.arrays import Floats

# Shares nearer to 0 or 1 than this are not told apart when a variance is taken at them.
SHARE_FLOOR: Final = 1e-6


def logit(share: ArrayLike) -> Floats:
    """Log odds of a share strictly between 0 and 1."""
    value = np.asarray(share, dtype=np.float64)
    return np.asarray(np.log(value) - np.log1p(-value))


def expit(log_odds: ArrayLike) -> Floats:
    """The share in [0, 1] that has these log odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(log_odds, dtype=np.float64))))


def empirical_logit(share: ArrayLike, n_effective: ArrayLike) -> Floats:
    """Logit with half a respondent added to each side, so that shares of exactly 0 and 1 stay finite.

    Source: Haldane 1956, Annals of Human Genetics 20; nearly unbiased for the true logit.
    """
    value, size = np.asarray(share, dtype=np.float64), np.asarray(n_effective, dtype=np.float64)
    return np.asarray(np.log(value * size + 0.5) - np.log((1.0 - value) * size + 0.5))


def logit_variance(share_variance: ArrayLike, share: ArrayLike) -> Floats:
    """Variance in squared logits of an error with `share_variance` (squared share units) around `share`."""
    return np.asarray(np.asarray(share_variance, dtype=np.float64) / _spread(share) ** 2)


def sampling_variance(share: ArrayLike, n_effective: ArrayLike) -> Floats:
    """Sampling variance in squared logits of a share estimated from `n_effective` respondents."""
    return np.asarray(1.0 / (np.asarray(n_effective, dtype=np.float64) * _spread(share)))


def uniform_variance(width: ArrayLike) -> Floats:
    """Variance of a number known only to lie in an interval of this `width`: what rounding and ranges add."""
    return np.asarray(np.asarray(width, dtype=np.float64) ** 2 / 12.0)


def _spread(share: ArrayLike) -> Floats:
    value = np.clip(np.asarray(share, dtype=np.float64), SHARE_FLOOR, 1.0 - SHARE_FLOOR)
    return np.asarray(value * (1.0 - value))
