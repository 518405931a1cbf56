"""Priors of the hyperparameters: weak, independent, log-normal, on scales that a reader can picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from groundswell.arrays import Floats


@dataclass(frozen=True)
class Prior:
    """A log-normal prior: its median, and the standard deviation of the logarithm."""

    median: float
    log_sd: float
    unit: str

    @property
    def interval95(self) -> tuple[float, float]:
        """The central 95% of the prior, in `unit`."""
        low, high = (self.median * float(np.exp(sign * 1.96 * self.log_sd)) for sign in (-1, 1))
        return low, high


# At a share of one half, 0.1 logit is 2.5 points. An excess of that size is within its prior: where it was not, few
# waves could not show it, and intervals were too narrow.
PRIORS: Final[dict[str, Prior]] = {
    "level_sd": Prior(0.25, 1.0, "logits a year"),
    "house_sd": Prior(0.1, 0.6, "logits"),
    "dispersion": Prior(1.0, 0.5, ""),
    "excess_sd": Prior(0.04, 0.8, "logits"),
    "window_sd": Prior(0.01, 0.7, "logits"),
    "decay_days": Prior(85.0, 0.5, "days"),
    "domain_sd": Prior(0.2, 1.0, "logits"),
    "domain_walk_sd": Prior(0.1, 1.0, "logits a year"),
    "own_sd": Prior(0.1, 1.0, "logits a year"),
}
# How many times as fast the level moved in an earlier stretch as in the newest one (`pace_1`: the one before it).
PACE: Final = Prior(1.0, 1.0, "times")
PACE_NAME: Final = "pace_"
# How many times as fast it moves in one part of a series as on the whole (`speed_1`: the oldest part; see `clock`).
SPEED: Final = Prior(1.0, 1.0, "times")
SPEED_NAME: Final = "speed_"

# How much wider a prior is where it is asked what it decides.
WIDER: Final = 2.0

# Sizes of shocks, and distances between a house's own combinations, in logits (standard deviations of normal
# priors).
SHOCK_SD: Final = 0.8
# By how much a combination that responds otherwise to a shock jumps more, or less, than the others.
OTHERWISE_SD: Final = 0.4
SWITCH_SD: Final = 0.5
# The level on the first day: any share from 0.0001 to 0.9999 is within two of these.
FIRST_LEVEL_SD: Final = 5.0


def prior_of(name: str) -> Prior:
    """The prior of a hyperparameter by its name."""
    if name.startswith(SPEED_NAME):
        return SPEED
    return PACE if name.startswith(PACE_NAME) else PRIORS[name]


def pace_names(earlier: int) -> tuple[str, ...]:
    """Names of the paces of so many earlier stretches, the latest of them first."""
    return tuple(f"{PACE_NAME}{number}" for number in range(1, earlier + 1))


def log_prior(names: tuple[str, ...], theta: Floats, wider: str | None = None) -> float:
    """Log density of the hyperparameters whose logarithms are `theta`, with respect to those logarithms.

    `wider` as in `prior_sd`.
    """
    median, spread, top = _normal(names, wider)
    z = (theta - median) / spread
    return float(top - 0.5 * z @ z)


@cache
def _normal(names: tuple[str, ...], wider: str | None) -> tuple[Floats, Floats, float]:
    """Centre and width of the prior of the logarithms, and its log density at the centre: asked hundreds of times."""
    spread = prior_sd(names, wider)
    return prior_median(names), spread, float(-np.log(spread).sum() - 0.5 * len(names) * np.log(2.0 * np.pi))


def prior_median(names: tuple[str, ...]) -> Floats:
    """Logarithms of the prior medians."""
    return np.log([prior_of(name).median for name in names])


def prior_sd(names: tuple[str, ...], wider: str | None = None) -> Floats:
    """Prior standard deviations of the logarithms; that of `wider` is taken `WIDER` times as large, that of all speeds
    together where it is `SPEED_NAME`: they have one prior."""
    return np.array(
        [prior_of(name).log_sd * (WIDER if shared_name(name) == wider else 1.0) for name in names]
    )


def shared_name(name: str) -> str:
    """What a hyperparameter's prior is asked for by: its own name, or that of all speeds."""
    return SPEED_NAME if name.startswith(SPEED_NAME) else name
