"""Seconds and memory of the trend by size of the series, against statsmodels alone and UnobservedComponents.

    python benchmarks/trend_speed.py [sweden-s.csv]

Seconds are CPU seconds of one thread, the least of some repeats, so that a busy machine disturbs them little.
`fit` is `fit_trend` with its search for shocks and its quadrature; `level` answers for the first of every month.
The first row is a series of the size of Sweden's (2,099 waves of 14 houses): the file if one is given, else simulated.
The floor is what one likelihood costs in statsmodels' filter with this model's matrices; the peer is
UnobservedComponents (local level) on daily means, which knows no houses. Memory is the peak of a fresh process (Linux).
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
from peers import fit_components
from trend_next_poll import read_polls

from groundswell.simulate import SCENARIOS, simulate_series
from groundswell.trends import fit_trend, fit_trends

SIZES = {
    "five waves": {"houses": 2, "days": 365, "spacing": 120.0},
    "project size": {"houses": 3, "days": 1096, "spacing": 22.0},
    "5,000 waves": {"houses": 12, "days": 9_000, "spacing": 18.0},
    "10,000 waves": {"houses": 12, "days": 18_000, "spacing": 18.0},
    "20,000 waves": {"houses": 12, "days": 36_000, "spacing": 18.0},
}
SWEDEN = {"houses": 14, "days": 9_500, "spacing": 56.0}


def simulated(houses: int, days: int, spacing: float, seed: int = 11) -> pd.DataFrame:
    """Observations of drifting houses around a random walk."""
    scenario = replace(SCENARIOS["drifting houses"], houses=houses, days=days, spacing=spacing)
    return simulate_series(scenario, seed).observations


def least(call: Callable[[], object], repeats: int) -> float:
    """The least CPU seconds of some calls."""
    seconds = []
    for _ in range(repeats):
        started = time.process_time()
        call()
        seconds.append(time.process_time() - started)
    return min(seconds)


def row(name: str, observations: pd.DataFrame, repeats: int) -> dict:
    """One series: our seconds, the floor and the peer."""
    dates = pd.date_range(observations["end"].min(), observations["end"].max(), freq="MS")
    if dates.empty:
        dates = pd.DatetimeIndex([observations["end"].max()])
    trend = fit_trend(observations)
    best = trend.best
    model = best.model()
    fit = least(lambda: fit_trend(observations), repeats)
    floor = least(lambda: model.loglike(best.hyper, best.noise), 10)
    peer = least(lambda: fit_components(observations, dates.normalize()), 1)
    return {
        "series": name,
        "waves": len(observations),
        "houses": observations["house"].nunique(),
        "fit": fit,
        "ms a wave": 1000 * fit / len(observations),
        "level": least(lambda: trend.level(dates), repeats),
        "dates": len(dates),
        "one likelihood": floor,
        "fit / likelihood": fit / floor,
        "UnobservedComponents": peer,
        "fit / UnobservedComponents": fit / peer,
    }


def peak_megabytes(polls: Path | None) -> tuple[float, float]:
    """The peak of a fresh process with all libraries loaded, and after it fitted the series of Sweden's size."""
    command = [sys.executable, str(Path(__file__).resolve()), "--memory-only"]
    said = subprocess.run(
        [*command, *map(str, filter(None, [polls]))], check=True, capture_output=True, text=True
    )
    before, after = map(float, said.stdout.split())
    return before, after


def memory_only(observations: pd.DataFrame) -> None:
    """Print the peak after a fit of ten waves, and after one of all with its monthly levels."""
    fit_trend(observations.tail(10))
    print(_peak())
    trend = fit_trend(observations)
    trend.level(pd.date_range(observations["end"].min(), observations["end"].max(), freq="MS"))
    print(_peak())


def _peak() -> float:
    """Megabytes of this program at its largest; getrusage would count the program that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def many(count: int) -> dict[str, float]:
    """Wall-clock seconds of many series of project size, in one process and in one a core."""
    one = simulated(**SIZES["project size"])
    table = pd.concat([one.assign(indicator=f"indicator {number}") for number in range(count)])
    seconds = {}
    for processes in (1, os.cpu_count() or 1):
        started = time.perf_counter()
        fit_trends(table, processes=processes)
        seconds[f"{processes} processes"] = time.perf_counter() - started
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("polls", nargs="?", type=Path, help="CSV file with one series")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--largest", type=int, default=20_000, help="leave out series with more waves")
    parser.add_argument("--memory-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    sweden = read_polls(options.polls) if options.polls else simulated(**SWEDEN)
    if options.memory_only:
        memory_only(sweden)
        return
    rows = [row("Sweden's size", sweden, options.repeats)]
    for name, size in SIZES.items():
        if size["houses"] * size["days"] / size["spacing"] <= 1.25 * options.largest:
            rows.append(row(name, simulated(**size), 1 if "," in name else options.repeats))
    print(pd.DataFrame(rows).round(4).to_string(index=False))
    before, after = peak_megabytes(options.polls)
    print(f"\nSweden's size: peak memory {after:.0f} MB, of which {before:.0f} MB are the libraries")
    for name, seconds in many(100).items():
        print(f"100 series of project size, {name}: {seconds:.1f} s")


if __name__ == "__main__":
    main()
