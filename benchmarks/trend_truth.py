"""Accuracy and coverage of the level on simulated series with known truth, against the peers, in one run.

python benchmarks/trend_truth.py --seeds 20 --first-seed 5000
"""

from __future__ import annotations

import argparse
import time
import warnings

import pandas as pd
from peers import LEVEL_PEERS

from groundswell.simulate import POOLED, SCENARIOS
from groundswell.simulate.calibration import calibration_study, trend_level
from groundswell.trends.checks.scoring_rules import score_summary


def run(seeds: range, scenarios: list[str], methods: list[str]) -> pd.DataFrame:
    """Scores of every method on every scenario; `seconds` is the mean time of one series (five estimates)."""
    estimators = {"groundswell": trend_level, **LEVEL_PEERS}
    parts = []
    for method in methods:
        started = time.perf_counter()
        study = calibration_study(seeds, scenarios, estimators[method])
        seconds = (time.perf_counter() - started) / (len(seeds) * len(scenarios))
        parts.append(study.assign(method=method, seconds=seconds))
    return pd.concat(parts, ignore_index=True)


def in_points(summary: pd.DataFrame) -> pd.DataFrame:
    """CRPS in percentage points and coverage in percent, rounded for reading."""
    table = summary.rename(columns={"crps": "CRPS points", "forecasts": "dates"})
    table["CRPS points"] = (100 * table["CRPS points"]).round(3)
    for percent in (50, 80, 95):
        table[f"in {percent}%"] = (100 * table[f"coverage{percent}"]).round(1)
    return table[[name for name in table if not name.startswith("coverage")]]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="series a scenario")
    parser.add_argument("--first-seed", type=int, default=5000)
    parser.add_argument("--scenarios", nargs="*", default=list(SCENARIOS), choices=list(SCENARIOS))
    parser.add_argument("--methods", nargs="*", default=["groundswell", *LEVEL_PEERS])
    parser.add_argument("--out", help="CSV file for every scored date")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    study = run(seeds, options.scenarios, options.methods)
    if options.out:
        study.to_csv(options.out, index=False)
    pooled = study[study["scenario"].isin(POOLED)]
    for title, table, by in (
        ("nine scenarios pooled", pooled, ["kind", "method"]),
        ("by scenario, groundswell", study[study["method"] == "groundswell"], ["kind", "scenario"]),
    ):
        print(f"\n{title}, seeds {seeds.start}-{seeds.stop - 1}")
        print(in_points(score_summary(table, by)).sort_values("kind", kind="stable").to_string(index=False))
    compared = study.groupby(["kind", "scenario", "method"], sort=False)["crps"].mean().mul(100).unstack()
    print("\nCRPS in points by scenario and method")
    print(compared.round(3).to_string())
    print("\nseconds a series (one smoothing and four nowcasts)")
    print(study.groupby("method", sort=False)["seconds"].first().round(3).to_string())


if __name__ == "__main__":
    main()
