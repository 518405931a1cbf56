"""Several indicators whose true levels walk together, asked of the same people or of others.

The levels' logits are random walks that gain together the covariance `walk` in a year; `mood_walk` writes that of items
which follow one mood. A wave of one house asks all items that are due on its day, of the same people: their sampling
errors may be correlated, by a normal copula of binomial counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtr
from scipy.stats import binom

from groundswell.arrays import Floats
from groundswell.simulate.levels import DAYS_A_YEAR

START: Final = pd.Timestamp("2018-01-01")
LONG_BEFORE: Final = 400
"""Days that the levels walk before the first wave, so that one may follow the other by as many."""


class SimulatedItems(NamedTuple):
    """A table of shares with several indicators, and their true logits, one row a day, one column an item."""

    rows: pd.DataFrame
    truth: pd.DataFrame


def mood_walk(slopes: Sequence[float], own_sd: Sequence[float], level_sd: float = 0.3) -> Floats:
    """What levels gain together in a year where each follows one mood by its slope and moves by itself besides."""
    lam = np.array(slopes)
    return np.asarray(np.outer(lam, lam) * level_sd**2 + np.diag(np.square(own_sd)))


def simulate_items(
    seed: int,
    walk: ArrayLike,
    *,
    shares: Sequence[float] = (0.4, 0.3, 0.5, 0.2),
    waves: int | Sequence[int] = 40,
    spacing: float = 28.0,
    n: int = 1000,
    houses: int = 1,
    house_sd: float = 0.0,
    excess_sd: float = 0.0,
    error_correlation: float = 0.0,
    drift: Sequence[float] = (),
    lag: int = 0,
) -> SimulatedItems:
    """Waves of `n` respondents, `spacing` days apart, each of a random house.

    Args:
        seed: of the draws.
        walk: what the items' logits gain together in a year, (items, items).
        shares: the items' shares on the first day; items are called `a`, `b` and so on.
        waves: how many; or, for each item, in how many of the waves it is asked, evenly spread over all.
        spacing, n, houses: days between waves, their people, how many houses.
        house_sd, excess_sd: what a house, and a wave, adds to each item: standard deviations in logits.
        error_correlation: of the errors of two items in one wave, sampling and excess.
        drift: by how much each item's logit drifts in a year besides.
        lag: by how many days the last item follows the others, at most `LONG_BEFORE`.
    """
    rng = np.random.default_rng(seed)
    gained = np.asarray(walk, dtype=np.float64) / DAYS_A_YEAR
    size = len(gained)
    counts = [waves] * size if isinstance(waves, int) else list(waves)
    days = int(spacing * (max(counts) - 1)) + 1
    steps = rng.multivariate_normal(np.zeros(size), gained, days + LONG_BEFORE, method="eigh")
    steps += np.array(drift or [0.0] * size) / DAYS_A_YEAR
    walked = np.cumsum(steps, axis=0)
    late = np.array([0] * (size - 1) + [lag])
    walked = np.stack([walked[LONG_BEFORE - each :][:days, item] for item, each in enumerate(late)], axis=1)
    logits = logit(np.array(shares[:size])) + walked - walked[0]
    asked = np.floor(np.arange(max(counts)) * spacing).astype(int)
    house = rng.integers(houses, size=len(asked))
    effects = rng.normal(0.0, house_sd, (houses, size))
    alike = np.eye(size) * (1.0 - error_correlation) + error_correlation
    excess = excess_sd * rng.multivariate_normal(np.zeros(size), alike, len(asked))
    true = expit(logits[asked] + (effects - effects.mean(axis=0))[house] + excess)
    even = ndtr(rng.multivariate_normal(np.zeros(size), alike, len(asked)))
    printed = binom.ppf(even, n, true) / n
    due = np.zeros(printed.shape, dtype=bool)
    for place, count in enumerate(counts):
        due[np.unique(np.linspace(0, len(asked) - 1, count).round().astype(int)), place] = True
    wave, item = np.nonzero(due)
    names = np.array([chr(ord("a") + place) for place in range(size)])
    rows = pd.DataFrame(
        {
            "indicator": names[item],
            "house": [f"house-{number + 1}" for number in house[wave]],
            "end": START + pd.to_timedelta(asked[wave], unit="D"),
            "share": printed[wave, item],
            "n": float(n),
            "n_effective": float(n),
        }
    )
    truth = pd.DataFrame(logits, columns=names, index=START + pd.to_timedelta(range(days), unit="D"))
    return SimulatedItems(rows, truth)
