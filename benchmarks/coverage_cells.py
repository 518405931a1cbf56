"""Coverage cell by cell: do the trend's 80 and 95% intervals hold the truth, however few the waves?

    python benchmarks/coverage_cells.py --seeds 60 --cells "20 waves" --jobs 2

One cell is a number of waves × a number of houses × what the level does × whether waves err by more than sampling.
In each, series are simulated and fitted, and three things are held against the truth: the level on the days of the
waves, the nowcast on the day the last wave ended, and the level 120 days later. Beside the coverage stands the median
width of the 95% interval, and that of an oracle: the same model told the hyperparameters that made the series (only
where the level is one that the model can describe: still or a random walk).
"""

from __future__ import annotations

import argparse
import itertools
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from groundswell.simulate import levels
from groundswell.simulate.scenarios import Scenario
from groundswell.simulate.series import SimulatedSeries, simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.fieldwork import EPOCH
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.statespace import StateSpace, Targets

AHEAD_DAYS = 120
SPANS = {4: 240, 8: 365, 20: 730, 100: 1096}
HOUSES = (1, 3, 8)
WALKS = {"still": 0.0, "walking": 0.2, "fast": 0.8}
SHOCK = "undeclared shock"
LEVELS = (*WALKS, SHOCK)
EXCESS = {"no excess": 0.0, "large excess": 0.1}
HOUSE_SD = 0.1
APART = 1000
PAGES = Path(__file__).resolve().parents[1] / "docs" / "studies"
KINDS = {"level": "level", "nowcast": "nowcast", "ahead": f"{AHEAD_DAYS} days on"}
PROMISED = {"80": (0.78, 0.83), "95": (0.93, 0.97)}


class Cell(NamedTuple):
    """One kind of series."""

    waves: int
    houses: int
    walk: str
    excess: str

    def __str__(self) -> str:
        return f"{self.waves} waves, {self.houses} houses, {self.walk}, {self.excess}"


def cells() -> list[Cell]:
    """Every cell in which each house has a wave."""
    every = itertools.product(SPANS, HOUSES, LEVELS, EXCESS)
    return [Cell(*one) for one in every if one[0] >= one[1]]


def simulated(cell: Cell, seed: int) -> SimulatedSeries:
    """One series of a cell, its truth known beyond its last wave.

    No two cells share their randomness: where they did, a table that pools them was as unsure as one cell.
    """
    days = SPANS[cell.waves]
    scenario = Scenario(
        level=partial(_level, kind=cell.walk, seen=days),
        days=2 * days + AHEAD_DAYS,
        houses=cell.houses,
        spacing=days * cell.houses / cell.waves,
        house_sd=HOUSE_SD,
        house_days=4 * 365.25,
        deff=1.5,
        excess_sd=EXCESS[cell.excess],
        excess_df=1e6,
    )
    series = simulate_series(scenario, seed + APART * cells().index(cell))
    last = series.truth["date"].iloc[-1] - pd.Timedelta(days=AHEAD_DAYS)
    waves = series.observations
    return series._replace(observations=waves[waves["end"] <= last].head(cell.waves))


def _level(rng: np.random.Generator, days: int, kind: str, seen: int) -> levels.TrueLevel:
    """What the level does; a shock comes in the middle half of what is seen, and nothing but its walk after that."""
    if kind != SHOCK:
        return levels.random_walk(rng, days, sd_a_year=WALKS[kind])
    seen_level = levels.shocked(rng, seen, size=0.1, shape="step")
    later = levels.random_walk(rng, days - seen + 1, sd_a_year=0.12).logits
    return seen_level._replace(
        logits=np.append(seen_level.logits, seen_level.logits[-1] + later[1:] - later[0])
    )


def one_series(cell: Cell, seed: int) -> pd.DataFrame:
    """How the truth lay in the intervals of one series: a row a date."""
    warnings.simplefilter("ignore")
    series = simulated(cell, seed)
    waves = series.observations
    if waves.empty:
        return pd.DataFrame()
    trend = fit_trend(waves)
    newest = waves["end"].max().normalize()
    on_waves = (waves["start"] + (waves["end"] - waves["start"]) / 2).dt.normalize().drop_duplicates()
    days = pd.DatetimeIndex([*on_waves, newest, newest + pd.Timedelta(days=AHEAD_DAYS)])
    kinds = ["level"] * len(on_waves) + ["nowcast", "ahead"]
    level = trend.level(days)
    asked = trend.segments[-1].scale
    told = _oracle(cell, waves, days, asked.weights)
    truth = truth_of(series, days, dict(zip(asked.asked["house"], asked.asked["weight"], strict=True)))
    return pd.DataFrame(
        {
            "cell": str(cell),
            **cell._asdict(),
            "all": "all",
            "kind": kinds,
            "in80": (level["low80"] <= truth) & (truth <= level["high80"]),
            "in95": (level["low95"] <= truth) & (truth <= level["high95"]),
            "width95": level["high95"] - level["low95"],
            "oracle95": told,
            "weight": 1.0 / np.array([len(on_waves)] * len(on_waves) + [1, 1]),
        }
    )


