"""The trend as a linear Gaussian state space at observation times, filtered and smoothed by statsmodels.

States: the level (a random walk in continuous time); K − 1 contrasts between K houses (see `houses`;
Ornstein-Uhlenbeck processes with one time constant, so that the K house effects, weighted as `houses` says, sum
to zero on every day); one constant for every combination of a house beyond its first; one constant size for every
shock; one for every part of a sampling error that several waves share, while they do. One row a wave, in time order;
asked-for dates are rows without an observation. Source: Durbin & Koopman 2012, Time Series Analysis by State Space
Methods, chapters 3 and 4.
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
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SHOCK_SD, SWITCH_SD, pace_names
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
    (logits), `dispersion` (multiplies the sampling variance), `excess_sd` (logits), `decay_days`, and for every
    earlier stretch a `pace`, by which its `level_sd` differs from the newest one's.
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
        asked = np.empty(0) if targets is None else targets.day
        moments = np.concatenate([waves.midpoint, asked])
        order = np.argsort(moments, kind="stable")
        self._place = np.argsort(order)
        self._gaps = np.append(np.diff(moments[order]), 0.0)
        # Days that lie between each asked-for date before the first wave and that wave, and a 0 for the wave.
        self._ahead = np.cumsum(self._gaps[: self._place[: len(waves)].min()][::-1])[::-1]
        self._ahead = np.append(self._ahead, 0.0)
        self._stretch = self._stretches(moments[order])
        self._opened = np.concatenate([waves.opened, asked])[order]
        self._closed = np.concatenate([waves.closed, asked])[order]
        self._house_days = house_years * YEAR
        self._level_weight = np.ones(len(moments))
        if targets is not None:
            self._level_weight[self._place[len(waves) :]] = targets.level
        self._filter = self._build(order)

    @property
    def names(self) -> tuple[str, ...]:
        """The hyperparameters that this model has."""
        house = ("house_sd",) if self.layout.house_states else ()
        decay = ("decay_days",) if any(shock.shape == "decay" for shock in self.shocks) else ()
        level = () if self._still else ("level_sd",)
        paces = () if self._still else pace_names(int(self.waves.stretch.max()))
        return (*level, *house, "dispersion", "excess_sd", *decay, *paces)

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
        design[self._error_states] = 0.0  # a wave's expectation is without its error
        mean = np.einsum("sr,sr->r", design, result.smoothed_state)
        asked = self._place[len(self.waves) :]
        variance = np.einsum(
            "sr,str,tr->r", design[:, asked], result.smoothed_state_cov[:, :, asked], design[:, asked]
        )
        variance += (self._stateless_effects(hyper) ** 2).sum(axis=1)
        sizes = np.arange(len(self.shocks)) + 1 + self.layout.combination_loadings.shape[1]
        return Smoothed(
            mean[self._place[: len(self.waves)]],
            mean[asked],
            np.maximum(variance, 0.0),
            result.smoothed_state[sizes, 0],
            result.smoothed_state_cov[sizes, sizes, 0],
        )

    def surprises(self, hyper: Mapping[str, float], noise: Noise) -> Floats:
        """Each wave's distance from its forecast by the waves before it, in standard deviations."""
        self._set(hyper, noise)
        result = self._filter.filter()
        place = self._place[: len(self.waves)]
        return np.asarray(result.forecasts_error[0, place] / np.sqrt(result.forecasts_error_cov[0, 0, place]))

    def wave_errors(self, hyper: Mapping[str, float], noise: Noise) -> tuple[Floats, Floats, Floats]:
        """Each wave's error apart from what it shares: variance before, posterior mean and variance."""
        self._set(hyper, noise)
        result = self._filter.smooth(
            smoother_output=SMOOTHER_DISTURBANCE | SMOOTHER_DISTURBANCE_COV,
            update_representation=False,
            update_filter=False,
        )
        place = self._place[: len(self.waves)]
        mean, variance = result.smoothed_measurement_disturbance, result.smoothed_measurement_disturbance_cov
        return self._by_row("obs_cov")[0, 0, place], mean[0, place], variance[0, 0, place]

    def joint(self, hypers: Sequence[Mapping[str, float]], noise: Noise) -> tuple[Floats, Floats]:
        """Posterior mean and covariance of all targets together at each of several hyperparameters.

        Shapes (hypers, targets) and (hypers, targets, targets). Source: Durbin & Koopman 2012, section 4.7:
        the covariance of two smoothed states is the earlier one's predicted covariance carried forward
        through the filter to the later one. One walk over the rows serves all hyperparameters.
        """
        asked = self._place[len(self.waves) :]
        rows = np.arange(asked.min(), asked.max() + 1)
        passes = [self._joint_pass(hyper, noise, asked, rows) for hyper in hypers]
        mean, design, gain, predicted, before = (np.array(part) for part in zip(*passes, strict=True))
        covariance = np.zeros((len(hypers), len(asked), len(asked)))
        carried = np.zeros((len(hypers), len(asked), self.states))
        target_at = dict(zip(asked.tolist(), range(len(asked)), strict=True))
        transition = self._by_row("transition")
        for place, row in enumerate(rows.tolist()):
            here = design[:, :, place, None]
            if (target := target_at.get(row)) is not None:
                carried[:, target] = (predicted[..., target] @ here)[..., 0]
                remaining = here - before[..., target] @ carried[:, target, :, None]
                covariance[:, target] = covariance[:, :, target] = (carried @ remaining)[..., 0]
            seen = (carried @ here) * gain[:, None, :, place]
            carried = carried @ transition[:, :, row].T - seen
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
        places = self._place[: len(self.waves)]
        return score[:, places], information[:, places]

    def _build(self, order: Ints) -> KalmanSmoother:
        effects = self.layout.combination_loadings.shape[1]
        errors, waves = self.waves.errors, len(self.waves)
        slots = errors.loadings.shape[1]
        rows, states = len(order), 1 + effects + len(self.shocks) + slots + len(self._probes)
        moving = 1 + self.layout.house_states
        # Forcing symmetry costs a seventh of the likelihood and changes nothing where the noise is not zero.
        smoother = KalmanSmoother(k_endog=1, k_states=states, k_posdef=moving + slots, stability_method=0)
        observed = np.concatenate([self.waves.log_odds, np.full(rows - waves, np.nan)])[order]
        smoother.bind(np.ascontiguousarray(observed[:, None]))
        loadings = self.layout.combination_loadings[self.waves.combination]
        if self.targets is not None:
            loadings = np.vstack([loadings, self.targets.combinations @ self.layout.combination_loadings])
        design = np.zeros((1, states, rows), order="F")
        design[0, 0] = self._level_weight
        design[0, 1 : 1 + loadings.shape[1]] = loadings[order].T
        transition = np.zeros((states, states, rows), order="F")
        transition[np.arange(states), np.arange(states)] = 1.0
        for state in range(1, moving):
            transition[state, state] = np.exp(-self._gaps / self._house_days)
        state_cov = np.zeros((moving + slots, moving + slots, rows), order="F")
        for wave in np.flatnonzero(errors.starts >= 0):
            # A part of an error begins with its wave: what was in its slot until then is forgotten.
            slot, before = errors.starts[wave], self._place[wave] - 1
            if before >= 0:
                transition[self._error_states[slot], self._error_states[slot], before] = 0.0
                state_cov[moving + slot, moving + slot, before] = 1.0
        for state, days in enumerate(self._probes, start=states - len(self._probes)):
            design[0, state] = self._level_weight
            transition[state, state] = np.exp(-self._gaps / days)
        smoother["design"], smoother["transition"] = design, transition
        selection = np.eye(states, moving + slots)
        selection[:, moving:] = np.eye(states)[:, self._error_states]
        smoother["selection"], smoother["state_cov"] = selection, state_cov
        smoother["obs_cov"] = np.ones((1, 1, rows), order="F")
        return smoother

    @property
    def _error_states(self) -> Ints:
        """Where the parts of shared errors sit."""
        first = 1 + self.layout.combination_loadings.shape[1] + len(self.shocks)
        return np.arange(first, first + self.waves.errors.loadings.shape[1])

    def _stateless_effects(self, hyper: Mapping[str, float]) -> Floats:
        """Standard deviation that each combination without a state gives each target, in logits."""
        targets = (
            np.empty((0, len(self.layout.stateless))) if self.targets is None else self.targets.combinations
        )
        return np.asarray(hyper.get("house_sd", 0.0) * targets * self.layout.stateless)

    def _stretches(self, moments: Floats) -> Ints:
        """The stretch of each row: the first wave after a break begins its own, so that no step lies in two."""
        begins = [
            self.waves.midpoint[self.waves.stretch <= one].min()
            for one in range(int(self.waves.stretch.max()))
        ]
        return np.asarray((moments[:, None] < np.array(begins)).sum(axis=1), dtype=np.intp)

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
        state_cov[0, 0] = level_variance[self._stretch] * self._gaps
        # The prior of the level stands on the first wave; seen from an earlier date it is a walk backwards in time, so
        # that no answer depends on how far back another date is asked for.
        early, before = len(self._ahead) - 1, FIRST_LEVEL_SD**2 + level_variance[-1] * self._ahead
        nearer = before[1:] / before[:-1]
        state_cov[0, 0, :early] = before[1:] * (1.0 - nearer)
        self._by_row("transition")[0, 0, :early] = nearer
        if houses:
            moved = -np.expm1(-2.0 * self._gaps / self._house_days)
            state_cov[np.arange(1, 1 + houses), np.arange(1, 1 + houses)] = hyper["house_sd"] ** 2 * moved
        places, sampling = self._place[: len(waves)], hyper["dispersion"] * noise.sampling
        self._by_row("obs_cov")[0, 0, places] = (
            sampling * waves.errors.own
            + noise.rounding
            + hyper["excess_sd"] ** 2 * noise.excess[waves.combination]
            + noise.outlying
            + level_variance[waves.stretch] * waves.spread_days
            + hyper.get("house_sd", 0.0) ** 2 * self.layout.crowd
        )
        shared = waves.errors.loadings * np.sqrt(sampling)[:, None]
        self._by_row("design")[0][np.ix_(self._error_states, places)] = shared.T
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
                np.zeros(len(self._probes)),
            ]
        )
        smoother.initialize_known(np.zeros(len(first)), np.diag(first**2))
