"""The next published share: rolling origin, against the peers, in one run.

    python benchmarks/trend_next_poll.py sweden-s.csv
    python benchmarks/trend_next_poll.py --simulated

Every six months the last six years of waves go in and the published shares of the next 45 days are forecast,
sampling error included. How hard a half-year is depends on the elections that fall into it, so that the origins are
laid out again a quarter of a year later (`--phases`) and all forecasts are pooled. Scores are compared on the waves
that every method could forecast. `--simulated` takes series in several countries' styles instead of files, so that
nothing is tuned to one: shares that vary less or more than their n say, slow and fast houses, few and many of them.
"""

from __future__ import annotations

import argparse
import time
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from peers import fit_components, level_table, middle
from trend_truth import in_points

from groundswell.simulate import simulate_series
from groundswell.simulate.levels import random_walk
from groundswell.simulate.scenarios import Scenario
from groundswell.trends.checks.forecasts_held import backtest, trend_forecast
from groundswell.trends.checks.scoring_rules import INTERVAL_COLUMNS, score_summary

YEAR = 365.25
BASE = Scenario(
    partial(random_walk, share=0.3),
    days=4_400,
    houses=8,
    spacing=30.0,
    house_sd=0.08,
    house_days=4 * YEAR,
    deff=1.0,
)
STYLES = {
    "narrow, as in Denmark": replace(BASE, dispersion=0.4, rounding=0.001),
    "wide, as in France": replace(BASE, dispersion=3.0, rounding=0.005),
    "houses that drift within a year": replace(BASE, house_sd=0.12, house_days=YEAR, dispersion=0.8),
    "many houses, whole percents": replace(BASE, houses=16, spacing=60.0, rounding=0.01, house_sd=0.12),
    "few houses, outliers": replace(BASE, houses=3, spacing=20.0, outlier_rate=0.03),
}


def read_polls(path: Path) -> pd.DataFrame:
    """One series as observations, from `series, house, mode, start_date, end_date, n, share[, publ_date]`."""
    polls = pd.read_csv(path, parse_dates=["start_date", "end_date"])
    polls = polls.rename(columns={"start_date": "start", "end_date": "end", "series": "indicator"})
    typical = polls.groupby("house")["n"].transform("median").fillna(polls["n"].median())
    polls["n"] = polls["n"].fillna(typical)
    polls["share_se"] = np.sqrt(polls["share"] * (1 - polls["share"]) / polls["n"])
    published = pd.to_datetime(polls["publ_date"]) if "publ_date" in polls else polls["end"]
    return polls.assign(
        variant="",
        domain="all",
        deff=1.0,
        n_effective=polls["n"],
        precision="day",
        left_out="",
        published=published,
    )


def without_houses(past: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The same model, told that one house did everything."""
    one = {"house": "everyone", "variant": "", "mode": ""}
    return trend_forecast(past.assign(**one), targets.assign(**one))


def components_forecast(past: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """UnobservedComponents on daily means; its observation variance is the published share's error."""
    dates = pd.DatetimeIndex(middle(targets).dt.normalize()).sort_values().unique()
    noise, mean, sd = fit_components(past, dates)
    place = dates.get_indexer(middle(targets).dt.normalize())
    return _forecast(mean[place], np.sqrt(sd[place] ** 2 + noise))


def last_of_house(past: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The same house's last share; its error is the spread of the house's differences between waves."""
    rows = []
    pooled = past.groupby("house")["share"].diff().std()
    for house in targets["house"]:
        own = past.loc[past["house"] == house, "share"]
        steps = own.diff().dropna()
        spread = np.sqrt((steps**2).mean()) if len(steps) >= 10 else pooled
        rows.append((own.iloc[-1] if len(own) else np.nan, spread))
    mean, sd = np.array(rows).T
    return _forecast(mean, sd)


def _forecast(mean: np.ndarray, sd: np.ndarray) -> pd.DataFrame:
    """A normal forecast in the columns that the scores read."""
    return level_table(None, mean, sd)[["share", *INTERVAL_COLUMNS]]


METHODS = {
    "groundswell": trend_forecast,
    "groundswell without houses": without_houses,
    "UnobservedComponents": components_forecast,
    "the house's last poll": last_of_house,
}


def run(observations: pd.DataFrame, history_days: int, phases: int) -> pd.DataFrame:
    """Every method's scored forecasts, on the waves that all of them could forecast."""
    first = observations["end"].min() + pd.Timedelta(days=history_days)
    last = observations["end"].max() - pd.Timedelta(days=45)
    starts = [first + pd.Timedelta(days=182 * phase // phases) for phase in range(phases)]
    origins = [origin for start in starts for origin in pd.date_range(start, last, freq="182D")]
    parts = []
    for name, forecaster in METHODS.items():
        started = time.perf_counter()
        scores = backtest(observations, forecaster, origins=origins, history_days=history_days)
        parts.append(scores.assign(method=name, wave=range(len(scores))))
        print(f"{name}: {len(origins)} origins in {time.perf_counter() - started:.1f} s")
    table = pd.concat(parts, ignore_index=True)
    complete = table.groupby("wave")["crps"].transform(lambda column: column.notna().all())
    return table[complete]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("polls", nargs="*", type=Path, help="CSV files, one series each")
    parser.add_argument("--simulated", action="store_true", help="series in several countries' styles too")
    parser.add_argument("--seed", type=int, default=1, help="of the simulated series")
    parser.add_argument("--history-days", type=int, default=2192)
    parser.add_argument("--phases", type=int, default=2)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    series = {path.name: read_polls(path) for path in options.polls}
    if options.simulated or not series:
        series |= {style: simulate_series(one, options.seed).observations for style, one in STYLES.items()}
    for name, table in series.items():
        observations = table.sort_values("end", ignore_index=True)
        print(f"\n{name}: {len(observations)} waves, {observations['house'].nunique()} houses")
        scores = run(observations, options.history_days, options.phases)
        summary = in_points(score_summary(scores, ["method"]))
        summary["against groundswell"] = (summary["CRPS points"] / summary["CRPS points"].iloc[0]).round(3)
        print(summary.to_string(index=False), flush=True)


if __name__ == "__main__":
    main()
