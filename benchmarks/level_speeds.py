"""What is gained where the level moves faster in some years than in others, and what it costs where it does not.

    python benchmarks/level_speeds.py --seeds 8

Six years of three houses, each in the field every six weeks; the level's walk as `SPEEDS` says, in logits a year. Each
series is fitted as it is, and once more with one speed for all parts. The level every second week and the newest day's
level, known after 60, 80 and 100% of the time, are held against the truth.
"""

from __future__ import annotations

import argparse
import os
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from groundswell.simulate import Scenario, SimulatedSeries, levels, simulate_series
from groundswell.simulate.truth import truth_on
from groundswell.trends import fit_trend
from groundswell.trends.checks.scoring_rules import score
from groundswell.trends.model import clock

DAYS = 6 * 365
KINDS = ("fast year", "fast at the end", "calm at the end", "slowly varying", "one speed")
KNOWN = (0.6, 0.8, 1.0)
FAST = 0.3
APART = 1000


def speeds(kind: str, rng: np.random.Generator) -> np.ndarray:
    """How fast the level walks on each day, in logits a year."""
    a_year = np.full(DAYS, 0.25 if kind == "one speed" else 0.1)
    if kind == "fast year":
        begins = int(rng.integers(365, DAYS - 2 * 365))
        a_year[begins : begins + 365] = 0.8
    elif kind == "fast at the end":
        a_year[-365:] = 0.8
    elif kind == "calm at the end":
        a_year[:], a_year[-2 * 365 :] = 0.6, 0.05
    elif kind == "slowly varying":
        kept = np.exp(-1 / 730)
        wander = rng.normal(size=DAYS) * np.append(1.0, np.full(DAYS - 1, np.sqrt(1 - kept**2)))
        for day in range(1, DAYS):
            wander[day] += kept * wander[day - 1]
        a_year = 0.2 * np.exp(0.8 * wander)
    return a_year


def simulated(kind: str, seed: int) -> tuple[SimulatedSeries, np.ndarray]:
    """One series, and how fast its level walked."""
    walked = speeds(kind, np.random.default_rng([seed, KINDS.index(kind)]))

    def level(rng: np.random.Generator, days: int) -> levels.TrueLevel:
        steps = rng.normal(size=days) * walked / np.sqrt(levels.DAYS_A_YEAR)
        return levels.TrueLevel(-0.6 + np.cumsum(steps))

    scenario = Scenario(level, days=DAYS, houses=3, spacing=42.0, house_days=4 * 365.25, excess_df=1e6)
    return simulate_series(scenario, seed + APART * KINDS.index(kind)), walked


def scored(kind: str, seed: int, fit: str) -> pd.DataFrame:
    """One series' levels against the truth: a row a date."""
    series, walked = simulated(kind, seed)
    waves = series.observations
    first, last = waves["start"].min(), waves["end"].max()
    parts = []
    for part in KNOWN:
        today = (first + part * (last - first)).normalize()
        trend = fit_trend(waves[waves["end"] <= today])
        every = pd.date_range(first, last, freq="14D") if part == 1.0 else pd.DatetimeIndex([])
        days = every.append(pd.DatetimeIndex([today]))
        fast = walked[(days - series.truth["date"].iloc[0]).days] > FAST
        table = score(trend.level(days), truth_on(series, trend.segments, days))
        what = np.where(np.arange(len(days)) < len(every), "level", "newest day")
        parts.append(table.assign(what=what, stretch=np.where(fast, "fast", "calm")))
    return pd.concat(parts).assign(series=kind, seed=seed, fit=fit)


def main() -> None:
    """Simulate, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=8, help="series of each kind")
    parser.add_argument("--first-seed", type=int, default=100)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found, most = [], clock.MOST_PARTS
    for parts, fit in ((most, "by parts"), (1, "one speed")):
        clock.MOST_PARTS = parts
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            found += [scored(kind, seed, fit) for kind in KINDS]
    table = pd.concat(found)
    table["width95"], table["crps"] = 100 * (table["high95"] - table["low95"]), 100 * table["crps"]
    columns = ["crps", "inside80", "inside95", "width95"]
    pd.set_option("display.width", 200)
    for by in (["what", "series"], ["what", "series", "stretch"]):
        print(table.groupby([*by, "fit"], sort=False)[columns].mean().unstack().round(3).to_string())


if __name__ == "__main__":
    main()
