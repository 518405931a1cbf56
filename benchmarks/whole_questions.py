"""Whole questions against each answer fitted apart: error, coverage, sums, seconds.

    python benchmarks/whole_questions.py --seeds 20

Multinomial waves of one house or three of a question whose true shares are a softmax of random walks, printed to whole
percents, every 3 weeks. Levels every 30 days by `fit_question` (joint) and by `fit_trend` of each answer (apart): CRPS
in points by answer and for all, how many of the 95% intervals hold the truth, and on how many dates the levels of the
answers miss 1 by more than half a point.

`--speed` measures instead the CPU seconds, one thread, of fitting 8 answers in 2,099 waves of 14 houses and 3 answers
in 145 waves of 3 houses, and of their levels on every wave's day.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time

import numpy as np
import pandas as pd

from groundswell.simulate.questions import SimulatedQuestion, simulate_question
from groundswell.trends import fit_question, fit_trend
from groundswell.trends.checks.scoring_rules import score

HALF_A_POINT = 0.005
THREE, FIVE = (0.5, 0.4, 0.1), (0.35, 0.3, 0.2, 0.1, 0.05)
KINDS = {
    "3 answers, 40 waves": {"shares": THREE, "waves": 40},
    "3 answers, 40 waves, 3 houses": {"shares": THREE, "waves": 40, "houses": 3, "house_sd": 0.1},
    "3 answers, 8 waves": {"shares": THREE, "waves": 8, "spacing": 100.0},
    "5 answers, 40 waves": {"shares": FIVE, "waves": 40},
    "5 answers, 40 waves, 3 houses": {"shares": FIVE, "waves": 40, "houses": 3, "house_sd": 0.1},
}
EIGHT = (0.3, 0.2, 0.15, 0.12, 0.1, 0.06, 0.04, 0.03)
SIZES = {
    "3 answers, 145 waves of 3 houses": {"shares": THREE, "waves": 145, "houses": 3, "spacing": 7.0},
    "8 answers, 2,099 waves of 14 houses": {"shares": EIGHT, "waves": 2099, "houses": 14, "spacing": 4.0},
}


def levels(series: SimulatedQuestion, days: pd.DatetimeIndex, joint: bool) -> pd.DataFrame:
    """The level of every answer on each day."""
    names = list(series.truth.columns)
    if joint:
        return fit_question(series.rows, answers=names).levels(days)
    rows = series.rows
    apart = [fit_trend(rows[rows["category"] == name]).level(days).assign(answer=name) for name in names]
    return pd.concat(apart, ignore_index=True)


def compared(kind: str, seeds: int) -> pd.DataFrame:
    """Scores of every level by both ways, with by how much the levels of its date miss 1."""
    scored = []
    for seed in range(seeds):
        series = simulate_question(1000 + seed, rounding=0.01, **KINDS[kind])
        days = series.truth.index[15::30]
        for way, joint in (("joint", True), ("apart", False)):
            table = levels(series, days, joint)
            truth = series.truth.stack()[pd.MultiIndex.from_frame(table[["date", "answer"]])]
            missed = table.groupby("date")["share"].transform("sum") - 1.0
            scored.append(score(table, truth.to_numpy()).assign(way=way, missed=missed.abs(), seed=seed))
    return pd.concat(scored, ignore_index=True)


def summary(scores: pd.DataFrame) -> pd.DataFrame:
    """One row a way: CRPS of all and by answer in points, coverage of 95%, dates that miss 1 by over half a point."""
    rows = []
    for way, mine in scores.groupby("way", sort=False):
        by_answer = 100.0 * mine.groupby("answer")["crps"].mean()
        rows.append(
            {
                "way": way,
                "crps": 100.0 * mine["crps"].mean(),
                **{f"crps {name}": value for name, value in by_answer.items()},
                "inside95": mine["inside95"].mean(),
                "off by half a point": (mine["missed"] > HALF_A_POINT).mean(),
            }
        )
    return pd.DataFrame(rows).set_index("way").round(3)


def ratio_of(scores: pd.DataFrame) -> str:
    """The CRPS of joint over apart fits, with its standard error over series."""
    by_seed = scores.pivot_table(index="seed", columns="way", values="crps")
    ratios = np.log(by_seed["joint"] / by_seed["apart"])
    error = ratios.std() / np.sqrt(len(ratios)) if len(ratios) > 1 else float("nan")
    return f"CRPS of joint over apart: {np.exp(ratios.mean()):.3f} (standard error {error:.3f})"


def speed(name: str, repeats: int = 3) -> dict[str, object]:
    """The least CPU seconds of some repeats: of the first answer's own fit, of all, and of their levels."""
    series = simulate_question(11, house_sd=0.05, **SIZES[name])
    first = series.rows[series.rows["category"] == "a"]
    days = pd.DatetimeIndex(series.rows["end"].unique())
    seconds: dict[str, list[float]] = {"fit_trend": [], "fit_question": [], "levels": []}
    for _ in range(repeats):
        clock = [time.process_time()]
        fit_trend(first)
        clock.append(time.process_time())
        question = fit_question(series.rows, answers=list(series.truth.columns))
        clock.append(time.process_time())
        question.levels(days)
        clock.append(time.process_time())
        for each, took in zip(seconds.values(), np.diff(clock), strict=True):
            each.append(float(took))
    return {"series": name, **{what: round(min(took), 2) for what, took in seconds.items()}}


def main() -> None:
    """Print the comparison, or the seconds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    if asked.speed:
        print(pd.DataFrame(map(speed, SIZES)).to_string(index=False))
        return
    for kind in KINDS:
        scores = compared(kind, asked.seeds)
        print(f"\n{kind}\n{summary(scores).to_string()}\n{ratio_of(scores)}", flush=True)


if __name__ == "__main__":
    main()
