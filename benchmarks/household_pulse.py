"""Six weeks of the Household Pulse Survey, 427,719 respondents: from the file to published shares, in seconds.

    python benchmarks/household_pulse.py six-weeks.parquet

The file holds the columns WEEK, PWEIGHT, ANXIOUS, WORRY, INTEREST and DOWN of the public use files. A respondent is
anxious (depressed) whose two items, coded 1 to 4, add up to a score of 3 or more when counted from 0. The shares are
compared with those that the bundled survey `us-household-pulse` transcribes from the publisher.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import pandas as pd

from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.cells_from_query import cells_of_sums
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.means import LinearisedMeans
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.wave.recode import counted
from groundswell.waves.wave.wave_toml import CountedAnswer

PRINTED = Path(__file__).resolve().parents[1] / "surveys" / "us-household-pulse" / "toplines.csv"
FIRST_DAYS = {
    1: "2020-04-23",
    12: "2020-07-16",
    21: "2020-12-09",
    33: "2021-06-23",
    49: "2022-09-14",
    63: "2023-10-18",
}
ITEMS = {"anxiety": ("ANXIOUS", "WORRY"), "depression": ("INTEREST", "DOWN")}
ROUNDS = 5


def shares(file: Path) -> pd.DataFrame:
    """Shares of both indicators by week, with errors and intervals."""
    respondents = read_respondents(file)
    rules = {
        name: CountedAnswer(variant="two-items", items=items, valid=(1, 2, 3, 4), score_offset=-1, at_least=3)
        for name, items in ITEMS.items()
    }
    plan = SumPlan(
        design=Design(weights="PWEIGHT"),
        items=tuple(Item(name, "1") for name in rules),
        answers=tuple(counted(rule, respondents.codebook) for rule in rules.values()),
        by={"week": identifier("WEEK")},
    )
    sums = cells_of_sums(sum_respondents(respondents, plan), plan)
    return estimate(LinearisedMeans(*sums, plan.design.lonely_psu))


def main() -> None:
    """Time, compare and print."""
    if len(sys.argv) != 2:
        sys.exit("which file? python benchmarks/household_pulse.py SIX-WEEKS.parquet")
    file = Path(sys.argv[1])
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter(), time.process_time()
        table = shares(file)
        times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    printed = pd.read_csv(PRINTED).set_index(["indicator", "start"])["share"]
    table["printed"] = [
        printed[name, FIRST_DAYS[week]] for name, week in zip(table["variable"], table["week"], strict=True)
    ]
    table["apart"] = table["estimate"] - table["printed"]
    print(
        table[["week", "variable", "n", "estimate", "se", "printed", "apart"]].round(4).to_string(index=False)
    )
    first, rest = times[0], [statistics.median(column) for column in zip(*times[1:], strict=True)]
    print(f"largest distance {table['apart'].abs().max() * 100:.3f} points")
    print(f"first {first[0]:.2f} s (CPU {first[1]:.2f}), then {rest[0]:.2f} s (CPU {rest[1]:.2f})")


if __name__ == "__main__":
    main()
