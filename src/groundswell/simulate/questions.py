"""Simulated questions with several answers: true shares that add up to 1, and multinomial samples of them.

The truth is a softmax of independent random walks, one an answer, so that no answer is special; the trend splits
answers off one after another, which is another model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.simulate.levels import DAYS_A_YEAR

START: Final = pd.Timestamp("2020-01-01")


class SimulatedQuestion(NamedTuple):
    """A table of answers as `fit_question` takes it, and the true shares, one row a day, one column an answer."""

    rows: pd.DataFrame
    truth: pd.DataFrame


def simulate_question(
    seed: int,
    *,
    shares: Sequence[float] = (0.5, 0.4, 0.1),
    waves: int = 40,
    houses: int = 1,
    n: int = 1000,
    spacing: float = 21.0,
    sd_a_year: float = 0.3,
    house_sd: float = 0.0,
    rounding: float = 0.0,
) -> SimulatedQuestion:
    """Waves of `n` respondents, `spacing` days apart, each of a random house.

    Args:
        seed: of the draws.
        shares: the answers' shares on the first day; answers are called `a`, `b` and so on.
        waves, houses, n, spacing: how many, of how many houses, of how many people, how many days apart.
        sd_a_year: standard deviation, after a year, of each answer's walk, in logits.
        house_sd: standard deviation, in logits, of what a house adds to each answer.
        rounding: the step of printed shares, such as 0.01; 0 for all digits.
    """
    rng = np.random.default_rng(seed)
    days = int(spacing * (waves - 1)) + 1
    walk = rng.normal(0.0, sd_a_year / np.sqrt(DAYS_A_YEAR), (days, len(shares)))
    walk[0] = np.log(shares)
    logits = np.cumsum(walk, axis=0)
    names = [chr(ord("a") + place) for place in range(len(shares))]
    effects = rng.normal(0.0, house_sd, (houses, len(shares)))
    effects -= effects.mean(axis=0)
    asked = np.floor(np.arange(waves) * spacing).astype(int)
    house = rng.integers(houses, size=waves)
    counts = rng.multinomial(n, _softmax(logits[asked] + effects[house]))
    printed = counts / n
    if rounding:
        printed = np.round(printed / rounding) * rounding
    rows = pd.DataFrame(
        {
            "house": np.repeat([f"house-{number + 1}" for number in house], len(shares)),
            "end": np.repeat(START + pd.to_timedelta(asked, unit="D"), len(shares)),
            "category": np.tile(names, waves),
            "share": np.clip(printed, 0.0, 1.0).ravel(),
            "n_effective": float(n),
            "rounding": rounding,
        }
    )
    truth = pd.DataFrame(
        _softmax(logits), columns=names, index=START + pd.to_timedelta(range(days), unit="D")
    )
    return SimulatedQuestion(rows, truth)


def _softmax(logits: Floats) -> Floats:
    """Shares that add up to 1 along the last axis."""
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))
