"""Shocks: followed on FOM's anxious mood, found in simulated series that have one, not claimed where there is none.

python benchmarks/trend_shocks.py --seeds 40 --first-seed 7000
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sampling_noise import proportion

from groundswell.simulate import SCENARIOS, Scenario, SimulatedSeries, simulate_series
from groundswell.simulate.levels import shocked
from groundswell.trends import Trend, fit_trend, observations
from groundswell.waves import load_survey

SURVEY = Path(__file__).resolve().parents[1] / "surveys" / "russia-mood"
MOBILISATION = ("2022-09-18", "2022-09-25", "2022-10-02")
AROUND = pd.Timedelta(days=28)
QUIET = tuple(name for name in SCENARIOS if name not in ("step", "decaying shock"))
SIZES = (0.1, 0.2, 0.3)


def mood() -> pd.DataFrame:
    """The level and FOM's printed share around the mobilisation of 2022, with its date declared and without."""
    survey = load_survey(SURVEY)
    rows = observations(survey, indicator="anxiety")
    printed = rows[rows["house"] == "fom"].set_index("end")["share"]
    table = []
    for waves, part in (("fom alone", rows[rows["house"] == "fom"]), ("all houses", rows)):
        for dates, events in (("declared", survey.events), ("searched for", ())):
            trend = fit_trend(part, events=events, reference="fom-circle")
            level = 100 * trend.level(MOBILISATION)["share"].to_numpy()
            off = level - 100 * printed.loc[list(MOBILISATION)].to_numpy()
            excess = trend.hyperparameters.set_index("name").loc["excess_sd", "estimate"]
            row = {"waves": waves, "dates": dates, "excess sd": round(float(excess), 3)}
            row |= {
                day: f"{share:.1f} ({error:+.1f})"
                for day, share, error in zip(MOBILISATION, level, off, strict=True)
            }
            table.append(row)
    return pd.DataFrame(table)


def shock_scenario(size: float, shape: str) -> Scenario:
    """Three houses, each in the field about every second week, and one shock of `size` share units."""
    return replace(SCENARIOS["decaying shock"], level=partial(shocked, size=size, shape=shape))


def near(trend: Trend, series: SimulatedSeries) -> bool:
    """Whether a shock was found with at most one wave between it and the true one's day."""
    true = series.shocks["date"].iloc[0]
    middle = trend.used["start"] + (trend.used["end"] - trend.used["start"]) / 2
    found = trend.shocks.loc[trend.shocks["kind"] == "found", "date"]
    return any(int(middle.between(min(true, day), max(true, day)).sum()) <= 1 for day in found)


def error(trend: Trend, days: pd.DataFrame) -> float:
    """Mean distance, in points, of the level from the truth."""
    level = trend.level(pd.DatetimeIndex(days["date"]))["share"].to_numpy()
    return float(100 * np.abs(level - days["share"].to_numpy()).mean())


def power(seeds: range) -> pd.DataFrame:
    """How often a shock is found, and the level's error in the four weeks before and after it."""
    table = []
    for shape in ("decay", "step"):
        for size in SIZES:
            found, errors = [], []
            for seed in seeds:
                series = simulate_series(shock_scenario(size, shape), seed)
                true = series.shocks["date"].iloc[0]
                since = series.truth["date"] - true
                before = series.truth[(since < pd.Timedelta(0)) & (since >= -AROUND)]
                after = series.truth[(since >= pd.Timedelta(0)) & (since < AROUND)]
                searched = fit_trend(series.observations)
                blind = fit_trend(series.observations, search_shocks=False)
                found.append(near(searched, series))
                errors.append([error(trend, days) for days in (before, after) for trend in (searched, blind)])
            mean = np.mean(errors, axis=0)
            table.append(
                {
                    "shape": shape,
                    "points": round(100 * size),
                    "series": len(seeds),
                    "found within one wave": proportion(found),
                    "error before": f"{mean[0]:.2f}",
                    "blind": f"{mean[1]:.2f}",
                    "error after": f"{mean[2]:.2f}",
                    "blind after": f"{mean[3]:.2f}",
                }
            )
    return pd.DataFrame(table)


def false_alarms(seeds: range, scenarios: tuple[str, ...] = QUIET) -> pd.DataFrame:
    """How many series without a shock claim one."""
    claims = {
        name: [bool(len(fit_trend(simulate_series(name, seed).observations).shocks)) for seed in seeds]
        for name in scenarios
    }
    rows = [*claims.items(), ("all together", [claim for one in claims.values() for claim in one])]
    return pd.DataFrame(
        [{"scenario": name, "series": len(one), "claimed": proportion(one)} for name, one in rows]
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="series a row")
    parser.add_argument("--first-seed", type=int, default=7000)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print("FOM's anxious mood: level on FOM's scale, in percent (less what FOM printed)")
    print(mood().to_string(index=False), flush=True)
    print(
        f"\nSeries with one shock, seeds {seeds.start}-{seeds.stop - 1}; mean error of the level in points, 28 days"
    )
    print(power(seeds).to_string(index=False), flush=True)
    print("\nSeries without a shock")
    print(false_alarms(seeds).to_string(index=False))


if __name__ == "__main__":
    main()
