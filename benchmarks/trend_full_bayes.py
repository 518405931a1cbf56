"""The trend's quadrature against full Bayes: the same model and priors written in NumPyro, sampled by NUTS.

    make bench-bayes

Three simulated series of project size (about 145 waves of 3 houses). The tolerances: posterior means of the level
within 0.15 points, standard deviations within 3% on average, at least 150 times faster than the sampler, which runs
compiled and on a likelihood with all paths integrated out (sampling the paths too takes longer).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from groundswell.simulate import SCENARIOS, simulate_series
from groundswell.trends import Trend, fit_trend

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / "bin" / "python"
NAMES = ("random walk", "drifting houses", "smooth")
EPOCH, DAY = pd.Timestamp("2000-01-01"), pd.Timedelta(days=1)


def project_size(name: str, seed: int) -> pd.DataFrame:
    """Observations of three houses, about 145 waves."""
    return simulate_series(replace(SCENARIOS[name], houses=3, spacing=22.0), seed).observations


def sampled(observations: pd.DataFrame, dates: pd.DatetimeIndex, trend: Trend) -> dict:
    """What NUTS says of the level at noon of the dates, on the trend's scale."""
    weight = trend.segments[-1].scale.asked.set_index("house")["weight"]
    houses, names = pd.factorize(observations["house"])
    start, end = ((observations[name] - EPOCH) / DAY for name in ("start", "end"))
    waves = {
        "middle": ((start + end + 1) / 2).tolist(),
        "length": (end + 1 - start).tolist(),
        "house": houses.tolist(),
        "weight": weight.reindex(names, fill_value=0.0).tolist(),
        "n": observations["n_effective"].tolist(),
        "share": observations["share"].tolist(),
        "rounding": observations["rounding"].tolist(),
        "asked": ((dates - EPOCH) / DAY + 0.5).tolist(),
    }
    with tempfile.TemporaryDirectory() as place:
        given, found = Path(place, "waves.json"), Path(place, "posterior.json")
        given.write_text(json.dumps(waves), encoding="utf-8")
        subprocess.run([PYTHON, HERE / "full_bayes_nuts.py", given, found], check=True)
        return json.loads(found.read_text(encoding="utf-8"))


def ours(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> tuple[Trend, pd.DataFrame, float]:
    """The trend, its level and the least seconds of five runs, fit and answer together."""
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        trend = fit_trend(observations, search_shocks=False)
        level = trend.level(dates)
        seconds.append(time.perf_counter() - started)
    return trend, level, min(seconds)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--first-seed", type=int, default=70)
    options = parser.parse_args()
    if not PYTHON.exists():
        sys.exit(f"{PYTHON.relative_to(HERE.parent)} is missing: run `make bench-bayes`")
    rows = []
    for seed, name in enumerate(NAMES, options.first_seed):
        observations = project_size(name, seed)
        dates = pd.date_range(observations["start"].min() + 14 * DAY, observations["end"].max(), freq="28D")
        trend, level, seconds = ours(observations, dates)
        full = sampled(observations, dates, trend)
        apart = 100 * (level["share"].to_numpy() - np.array(full["mean"]))
        ratio = level["share_se"].to_numpy() / np.array(full["sd"])
        rows.append(
            {
                "series": name,
                "waves": len(observations),
                "mean apart, points": np.abs(apart).max(),
                "(its MC error)": 100 * max(full["mean_error"]),
                "sd ratio, mean": ratio.mean(),
                "least": ratio.min(),
                "most": ratio.max(),
                "(MC error)": np.max(np.array(full["sd_error"]) / np.array(full["sd"])),
                "ours, s": seconds,
                "NUTS, s": full["seconds"],
                "times faster": full["seconds"] / seconds,
            }
        )
    print(pd.DataFrame(rows).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
