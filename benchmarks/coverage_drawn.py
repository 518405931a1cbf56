"""Coverage where everything that makes a series is drawn from the model's own priors.

    python benchmarks/coverage_drawn.py --seeds 70

A cell of `coverage_cells.py` fixes what makes its series, and no interval can hold what it promises in every one: a
level that is faster than most is taken for a slower one. Drawn from the priors themselves (the level's pace, still one
time in ten; houses, dispersion, excess), series are held as promised on the whole if the computation is right. The
tables pool series of 4, 8 and 20 waves by how fast the level truly walks, in logits a year.
"""

from __future__ import annotations

import argparse
import itertools
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from coverage_cells import AHEAD_DAYS, HOUSES, SPANS, truth_of

from groundswell.simulate import levels
from groundswell.simulate.scenarios import Scenario
from groundswell.simulate.series import simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.fit.shocks import STILL
from groundswell.trends.model.priors import PRIORS

WAVES = (4, 8, 20)
DRAWN = ("level_sd", "house_sd", "dispersion", "excess_sd")
PACES = (0.0, 0.125, 0.25, 0.5, 1.0)


def one_series(waves: int, houses: int, seed: int) -> pd.DataFrame:
    """How the truth lay in the intervals of one series: a row a date."""
    warnings.simplefilter("ignore")
    rng = np.random.default_rng([seed, waves, houses])
    drawn = {name: PRIORS[name].median * float(np.exp(PRIORS[name].log_sd * rng.normal())) for name in DRAWN}
    pace = 0.0 if rng.random() < STILL else drawn["level_sd"]
    days = SPANS[waves]
    scenario = Scenario(
        level=partial(levels.random_walk, sd_a_year=pace),
        days=2 * days + AHEAD_DAYS,
        houses=houses,
        spacing=days * houses / waves,
        house_sd=drawn["house_sd"],
        house_days=4 * 365.25,
        dispersion=drawn["dispersion"],
        excess_sd=drawn["excess_sd"],
        excess_df=1e6,
    )
    series = simulate_series(scenario, int(rng.integers(2**31)))
    rows = series.observations
    known = rows["end"] <= series.truth["date"].iloc[-1] - pd.Timedelta(days=AHEAD_DAYS)
    rows = rows[known].head(waves)
    trend = fit_trend(rows, search_shocks=False)
    newest = rows["end"].max().normalize()
    on_waves = (rows["start"] + (rows["end"] - rows["start"]) / 2).dt.normalize().drop_duplicates()
    dates = pd.DatetimeIndex([*on_waves, newest, newest + pd.Timedelta(days=AHEAD_DAYS)])
    level, asked = trend.level(dates), trend.segments[-1].scale.asked
    truth = truth_of(series, dates, dict(zip(asked["house"], asked["weight"], strict=True)))
    held = {
        f"in{share}": (level[f"low{share}"] <= truth) & (truth <= level[f"high{share}"]) for share in (80, 95)
    }
    kind = ["level"] * len(on_waves) + ["nowcast", f"{AHEAD_DAYS} days on"]
    table = pd.DataFrame({"kind": kind, **held})
    return table.groupby("kind", sort=False).mean().reset_index().assign(pace=pace, all="all")


def main() -> None:
    """Simulate, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=70, help="series of each number of waves and houses")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    sizes = [size for size in itertools.product(WAVES, HOUSES) if size[0] >= size[1]]
    asked = [(*size, seed) for size in sizes for seed in range(options.seeds)]
    with ProcessPoolExecutor(options.jobs) as pool:
        found = pd.concat(pool.map(one_series, *zip(*asked, strict=True), chunksize=8))
    found["walks"] = pd.cut(found["pace"], [-1.0, *PACES, np.inf]).astype(str)
    for by in ("all", "walks"):
        table = found.groupby([by, "kind"], sort=True)[["in80", "in95"]].agg(["mean", "size"])
        print(table.drop(columns=[("in80", "size")]).round(3).to_string())


if __name__ == "__main__":
    main()
