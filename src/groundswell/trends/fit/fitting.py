"""Fitting: hyperparameters with the noise taken at the smoothed share, for given shocks, then their
posterior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.mode import LogDensity, Mode, climb, find_mode
from groundswell.trends.fit.outlying import Outlying, outlying_waves
from groundswell.trends.fit.own_noise import own_noise
from groundswell.trends.fit.quadrature import Grid, Integral, integral
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import log_prior, prior_median, prior_sd
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import HOUSE_YEARS, StateSpace, Targets
from groundswell.trends.model.system import YEAR

REFITS: Final = 2
# Fits that are only compared stop this near to the top, in log density.
NEAR_ENOUGH: Final = 0.05
# A fit that is made again with better noise stops this near.
ROUGHLY: Final = 0.3
# Series with more waves than this start from the fit of their last half as many, and find their outlying
# waves before shocks are weighed: their level is known too well for one to hide the other.
LONG: Final = 800
# How often far-off waves and noisy combinations are told apart, each given the other; once in a long series.
TURNS: Final = 3
# A wave whose weight changes by less than this part of what it had were it not far off needs no new fit.
SETTLED: Final = 0.1
# By waves × states: the longer the series, the narrower and more normal the posterior, and the dearer each point.
GRIDS: Final = (
    (300, Grid(2, 1.2, 7.0, spread=True, passes=3)),
    (4_000, Grid(2, 1.6, 4.5, spread=True)),
    (10_000, Grid(2, 1.7, 3.0, spread=False)),
    (20_000, Grid(1, 1.7, 3.0, spread=False)),
)
LEFT_AT_MODE: Final = Grid(0, 1.0, 0.0, spread=False)
# A posterior is not taken for wider than this many prior standard deviations in any direction.
WIDEST: Final = 1.2
# A posterior under a wider prior is taken along directions that are improved so many times less one.
FREED_PASSES: Final = 3
# How many prior standard deviations above its median a source of scatter is tried alone.
ALONE: Final = (2.0, 4.0)
# Days at which the level is asked how much the hyperparameters move it: so many, evenly over the waves.
ASKED: Final = 4


class Reconsidered(NamedTuple):
    """Which waves are far off, which combinations noisy (the `excess` ratios of `own_noise`) with which `common` excess
    sd, and whether the weight of any wave `moved` since the fit."""

    outlying: Outlying
    excess: Floats
    common: float
    moved: bool


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
    def covariance(self) -> Floats:
        """Covariance of the hyperparameters' logarithms by the curvature at the mode."""
        return bounded(self.mode.precision, prior_sd(self.names))

    @property
    def log_evidence(self) -> float:
        """Log of the probability of the waves under this choice, by Laplace's approximation."""
        _, determinant = np.linalg.slogdet(2.0 * np.pi * self.covariance)
        return float(self.mode.height + 0.5 * determinant)

    def spread(self, name: str) -> float:
        """Posterior standard deviation of the logarithm of one hyperparameter, by the curvature at the mode."""
        place = self.names.index(name)
        return float(np.sqrt(self.covariance[place, place]))

    def reconsidered(self) -> Reconsidered:
        """How far off each wave is and how noisy each combination, under this choice.

        Far-off waves come first: a few of them must not pass for the noise of their house, while waves that are far off
        in number are understood as noise in the next turn.
        """
        model, hyper, noise = self.model(), self.hyper, self.noise
        for _ in range(TURNS if len(self.waves) <= LONG else 1):
            outlying = outlying_waves(model, hyper, noise)
            noise = noise._replace(outlying=outlying.extra)
            noisy = own_noise(model, hyper, noise)
            hyper, noise = hyper | {"excess_sd": noisy.common}, noise._replace(excess=noisy.ratio)
        own = [
            model.error_variances(*each) - each[1].outlying
            for each in ((self.hyper, self.noise), (hyper, noise))
        ]
        own = [np.where(model.waves.rolling, outlying.own, each) for each in own]
        before, after = own[0] + self.noise.outlying, own[1] + noise.outlying
        moved = np.abs(1.0 / after - 1.0 / before) * np.minimum(*own) > SETTLED
        return Reconsidered(outlying, noisy.ratio, noisy.common, bool(moved.any()))

    def model(self, probes: Sequence[float] = ()) -> StateSpace:
        """The state space without targets."""
        return StateSpace(
            self.waves, self.shocks, house_years=self.house_years, probes=probes, still=self.still
        )


