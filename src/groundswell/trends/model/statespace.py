"""The trend as a linear Gaussian state space at observation times, filtered and smoothed by statsmodels.

States: the level (a random walk in continuous time); K − 1 contrasts between K houses (see `houses`;
Ornstein-Uhlenbeck processes with one time constant, so that the K house effects, weighted as `houses` says, sum
to zero on every day); one constant for every combination of a house beyond its first; one constant size for every
shock; one for every part of a sampling error that several waves share, while they do; one for every open rolling
window (see `running_means`). One row a wave, in time order, and one a bridge, whose observation is the distance of two
combinations; asked-for dates, and days on which a rolling window opens, are rows without an observation. Source:
Durbin & Koopman 2012, Time Series Analysis by State Space Methods, chapters 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from statsmodels.tsa.statespace.kalman_smoother import (
    SMOOTHER_DISTURBANCE,
    SMOOTHER_DISTURBANCE_COV,
    SMOOTHER_STATE,
    SMOOTHER_STATE_COV,
    KalmanSmoother,
)

from groundswell.arrays import Floats, Ints
from groundswell.trends.model.houses import Layout
from groundswell.trends.model.joint import joint_covariance
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SHOCK_SD, SWITCH_SD, pace_names
from groundswell.trends.model.rows import Rows
from groundswell.trends.model.running_means import RunningMeans
from groundswell.trends.model.shock import Shock

YEAR: Final = 365.25
HOUSE_YEARS: Final = 4.0
_STATES: Final = SMOOTHER_STATE | SMOOTHER_STATE_COV


class Targets(NamedTuple):
    """What is asked for: moments in days, each with its weights on the level and on every combination.

    `level` has shape (targets,), `combinations` (targets, combinations): the target is level × weight plus
    the combinations' effects × their weights, in logits.
    """

    day: Floats
    level: Floats
    combinations: Floats


class Smoothed(NamedTuple):
    """Posterior of each wave's expectation, each target and each shock's size, in logits."""

    wave_mean: Floats
    target_mean: Floats
    target_variance: Floats
    size_mean: Floats
    size_variance: Floats


class StateSpace:
    """The model for some waves, shocks and targets; hyperparameters are given at each call.

    Hyperparameters, all positive: `level_sd` (logits a year, of the newest stretch between breaks), `house_sd`
    (logits), `dispersion` (multiplies the sampling variance), `excess_sd` (logits), `window_sd` (logits, the error of
    each rolling window by itself), `decay_days`, and for every earlier stretch a `pace`, by which its `level_sd`
    differs from the newest one's.
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
        self._probes, self._still = tuple(probes), still
        self.layout = Layout.of(waves)
        self.rows = Rows.of(waves, np.empty(0) if targets is None else targets.day)
        self.running = RunningMeans(waves, self.rows)
        # Of a row: over which days its wave holds the level, and with which weight.
        self._opened, self._closed = self.rows.moment.copy(), self.rows.moment.copy()
        self._opened[self.rows.waves], self._closed[self.rows.waves] = waves.opened, waves.closed
        self._level_weight = np.zeros(len(self.rows))
        self._level_weight[self.rows.waves] = 1.0
        if targets is not None:
            self._level_weight[self.rows.asked] = targets.level
        self._house_days = house_years * YEAR
        self._filter = self._build()

    @property
    def names(self) -> tuple[str, ...]:
        """The hyperparameters that this model has."""
        house = ("house_sd",) if self.layout.house_states else ()
        decay = ("decay_days",) if any(shock.shape == "decay" for shock in self.shocks) else ()
        level = () if self._still else ("level_sd",)
        window = ("window_sd",) if self.running.slots else ()
        paces = () if self._still else pace_names(int(self.waves.stretch.max()))
        return (*level, *house, "dispersion", "excess_sd", *window, *decay, *paces)

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self._filter.k_states)

    def loglike(self, hyper: Mapping[str, float], noise: Noise) -> float:
        """Log-likelihood of the waves' logits; `noise` holds the variances of their errors."""
        self._set(hyper, noise)
        return float(self._filter.loglike())

    def smooth(self, hyper: Mapping[str, float], noise: Noise) -> Smoothed:
        """Posterior of every wave's expectation and of every target."""
        self._set(hyper, noise)
        result = self._filter.smooth(
            smoother_output=_STATES, update_representation=False, update_filter=False
        )
        design = self._by_row("design")[0].copy()
        design[self._error_states] = design[self._running_states] = (
            0.0  # a wave's expectation is without its error
        )
        mean = np.einsum("sr,sr->r", design, result.smoothed_state)
        mean[self._window_rows] += self.running.mean_of(result.smoothed_state[0])
        asked = self.rows.asked
        variance = np.einsum(
            "sr,str,tr->r", design[:, asked], result.smoothed_state_cov[:, :, asked], design[:, asked]
        )
        variance += (self._stateless_effects(hyper) ** 2).sum(axis=1)
        sizes = np.arange(len(self.shocks)) + 1 + self.layout.combination_loadings.shape[1]
        return Smoothed(
            mean[self.rows.waves],
            mean[asked],
            np.maximum(variance, 0.0),
            result.smoothed_state[sizes, 0],
            result.smoothed_state_cov[sizes, sizes, 0],
        )

    def surprises(self, hyper: Mapping[str, float], noise: Noise) -> Floats:
        """Each wave's distance from its forecast by the waves before it, in standard deviations."""
        self._set(hyper, noise)
        result = self._filter.filter()
        place = self.rows.waves
        return np.asarray(result.forecasts_error[0, place] / np.sqrt(result.forecasts_error_cov[0, 0, place]))

    def wave_errors(self, hyper: Mapping[str, float], noise: Noise) -> tuple[Floats, Floats, Floats]:
        """Each wave's error apart from what it shares: variance before, posterior mean and variance."""
        self._set(hyper, noise)
        result = self._filter.smooth(
            smoother_output=SMOOTHER_DISTURBANCE | SMOOTHER_DISTURBANCE_COV,
            update_representation=False,
            update_filter=False,
        )
        place = self.rows.waves
        mean, variance = result.smoothed_measurement_disturbance, result.smoothed_measurement_disturbance_cov
        return self._by_row("obs_cov")[0, 0, place], mean[0, place], variance[0, 0, place]

    def joint(self, hypers: Sequence[Mapping[str, float]], noise: Noise) -> tuple[Floats, Floats]:
        """Posterior mean and covariance of all targets together at each of several hyperparameters.

        Shapes (hypers, targets) and (hypers, targets, targets).
        """
        asked = self.rows.asked
        rows = np.arange(asked.min(), asked.max() + 1)
        passes = [self._joint_pass(hyper, noise, asked, rows) for hyper in hypers]
        mean, *parts = (np.array(part) for part in zip(*passes, strict=True))
        covariance = joint_covariance(asked, rows, self._by_row("transition"), *parts)
        apart = np.array([self._stateless_effects(hyper) for hyper in hypers])
        return mean, covariance + apart @ apart.transpose(0, 2, 1)

    def _joint_pass(
        self, hyper: Mapping[str, float], noise: Noise, asked: Ints, rows: Ints
    ) -> tuple[Floats, ...]:
        """What `joint` needs of one smoothing: means, designs and gains by row, P and N at the targets."""
        self._set(hyper, noise)
        result = self._filter.smooth(smoother_output=_STATES)
        design = self._by_row("design")[0]
        mean = np.einsum("sr,sr->r", design[:, asked], result.smoothed_state[:, asked])
        # statsmodels stores N after each row; the covariance with a row's state needs N before it.
        before = result.scaled_smoothed_estimator_cov[:, :, asked - 1]
        first = result.scaled_smoothed_estimator_cov_presample[:, :, None]
        before = np.where(asked == 0, first, before)
        predicted = result.predicted_state_cov[:, :, asked]
        return mean, design[:, rows], result.kalman_gain[:, 0, rows], predicted, before

    def jumps(self, hyper: Mapping[str, float], noise: Noise) -> tuple[Floats, Floats]:
        """Evidence for a jump just before each wave: score and information of its size, shapes (shapes,
        waves).

        The first shape is a lasting step, the others fade with the time constants `probes`. Given the
        hyperparameters, a size s changes the log-likelihood by s × score − s² × information / 2.
        Source: de Jong & Penzer 1998, Journal of the American Statistical Association 93.
        """
        self._set(hyper, noise)
        result = self._filter.smooth(
            smoother_output=_STATES, update_representation=False, update_filter=False
        )
        states = [0, *range(self.states - len(self._probes), self.states)]
        # statsmodels stores r and N after each row; a jump at a row needs them before it.
        first = result.scaled_smoothed_estimator_presample[states, None]
        score = np.hstack([first, result.scaled_smoothed_estimator[states, :-1]])
        first = result.scaled_smoothed_estimator_cov_presample[states, states][:, None]
        information = np.hstack([first, result.scaled_smoothed_estimator_cov[states, states, :-1]])
        places = self.rows.waves
        return score[:, places], information[:, places]

    def _build(self) -> KalmanSmoother:
        effects, moving = self.layout.combination_loadings.shape[1], 1 + self.layout.house_states
        carried = np.concatenate([self._error_states, self._running_states])
        rows, states = len(self.rows), 1 + effects + len(self.shocks) + len(carried) + len(self._probes)
        noises = moving + len(carried)
        # Forcing symmetry costs a seventh of the likelihood and changes nothing where the noise is not zero.
        smoother = KalmanSmoother(k_endog=1, k_states=states, k_posdef=noises, stability_method=0)
        observed = np.full(rows, np.nan)
        observed[self.rows.waves] = self.waves.log_odds
        bridges = self.waves.bridges
        observed[self.rows.bridges] = bridges.distance
        smoother.bind(np.ascontiguousarray(observed[:, None]))
        design = np.zeros((1, states, rows), order="F")
        design[0, 0] = self._level_weight
        loadings = self.layout.combination_loadings
        design[0, 1 : 1 + effects, self.rows.waves] = loadings[self.waves.combination]
        design[0, 1 : 1 + effects, self.rows.bridges] = loadings[bridges.new] - loadings[bridges.old]
        if self.targets is not None:
            design[0, 1 : 1 + effects, self.rows.asked] = self.targets.combinations @ loadings
        transition = np.zeros((states, states, rows), order="F")
        transition[np.arange(states), np.arange(states)] = 1.0
        for state in range(1, moving):
            transition[state, state] = np.exp(-self.rows.gap / self._house_days)
        for state, days in enumerate(self._probes, start=states - len(self._probes)):
            design[0, state] = self._level_weight
            transition[state, state] = np.exp(-self.rows.gap / days)
            transition[self._running_states, state] = self.running.fading(days).T
        state_cov = np.zeros((noises, noises, rows), order="F")
        self.waves.errors.begin(transition, state_cov, self.rows.waves, self._error_states, moving)
        levels = [0, *range(states - len(self._probes), states)]
        self.running.take_over(design, transition, levels, self._running_states, self._window_rows)
        smoother["design"], smoother["transition"] = design, transition
        selection = np.eye(states, noises)
        selection[:, moving:] = np.eye(states)[:, carried]
        smoother["selection"], smoother["state_cov"] = selection, state_cov
        errors = np.ones((1, 1, rows), order="F")
        errors[0, 0, self.rows.bridges] = bridges.variance
        smoother["obs_cov"] = errors
        return smoother

    @property
    def _error_states(self) -> Ints:
        """Where the parts of shared errors sit."""
        first = 1 + self.layout.combination_loadings.shape[1] + len(self.shocks)
        return np.arange(first, first + self.waves.errors.loadings.shape[1])

    @property
    def _running_states(self) -> Ints:
        """Where the running means of rolling windows sit."""
        first = 1 + self.layout.combination_loadings.shape[1] + len(self.shocks)
        first += self.waves.errors.loadings.shape[1]
        return np.arange(first, first + self.running.slots)

    @property
    def _window_rows(self) -> Ints:
        """The rows of the rolling windows."""
        return self.rows.waves[self.running.windows]

    def _stateless_effects(self, hyper: Mapping[str, float]) -> Floats:
        """Standard deviation that each combination without a state gives each target, in logits."""
        targets = (
            np.empty((0, len(self.layout.stateless))) if self.targets is None else self.targets.combinations
        )
        return np.asarray(hyper.get("house_sd", 0.0) * targets * self.layout.stateless)

    def _by_row(self, name: str) -> Floats:
        """A system matrix with the rows as its last axis, which statsmodels drops where there is only one row."""
        matrix = self._filter[name]
        return np.asarray(matrix if matrix.ndim == 3 else matrix[:, :, None])

    def _set(self, hyper: Mapping[str, float], noise: Noise) -> None:
        """Write the hyperparameters into the system matrices."""
        smoother, waves, houses = self._filter, self.waves, self.layout.house_states
        paces = np.array([1.0, *(hyper.get(name, 1.0) for name in pace_names(int(waves.stretch.max())))])
        level_variance = hyper.get("level_sd", 0.0) ** 2 / YEAR * paces**2
        state_cov = self._by_row("state_cov")
        state_cov[0, 0] = level_variance[self.rows.stretch] * self.rows.gap
        # The prior of the level stands on the first wave; seen from an earlier date it is a walk backwards in time, so
        # that no answer depends on how far back another date is asked for.
        early, before = len(self.rows.ahead) - 1, FIRST_LEVEL_SD**2 + level_variance[-1] * self.rows.ahead
        nearer = before[1:] / before[:-1]
        state_cov[0, 0, :early] = before[1:] * (1.0 - nearer)
        self._by_row("transition")[0, 0, :early] = nearer
        if houses:
            moved = -np.expm1(-2.0 * self.rows.gap / self._house_days)
            state_cov[np.arange(1, 1 + houses), np.arange(1, 1 + houses)] = hyper["house_sd"] ** 2 * moved
        sampling = hyper["dispersion"] * noise.sampling
        excess = hyper["excess_sd"] ** 2 * noise.excess[waves.combination]
        # A rolling window has its excess in its running mean, and its sampling error unless a covariance was stated.
        counted = np.where(waves.rolling & ~waves.errors.stated, 0.0, waves.errors.own)
        self._by_row("obs_cov")[0, 0, self.rows.waves] = (
            sampling * counted
            + noise.rounding
            + np.where(waves.rolling, hyper.get("window_sd", 0.0) ** 2, excess)
            + noise.outlying
            + level_variance[waves.stretch] * waves.spread_days
            + hyper.get("house_sd", 0.0) ** 2 * self.layout.crowd
        )
        if self.running.slots:
            error = np.where(waves.errors.stated, 0.0, sampling) + excess
            walk = level_variance[self.rows.stretch]
            with_level, own = self.running.covariance(walk, error[self.running.windows])
            noises = slice(len(state_cov) - self.running.slots, None)
            state_cov[0, noises] = state_cov[noises, 0] = with_level.T
            state_cov[noises, noises] = own.transpose(1, 2, 0)
        shared = waves.errors.loadings * np.sqrt(sampling)[:, None]
        self._by_row("design")[0][np.ix_(self._error_states, self.rows.waves)] = shared.T
        for number, shock in enumerate(self.shocks, start=1 + self.layout.combination_loadings.shape[1]):
            height = shock.response(self._opened, self._closed, hyper.get("decay_days", 1.0))
            self._by_row("design")[0, number] = height * self._level_weight
        first = np.concatenate(
            [
                [np.sqrt(before[0])],
                np.full(houses, hyper.get("house_sd", 0.0)),
                np.full(self.layout.switches, SWITCH_SD),
                np.full(len(self.shocks), SHOCK_SD),
                np.ones(len(self._error_states)),
                np.zeros(self.running.slots + len(self._probes)),
            ]
        )
        smoother.initialize_known(np.zeros(len(first)), np.diag(first**2))
