"""One wording that responds otherwise to a shock: what the level makes of it, and what it costs where none does.

    python benchmarks/shock_responses.py --seeds 40
    python benchmarks/shock_responses.py --seeds 40 --alike    # as if nobody could respond otherwise

Houses of one wording each are in the field every 61 days for two years, 1,000 people; the level walks 0.15 logits a
year, houses lie 0.1 apart (sd), waves err by 0.03 besides sampling. At a declared event in the middle all jump by 0.5
logits times their own response. The truth is the common jump. Levels 60 and 5 days before the event and 5, 60 and 200
after it, and the jump between the two nearest, are held against it: how many 95% intervals hold, their width and CRPS
in points; `told` is the largest probability that a house responds otherwise.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy.special import expit

from groundswell.trends import fit_trend
from groundswell.trends.checks.scoring_rules import crps_normal, score
from groundswell.trends.fit import choices
from groundswell.waves import Event

KINDS = {
    "three alike": (1.0, 1.0, 1.0),
    "one of three responds twice as strongly": (1.0, 1.0, 2.0),
    "one of three does not respond": (1.0, 1.0, 0.0),
    "two alike": (1.0, 1.0),
    "one of two does not respond": (1.0, 0.0),
    "one wording": (1.0,),
}
START, SHOCK, DAYS, SPACING, PEOPLE, JUMP = pd.Timestamp("2022-01-01"), 365, 760, 61, 1000, 0.5
ASKED = np.array([-60, -5, 5, 60, 200])
EVENT = Event(date=pd.Timestamp("2023-01-01").date(), label="event", shock="weigh")


def simulated(responses: tuple[float, ...], seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """The waves, and the level's true logit on each day."""
    rng = np.random.default_rng(seed)
    level = -0.4 + np.cumsum(rng.normal(0.0, 0.15 / np.sqrt(365.25), DAYS))
    houses = rng.normal(0.0, 0.1, len(responses))
    houses -= houses.mean()
    rows = []
    for number, times in enumerate(responses):
        for day in np.arange(0, 730, SPACING) + 7 * number:
            own = JUMP * times * (day >= SHOCK)
            share = expit(level[day] + houses[number] + own + rng.normal(0.0, 0.03))
            end = START + pd.Timedelta(days=int(day))
            rows.append((f"house-{number}", end, rng.binomial(PEOPLE, share) / PEOPLE, float(PEOPLE)))
    table = pd.DataFrame(rows, columns=["house", "end", "share", "n_effective"])
    return table, level + JUMP * (np.arange(DAYS) >= SHOCK)


def scored(responses: tuple[float, ...], seed: int) -> pd.DataFrame:
    """One series: a row a date asked for, and one for the jump."""
    rows, logits = simulated(responses, seed)
    began = time.process_time()
    trend = fit_trend(rows, events=[EVENT])
    seconds = time.process_time() - began
    days, truth = START + pd.to_timedelta(SHOCK + ASKED, unit="D"), expit(logits[SHOCK + ASKED])
    table = score(trend.level(days), truth).assign(what=np.where(ASKED < 0, "before", "after"))
    change, true = trend.change(days[1], days[2]).iloc[0], truth[2] - truth[1]
    jump = {"what": "jump", "low95": change["low"], "high95": change["high"]}
    jump |= {"inside95": float(change["low"] <= true <= change["high"])}
    jump |= {"crps": float(crps_normal(change["estimate"], change["se"], true))}
    told = float(trend.responses["probability"].max()) if len(trend.responses) else 0.0
    return pd.concat([table, pd.DataFrame([jump])]).assign(told=told, seconds=seconds)


def main() -> None:
    """Simulate, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=40, help="series of each kind")
    parser.add_argument("--alike", action="store_true", help="nobody may respond otherwise")
    options = parser.parse_args()
    if options.alike:
        choices.neighbours = lambda _, __: []
    for kind, responses in KINDS.items():
        table = pd.concat([scored(responses, seed) for seed in range(options.seeds)])
        table = table.assign(width=100.0 * (table["high95"] - table["low95"]), crps=100.0 * table["crps"])
        told = f"told {table['told'].mean():.2f}, {table['seconds'].mean():.2f} s"
        means = table.groupby("what")[["inside95", "width", "crps"]].mean()
        parts = [
            f"{what}: {100 * one['inside95']:.0f}% held, width {one['width']:.1f}, CRPS {one['crps']:.2f}"
            for what, one in means.loc[["before", "after", "jump"]].iterrows()
        ]
        print(f"{kind} ({told}): {'; '.join(parts)}", flush=True)


if __name__ == "__main__":
    main()