def bounded(precision: Floats, prior: Floats) -> Floats:
    """The covariance that belongs to a curvature, nowhere much wider than the prior: where a density does not bend
    down, its curvature does not say how wide it is."""
    scale = np.outer(prior, prior)
    values, ways = np.linalg.eigh(precision * scale)
    return np.asarray(scale * ((ways / np.maximum(values, WIDEST**-2.0)) @ ways.T))


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
    excess: Floats | None = None,
) -> Fitted:
    """Posterior mode of the hyperparameters.

    `near` is a fit of the same waves to start from; its noise and `house_years` are then kept, so that the
    two fits' evidence can be compared, and the mode is climbed to but not measured (see `settled`). A `still`
    level moves at shocks only. A fit is made `again` where other waves are `outlying` (variances to add, in
    squared logits) or combinations noisy (`excess`, see `own_noise`); its noise is new.
    """
    model = StateSpace(waves, shocks, house_years=near.house_years if near else house_years, still=still)
    names, share = model.names, expit(waves.log_odds)
    if near is not None:
        density = log_density(model, names, near.noise)
        mode = climb(density, *_start(names, near), NEAR_ENOUGH)
        return Fitted(waves, tuple(shocks), mode, names, near.noise, near.house_years, still)
    theta, precision = prior_median(names), None
    noise = Noise.at(waves, share, outlying, excess)
    if again is not None:
        theta, precision = _start(names, again)
    elif len(waves) > LONG:
        recent = fit_mode(waves.last(LONG // 2), house_years=house_years)
        theta, precision = _start(names, recent)
        precision = precision * len(waves) / len(recent.waves)
    for refit in range(REFITS if again is None else 1):
        share = expit(model.smooth(named(names, theta), noise).wave_mean)
        if refit and len(waves) > LONG:
            found = Fitted(waves, tuple(shocks), mode, names, noise, house_years, still).reconsidered()
            outlying, excess = found.outlying.extra, found.excess
            theta = np.where(np.array(names) == "excess_sd", np.log(found.common), theta)
        noise = Noise.at(waves, share, outlying, excess)
        density = log_density(model, names, noise)
        if refit == 0 and again is None:
            # The noise is still to move: the top need not be reached.
            mode = climb(density, theta, precision, ROUGHLY)
        else:
            others = _other_starts(density, names, len(waves)) if again is None else again.mode.others
            mode = find_mode(density, theta, precision, others)
        theta, precision = mode.theta, mode.precision
    return Fitted(waves, tuple(shocks), mode, names, noise, house_years, still)


def settled(fitted: Fitted) -> Fitted:
    """The fit with its mode looked for from every start and measured, if that was not done yet."""
    if fitted.mode.converged:
        return fitted
    density = log_density(fitted.model(), fitted.names, fitted.noise)
    others = _other_starts(density, fitted.names, len(fitted.waves))
    precision = np.asarray(np.linalg.inv(fitted.covariance))
    return replace(fitted, mode=find_mode(density, fitted.mode.theta, precision, others))


def _other_starts(density: LogDensity, names: tuple[str, ...], waves: int) -> Sequence[Floats]:
    """Where else the search for the mode starts; a long series starts from where its own last part led."""
    return () if waves > LONG else sources(density, names)


def sources(density: LogDensity, names: tuple[str, ...]) -> list[Floats]:
    """Where one source of scatter at a time, the level, the houses or the waves' errors, explains all of it.

    Each such explanation may be a top of its own, far above the prior median from which the search starts.
    """
    median, prior = prior_median(names), prior_sd(names)
    ways = [
        prior[place] * np.eye(len(names))[place] for place, name in enumerate(names) if name != "decay_days"
    ]
    return [max((median + above * way for above in ALONE), key=density) for way in ways]


def _start(names: tuple[str, ...], near: Fitted) -> tuple[Floats, Floats]:
    """Where a fit near another starts, and how curved it expects to be there; what is new is as in the
    prior."""
    theta, precision = prior_median(names), np.diag(prior_sd(names) ** -2.0)
    ours = [place for place, name in enumerate(names) if name in near.names]
    theirs = [near.names.index(names[place]) for place in ours]
    theta[ours] = near.mode.theta[theirs]
    precision[np.ix_(ours, ours)] = np.linalg.inv(near.covariance)[np.ix_(theirs, theirs)]
    return theta, precision


def integrate(fitted: Fitted, wider: str | None = None) -> Integral:
    """The hyperparameters' posterior under one choice of shocks; `wider` names one whose prior is taken wider."""
    model, mode = fitted.model(), fitted.mode
    each = grid(model)
    if not each.wide:
        return Integral(mode.theta[None, :], np.ones(1), fitted.log_evidence)
    density = log_density(model, fitted.names, fitted.noise, wider)
    precision, prior = mode.precision, prior_sd(fitted.names)
    if wider is not None:
        freed = prior_sd(fitted.names, wider)
        precision = precision - np.diag(prior**-2.0 - freed**-2.0)
        each, prior = each._replace(passes=FREED_PASSES), freed
    return integral(density, mode.theta, bounded(precision, prior), each, _level_effects(fitted))


def _level_effects(fitted: Fitted) -> Callable[[Floats], Floats]:
    """What hyperparameters do to the level from the first wave to a year after the last: its mean, in standard
    deviations at the mode, and the logarithm of its standard deviation."""
    day = fitted.waves.midpoint
    days = np.append(np.linspace(day[0], day[-1], ASKED), day[-1] + YEAR)
    targets = Targets(days, np.ones(len(days)), np.zeros((len(days), len(fitted.waves.combinations.first))))
    model = StateSpace(fitted.waves, fitted.shocks, targets, fitted.house_years, still=fitted.still)
    sd = np.sqrt(model.smooth(fitted.hyper, fitted.noise).target_variance)

    def effects(theta: Floats) -> Floats:
        level = model.smooth(named(fitted.names, theta), fitted.noise)
        return np.concatenate([level.target_mean / sd, 0.5 * np.log(level.target_variance)])

    return effects


def grid(model: StateSpace) -> Grid:
    """How the hyperparameters' posterior is taken."""
    # Windows that share respondents narrow the posterior no more than those that share none.
    size = int(model.waves.apart.sum()) * (model.states - model.system.running.slots)
    return next((each for limit, each in GRIDS if size <= limit), LEFT_AT_MODE)


def log_density(
    model: StateSpace, names: tuple[str, ...], noise: Noise, wider: str | None = None
) -> LogDensity:
    """The log of the posterior density of the hyperparameters' logarithms, but for a constant."""

    def density(theta: Floats) -> float:
        return model.loglike(named(names, theta), noise) + log_prior(names, theta, wider)

    return density
