"""The system matrices of the trend: its states, how they move from row to row, and what a wave sees of them.

What does not depend on hyperparameters is written once, the rest by `set`: a fit asks hundreds of times. The states are
those that `statespace` names, in that order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats, Ints
from groundswell.trends.model.clock import Clock
from groundswell.trends.model.houses import Layout
from groundswell.trends.model.kalman import Kalman
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import (
    FIRST_LEVEL_SD,
    OTHERWISE_SD,
    SHOCK_SD,
    SWITCH_SD,
    pace_names,
)
from groundswell.trends.model.rows import Rows
from groundswell.trends.model.running_means import RunningMeans
from groundswell.trends.model.shock import Shock

YEAR: Final = 365.25
# A house effect forgets by as many powers of e as its time constant passes in a series; beyond so many its unit is not
# let shrink along.
MOST_FORGOTTEN: Final = 30.0


class Known(NamedTuple):
    """What the waves' errors are made of: sampling and what is `fixed`, (waves,); the `excess` ratio of each wave, and
    that which counts in an error of its own."""

    sampling: Floats
    fixed: Floats
    own_excess: Floats
    excess: Floats


class Walk(NamedTuple):
    """The variance that the level's walk gains a day: on the way from each row to the next (rows,), `before` all that
    the waves say, and during each wave's fieldwork (waves,)."""

    rows: Floats
    before: float
    waves: Floats


