"""Whole questions against kronikas, the same waves in the same run: error, coverage, processor seconds.

    python -m venv benchmarks/.venv-kronikas
    benchmarks/.venv-kronikas/bin/python -m pip install -r benchmarks/requirements-kronikas.txt
    python benchmarks/questions_kronikas.py --seeds 6

Series as in whole_questions.py; levels every 30 days by `fit_question` and by kronikas (0.2.0, its own defaults, one
core), which samples a softmax of random walks with house effects: the very process that makes these series, where ours
splits answers off one after another.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from whole_questions import KINDS

from groundswell.simulate.questions import SimulatedQuestion, simulate_question
from groundswell.trends import fit_question
from groundswell.trends.checks.scoring_rules import score

HERE = Path(__file__).parent
SERIES = ("3 answers, 40 waves, 3 houses", "5 answers, 40 waves, 3 houses")


def by_kronikas(
    python: Path, series: SimulatedQuestion, days: pd.DatetimeIndex, seed: int
) -> tuple[pd.DataFrame, float]:
    """Its levels, and its processor seconds."""
    wide = series.rows.pivot_table(index=["end", "house"], columns="category", values="share").reset_index()
    answers = list(series.truth.columns)
    polls = [
        {
            "date": str(row["end"].date()),
            "pollster": row["house"],
            "sample_size": int(series.rows["n_effective"].iloc[0]),
            **{answer: 100.0 * row[answer] for answer in answers},
        }
        for row in wide.to_dict("records")
    ]
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "waves.json"), Path(folder, "levels.json")
        waves = {"polls": polls, "days": [str(day.date()) for day in days], "seed": seed}
        given.write_text(json.dumps(waves), encoding="utf-8")
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run([python, HERE / "kronikas_levels.py", given, found], check=True, env=environment)
        answer = json.loads(found.read_text(encoding="utf-8"))
    levels = pd.DataFrame(answer["levels"])
    levels["date"] = pd.to_datetime(levels["date"])
    return levels, float(answer["seconds"])


def compared(python: Path, kind: str, seeds: int, first: int) -> pd.DataFrame:
    """Scores of both, one row a level, with the seconds that its series took."""
    scored = []
    for seed in range(first, first + seeds):
        series = simulate_question(seed, rounding=0.01, **KINDS[kind])
        days = series.truth.index[15::30]
        clock = time.process_time()
        ours = fit_question(series.rows, answers=list(series.truth.columns)).levels(days)
        seconds = time.process_time() - clock
        theirs, slow = by_kronikas(python, series, days, seed)
        for who, table, took in (("groundswell", ours, seconds), ("kronikas", theirs, slow)):
            truth = series.truth.stack()[pd.MultiIndex.from_frame(table[["date", "answer"]])]
            scored.append(score(table, truth.to_numpy()).assign(who=who, seconds=took, seed=seed))
    return pd.concat(scored, ignore_index=True)


def main() -> None:
    """Print a table a kind."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first-seed", type=int, default=5000)
    parser.add_argument("--python", type=Path, default=HERE / ".venv-kronikas" / "bin" / "python")
    asked = parser.parse_args()
    for kind in SERIES:
        scores = compared(asked.python, kind, asked.seeds, asked.first_seed)
        table = scores.groupby("who").agg(
            crps=("crps", lambda values: 100.0 * values.mean()),
            inside80=("inside80", "mean"),
            inside95=("inside95", "mean"),
            seconds=("seconds", "mean"),
        )
        by_seed = scores.pivot_table(index="seed", columns="who", values="crps")
        ratios = np.log(by_seed["groundswell"] / by_seed["kronikas"])
        error = ratios.std() / np.sqrt(len(ratios)) if len(ratios) > 1 else float("nan")
        faster = table.loc["kronikas", "seconds"] / table.loc["groundswell", "seconds"]
        print(f"\n{kind}, {asked.seeds} series\n{table.round(3).to_string()}")
        print(f"CRPS, ours over theirs: {np.exp(ratios.mean()):.3f} (standard error {error:.3f})")
        print(f"{faster:.0f} times faster", flush=True)


if __name__ == "__main__":
    main()