def truth_of(series: SimulatedSeries, days: pd.DatetimeIndex, weights: dict[str, float]) -> np.ndarray:
    """The true level on the scale on which the trend's stands: its houses in its proportions."""
    effect = series.houses.pivot_table(index="date", columns="house", values="effect").loc[days]
    own = sum(effect[house] * weight for house, weight in weights.items())
    return expit(logit(series.truth.set_index("date")["share_first"].loc[days]) + own).to_numpy()


def _oracle(cell: Cell, rows: pd.DataFrame, days: pd.DatetimeIndex, weights: np.ndarray) -> np.ndarray:
    """Width of the 95% interval of the model that knows what made the series; NaN where it cannot be told."""
    if cell.walk not in WALKS:
        return np.full(len(days), np.nan)
    waves = measure(rows)
    moments = np.asarray((days - EPOCH) / pd.Timedelta(days=1), dtype=float) + 0.5
    targets = Targets(moments, np.ones(len(days)), np.tile(weights, (len(days), 1)))
    model = StateSpace(waves, (), targets)
    hyper = {
        "level_sd": max(WALKS[cell.walk], 1e-6),
        "house_sd": HOUSE_SD,
        "dispersion": 1.0,
        "excess_sd": max(EXCESS[cell.excess], 1e-6),
    }
    noise = Noise.at(waves, waves.share)
    smoothed = model.smooth(hyper, noise)
    mixture = Mixture(np.ones(1), smoothed.target_mean[None], np.sqrt(smoothed.target_variance)[None])
    ends = mixture.share_intervals((95,))
    return ends["high95"] - ends["low95"]


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Coverage and widths by cell and kind; `missed` where a coverage lies outside what was promised."""
    rows = []
    for (cell, kind), part in found.groupby(["cell", "kind"], sort=False):
        held = {level: np.average(part[f"in{level}"], weights=part["weight"]) for level in PROMISED}
        missed = [level for level, (low, high) in PROMISED.items() if not low <= held[level] <= high]
        rows.append(
            {
                "cell": cell,
                "kind": kind,
                **{f"held {level}": round(float(share), 3) for level, share in held.items()},
                "width95": round(100 * float(part["width95"].median()), 1),
                "oracle95": round(100 * float(part["oracle95"].median()), 1),
                "missed": " ".join(missed),
            }
        )
    return pd.DataFrame(rows)


def pooled(found: pd.DataFrame, by: str) -> str:
    """Coverage of all cells alike in one respect, as a table of Markdown; widths are medians of cells."""
    heads = [f"{kind}: 80% hold | 95% hold | width / oracle's" for kind in KINDS.values()]
    lines = [f"| {by} | {' | '.join(heads)} |", "|" + " --- |" * (1 + 3 * len(heads))]
    for name, alike in found.groupby(by, sort=False):
        cells = [str(name)]
        for kind in KINDS:
            part = alike[alike["kind"] == kind]
            held = [np.average(part[f"in{level}"], weights=part["weight"]) for level in PROMISED]
            widths = part.groupby("cell")[["width95", "oracle95"]].median()
            ratio = float((widths["width95"] / widths["oracle95"]).median())
            cells += [*(f"{100 * share:.0f}" for share in held), "" if np.isnan(ratio) else f"{ratio:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page_of(found: pd.DataFrame, today: str, command: str) -> str:
    """The study's page."""
    tables = "\n\n".join(f"## By {by}\n\n{pooled(found, by)}" for by in (*Cell._fields, "all"))
    return f"""# Coverage cell by cell, {today}

`{command}`: {found["cell"].nunique()} kinds of series
({", ".join(map(str, SPANS))} waves; {", ".join(map(str, HOUSES))} houses; a level that stands still, walks 0.2 or
0.8 logits a year, or jumps ten points at once without a word; waves that err by sampling alone or by 0.1 logits more).
Held against the truth: the level on the days of the waves, the nowcast on the day the last wave ended, and the level
{AHEAD_DAYS} days later. The oracle is the same model told what made the series. Numbers are percent; tables pool the
cells that are alike.

{tables}

An oracle's intervals hold what they promise by construction. Those of the model cannot in every row: before the waves
speak, an excess of 0.1 logits and a level that walks 0.8 a year are larger than most, and few waves do not outvote
that. Only the oracle knows of a level that it stands still.
"""


def main() -> None:
    """Simulate the cells whose name holds the words asked for, print the table, and write the page where all were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=60, help="series a cell")
    parser.add_argument("--first-seed", type=int, default=5000)
    parser.add_argument(
        "--cells", default="", help="only cells with these words in their name, as `20 waves, 1 h`"
    )
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    asked = [(cell, seed) for cell in cells() if options.cells in str(cell) for seed in seeds]
    with ProcessPoolExecutor(options.jobs) as pool:
        parts = pool.map(one_series, *zip(*asked, strict=True), chunksize=8)
        found = pd.concat(list(parts), ignore_index=True)
    pd.set_option("display.width", 200, "display.max_rows", 1000, "display.max_colwidth", 60)
    print(summary(found).to_string(index=False))
    today = datetime.now().astimezone().date().isoformat()
    command = f"python benchmarks/coverage_cells.py --seeds {options.seeds} --first-seed {options.first_seed}"
    page = page_of(found, today, command)
    print(page)
    if not options.cells:
        (PAGES / f"coverage-{today}.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
