"""The trend as a linear Gaussian state space at observation times, filtered and smoothed by statsmodels.

States: the level (a random walk in continuous time); K − 1 contrasts between K houses (see `houses`;
Ornstein-Uhlenbeck processes with one time constant, so that the K house effects, weighted as `houses` says, sum
to zero on every day); one constant for every combination of a house beyond its first; one constant size for every
shock, and one for what each combination that responds otherwise adds to it; one for every part of a sampling error
that several waves share, while they do; one for every open rolling window (see `running_means`). One row a wave, in
time order, and one a bridge, whose observation is the distance of two combinations; asked-for dates, and days on which
a rolling window opens, are rows without an observation. Source: Durbin & Koopman 2012, Time Series Analysis by State
Space Methods, chapters 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats, Ints
from groundswell.trends.model.joint import joint_covariance
from groundswell.trends.model.kalman import Pass
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.rows import Rows
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.system import System

HOUSE_YEARS: Final = 4.0


class Targets(NamedTuple):
    """What is asked for: moments in days, each with its weights on the level and on every combination.

    `level` has shape (targets,), `combinations` (targets, combinations): the target is level × weight plus
    the combinations' effects × their weights, in logits. `responses`, of the same shape, weighs what combinations add
    to a shock of their own; by default as their effects.
    """

    day: Floats
    level: Floats
    combinations: Floats
    responses: Floats | None = None


class Smoothed(NamedTuple):
    """Posterior of each wave's expectation and of each target, in logits."""

    wave_mean: Floats
    target_mean: Floats
    target_variance: Floats