class System:
    """The matrices for some waves and shocks, in the `kalman` filter that reads them.

    On the dates asked for, `level` (asked,) is the level's weight, `combinations` (asked, combinations) are those of
    the combinations' effects and `responses` those of what each adds to a shock; `probes` are the fading times of
    further states that nothing moves (see `StateSpace.jumps`).

    House effects fade. Where nothing else moves a state from row to row but for what it gains, each row has a `unit` of
    its own for them, which shrinks as they fade, so that they stay where they are in it: the filter is then nearly
    twice as fast. Where `one_unit` is asked for it is 1 on all rows.
    """

    def __init__(
        self,
        waves: Waves,
        shocks: Sequence[Shock],
        rows: Rows,
        level: Floats,
        combinations: Floats,
        responses: Floats,
        house_years: float,
        probes: Sequence[float],
        *,
        one_unit: bool = False,
    ) -> None:
        self.waves, self.shocks, self.rows, self.probes = waves, shocks, rows, probes
        self.layout, self.running = Layout.of(waves), RunningMeans(waves, rows)
        # Of a row: over which days its wave holds the level, and with which weight.
        self._opened, self._closed = rows.moment.copy(), rows.moment.copy()
        self._opened[rows.waves], self._closed[rows.waves] = waves.opened, waves.closed
        self._level_weight = np.zeros(len(rows))
        self._level_weight[rows.waves], self._level_weight[rows.asked] = 1.0, level
        # How much each shock's height counts on a row: the common one's, then those of combinations that add their own.
        own = np.zeros((len(rows), len(waves.combinations.first)))
        own[rows.waves, waves.combination], own[rows.asked] = 1.0, responses
        self._heights = [(shock, self._level_weight) for shock in shocks]
        self._heights += [(shock, own[:, one]) for shock in shocks for one in shock.otherwise]
        self._house_days = house_years * YEAR
        passed = (rows.moment - rows.moment[0]) / self._house_days
        moved = len(rows.ahead) > 1 or len(probes) or self.running.slots or waves.errors.loadings.shape[1]
        self._stays = not (one_unit or moved or passed[-1] > MOST_FORGOTTEN)
        self._unit = np.exp(-passed) if self._stays else np.ones(len(rows))
        # Of each step, the part of the houses' variance that is new, in the unit of the row that it leads to.
        self._house_part = -np.expm1(-2.0 * rows.gap / self._house_days) / np.append(self._unit[1:], 1.0) ** 2
        self._spread_days, self._crowded = waves.spread_days, bool(self.layout.crowd.any())
        self.paces = pace_names(int(waves.stretch.max()))
        self.clock = Clock(waves.part_edges, rows.moment, rows.gap, waves.moment)
        self._noise: tuple[Noise, Known] | None = None
        self.kalman = self._build(combinations)

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.kalman.first_cov)

    @cached_property
    def size_states(self) -> Ints:
        """Where the sizes of the shocks sit."""
        first = 1 + self.layout.combination_loadings.shape[1]
        return np.arange(first, first + len(self.shocks))

    @cached_property
    def own_states(self) -> Ints:
        """Where what combinations add to a shock sits: shock by shock, in the order of its `otherwise`."""
        first = 1 + self.layout.combination_loadings.shape[1]
        return np.arange(first + len(self.shocks), first + len(self._heights))

    @cached_property
    def error_states(self) -> Ints:
        """Where the parts of shared errors sit."""
        first = 1 + self.layout.combination_loadings.shape[1] + len(self._heights)
        return np.arange(first, first + self.waves.errors.loadings.shape[1])

    @cached_property
    def running_states(self) -> Ints:
        """Where the running means of rolling windows sit."""
        first = 1 + self.layout.combination_loadings.shape[1] + len(self._heights)
        first += self.waves.errors.loadings.shape[1]
        return np.arange(first, first + self.running.slots)

    @property
    def window_rows(self) -> Ints:
        """The rows of the rolling windows."""
        return self.rows.waves[self.running.windows]

    def set(self, hyper: Mapping[str, float], noise: Noise) -> None:
        """Write the hyperparameters into the system matrices."""
        kalman, rows, houses = self.kalman, self.rows, self.layout.house_states
        walk = self.walk(hyper)
        kalman.noise[0, 0] = walk.rows * rows.gap
        # The prior of the level stands on the first wave; seen from an earlier date it is a walk backwards in time, so
        # that no answer depends on how far back another date is asked for.
        early, before = len(rows.ahead) - 1, FIRST_LEVEL_SD**2 + walk.before * rows.ahead
        if early:
            nearer = before[1:] / before[:-1]
            kalman.noise[0, 0, :early] = before[1:] * (1.0 - nearer)
            kalman.transition[0, 0, :early] = nearer
        kalman.first_cov[0, 0] = before[0]
        if houses:
            states, variance = np.arange(1, 1 + houses), hyper["house_sd"] ** 2
            kalman.noise[states, states] = variance * self._house_part
            kalman.first_cov[states, states] = variance
        self._set_errors(hyper, noise, walk)
        for number, (shock, weight) in enumerate(
            self._heights, start=1 + self.layout.combination_loadings.shape[1]
        ):
            if shock.shape == "decay":
                height = shock.response(self._opened, self._closed, hyper["decay_days"])
                kalman.design[0, number] = height * weight

    def walk(self, hyper: Mapping[str, float]) -> Walk:
        """What the level's walk gains a day, by the paces of stretches between breaks and the speeds of parts."""
        paces = np.array([1.0, *(hyper.get(name, 1.0) for name in self.paces)])
        variance = hyper.get("level_sd", 0.0) ** 2 / YEAR * paces**2
        walk = Walk(variance[self.rows.stretch], float(variance[-1]), variance[self.waves.stretch])
        if (faster := self.clock.squared(hyper)) is None:
            return walk
        rows, before, waves = walk
        return Walk(
            rows * (self.clock.of_gap @ faster), before * float(faster[0]), waves * faster[self.clock.of_wave]
        )

    def walk_gains(self, walk: Walk) -> tuple[Ints, Floats]:
        """The states that the level's walk moves, and the covariance of what it adds to them from row to row."""
        gap = self.rows.gap
        if not self.running.slots:
            return np.zeros(1, dtype=np.intp), (walk.rows * gap)[:, None, None]
        none = np.zeros(len(self.running.windows))
        with_level, own = self.running.covariance(walk.rows, none)
        states = np.append(0, self.running_states)
        gains = np.zeros((len(self.rows), len(states), len(states)))
        gains[:, 0, 0], gains[:, 0, 1:], gains[:, 1:, 0] = walk.rows * gap, with_level, with_level
        gains[:, 1:, 1:] = own
        return states, gains

    def _set_errors(self, hyper: Mapping[str, float], noise: Noise, walk: Walk) -> None:
        """Write the waves' errors: their own, those that several share, and those of rolling windows."""
        kalman, waves, known = self.kalman, self.waves, self._known(noise)
        own = hyper["dispersion"] * known.sampling + hyper["excess_sd"] ** 2 * known.own_excess + known.fixed
        own += walk.waves * self._spread_days
        if self._crowded:
            own += hyper.get("house_sd", 0.0) ** 2 * self.layout.crowd
        if self.running.slots:
            own[self.running.windows] += hyper["window_sd"] ** 2
        kalman.obs_cov[0, 0, self.rows.waves] = own
        if not len(self.error_states) and not self.running.slots:
            return
        sampling = hyper["dispersion"] * noise.sampling
        if self.running.slots:
            error = np.where(waves.errors.stated, 0.0, sampling) + hyper["excess_sd"] ** 2 * known.excess
            states = self.running_states
            with_level, covariance = self.running.covariance(walk.rows, error[self.running.windows])
            kalman.noise[0, states] = kalman.noise[states, 0] = with_level.T
            kalman.noise[np.ix_(states, states)] = covariance.transpose(1, 2, 0)
        shared = waves.errors.loadings * np.sqrt(sampling)[:, None]
        kalman.design[0][np.ix_(self.error_states, self.rows.waves)] = shared.T

    def _build(self, combinations: Floats) -> Kalman:
        """The system matrices, as far as they do not depend on hyperparameters."""
        effects, moving = self.layout.combination_loadings.shape[1], 1 + self.layout.house_states
        carried = len(self.error_states) + self.running.slots
        states = 1 + effects + len(self._heights) + carried + len(self.probes)
        observed = np.full(len(self.rows), np.nan)
        observed[self.rows.waves] = self.waves.log_odds
        bridges, across = self.waves.bridges, self.rows.bridges
        observed[across] = bridges.distance
        kalman = Kalman(observed, states)
        kalman.obs_cov[0, 0, across] = bridges.variance
        design, transition = kalman.design, kalman.transition
        design[0, 0] = self._level_weight
        loadings = self.layout.combination_loadings
        design[0, 1 : 1 + effects, self.rows.waves] = loadings[self.waves.combination]
        design[0, 1 : 1 + effects, self.rows.asked] = combinations @ loadings
        design[0, 1 : 1 + effects, across] = loadings[bridges.new] - loadings[bridges.old]
        for number, (shock, weight) in enumerate(self._heights, start=1 + effects):
            if shock.shape == "step":
                design[0, number] = shock.response(self._opened, self._closed, 1.0) * weight
        transition[np.arange(states), np.arange(states)] = 1.0
        design[0, 1:moving] *= self._unit
        if self._stays:
            kalman.keep_states()
        else:
            transition[np.arange(1, moving), np.arange(1, moving)] = np.exp(-self.rows.gap / self._house_days)
        for state, days in enumerate(self.probes, start=states - len(self.probes)):
            design[0, state] = self._level_weight
            transition[state, state] = np.exp(-self.rows.gap / days)
            transition[self.running_states, state] = self.running.fading(days).T
        for first, variance in (
            (np.arange(moving, 1 + effects), SWITCH_SD**2),
            (self.size_states, SHOCK_SD**2),
            (self.own_states, OTHERWISE_SD**2),
            (self.error_states, 1.0),
        ):
            kalman.first_cov[first, first] = variance
        self.waves.errors.begin(transition, kalman.noise, self.rows.waves, self.error_states)
        levels = [0, *range(states - len(self.probes), states)]
        self.running.take_over(design, transition, levels, self.running_states, self.window_rows)
        return kalman

    def _known(self, noise: Noise) -> Known:
        """What the waves' errors are made of, for given noise: asked again and again for the same."""
        if self._noise is None or self._noise[0] is not noise:
            waves = self.waves
            # A rolling window has its excess in its running mean; its sampling error, too, unless a covariance says it.
            counted = np.where(waves.rolling & ~waves.errors.stated, 0.0, waves.errors.own)
            excess = noise.excess[waves.combination]
            own = np.where(waves.rolling, 0.0, excess)
            known = Known(noise.sampling * counted, noise.rounding + noise.outlying, own, excess)
            self._noise = noise, known
        return self._noise[1]
