"""On whose scale should a level stand? Four rules on simulated series whose houses change what they ask.

    python benchmarks/level_scale.py --seeds 40

- first: the average over houses, each in what it asked first (the rule until November 2026);
- newest: each in what it asked last, one line through the whole series;
- broken: the same, but where nothing bridges a change the level breaks and each part stands on its own questions (the
  rule now);
- bridged: of one house, the level goes on over the change on a split ballot of 1,000 people each, drawn anew.

Each rule is held against the truth that a reader of today's questions means: the average over houses in what they ask
now, and for days before a break under `broken` that of what was asked then. `nowcast` is the level on the last wave's
day, `before` the level on days before the first change; error in points, coverage of the 95% interval, its mean width
in points, and how often the reader's own newest share (the mean of the houses' last waves) lies outside the 95% band.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
import pandas as pd

from groundswell.simulate import simulate_series
from groundswell.simulate.scenarios import SCENARIOS, Scenario
from groundswell.simulate.truth import truth_on
from groundswell.trends import Trend, fit_trend
from groundswell.trends.answers.tables import level_table
from groundswell.trends.model.logit import expit, logit
from groundswell.waves import Bridge

KINDS: dict[str, Scenario] = {
    "one house, one change": replace(
        SCENARIOS["random walk"], houses=1, spacing=28.0, switching_houses=1, switch_size=0.4
    ),
    "two houses, both change": replace(
        SCENARIOS["random walk"], houses=2, spacing=28.0, switching_houses=2, switch_size=0.4
    ),
    "five houses, two change": replace(SCENARIOS["random walk"], switching_houses=2, switch_size=0.4),
    "five houses, all change": replace(SCENARIOS["random walk"], switching_houses=5, switch_size=0.4),
    "nobody changes": SCENARIOS["random walk"],
}


def bridged(waves: pd.DataFrame, changed: pd.Timestamp, distance: float, seed: int) -> Trend:
    """The trend of a single house on a split ballot: at about half, 1,000 people in its old mode, 1,000 in its new."""
    rng = np.random.default_rng([4_441, seed])
    old, new = (rng.binomial(1000, expit(place)) / 1000 for place in (-distance / 2, distance / 2))
    modes = waves.sort_values("end")["mode"]
    ballot = Bridge(
        old="v", new="v", old_mode=modes.iloc[0], new_mode=modes.iloc[-1], kind="split_ballot", date=changed.date(),
        old_share=old, new_share=new, old_n=1000, new_n=1000, source="simulated",
    )  # fmt: skip
    return fit_trend(waves.assign(variant="v"), bridges=[ballot], search_shocks=False)


def levels(trend: Trend, days: pd.DatetimeIndex) -> dict[str, pd.DataFrame]:
    """The level on each day under each rule."""
    size = len(trend.posterior.waves.combinations.names)
    newest = trend.segments[-1].scale.weights
    scales = {"first": np.zeros((len(days), size)), "newest": np.tile(newest, (len(days), 1))}
    tables = {name: level_table(trend.posterior, days, scale, None) for name, scale in scales.items()}
    return tables | {"broken": trend.level(days)}


def study(name: str, scenario: Scenario, seeds: int, first_seed: int) -> pd.DataFrame:
    """One row a series, rule and day asked for."""
    rows = []
    for seed in range(first_seed, first_seed + seeds):
        series = simulate_series(scenario, seed)
        waves, truth = series.observations, series.truth.set_index("date")
        changed = waves.loc[waves.groupby("house")["mode"].transform("first") != waves["mode"], "start"].min()
        last = waves["end"].max().normalize()
        before = truth.index[(truth.index > waves["end"].min()) & (truth.index < changed)][30::60]
        days = pd.DatetimeIndex([*before, last])
        trend = fit_trend(waves, search_shocks=False)
        own = truth_on(series, trend.segments, days)
        own_newest = waves.sort_values("end").groupby("house")["share"].last().mean()
        tables = levels(trend, days)
        if scenario.houses == 1 and len(before) and len(trend.segments) > 1:
            distance = float(logit(truth.loc[before[0], "share"]) - logit(own[before[0]]))
            tables["bridged"] = bridged(waves, changed, distance, seed).level(days)
        for rule, table in tables.items():
            for row in table.itertuples():
                now = row.date == last
                cut = rule == "broken" and trend.segment_on(row.date).number < len(trend.segments)
                true = own[row.date] if cut else truth.loc[row.date, "share"]
                rows.append(
                    {
                        "series": name,
                        "rule": rule,
                        "asked": "nowcast" if now else "before",
                        "error": abs(row.share - true) * 100,
                        "coverage": row.low95 <= true <= row.high95,
                        "width": (row.high95 - row.low95) * 100,
                        "newest outside": not row.low95 <= own_newest <= row.high95 if now else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=81000)
    given = parser.parse_args()
    tables = [study(name, scenario, given.seeds, given.first_seed) for name, scenario in KINDS.items()]
    found = pd.concat(tables)
    found["newest outside"] = found["newest outside"].astype(float)
    print(found.groupby(["series", "asked", "rule"], sort=False).mean().round(3).to_string())


if __name__ == "__main__":
    main()
