"""Noise of a combination's own, and a level of established houses, against the rules that they replaced.

    python benchmarks/odd_houses.py --seeds 6

- alike: all combinations share one excess variance, and the level is the equal average of all houses ever seen (the
  rules until November 2026);
- now: each combination has an excess of its own, and the level averages over established houses.

Each rule's level is held against the truth on its own scale: the true level, moved by the houses' true effects in the
rule's weights. `smoothed` are levels every four weeks, `nowcast` the last wave's day, `next wave` forecasts of the
last tenth of the waves from those before them. CRPS and width of the 95% interval in points, coverage in percent.

Scenarios: those of `trend_truth.py` that it pools, one noisy wording, and series with one more house: one respondent
asked today, or 1,000 people asked thirty years ago.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from groundswell.simulate import POOLED, SimulatedSeries, simulate_series
from groundswell.simulate.truth import truth_on
from groundswell.trends import fit_trend
from groundswell.trends.checks.forecasts_held import trend_forecast
from groundswell.trends.checks.scoring_rules import INTERVAL_COLUMNS, score
from groundswell.trends.fit import own_noise
from groundswell.trends.model import houses
from groundswell.trends.model.logit import expit, logit

ALIKE = {
    (own_noise, "FACTOR_LOG_SD"): 1e-6,
    (houses, "HALF_LIFE_DAYS"): 1e12,
    (houses, "HALF_ESTABLISHED"): 1e-12,
    (houses, "NEGLIGIBLE"): 0.0,
}
EVERY_DAYS = 28
STRAY_SD = 0.1
LONG_AGO = pd.Timedelta(days=30 * 365)


@contextmanager
def rule(name: str) -> Iterator[None]:
    """The rules as they are `now`, or as they were while all were `alike`."""
    before = {(module, key): getattr(module, key) for module, key in ALIKE}
    try:
        for (module, key), setting in ALIKE.items() if name == "alike" else ():
            setattr(module, key, setting)
        yield
    finally:
        for (module, key), setting in before.items():
            setattr(module, key, setting)


def stray(name: str, days_before: pd.Timedelta, n: int, seed: int) -> SimulatedSeries:
    """A series with one more house, which asked once: `n` people, so long before the last wave."""
    series, rng = simulate_series(name, seed), np.random.default_rng([n, seed])
    effect, truth = float(rng.normal(0.0, STRAY_SD)), series.truth
    row = series.observations.iloc[[-1]].copy()
    for column in ("start", "end", "published"):
        row[column] = row["end"] - days_before
    asked = max(row["end"].iloc[0].normalize(), truth["date"].iloc[0])
    level = float(truth.loc[truth["date"] == asked, "share_first"].iloc[0])
    share = rng.binomial(n, expit(logit(level) + effect)) / n
    row = row.assign(house="stray", mode="cati", n=n, n_effective=float(n), share=share)
    own = pd.DataFrame({"date": truth["date"], "house": "stray", "effect": effect, "offset": 0.0})
    rows = pd.concat([series.observations, row]).sort_values("end", kind="stable", ignore_index=True)
    return series._replace(observations=rows, houses=pd.concat([series.houses, own]))


KINDS: dict[str, Callable[[int], SimulatedSeries]] = {
    **{name: (lambda seed, name=name: simulate_series(name, seed)) for name in (*POOLED, "noisy wording")},
    **{
        f"{name}, {words}": (lambda seed, name=name, days=days, n=n: stray(name, days, n, seed))
        for name in ("random walk", "single house")
        for words, days, n in (("one respondent", 0 * LONG_AGO, 1), ("thirty years ago", LONG_AGO, 1000))
    },
}


def study(series: SimulatedSeries) -> pd.DataFrame:
    """One row a level or a wave asked for, scored, under the rule in force."""
    waves = series.observations
    last = waves["end"].max().normalize()
    dates = pd.date_range(series.truth["date"].iloc[0], last, freq=f"{EVERY_DAYS}D")
    dates = pd.DatetimeIndex([*dates[dates < last], last])
    trend = fit_trend(waves)
    kinds = ["smoothed"] * (len(dates) - 1) + ["nowcast"]
    levels = score(trend.level(dates).assign(kind=kinds), truth_on(series, trend.segments, dates))
    cut = waves["end"].iloc[-len(waves) // 10]
    past, coming = waves[waves["end"] <= cut], waves[(waves["end"] > cut) & (waves["house"] != "stray")]
    said = trend_forecast(past, coming).assign(kind="next wave")
    parts = [levels, score(said, coming["share"])]
    return pd.concat([part[["kind", *INTERVAL_COLUMNS, "crps", "inside95"]] for part in parts])


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=6, help="series a scenario")
    parser.add_argument("--first-seed", type=int, default=6000)
    parser.add_argument("--scenarios", nargs="*", default=list(KINDS), choices=list(KINDS))
    given = parser.parse_args()
    found = []
    for name in given.scenarios:
        for seed in range(given.first_seed, given.first_seed + given.seeds):
            for which in ("alike", "now"):
                with rule(which):
                    found.append(study(KINDS[name](seed)).assign(scenario=name, rule=which))
    scores = pd.concat(found, ignore_index=True)
    scores["width"] = scores["high95"] - scores["low95"]
    pooled = scores[scores["scenario"].isin(POOLED)].assign(scenario="nine scenarios pooled")
    table = pd.concat([pooled, scores]).groupby(["kind", "scenario", "rule"], sort=False)
    summary = table[["crps", "inside95", "width"]].mean() * 100
    print(summary.round(3).unstack("rule").to_string())


if __name__ == "__main__":
    main()
