"""Rolling windows: what is lost by taking them as a sample each, and what by using only those that share nothing.

    python benchmarks/overlap.py --seeds 200

A house asks 500 new people a day for a year and publishes every day the mean over its last 3, 5 or 7 days, alone or
with three weekly houses. Three rules on the same series:

- shared: windows share what they share (the rule now);
- separate: each window is a sample of its own (the rule until November 2026);
- thinned: only windows that share nothing.

Of the level every ten days and on the newest day, and of its change over thirty days: root mean square error in points,
how often the 95% interval holds the truth, and its mean width in points. `error` against `thinned` is the ratio of the
root mean square errors. `forecasts` is the part of 95% intervals that held the next wave by `earlier_forecasts`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from groundswell.simulate import SCENARIOS, Scenario, SimulatedSeries, simulate_series
from groundswell.simulate.levels import random_walk
from groundswell.trends import Trend, fit_trend
from groundswell.trends.checks.forecasts_held import earlier_forecasts

ROLLING = SCENARIOS["rolling windows"]
ALONE = replace(ROLLING, houses=1)
MIXED = replace(ROLLING, houses=4, spacing=7.0)
FAST = partial(random_walk, sd_a_year=0.8)
KINDS: dict[str, Scenario] = {
    "3 days": replace(ALONE, window_days=3),
    "5 days": replace(ALONE, window_days=5),
    "7 days": replace(ALONE, window_days=7),
    "3 days and weekly houses": replace(MIXED, window_days=3),
    "7 days and weekly houses": replace(MIXED, window_days=7),
    "7 days, a fast level": replace(ALONE, window_days=7, level=FAST),
}
RULES = ("shared", "separate", "thinned")


def fitted(series: SimulatedSeries, rule: str) -> Trend:
    """The trend of a series under one rule; only the first house has windows."""
    rows = series.observations
    tracker = rows["house"] == "house-a"
    if rule == "thinned":
        windows = rows[tracker].reset_index(drop=True)
        days = int((windows["end"] - windows["start"]).dt.days.iloc[0]) + 1
        rows = pd.concat([windows.iloc[::-days][::-1], rows[~tracker]])
    stated = "separate" if rule == "separate" else "rolling"
    return fit_trend(rows.assign(overlap=np.where(rows["house"] == "house-a", stated, "separate")))


def answers(series: SimulatedSeries, rule: str, forecasts: bool) -> pd.DataFrame:
    """What the trend says and what is true, one row a question."""
    trend = fitted(series, rule)
    days = pd.DatetimeIndex(series.truth["date"])[10:-1:10]
    newest = pd.DatetimeIndex([series.observations["end"].max()])
    truth = series.truth.set_index("date")["share"]
    found = []
    for what, on in (("level", days), ("newest", newest)):
        table = trend.level(on).set_index("date")
        said = table.set_axis(range(len(table)))[["share", "low95", "high95"]].set_axis(list("elh"), axis=1)
        found.append(said.assign(what=what, truth=truth[on].to_numpy()))
    pairs = list(zip(days[:-3], days[3:], strict=True))
    said = trend.changes(pairs)[["estimate", "low", "high"]].set_axis(list("elh"), axis=1)
    moved = [truth[end] - truth[start] for start, end in pairs]
    found.append(said.assign(what="change", truth=moved))
    if forecasts:
        held = earlier_forecasts(trend)["inside95"].to_numpy(dtype=np.float64)
        # In the columns of the others: the interval holds the truth where the forecast held the wave.
        found.append(pd.DataFrame({"e": np.nan, "l": 0.0, "h": held, "truth": 1.0, "what": "forecasts"}))
    return pd.concat(found, ignore_index=True).assign(rule=rule)


def summary(told: pd.DataFrame) -> pd.DataFrame:
    """One row a kind, question and rule."""
    told = told.assign(
        square=(100 * (told["e"] - told["truth"])) ** 2,
        inside=(told["l"] <= told["truth"]) & (told["truth"] <= told["h"]),
        wide=100 * (told["h"] - told["l"]),
    )
    table = told.groupby(["kind", "what", "rule"], sort=False)[["square", "inside", "wide"]].mean()
    table["error"] = np.sqrt(table.pop("square"))
    thinned = table["error"].xs("thinned", level="rule")
    table["against thinned"] = table["error"] / thinned.reindex(table.index.droplevel("rule")).to_numpy()
    return table[["error", "against thinned", "inside", "wide"]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=7000)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--forecasts", type=int, default=20, help="of so many series also score forecasts")
    given = parser.parse_args()
    told = [
        answers(simulate_series(KINDS[kind], given.first_seed + seed), rule, seed < given.forecasts).assign(
            kind=kind
        )
        for kind in given.kinds
        for seed in range(given.seeds)
        for rule in RULES
    ]
    print(summary(pd.concat(told, ignore_index=True)).round(3).to_string())


if __name__ == "__main__":
    main()
