"""Domains through time: error, coverage and speed of the pooled levels against each wave's own figures.

    OPENBLAS_NUM_THREADS=1 python benchmarks/domains_through_time.py --seeds 24

Four things, each on data with a known truth:

- respondents: simulated panels like the bundled one (`simulate_respondents`: strata, PSUs that half recur, unequal
  weights), estimated and fitted as any survey's, by sex, age and region;
- series: proportionate samples whose domains walk apart (`simulate_domains`), of several kinds;
- sums: how far the domains' levels, in their parts of the population, are from the whole's;
- size: 3,000 domains in 100 waves, seconds (of the clock, and of the processor) and memory.

`direct` is the figure of the wave itself; errors are root mean square, in points. `inside` is the percentage of 80 and
95% intervals that hold the truth: of levels, of levels in the newest wave, of gaps there, and of their change over all
waves.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from groundswell.simulate.bundled_panel import FIRST, write_panel
from groundswell.simulate.domains import VARIABLE, simulate_domains
from groundswell.simulate.respondents import simulate_respondents
from groundswell.trends import DomainTrends, fit_domains, fit_trend, observations
from groundswell.waves import load_survey

PANEL = Path(__file__).parents[1] / "surveys" / "simulated-panel"
SERIES: dict[str, dict[str, Any]] = {
    "6 domains, 24 waves": {},
    "2 domains": {"domains": 2},
    "5 waves": {"waves": 5},
    "20 domains of 600 people": {"domains": 20, "n": 600},
    "a distance that stands still": {"walk_sd": 0.0},
    "a distance that walks fast": {"walk_sd": 0.4},
    "an excess error of 0.1 logits": {"excess_sd": 0.1},
}


def held(fitted: DomainTrends, rows: pd.DataFrame, truth: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Levels and gaps beside the truth: `rows` and `truth` have `date, domain, share`, a row a domain and wave."""
    dates = pd.DatetimeIndex(sorted(truth["date"].unique()))
    true = truth.rename(columns={"share": "true"})
    levels = fitted.levels(dates).merge(true, on=["date", "domain"])
    levels = levels.merge(rows.rename(columns={"share": "direct"}), on=["date", "domain"])
    sums = levels.assign(part=levels["share"] * levels["population"]).groupby("date")["part"].sum()
    off = np.abs(sums.to_numpy() - fitted.whole.level(dates)["share"].to_numpy()).max()
    gaps = fitted.gaps(dates[-1], since=dates[0])
    known = true.set_index(["date", "domain"])["true"]
    first, last = (
        known[date][gaps["domain"]].to_numpy() - known[date][gaps["other"]].to_numpy()
        for date in (dates[0], dates[-1])
    )
    return {"levels": levels, "gaps": gaps.assign(true=last, true_change=last - first, off=off)}


def respondents(seed: int) -> dict[str, dict[str, pd.DataFrame]]:
    """One simulated panel by indicator and variable."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "simulated-panel"
        place.mkdir()
        shutil.copy(PANEL / "survey.toml", place)
        simulated = simulate_respondents(seed, first=FIRST)
        write_panel(place, simulated)
        survey = load_survey(place)
        found = {}
        for indicator in survey.indicators:
            rows = observations(survey, indicator=indicator)
            middle = rows["start"] + (rows["end"] - rows["start"]) / 2
            rows = rows.assign(date=middle.dt.normalize())[["date", "domain", "share"]]
            days = np.sort(rows["date"].unique())
            truth = simulated.truth[simulated.truth["indicator"] == indicator]
            truth = truth.assign(date=days[truth["wave"] - 1])[["date", "domain", "share"]]
            whole = fit_trend(survey, indicator)
            for by in ("sex", "age", "region"):
                fitted = fit_domains(survey, indicator, by=by, whole=whole)
                found[f"{indicator} by {by}"] = held(fitted, rows, truth)
        return found


def series(kind: str, seed: int) -> dict[str, pd.DataFrame]:
    """One simulated series of a kind."""
    simulated = simulate_domains(seed, **SERIES[kind])
    fitted = fit_domains(simulated.observations, by=VARIABLE, population=simulated.population)
    rows = simulated.observations.rename(columns={"end": "date"})[["date", "domain", "share"]]
    return held(fitted, rows, simulated.truth)


def summary(found: list[dict[str, pd.DataFrame]]) -> dict[str, Any]:
    """One line of the table."""
    levels = pd.concat([one["levels"] for one in found])
    gaps = pd.concat([one["gaps"] for one in found])
    newest = levels[levels["date"] == levels["date"].max()]
    direct, pooled = (
        100.0 * float(np.sqrt(((levels[name] - levels["true"]) ** 2).mean())) for name in ("direct", "share")
    )
    return {
        "direct": f"{direct:.2f}",
        "pooled": f"{pooled:.2f}",
        "less by": f"{100 * (1 - pooled / direct):.0f}%",
        "inside": f"{inside(levels, 'low80', 'high80')}/{inside(levels, 'low95', 'high95')}",
        "newest": f"{inside(newest, 'low80', 'high80')}/{inside(newest, 'low95', 'high95')}",
        "gaps": inside(gaps, "low", "high"),
        "changes": inside(gaps, "change_low", "change_high", "true_change"),
        "sums off": f"{gaps['off'].max():.0e}",
    }


def inside(table: pd.DataFrame, low: str, high: str, true: str = "true") -> str:
    """How many of 100 intervals hold the truth."""
    return f"{100 * ((table[low] <= table[true]) & (table[true] <= table[high])).mean():.1f}"


class Seconds(NamedTuple):
    """A moment by the clock and by the processor."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Seconds:
        """This moment."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, begun: Seconds) -> str:
        """How much went by since an earlier one."""
        return f"{self.clock - begun.clock:.1f} s ({self.processor - begun.processor:.1f} s of the processor)"


def size(domains: int, waves: int) -> str:
    """Seconds and memory of many domains in many waves: the fit, the levels in every wave."""
    simulated = simulate_domains(1, domains=domains, waves=waves, n=60 * domains)
    rows, dates = simulated.observations, pd.DatetimeIndex(simulated.truth["date"].unique())
    whole = fit_trend(rows[rows["domain"] == "all"])
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Seconds.now()
    fitted = fit_domains(rows, by=VARIABLE, whole=whole, population=simulated.population)
    fit = Seconds.now()
    levels = fitted.levels(dates)
    told = Seconds.now()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"{domains} domains in {waves} waves: fitted in {fit.since(begun)}, {len(levels)} levels told in "
        f"{told.since(fit)}; {most:.2f} GB at most, {before / 1e6:.2f} GB before"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=24, help="panels, and series of each kind")
    parser.add_argument("--only", choices=("respondents", "series", "size"), help="one of the three")
    arguments = parser.parse_args()
    if arguments.only in (None, "size"):
        print(size(3000, 100), flush=True)
    if arguments.only in (None, "series"):
        lines = {kind: summary([series(kind, seed) for seed in range(arguments.seeds)]) for kind in SERIES}
        print(pd.DataFrame(lines).T.to_string(), flush=True)
    if arguments.only in (None, "respondents"):
        panels = [respondents(seed) for seed in range(1, arguments.seeds + 1)]
        lines = {name: summary([panel[name] for panel in panels]) for name in panels[0]}
        print(pd.DataFrame(lines).T.to_string(), flush=True)


if __name__ == "__main__":
    main()
