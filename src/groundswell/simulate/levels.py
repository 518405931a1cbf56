"""True levels through time: what the simulated houses try to measure.

Every function returns a `TrueLevel` on the logit scale, one number a day. Only the random walk is what the
trend model assumes; the smooth waves, the flat line and the jumps are not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from groundswell.arrays import Floats

DAYS_A_YEAR = 365.25


class TrueShock(NamedTuple):
    """One jump of the level: the day it arrives (from 0), its size in share units, and `decay` or `step`."""

    day: int
    size: float
    shape: str


class TrueLevel(NamedTuple):
    """A true level: one logit a day, and the shocks in it."""

    logits: Floats
    shocks: tuple[TrueShock, ...] = ()


def flat(_rng: np.random.Generator, days: int, share: float = 0.35) -> TrueLevel:
    """A level that never moves from `share`."""
    return TrueLevel(np.full(days, float(logit(share))))


def random_walk(
    rng: np.random.Generator, days: int, share: float = 0.35, sd_a_year: float = 0.2
) -> TrueLevel:
    """A random walk from `share` whose standard deviation after a year is `sd_a_year` logits."""
    steps = rng.normal(0.0, sd_a_year / np.sqrt(DAYS_A_YEAR), days)
    steps[0] = 0.0
    return TrueLevel(logit(share) + np.cumsum(steps))


def smooth(rng: np.random.Generator, days: int, share: float = 0.35, swing: float = 0.2) -> TrueLevel:
    """Two slow sine waves, `swing` logits together (periods of one to three years, random phases)."""
    time = np.arange(days) / DAYS_A_YEAR
    periods = rng.uniform([1.6, 1.0], [3.0, 1.5])
    phases = rng.uniform(0.0, 2 * np.pi, 2)
    waves = [
        weight * np.sin(2 * np.pi * time / period + phase)
        for weight, period, phase in zip((0.7, 0.3), periods, phases, strict=True)
    ]
    return TrueLevel(logit(share) + swing * np.sum(waves, axis=0))


def shocked(
    rng: np.random.Generator,
    days: int,
    share: float = 0.35,
    size: float = 0.1,
    shape: str = "step",
    decay_days: float = 85.0,
    sd_a_year: float = 0.12,
) -> TrueLevel:
    """A slow random walk with one shock of `size` share units, up or down, in its middle half.

    `shape` is `step` (it stays) or `decay` (it fades with time constant `decay_days`). The jump is down only
    where a jump down leaves a share of at least 0.05.
    """
    calm = random_walk(rng, days, share, sd_a_year).logits
    day = int(rng.integers(days // 4, 3 * days // 4))
    before = float(expit(calm[day]))
    down = rng.random() < 0.5 and before - size >= 0.05
    signed = -size if down else size
    after = min(max(before + signed, 0.01), 0.99)
    since = np.arange(days) - day
    fade = np.exp(-np.maximum(since, 0) / decay_days) if shape == "decay" else np.ones(days)
    jump = (logit(after) - logit(before)) * np.where(since >= 0, fade, 0.0)
    return TrueLevel(calm + jump, (TrueShock(day, after - before, shape),))
