"""Several items in one state space: each item's own states side by side, and levels that walk together.

An *item* is one indicator with its houses, wordings and modes. Alone it is the state space of `trends/model`; here the
states of all items stand next to each other in one filter, and what their levels gain from row to row has the
covariance `walk` (items, items), in squared logits a year. Where the first item's level breaks, the stretches before
have paces of their own, as in a trend, which all items keep. One item is its own trend without shocks. Worked example:
two items of which the second moves by half of what the first one does, and besides by 0.1 logits a year of its own:
with a first level of 0.2 logits a year `walk` is [[0.04, 0.02], [0.02, 0.02]].

The levels stand nowhere before the first row (standard deviation `FIRST_LEVEL_SD` each), so that how far two items lie
apart is learnt from the waves alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.trends.model.joint import joint_covariance
from groundswell.trends.model.kalman import Kalman
from groundswell.trends.model.measurement import Noise, Waves
from groundswell.trends.model.priors import pace_names
from groundswell.trends.model.rows import Rows, stretches_at
from groundswell.trends.model.system import YEAR, System
from groundswell.trends.moods.same_people import SamePeople

DRIFT_SD: Final = 0.3
"""How far a level may drift steadily in a year, in logits: the standard deviation of a normal prior."""


class Item(NamedTuple):
    """An indicator as the joint model sees it: its waves, the noise of each, and which way its share points: 1 where a
    higher share means more of the mood, -1 where it means less."""

    name: str
    waves: Waves
    noise: Noise
    direction: int = 1

    def without(self, hidden: Flags) -> Item:
        """The item with some waves unseen; their places, houses and errors stay."""
        unseen = np.where(hidden, np.nan, self.waves.log_odds)
        return self._replace(waves=replace(self.waves, log_odds=unseen))

    def shifted(self, days: float) -> Item:
        """The item as if its waves had been asked so many days later."""
        moved = {name: getattr(self.waves, name) + days for name in ("opened", "closed")}
        bridges = replace(self.waves.bridges, moment=self.waves.bridges.moment + days)
        return self._replace(waves=replace(self.waves, bridges=bridges, **moved))


class JointSpace:
    """The filter of some items, the first of which is the one that is asked for, on the `days` asked for.

    With `drifts` each level may also drift steadily (`DRIFT_SD`); its walk is then what it moves besides.
    """

    def __init__(
        self, items: Sequence[Item], days: Floats, *, house_years: float, drifts: bool = False
    ) -> None:
        self.items, self.drifts = tuple(items), drifts
        rows = _rows(items, days)
        self._moment, self._gap = rows[0].moment, rows[0].gap
        self.asked: Ints = rows[0].asked
        first = items[0].waves
        self._stretch, self._paces = rows[0].stretch, pace_names(int(first.stretch.max()))
        self.systems = [
            _system(
                replace(item.waves, stretch=stretches_at(first, item.waves.moment)),
                mine,
                self._paces,
                house_years,
            )
            for item, mine in zip(items, rows, strict=True)
        ]
        ends = np.cumsum([0, *(system.states for system in self.systems)])
        self._blocks = [slice(first, last) for first, last in pairwise(ends.tolist())]
        self.levels: Ints = ends[:-1]
        self.states = int(ends[-1]) + drifts * len(items)
        self._kalman = self._build()
        self._seen = self._kalman.observed[0].copy()
        self.same_people = SamePeople.of([item.waves for item in items], [mine.waves for mine in rows])
        self._signs = np.array([item.direction for item in items], dtype=np.float64)

    @property
    def shared_names(self) -> tuple[str, ...]:
        """The hyperparameters that all items have in common: those of the waves' errors, and paces."""
        house = any(system.layout.house_states for system in self.systems)
        window = any(system.running.slots for system in self.systems)
        return (
            *(("house_sd",) if house else ()),
            "dispersion",
            "excess_sd",
            *(("window_sd",) if window else ()),
            *self._paces,
        )

    def set(self, hyper: Mapping[str, float], walk: Floats) -> None:
        """Write the hyperparameters: those of the errors, and by how much the levels walk.

        `error_correlation` is that of the errors of two items in one wave of one house, where the directions of both
        are taken into account.
        """
        joint = self._kalman
        for number, (system, item, block) in enumerate(
            zip(self.systems, self.items, self._blocks, strict=True)
        ):
            system.set({**hyper, "level_sd": float(np.sqrt(walk[number, number]))}, item.noise)
            own, places = system.kalman, system.rows.waves
            joint.noise[block, block] = own.noise
            joint.first_cov[block, block] = own.first_cov
            joint.obs_cov[0, 0, places] = own.obs_cov[0, 0, places]
            joint.design[0, block] = own.design[0]
        paces = np.array([1.0, *(hyper[name] for name in self._paces)])
        self._walk_together(walk[:, :, None] / YEAR * paces[self._stretch] ** 2)
        correlation = hyper.get("error_correlation", 0.0)
        self.same_people.told_apart(joint, self._seen, self._signs, correlation)

    def loglike(self, hyper: Mapping[str, float], walk: Floats) -> float:
        """Log-likelihood of all items' logits."""
        self.set(hyper, walk)
        return self._kalman.loglike()

    def smooth(
        self, hyper: Mapping[str, float], walk: Floats, rows: Ints, read: Floats
    ) -> tuple[Floats, Floats]:
        """Posterior mean and variance of what `read`, (places, states), reads off the states at some rows,
        (places,)."""
        self.set(hyper, walk)
        return self._read(rows, read)

    def joint(self, hyper: Mapping[str, float], walk: Floats, read: Floats) -> tuple[Floats, Floats]:
        """Posterior mean and covariance of what `read`, (days, states), reads on all days asked for together."""
        self.set(hyper, walk)
        asked = self.asked
        rows = np.arange(asked.min(), asked.max() + 1)
        found, design = self._kalman.smooth(), self._kalman.design[0].T.copy()
        design[asked] = read
        covariance = joint_covariance(
            asked,
            rows,
            self._kalman.transition,
            np.ones((1, len(rows))),
            design[None, rows],
            found.gain[None, rows],
            found.predicted[None, asked],
            found.n_from[None, asked],
        )
        return np.einsum("ps,ps->p", read, found.mean[asked]), covariance[0]

    def printed(self, hyper: Mapping[str, float], walk: Floats, number: int) -> tuple[Floats, Floats]:
        """Mean and variance of what each wave of one item prints, its own error included, given all waves that are
        seen."""
        self.set(hyper, walk)
        system = self.systems[number]
        places = system.rows.waves
        read = np.zeros((len(places), self.states))
        read[:, self._blocks[number]] = system.kalman.design[0][:, places].T
        mean, variance = self._read(places, read)
        return mean, variance + system.kalman.obs_cov[0, 0, places]

    def level_of(self, number: int, scale: Floats | None = None) -> Floats:
        """What reads an item's level off the states, (states,), on a scale: weights of the item's combinations."""
        read = np.zeros(self.states)
        read[self.levels[number]] = 1.0
        if scale is not None:
            effects = scale @ self.systems[number].layout.combination_loadings
            first = self.levels[number] + 1
            read[first : first + len(effects)] = effects
        return read

    def _read(self, rows: Ints, read: Floats) -> tuple[Floats, Floats]:
        """As `smooth`, with the hyperparameters as they are."""
        found = self._kalman.smooth()
        return np.einsum("ps,ps->p", read, found.mean[rows]), np.maximum(found.variance(rows, read), 0.0)

    def _build(self) -> Kalman:
        """The filter, with what depends on no hyperparameter."""
        observed = np.full(len(self._moment), np.nan)
        for system in self.systems:
            for places in (system.rows.waves, system.rows.bridges):
                observed[places] = system.kalman.observed[0, places]
        joint = Kalman(observed, self.states)
        for system, block in zip(self.systems, self._blocks, strict=True):
            joint.transition[block, block] = system.kalman.transition
            bridges = system.rows.bridges
            joint.obs_cov[0, 0, bridges] = system.kalman.obs_cov[0, 0, bridges]
        if self.drifts:
            for number, system in enumerate(self.systems):
                drift = self.states - len(self.systems) + number
                joint.transition[drift, drift] = 1.0
                joint.transition[self.levels[number], drift] = self._gap
                slots = self.levels[number] + system.running_states
                joint.transition[slots, drift] = self._gap**2 / 2.0 * system.running.part.T
                joint.first_cov[drift, drift] = (DRIFT_SD / YEAR) ** 2
        return joint

    def _walk_together(self, walk: Floats) -> None:
        """Write what the levels of two items, and their means over rolling windows, gain together; `walk` is a
        day's."""
        noise, gap = self._kalman.noise, self._gap
        for one, first in enumerate(self.systems):
            slots = self.levels[one] + first.running_states
            for two, second in enumerate(self.systems):
                if one == two:
                    continue
                rate, level = walk[one, two], self.levels[two]
                noise[self.levels[one], level] = rate * gap
                if first.running.slots:
                    gained = rate * gap**2 / 2.0 * first.running.part.T
                    noise[slots, level] = noise[level, slots] = gained
                    others = level + second.running_states
                    both = first.running.part[:, :, None] * second.running.part[:, None, :]
                    noise[np.ix_(slots, others)] = rate * gap**3 / 3.0 * both.transpose(1, 2, 0)


