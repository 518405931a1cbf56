"""Moods and movements against a known truth: coverage, error, slopes, false correlations, leads, seconds.

    python benchmarks/moods.py --seeds 100                # moods
    python benchmarks/moods.py --seeds 200 --movements    # two indicators
    python benchmarks/moods.py --seeds 100 --leads        # which moves first
    python benchmarks/moods.py --speed

Simulated items (`simulate/items.py`), 40 waves of 1,000 people every four weeks unless said otherwise. Of a mood: the
level every 30 days against the reference's true one, by `fit_mood` and by `fit_trend` of the reference alone, CRPS in
points; how many 95% intervals hold the truth, and how many of the slopes' that are not 0. Of movements: how many 95%
intervals hold the true correlation, and how often each verdict is given. Leads: how often each is told. Standard errors
are over series.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time

import numpy as np
import pandas as pd
from scipy.special import expit

from groundswell.simulate.items import SimulatedItems, mood_walk, simulate_items
from groundswell.simulate.levels import smooth
from groundswell.trends import fit_mood, fit_trend, movements
from groundswell.trends.checks.scoring_rules import score

THREE = {"slopes": (1.0, 0.7, 1.2), "own_sd": (0.0, 0.1, 0.1)}
SAME_PEOPLE = {"error_correlation": 0.5, "excess_sd": 0.04}
MOODS = {
    "three items": THREE,
    "three items, the same people": THREE | SAME_PEOPLE,
    "three items that follow exactly": THREE | {"own_sd": (0.0, 0.0, 0.0)},
    "three items, three houses": THREE | {"houses": 3, "house_sd": 0.1, "excess_sd": 0.03},
    "reference in 12 of 40 waves": THREE | {"waves": (12, 40, 40)},
    "two items, 10 waves": {"slopes": (1.0, 0.8), "own_sd": (0.0, 0.1), "waves": 10, "spacing": 90.0},
    "two others are noise": {"slopes": (1.0, 0.0, 0.0), "own_sd": (0.0, 0.3, 0.3)},
    "one other is noise, 10 waves": {
        "slopes": (1.0, 0.0),
        "own_sd": (0.0, 0.3),
        "waves": 10,
        "spacing": 90.0,
    },
    "a reversed item": {"slopes": (1.0, -0.8), "own_sd": (0.0, 0.1)},
}
PAIRS = {
    f"{waves} waves, correlation {rho:g}{', same people' if alike else ''}": {
        "rho": rho,
        "waves": waves,
        "spacing": 1100.0 / waves,
        **({"error_correlation": 0.5, "excess_sd": 0.04} if alike else {}),
    }
    for waves, rho, alike in (
        *((waves, 0.0, False) for waves in (5, 10, 20, 60)),
        *((waves, 0.0, True) for waves in (10, 20, 60)),
        *((waves, 0.8, False) for waves in (10, 20, 60)),
        *((waves, 0.8, True) for waves in (20, 60)),
        (60, -0.5, False),
    )
} | {
    "60 waves, both drift": {"rho": 0.0, "waves": 60, "spacing": 18.0, "drift": (0.3, 0.3)},
    "20 waves, both drift": {"rho": 0.0, "waves": 20, "spacing": 55.0, "drift": (0.3, 0.3)},
}
SWINGS = {f"60 waves, levels that swing by {swing:g} logits": swing for swing in (0.2, 0.5)}
LEADS = {
    "60 waves, at once": {"rho": 0.8, "waves": 60, "lag": 0},
    "60 waves, 8 weeks later": {"rho": 0.9, "waves": 60, "lag": 56},
    "60 waves, independent": {"rho": 0.0, "waves": 60, "lag": 0},
    "20 waves, 8 weeks later": {"rho": 0.9, "waves": 20, "lag": 56},
}


def simulated(kind: dict, seed: int) -> SimulatedItems:
    """The items of one kind of mood."""
    given = {name: part for name, part in kind.items() if name not in ("slopes", "own_sd")}
    return simulate_items(seed, mood_walk(kind["slopes"], kind["own_sd"]), **given)


def pair(kind: dict, seed: int) -> SimulatedItems:
    """Two items whose levels gain with one correlation."""
    given = {name: part for name, part in kind.items() if name != "rho"}
    return simulate_items(seed, 0.09 * np.array([[1.0, kind["rho"]], [kind["rho"], 1.0]]), **given)


def swings(swing: float, seed: int) -> pd.DataFrame:
    """Two independent levels that swing smoothly (`levels.smooth`), 60 waves in 1,100 days."""
    rng, asked = np.random.default_rng(seed), np.floor(np.arange(60) * 1100 / 60).astype(int)
    parts = []
    for name in "ab":
        share = expit(smooth(rng, 1100, swing=swing).logits[asked])
        end = pd.Timestamp("2018-01-01") + pd.to_timedelta(asked, unit="D")
        parts.append(pd.DataFrame({"indicator": name, "house": "one", "end": end}))
        parts[-1] = parts[-1].assign(share=rng.binomial(1000, share) / 1000, n_effective=1000.0)
    return pd.concat(parts)


def mood_scores(kind: dict, seed: int) -> dict[str, float]:
    """One series: CRPS and coverage of the mood and of the reference's own trend, and which slopes' intervals hold."""
    series = simulated(kind, seed)
    names = list(series.truth.columns)
    reverse = [name for name, slope in zip(names, kind["slopes"], strict=True) if slope < 0.0]
    mood = fit_mood(series.rows, names, reverse=reverse)
    days = series.truth.index[15::30]
    truth = expit(series.truth.loc[days, "a"].to_numpy())
    both = score(mood.level(days), truth)
    alone = score(fit_trend(series.rows, "a").level(days), truth)
    items = mood.items.iloc[1:]
    slopes = np.abs(kind["slopes"][1:])
    held = (items["slope_low"] <= slopes) & (slopes <= items["slope_high"])
    return {
        "crps": 100.0 * both["crps"].mean(),
        "crps_alone": 100.0 * alone["crps"].mean(),
        "inside95": both["inside95"].mean(),
        "alone95": alone["inside95"].mean(),
        "newest95": both["inside95"].iloc[-1],
        "slope95": held[slopes > 0.0].mean(),
        "slope": items["slope"].mean(),
        "follows": (items["verdict"] == "follows").mean(),
    }


def moods(seeds: range, only: str | None) -> None:
    """Print one row a kind."""
    for name, kind in MOODS.items():
        if only is None or only in name:
            table = pd.DataFrame([mood_scores(kind, seed) for seed in seeds])
            ratios = np.log(table["crps"] / table["crps_alone"])
            error = ratios.std() / np.sqrt(len(ratios))
            told = " ".join(f"{column} {table[column].mean():.3f}" for column in table)
            print(f"{name}: {told} ratio {np.exp(ratios.mean()):.3f} ± {error:.3f}", flush=True)


def pairs(seeds: range, only: str | None) -> None:
    """Print one row a kind of two indicators."""
    for name, kind in PAIRS.items():
        if only is None or only in name:
            rows = []
            for seed in seeds:
                series = pair(kind, seed)
                found = movements(*(_own(series.rows, item) for item in "ab"), leads=False).iloc[0]
                held = found["low"] <= kind["rho"] <= found["high"]
                clear = found["low"] > 0.0 or found["high"] < 0.0
                rows.append({**found, "held": held, "clear": clear, "width": found["high"] - found["low"]})
            table = pd.DataFrame(rows)
            told = table["verdict"].value_counts(normalize=True).round(3).to_dict()
            numbers = " ".join(
                f"{column} {table[column].mean():.3f}" for column in ("held", "clear", "width", "correlation")
            )
            print(f"{name}: {numbers} {told}", flush=True)

    for name, swing in SWINGS.items():
        if only is None or only in name:
            drawn = [swings(swing, seed) for seed in seeds]
            table = pd.concat(movements(*(_own(rows, item) for item in "ab"), leads=False) for rows in drawn)
            clear = ((table["low"] > 0.0) | (table["high"] < 0.0)).mean()
            print(
                f"{name}: clear {clear:.3f} {table['verdict'].value_counts(normalize=True).round(3).to_dict()}"
            )


def leads(seeds: range, only: str | None) -> None:
    """Print how often each lead is told."""
    for name, kind in LEADS.items():
        if only is None or only in name:
            rows = []
            for seed in seeds:
                series = pair({**kind, "spacing": 1100.0 / kind["waves"]}, seed)
                rows.append(movements(*(_own(series.rows, item) for item in "ab")).iloc[0])
            table = pd.DataFrame(rows)
            days = table["lead_days"].value_counts().to_dict()
            print(f"{name}: {table['lead'].value_counts(normalize=True).to_dict()} days {days}", flush=True)


def _own(rows: pd.DataFrame, item: str):
    return fit_trend(rows, item, events=(), search_shocks=False)


def speed() -> None:
    """Print CPU seconds, the least of three."""
    series = simulated(THREE | SAME_PEOPLE, 1)
    seconds = []
    for _ in range(3):
        clock = [time.process_time()]
        mood = fit_mood(series.rows, ["a", "b", "c"])
        clock.append(time.process_time())
        mood.level(series.truth.index)
        clock.append(time.process_time())
        assert len(mood.items) == 3
        clock.append(time.process_time())
        mood.left_out()
        clock.append(time.process_time())
        mood.movements()
        clock.append(time.process_time())
        seconds.append(np.diff(clock))
    names = ("fit", f"level on {len(series.truth)} days", "items", "left_out", "movements")
    print(pd.Series(np.min(seconds, axis=0), names).round(2).to_string())


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--only", help="kinds whose name holds this")
    for name in ("movements", "leads", "speed"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
    if asked.speed:
        speed()
    elif asked.movements or asked.leads:
        (pairs if asked.movements else leads)(seeds, asked.only)
    else:
        moods(seeds, asked.only)


if __name__ == "__main__":
    main()
