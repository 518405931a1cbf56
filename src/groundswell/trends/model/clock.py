"""The level's clock: in some parts of a series the level may move faster than in others.

With one speed for years of calm and a year of storm the band is too wide in the calm and too narrow in the storm. So a
series is cut into parts with equally many waves, and the walk may run in each at a `speed` of its own: so many times as
fast as on the whole (its steps; their variance grows with the square). Before the first wave and after the last it
runs as in the part next to them. Worked example: where the level moves 0.2 logits a year on the whole and a part's
speed is 3, thirty days of it add the variance 0.2² · 3² · 30 / 365.25 = 0.030.

A part is as long as its waves make it, so that each says something of its speed; what follows a calendar, as a fast
month before every election, lies between parts and is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.trends.model.priors import SPEED_NAME

MOST_PARTS: Final = 8
# Waves of a part, on average; a series with fewer than twice as many has one part.
WAVES_A_PART: Final = 10
# Stands for the length of no gap at all.
TINY: Final = 1e-300


def inner_edges(moments: Floats, apart: Flags) -> Floats:
    """The days between the parts of waves at these moments, of which those `apart` share no respondents."""
    known = moments[apart]
    parts = min(MOST_PARTS, len(known) // WAVES_A_PART)
    return np.quantile(known, np.arange(1, parts) / parts) if parts > 1 else np.empty(0)


class Clock:
    """The parts between some `edges`, as the rows at some moments with some gaps to the next one see them.

    `names` are those of the speeds, none where there is one part; `of_gap` (rows, parts) says which part of each gap
    lies in each, and `of_wave` (waves,) in which each of the waves lies.
    """

    def __init__(self, edges: Floats, moments: Floats, gaps: Floats, waves: Floats) -> None:
        parts = len(edges) + 1 if len(edges) else 0
        self.names = tuple(f"{SPEED_NAME}{number}" for number in range(1, parts + 1))
        self.of_gap = np.zeros((len(moments), parts))
        if parts:
            begins, ends = np.append(-np.inf, edges), np.append(edges, np.inf)
            until = moments + gaps
            inside = np.minimum(until[:, None], ends) - np.maximum(moments[:, None], begins)
            self.of_gap = np.maximum(inside, 0.0) / np.where(gaps > 0.0, gaps, 1.0)[:, None]
        self.of_wave: Ints = np.searchsorted(edges, waves, "right")

    def squared(self, hyper: Mapping[str, float]) -> Floats | None:
        """How many times as fast the walk's variance grows in each part; None where the hyperparameters have no
        speeds."""
        if not self.names or self.names[0] not in hyper:
            return None
        return np.array([hyper[name] for name in self.names]) ** 2

    def slopes(self, rows: Floats, waves: Floats, hyper: Mapping[str, float]) -> Floats:
        """The slope in the logarithm of each part's speed, from what the walk on the way from each of the `rows`, and
        during the fieldwork of each of the `waves`, contributes to that in the logarithm of all of them."""
        squared = self.squared(hyper)
        if squared is None:
            squared = np.ones(len(self.names))
        shares = self.of_gap * squared
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), TINY)
        return np.asarray(rows @ shares + np.bincount(self.of_wave, waves, minlength=len(self.names)))