def _system(waves: Waves, rows: Rows, paces: tuple[str, ...], house_years: float) -> System:
    """One item's states; its stretches are the first item's, of which it may have seen but a few."""
    asked = len(rows.asked)
    combinations = np.zeros((asked, len(waves.combinations.first)))
    system = System(
        waves, (), rows, np.ones(asked), combinations, combinations, house_years, (), one_unit=True
    )
    system.paces = paces
    return system


def _rows(items: Sequence[Item], days: Floats) -> list[Rows]:
    """The rows of all items in one order, as each item has them: its own waves and bridges, and the days asked for."""
    own = [(each.waves.moment, each.waves.bridges.moment, _openings(each.waves)) for each in items]
    parts = [days, *(part for each in own for part in each)]
    moments = np.concatenate(parts)
    order = np.argsort(moments, kind="stable")
    places = np.split(np.argsort(order), np.cumsum([len(part) for part in parts])[:-1])
    moment = moments[order]
    stretch = stretches_at(items[0].waves, moment)
    gap = np.append(np.diff(moment), 0.0)
    return [
        Rows(moment, gap, places[1 + 3 * number], places[0], places[2 + 3 * number], np.zeros(1), stretch)
        for number in range(len(items))
    ]


def _openings(waves: Waves) -> Floats:
    """The moments at which rolling windows open."""
    return np.unique(waves.opened[waves.rolling])
