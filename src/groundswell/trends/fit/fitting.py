"""Fitting: hyperparameters with the noise taken at the smoothed share, for given shocks, then their
posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.mode import GOOD_ENOUGH, LogDensity, Mode, find_mode, quadrature, sharpen
from groundswell.trends.fit.outlying import Outlying, outlying_waves
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import log_prior, prior_median, prior_sd
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import HOUSE_YEARS, StateSpace

REFITS: Final = 2
# Fits that are only compared stop this near to the top, in log density.
NEAR_ENOUGH: Final = 0.05
# A fit that is made again with better noise stops this near.
ROUGHLY: Final = 0.3
# Series with more waves than this start from the fit of their last half as many, and find their outlying
# waves before shocks are weighed: their level is known too well for one to hide the other.
LONG: Final = 800
# Beyond so many waves × states the posterior is narrow and each smoothing slow: fewer directions are
# integrated.
AFFORDABLE: Final = ((4_000, 3), (10_000, 2), (20_000, 1))


@dataclass(frozen=True)
class Fitted:
    """The posterior mode for one choice of shocks, and the noise at the share that it smooths to."""

    waves: Waves
    shocks: tuple[Shock, ...]
    mode: Mode
    names: tuple[str, ...]
    noise: Noise
    house_years: float
    still: bool

    @property
    def hyper(self) -> dict[str, float]:
        """Hyperparameters at the mode, by name."""
        return named(self.names, self.mode.theta)

    @property
    def log_evidence(self) -> float:
        """Log of the probability of the waves under this choice, by Laplace's approximation."""
        _, determinant = np.linalg.slogdet(self.mode.precision / (2.0 * np.pi))
        return float(self.mode.height - 0.5 * determinant)

    def spread(self, name: str) -> float:
        """Posterior standard deviation of the logarithm of one hyperparameter."""
        place = self.names.index(name)
        return float(np.sqrt(np.linalg.inv(self.mode.precision)[place, place]))

    def outlying(self) -> Outlying:
        """How far off each wave is under this choice."""
        return outlying_waves(self.model(), self.hyper, self.noise)

    def model(self, probes: Sequence[float] = ()) -> StateSpace:
        """The state space without targets."""
        return StateSpace(
            self.waves, self.shocks, house_years=self.house_years, probes=probes, still=self.still
        )


@dataclass(frozen=True)
class Component:
    """One hyperparameter point under one choice of shocks, and its share of the posterior."""

    shocks: tuple[Shock, ...]
    hyper: Mapping[str, float]
    weight: float


def named(names: tuple[str, ...], theta: Floats) -> dict[str, float]:
    """Hyperparameters on their own scale from their logarithms."""
    return dict(zip(names, np.exp(np.clip(theta, -30.0, 30.0)).tolist(), strict=True))


def fit_mode(
    waves: Waves,
    shocks: Sequence[Shock] = (),
    near: Fitted | None = None,
    *,
    house_years: float = HOUSE_YEARS,
    still: bool = False,
    again: Fitted | None = None,
    outlying: Floats | None = None,
) -> Fitted:
    """Posterior mode of the hyperparameters.

    `near` is a fit of the same waves to start from; its noise and `house_years` are then kept, so that the
    two fits' evidence can be compared. A `still` level moves at shocks only. A fit is made `again` where other
    waves are `outlying` (variances to add, in squared logits); its noise is new.
    """
    model = StateSpace(waves, shocks, house_years=near.house_years if near else house_years, still=still)
    names, share = model.names, expit(waves.log_odds)
    if near is not None:
        density = _density(model, names, near.noise)
        mode = find_mode(density, *_start(names, near), NEAR_ENOUGH)
        return Fitted(waves, tuple(shocks), mode, names, near.noise, near.house_years, still)
    theta, precision = prior_median(names), None
    noise = Noise.at(waves, share, outlying)
    if again is not None:
        theta, precision = _start(names, again)
    elif len(waves) > LONG:
        recent = fit_mode(waves.last(LONG // 2), house_years=house_years)
        theta, precision = _start(names, recent)
        precision = precision * len(waves) / len(recent.waves)
    for refit in range(REFITS if again is None else 1):
        share = expit(model.smooth(named(names, theta), noise).wave_mean)
        if refit and len(waves) > LONG:
            outlying = outlying_waves(model, named(names, theta), noise).extra
        noise = Noise.at(waves, share, outlying)
        density = _density(model, names, noise)
        # Where the noise is still to move, the top need not be reached.
        rough = refit == 0 and again is None
        mode = find_mode(density, theta, precision, ROUGHLY if rough else GOOD_ENOUGH)
        theta, precision = mode.theta, mode.precision
    return Fitted(waves, tuple(shocks), sharpen(density, mode), names, noise, house_years, still)


def _start(names: tuple[str, ...], near: Fitted) -> tuple[Floats, Floats]:
    """Where a fit near another starts, and how curved it expects to be there; what is new is as in the
    prior."""
    theta, precision = prior_median(names), np.diag(prior_sd(names) ** -2.0)
    ours = [place for place, name in enumerate(names) if name in near.names]
    theirs = [near.names.index(names[place]) for place in ours]
    theta[ours] = near.mode.theta[theirs]
    precision[np.ix_(ours, ours)] = near.mode.precision[np.ix_(theirs, theirs)]
    return theta, precision


def integrate(fitted: Fitted, weight: float = 1.0) -> list[Component]:
    """Quadrature points of the hyperparameters under one choice of shocks, whose own weight is shared out."""
    model = fitted.model()
    density, wide = _density(model, fitted.names, fitted.noise), directions(model)
    mode = sharpen(density, fitted.mode) if wide else fitted.mode
    points = quadrature(density, mode, wide)
    return [
        Component(fitted.shocks, named(fitted.names, point.theta), weight * point.weight) for point in points
    ]


def directions(model: StateSpace) -> int:
    """How many directions of the hyperparameters' posterior are integrated over."""
    # Windows that share respondents narrow the posterior no more than those that share none.
    size = int(model.waves.apart.sum()) * (model.states - model.running.slots)
    return next((count for limit, count in AFFORDABLE if size <= limit), 0)


def _density(model: StateSpace, names: tuple[str, ...], noise: Noise) -> LogDensity:
    def density(theta: Floats) -> float:
        return model.loglike(named(names, theta), noise) + log_prior(names, theta)

    return density
