"""How often a `[[watch]]` rule alarms while nothing changed, and how soon it finds a jump (docs/alerts.md).

    python benchmarks/alerts.py --series 2000 --check 20 --jumps 200

Flat: so many series of weekly waves of 1,000 people with a level of 40% that never moves: 12 waves before the rule's
first look, then 52 looks, at which the whole trend is fitted again. A series counts once it has alarmed. 104,000 fits
take five hours, so the looks are chosen: one at which the newest 2, 3, 4, 6 or 10 waves lie, in their mean, less than
`SCREEN` of the rule's size from the mean of all waves before them is passed over, since the rule asks for more than
that. `--check` fits all looks of the first series, and says how many alarms the choice would have missed.

Jump: the same series with 5 points more from the 21st wave after the first look on; how many are told of within 3
waves.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd
from scipy.stats import beta

import groundswell as gs
from groundswell.one_thread import keep_to_one_thread
from groundswell.trends import Trend
from groundswell.trends.compared.alarms import alarmed, spent

SHARE, N, BEFORE, LOOKS, JUMP_AT, FOUND_WITHIN = 0.40, 1000, 12, 52, 20, 3
SCREEN = 0.9


def series(shares: np.ndarray, step: int) -> pd.DataFrame:
    """Waves of one house that printed these shares, so many days apart."""
    days = pd.date_range("2024-01-07", periods=len(shares), freq=f"{step}D")
    return pd.DataFrame({"house": "acme", "end": days, "share": shares, "n_effective": N})


class Looks:
    """One series as a rule looks at it, wave after wave; each trend is fitted once."""

    def __init__(self, shares: np.ndarray, step: int) -> None:
        self.waves, self.step = series(shares, step), step
        self.first = self.waves["end"].iloc[BEFORE - 1]
        self._fitted: dict[int, Trend] = {}

    def fit(self, rows: pd.DataFrame) -> Trend:
        """The trend of the first waves."""
        if len(rows) not in self._fitted:
            self._fitted[len(rows)] = gs.fit_trend(self.waves.iloc[: len(rows)])
        return self._fitted[len(rows)]

    @property
    def fits(self) -> int:
        """Trends fitted so far."""
        return len(self._fitted)

    def alarms(self, newest: int, kind: str, size: float) -> bool:
        """Whether the rule alarms at the look at so many waves."""
        trend = self.fit(self.waves.iloc[:newest])
        return alarmed(trend, self.first, kind, size, spent(0.05, self.step), self.fit) is not None


def may_alarm(shares: np.ndarray, size: float) -> bool:
    """Whether any mean of newest waves lies so far off that a look is worth a fit."""
    off = (abs(shares[-k:].mean() - shares[:-k].mean()) for k in (2, 3, 4, 6, 10) if k < len(shares))
    return max(off) >= SCREEN * size


def told(label: str, hits: int, of: int) -> None:
    """Print a rate with its exact 95% binomial interval."""
    low = beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    print(f"{label}: {hits} of {of}, {hits / of:.1%} (95%: {low:.1%} to {high:.1%})", flush=True)


def flat(count: int, check: int, size: float, step: int, seed: int) -> None:
    """Series in which nothing changes: how many ever alarm."""
    rng, began, hits, fits, missed = np.random.default_rng(seed), time.perf_counter(), 0, 0, 0
    for number in range(count):
        looks = Looks(shares := rng.binomial(N, SHARE, BEFORE + LOOKS) / N, step)
        for newest in range(BEFORE + 1, BEFORE + LOOKS + 1):
            chosen = may_alarm(shares[:newest], size)
            if (chosen or number < check) and looks.alarms(newest, "moves", size):
                missed += not chosen
                hits += 1
                break
        fits += looks.fits
        if (number + 1) % 100 == 0:
            told(f"  so far, {fits} fits in {time.perf_counter() - began:.0f} s", hits, number + 1)
    told(f"flat, moves = {size * 100:g}, {LOOKS} looks {step} days apart, {fits} fits", hits, count)
    print(f"  alarms at looks that were passed over, in the first {check} series: {missed}", flush=True)


def jumps(count: int, size: float, step: int, seed: int) -> None:
    """Series that jump by 5 points: how many are told of within three waves, and after which."""
    rng, found = np.random.default_rng(seed), np.zeros(FOUND_WITHIN, dtype=int)
    at = BEFORE + JUMP_AT
    for _ in range(count):
        truth = np.where(np.arange(at + FOUND_WITHIN) < at, SHARE, SHARE + 0.05)
        looks = Looks(rng.binomial(N, truth) / N, step)
        for wave in range(FOUND_WITHIN):
            if looks.alarms(at + 1 + wave, "rises", size):
                found[wave] += 1
                break
    told(f"jump, rises = {size * 100:g}, waves {step} days apart, within 3 waves", int(found.sum()), count)
    print(f"  after wave 1, 2, 3: {', '.join(map(str, found))}", flush=True)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", type=int, default=2000)
    parser.add_argument("--check", type=int, default=20)
    parser.add_argument("--jumps", type=int, default=200)
    parser.add_argument("--size", type=float, default=3.0, help="points")
    parser.add_argument("--step", type=int, default=7, help="days between waves")
    parser.add_argument("--seed", type=int, default=20240101)
    given = parser.parse_args()
    keep_to_one_thread()
    if given.jumps:
        jumps(given.jumps, given.size / 100, given.step, given.seed)
    if given.series:
        flat(given.series, given.check, given.size / 100, given.step, given.seed)


if __name__ == "__main__":
    main()
