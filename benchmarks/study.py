"""The simulation study of the trend: accuracy, coverage and false alarms with known truth, as a dated page.

    python benchmarks/study.py --seeds 20 --first-seed 9000

Writes `docs/studies/<today>.md`. Every series is new to the model: the seeds are those given and no others.
"""

from __future__ import annotations

import argparse
import warnings
from datetime import datetime
from pathlib import Path

import pandas as pd
from peers import LEVEL_PEERS
from trend_truth import in_points, run

from groundswell.simulate import POOLED, simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.checks.scoring_rules import score_summary

PAGES = Path(__file__).resolve().parents[1] / "docs" / "studies"
SHOCKED = ("step",)
"""Pooled scenarios whose level does jump: a claim there is no false alarm."""


def false_alarms(seeds: range) -> tuple[int, int]:
    """Series without a shock in which one was claimed, and all series looked at."""
    quiet = [name for name in POOLED if name not in SHOCKED]
    claimed = [
        bool(len(fit_trend(simulate_series(name, seed=seed).observations).shocks))
        for name in quiet
        for seed in seeds
    ]
    return sum(claimed), len(claimed)


def as_markdown(table: pd.DataFrame) -> str:
    """A table as GitHub shows it."""
    rows = [list(map(str, table.columns)), ["---"] * len(table.columns)]
    rows += [[str(cell) for cell in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="series a scenario")
    parser.add_argument("--first-seed", type=int, default=9000)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    study = run(seeds, list(POOLED), ["groundswell", *LEVEL_PEERS])
    pooled = in_points(score_summary(study, ["kind", "method"]))
    ours = in_points(score_summary(study[study["method"] == "groundswell"], ["kind", "scenario"]))
    claimed, looked_at = false_alarms(seeds)
    today = datetime.now().astimezone().date().isoformat()
    page = f"""# The trend in simulation, {today}

Nine scenarios, {options.seeds} series each, seeds {seeds.start} to {seeds.stop - 1}:
`python benchmarks/study.py --seeds {options.seeds} --first-seed {options.first_seed}`.
CRPS is in percentage points (smaller is better); `in 95%` is how often the truth lay inside the 95% interval.
`smoothed` is the level on past dates given all waves, `nowcast` the level on a date given the waves up to it.

## All nine scenarios together

{as_markdown(pooled)}

## groundswell by scenario

{as_markdown(ours)}

## Shocks that were none

A shock was claimed in {claimed} of {looked_at} series that have none ({claimed / looked_at:.1%}).
"""
    PAGES.mkdir(parents=True, exist_ok=True)
    file = PAGES / f"{today}.md"
    file.write_text(page, encoding="utf-8")
    print(page)
    print(f"written: {file.relative_to(PAGES.parents[1])}")


if __name__ == "__main__":
    main()