class StateSpace:
    """The model for some waves, shocks and targets; hyperparameters are given at each call.

    Hyperparameters, all positive: `level_sd` (logits a year, of the newest stretch between breaks), `house_sd`
    (logits), `dispersion` (multiplies the sampling variance), `excess_sd` (logits), `window_sd` (logits, the error of
    each rolling window by itself), `decay_days`, and for every earlier stretch a `pace`, by which its `level_sd`
    differs from the newest one's. With a `speed` for each part of the series (see `clock`) the level moves so many
    times as fast there; without, at one speed.
    """

    def __init__(
        self,
        waves: Waves,
        shocks: Sequence[Shock] = (),
        targets: Targets | None = None,
        house_years: float = HOUSE_YEARS,
        probes: Sequence[float] = (),
        still: bool = False,
    ) -> None:
        self.waves, self.shocks, self.targets = waves, tuple(shocks), targets
        self._still = still
        self.rows = Rows.of(waves, np.empty(0) if targets is None else targets.day)
        self._combinations = np.empty((0, len(waves.combinations.first)))
        if targets is not None:
            self._combinations = targets.combinations
        own = self._combinations if targets is None or targets.responses is None else targets.responses
        level = np.empty(0) if targets is None else targets.level
        self.system = System(
            waves, self.shocks, self.rows, level, self._combinations, own, house_years, probes
        )
        self._kalman = self.system.kalman

    @property
    def names(self) -> tuple[str, ...]:
        """The hyperparameters that this model has."""
        house = ("house_sd",) if self.system.layout.house_states else ()
        decay = ("decay_days",) if any(shock.shape == "decay" for shock in self.shocks) else ()
        level = () if self._still else ("level_sd",)
        window = ("window_sd",) if self.system.running.slots else ()
        paces = () if self._still else self.system.paces
        return (*level, *house, "dispersion", "excess_sd", *window, *decay, *paces)

    @property
    def states(self) -> int:
        """Number of states."""
        return self.system.states

    def loglike(self, hyper: Mapping[str, float], noise: Noise) -> float:
        """Log-likelihood of the waves' logits; `noise` holds the variances of their errors."""
        self.system.set(hyper, noise)
        return self._kalman.loglike()

    def smooth(self, hyper: Mapping[str, float], noise: Noise) -> Smoothed:
        """Posterior of every wave's expectation and of every target."""
        self.system.set(hyper, noise)
        system, found, design = self.system, self._kalman.smooth(), self._kalman.design[0].T.copy()
        # A wave's expectation is without its error.
        design[:, system.error_states] = design[:, system.running_states] = 0.0
        mean = np.einsum("rs,rs->r", design, found.mean)
        mean[system.window_rows] += system.running.mean_of(found.mean[:, 0])
        asked = self.rows.asked
        variance = found.variance(asked, design[asked]) + (self._stateless_effects(hyper) ** 2).sum(axis=1)
        return Smoothed(mean[self.rows.waves], mean[asked], np.maximum(variance, 0.0))

    def shock_sizes(
        self, hyper: Mapping[str, float], noise: Noise, combination: int | None = None
    ) -> tuple[Floats, Floats]:
        """Posterior mean and variance of each shock's size, as all have it in common or as one combination measures
        it."""
        self.system.set(hyper, noise)
        found, system = self._kalman.smooth(), self.system
        design = np.eye(self.states)[system.size_states]
        adds = [(number, one) for number, shock in enumerate(self.shocks) for one in shock.otherwise]
        for state, (number, one) in zip(system.own_states, adds, strict=True):
            design[number, state] = float(one == combination)
        variance = found.variance(np.zeros(len(design), dtype=np.intp), design)
        return design @ found.mean[0], np.maximum(variance, 0.0)

    def surprises(self, hyper: Mapping[str, float], noise: Noise) -> Floats:
        """How far each wave is from its forecast by those before it, in standard deviations; NaN if it has no share."""
        self.system.set(hyper, noise)
        error, variance = self._kalman.forecasts()
        return np.asarray((error / np.sqrt(variance))[self.rows.waves])

    def error_variances(self, hyper: Mapping[str, float], noise: Noise) -> Floats:
        """The variance of each wave's error apart from what it shares, before the wave is looked at."""
        self.system.set(hyper, noise)
        return np.asarray(self._kalman.obs_cov[0, 0, self.rows.waves])

    def wave_errors(self, hyper: Mapping[str, float], noise: Noise) -> tuple[Floats, Floats, Floats]:
        """Each wave's error apart from what it shares: variance before, posterior mean and variance."""
        _, pull, information = self.evidence(hyper, noise)
        variance = self._kalman.obs_cov[0, 0, self.rows.waves]
        return variance, variance * pull, variance - variance**2 * information

    def evidence(self, hyper: Mapping[str, float], noise: Noise) -> tuple[float, Floats, Floats]:
        """The log-likelihood, and what it says of each wave's error apart from what it shares: by how much the error
        is pulled from zero, and how much all other waves know of it.

        With the error's variance h, its posterior mean is h × pull and its variance h − h² × information; the
        log-likelihood grows with h at the rate (pull² − information) / 2. Source: Durbin & Koopman 2012, sections 4.5
        and 7.3.3.
        """
        self.system.set(hyper, noise)
        found = self._kalman.smooth()
        return found.loglike, *self._errors_of(found)

    def _errors_of(self, found: Pass) -> tuple[Floats, Floats]:
        """Of each wave's error apart from what it shares: the pull, and what all other waves know of it."""
        pull = found.error / found.error_variance - np.einsum("rs,rs->r", found.gain, found.r_after)
        known = np.einsum("rs,rs->r", found.gain, np.matmul(found.n_after, found.gain[:, :, None])[:, :, 0])
        return pull[self.rows.waves], (1.0 / found.error_variance + known)[self.rows.waves]

    def evidence_of_speeds(self, hyper: Mapping[str, float], noise: Noise) -> tuple[float, Floats]:
        """The log-likelihood, and its slope in the logarithm of the level's speed in each part of the series.

        The slope in the covariance Q of what moves the states before a row is (r rᵀ − N) / 2. Source: as of `evidence`.
        """
        self.system.set(hyper, noise)
        system, found, walk = self.system, self._kalman.smooth(), self.system.walk(hyper)
        states, gains = system.walk_gains(walk)
        r, n = found.r_after[:, states], found.n_after[:, states][:, :, states]
        by_row = np.einsum("rij,rij->r", r[:, :, None] * r[:, None, :] - n, gains)
        pull, information = self._errors_of(found)
        by_wave = (pull**2 - information) * walk.waves * self.waves.spread_days
        slope = system.clock.slopes(by_row, by_wave, hyper)
        return found.loglike, slope

    def joint(self, hypers: Sequence[Mapping[str, float]], noise: Noise) -> tuple[Floats, Floats]:
        """Posterior mean and covariance of all targets together at each of several hyperparameters.

        Shapes (hypers, targets) and (hypers, targets, targets).
        """
        asked = self.rows.asked
        rows = np.arange(asked.min(), asked.max() + 1)
        passes = [self._joint_pass(hyper, noise, asked, rows) for hyper in hypers]
        mean, *parts = (np.array(part) for part in zip(*passes, strict=True))
        covariance = joint_covariance(asked, rows, self._kalman.transition, *parts)
        apart = np.array([self._stateless_effects(hyper) for hyper in hypers])
        return mean, covariance + apart @ apart.transpose(0, 2, 1)

    def _joint_pass(
        self, hyper: Mapping[str, float], noise: Noise, asked: Ints, rows: Ints
    ) -> tuple[Floats, ...]:
        """What `joint` needs of one smoothing: means; by row what is left of the level, design and gain; P and N at the
        targets."""
        self.system.set(hyper, noise)
        found, design = self._kalman.smooth(), self._kalman.design[0].T
        mean = np.einsum("rs,rs->r", design[asked], found.mean[asked])
        kept = self._kalman.transition[0, 0, rows]
        return mean, kept, design[rows], found.gain[rows], found.predicted[asked], found.n_from[asked]

    def jumps(self, hyper: Mapping[str, float], noise: Noise) -> tuple[Floats, Floats]:
        """Evidence for a jump just before each wave: score and information of its size, shapes (shapes,
        waves).

        The first shape is a lasting step, the others fade with the time constants `probes`. Given the
        hyperparameters, a size s changes the log-likelihood by s × score − s² × information / 2.
        Source: de Jong & Penzer 1998, Journal of the American Statistical Association 93.
        """
        self.system.set(hyper, noise)
        found, places = self._kalman.smooth(), self.rows.waves
        states = np.array([0, *range(self.states - len(self.system.probes), self.states)])
        return found.r_from[places][:, states].T, found.n_from[places][:, states, states].T

    def _stateless_effects(self, hyper: Mapping[str, float]) -> Floats:
        """Standard deviation that each combination without a state gives each target, in logits."""
        return np.asarray(hyper.get("house_sd", 0.0) * self._combinations * self.system.layout.stateless)
