"""Rolling windows: each open one has a state, the mean over its fieldwork so far.

From one row to the next, g days later, the state of a window of W days gains

    (g × level + ∫ of what the level walks meanwhile + √g × e) / W,

with e the error, sampling and excess, of the people asked in these days. All open windows of one combination asked the
same people: of two windows whose error variances times their days are r and s, the errors e have the covariance
min(r, s), as if the window with more people a day held those of the other. So both what the level did during the
fieldwork and who was asked twice are exact. What a window has by itself, since each is weighted anew, is `window_sd`.
Worked example: three-day windows of 500 people a day, published daily, have two thirds of their sampling error in
common with the next one and one third with the one after that.

A state is used again once its window has closed. Source of the integral: Harvey 1989, Forecasting, Structural Time
Series Models and the Kalman Filter, section 6.3 (cumulator variables).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.model.measurement import Ints, Waves
from groundswell.trends.model.rows import Rows


class RunningMeans:
    """The states of the rolling windows among some waves, and what they gain from row to row.

    `windows` (windows,) numbers the waves that are windows; `slot` (windows,) is the state of each; `part` (rows,
    slots) is 1 / W where a slot's window is open on the way to the next row, else 0.
    """

    def __init__(self, waves: Waves, rows: Rows) -> None:
        self.windows: Ints = np.flatnonzero(waves.rolling)
        opened, closed = waves.opened[self.windows], waves.closed[self.windows]
        self._combination = waves.combination[self.windows]
        self.span = closed - opened
        # The last row of the moment at which a window opens, and the first one at which it closes.
        self._first = np.searchsorted(rows.moment, opened, "right") - 1
        self._last = np.searchsorted(rows.moment, closed, "left")
        self.slot = _slots(opened, closed)
        self.slots = int(self.slot.max(initial=-1)) + 1
        self._window = np.full((len(rows), self.slots), -1)
        for window, slot in enumerate(self.slot):
            self._window[self._first[window] : self._last[window], slot] = window
        self._gap = rows.gap
        open_ = self._window >= 0
        self.part = (
            np.where(open_, 1.0 / self.span[self._window], 0.0) if self.slots else np.zeros(open_.shape)
        )
        both = self.part[:, :, None] * self.part[:, None, :]
        self._level_part = rows.gap[:, None, None] ** 3 / 3.0 * both
        series = self._combination[self._window] if self.slots else self._window
        self._shared_part = rows.gap[:, None, None] * both * (series[:, :, None] == series[:, None, :])

    def take_over(
        self, design: Floats, transition: Floats, levels: Sequence[int], states: Ints, rows: Ints
    ) -> None:
        """Let the windows' `rows` read their running mean, which sits in `states`, in the place of `levels`."""
        own = states[self.slot]
        design[0, levels, rows[:, None]] = 0.0
        design[0, own, rows] = 1.0
        transition[states, 0] = (self._gap[:, None] * self.part).T
        transition[own, own, self._first] = 0.0  # a mean begins anew when its window opens

    def fading(self, days: float) -> Floats:
        """What each slot gains of what is 1 at the row and fades with a time constant, shape (rows, slots)."""
        return np.asarray(-days * np.expm1(-self._gap / days)[:, None] * self.part)

    def covariance(self, level_variance: Floats, error_variance: Floats) -> tuple[Floats, Floats]:
        """Of the slots' gains: covariance with the level's step (rows, slots), and their own (rows, slots, slots).

        `level_variance` (rows,) is that of the level's walk a day, `error_variance` (windows,) that of each error.
        """
        rate = (error_variance * self.span)[self._window]
        smaller = np.minimum(rate[:, :, None], rate[:, None, :])
        own = level_variance[:, None, None] * self._level_part + self._shared_part * smaller
        return (level_variance * self._gap**2)[:, None] / 2.0 * self.part, own

    def mean_of(self, level: Floats) -> Floats:
        """The mean of a level, known at the rows, over each window (trapezoidal rule)."""
        reached = np.append(0.0, np.cumsum(self._gap[:-1] * (level[1:] + level[:-1]) / 2.0))
        return np.asarray((reached[self._last] - reached[self._first]) / self.span)


def _slots(opened: Floats, closed: Floats) -> Ints:
    """The state of each window: the first one whose last window has closed by the time it opens."""
    until: list[float] = []
    slot = np.zeros(len(opened), dtype=np.intp)
    for window in np.argsort(opened, kind="stable"):
        free = [place for place, end in enumerate(until) if end <= opened[window]]
        slot[window] = free[0] if free else len(until)
        until[slot[window] : slot[window] + 1] = [float(closed[window])]
    return slot
