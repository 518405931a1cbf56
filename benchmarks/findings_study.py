"""The study of findings: how often a report claims a change where nothing changed, and how often it finds one.

    python benchmarks/findings_study.py --surveys 352 --power 20

Simulates whole surveys (one to three indicators, one to five houses, few waves and many, drifting houses, a house that
changes its mode, outliers, rough dates, rare shares, declared events) whose level never moves, reads each as a report
does, and counts reports in which any sentence, shown or folded, claims a change. Then the same with one true jump.
Writes `docs/studies/findings-<today>.md`.
"""

from __future__ import annotations

import argparse
import itertools
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from groundswell.reports.evidence.changes import read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.findings import change_findings, changes_to_say
from groundswell.reports.findings.words import WORDS
from groundswell.reports.language.language import Language
from groundswell.simulate import levels
from groundswell.simulate.scenarios import Scenario
from groundswell.simulate.series import SimulatedSeries, simulate_series
from groundswell.trends import comparisons, fit_trend
from groundswell.waves import Survey

PAGES = Path(__file__).resolve().parents[1] / "docs" / "studies"
STRONGEST = WORDS[0][0]


@dataclass(frozen=True)
class Kind:
    """One kind of survey: its waves, how many indicators, and whether an event is declared in its middle."""

    scenario: Scenario
    indicators: int = 1
    event: bool = False


_FLAT = Scenario(levels.flat, days=731)
KINDS: dict[str, Kind] = {
    "five houses": Kind(_FLAT),
    "one house": Kind(replace(_FLAT, houses=1, spacing=14.0)),
    "few waves": Kind(replace(_FLAT, houses=1, days=300, spacing=60.0)),
    "two or three waves": Kind(replace(_FLAT, houses=1, days=120, spacing=45.0)),
    "three indicators": Kind(replace(_FLAT, houses=3, days=548), indicators=3),
    "an event": Kind(replace(_FLAT, houses=3), event=True),
    "drifting houses": Kind(replace(_FLAT, houses=3, house_sd=0.2, house_days=900.0)),
    "mode switch": Kind(replace(_FLAT, houses=3, switching_houses=1)),
    "outliers": Kind(replace(_FLAT, houses=3, outlier_rate=0.03, excess_sd=0.08)),
    "whole percents, months": Kind(replace(_FLAT, rounding=0.01, month_dates=True, dispersion=0.7)),
    "rare share": Kind(replace(_FLAT, level=partial(levels.flat, share=0.03), houses=2)),
}
JUMPS = (0.03, 0.05, 0.10)
JUMPING = ("five houses", "one house", "few waves")


def survey_of(kind: Kind, series: list[SimulatedSeries], seed: int) -> Survey:
    """The record of a survey whose indicators are these series."""
    houses = sorted({house for one in series for house in one.observations["house"]})
    variants = {"only": {"house": houses[0], "question": "?", "numerator": ("yes",)}}
    keys = [f"indicator-{number}" for number in range(len(series))]
    indicators: dict[str, Any] = {
        key: {"title": key, "description": key, "higher_is": "worse", "variants": variants} for key in keys
    }
    middle = series[0].truth["date"].iloc[kind.scenario.days // 2].date()
    event = {"date": middle, "label": "An event", "shock": "weigh"}
    return Survey(
        name=f"simulated-{seed}",
        folder=Path(),
        title="Simulated",
        universe="simulated",
        geography="nowhere",
        licence="CC0",
        default_deff=1.5,
        default_deff_source="simulated",
        shared_bias={"sd": 0.1, "source": "simulated"},
        houses={house: {"name": house} for house in houses},
        indicators=indicators,
        events=(event,) if kind.event else (),
    )


def read_survey(kind: Kind, seed: int) -> list[tuple[Reading, pd.DataFrame, pd.DataFrame]]:
    """Each indicator of one simulated survey, read as a report reads it, with its comparisons and its true level."""
    # a series follows its seed alone, so that each indicator, survey and kind needs one of its own
    series = [simulate_series(kind.scenario, 1000 * seed + number) for number in range(kind.indicators)]
    record = survey_of(kind, series, seed)
    as_of = series[0].truth["date"].iloc[-1]
    readings, truths = [], []
    for key, one in zip(record.indicators, series, strict=True):
        waves = one.observations.assign(indicator=key)
        if waves.empty:
            continue
        trend = fit_trend(record, key, rows=waves, as_of=as_of, seed=seed)
        readings.append(Reading(key=key, survey=record, observations=waves, trend=trend, as_of=as_of))
        truths.append(one.truth)
    compared = comparisons([reading.trend for reading in readings])
    return [
        (reading, compared[compared["indicator"] == reading.key], truth)
        for reading, truth in zip(readings, truths, strict=True)
    ]


def claims(kind: Kind, seed: int) -> pd.DataFrame:
    """Every sentence about a change in one report: its word ("" for none) and whether its direction is the true one."""
    rows = [("", False)]
    for reading, compared, truth in read_survey(kind, seed):
        true = truth.set_index("date")["share"]
        said = changes_to_say(read_changes(compared))
        sentences = change_findings(reading, compared, Language())
        for change, finding in zip(said, sentences, strict=True):
            moved = float(true.asof(change.end) - true.asof(change.start))
            word = finding.word if finding.claim else ""
            rows.append((word, bool(np.sign(moved) == np.sign(change.estimate))))
    return pd.DataFrame(rows, columns=["word", "true"])


def read_many(name: str, kind: Kind, count: int, fresh: Iterator[int]) -> list[pd.DataFrame]:
    """The claims of `count` reports of one kind."""
    reports = [claims(kind, next(fresh)) for _ in range(count)]
    print(name, summary(reports), flush=True)
    return reports


def moving_kinds() -> dict[str, Kind]:
    """Surveys whose level jumps once, and surveys whose level wanders as a random walk."""
    kinds = {}
    for name in JUMPING:
        for size in JUMPS:
            level = partial(levels.shocked, size=size, shape="step", sd_a_year=0.0)
            kinds[f"{name}, jump of {size * 100:.0f} points"] = with_level(KINDS[name], level)
        kinds[f"{name}, random walk"] = with_level(KINDS[name], levels.random_walk)
    return kinds


def with_level(kind: Kind, level: Callable[..., levels.TrueLevel]) -> Kind:
    """The same kind of survey with another true level."""
    return replace(kind, scenario=replace(kind.scenario, level=level))


def summary(reports: list[pd.DataFrame]) -> dict[str, Any]:
    """How many reports, and in how many a sentence reaches each word or a stronger one."""
    counts: dict[str, Any] = {"reports": len(reports)}
    for rank, (word, _) in enumerate(WORDS):
        words = {name for name, _ in WORDS[: rank + 1]}
        counts[word] = sum(bool(report["word"].isin(words).any()) for report in reports)
    counts[f"{STRONGEST}, yet not so"] = sum(
        bool(((report["word"] == STRONGEST) & ~report["true"]).any()) for report in reports
    )
    return counts


def interval(count: int, of: int) -> str:
    """A count as a percentage with its exact (Clopper-Pearson) 95% interval."""
    low = beta.ppf(0.025, count, of - count + 1) if count else 0.0
    high = beta.ppf(0.975, count + 1, of - count) if count < of else 1.0
    return f"{count} of {of}: {count / of:.1%} ({low:.1%} to {high:.1%})"


def as_markdown(rows: dict[str, dict[str, Any]]) -> str:
    """A table as GitHub shows it, one row a kind."""
    heads = ["survey", *next(iter(rows.values()))]
    lines = [heads, ["---"] * len(heads), *([name, *map(str, row.values())] for name, row in rows.items())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=352, help="surveys in which nothing changed")
    parser.add_argument("--power", type=int, default=20, help="surveys a kind and size with one true jump")
    parser.add_argument("--first-seed", type=int, default=41_000)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    started, each = time.process_time(), -(-options.surveys // len(KINDS))
    fresh = itertools.count(options.first_seed)
    quiet = {name: read_many(name, kind, each, fresh) for name, kind in KINDS.items()}
    every = [report for reports in quiet.values() for report in reports]
    moved = {
        name: summary(read_many(name, kind, options.power, fresh)) for name, kind in moving_kinds().items()
    }
    today = datetime.now().astimezone().date().isoformat()
    rates = "\n".join(
        f"- “{word}” or stronger: {interval(summary(every)[word], len(every))}" for word, _ in WORDS
    )
    page = f"""# Findings in simulation, {today}

`python benchmarks/findings_study.py --surveys {options.surveys} --power {options.power}
--first-seed {options.first_seed}`: whole surveys, each read as a report reads it. A report counts once, however many of
its sentences claim a change.

## Nothing changed

The level of every indicator stays where it is through the whole series. Reports with a sentence, shown or folded, that
claims a change (95% intervals are Clopper-Pearson):

{rates}

{as_markdown({name: summary(reports) for name, reports in quiet.items()})}

## Something changed

The level jumps once, up or down, in the middle half of the series and stays there; or it wanders as a random walk with
a standard deviation of 0.2 logits a year. The last column counts reports in which a sentence at the strongest wording
is wrong: the true level moved the other way, or not at all, between the dates that the sentence names.

{as_markdown(moved)}
"""
    PAGES.mkdir(parents=True, exist_ok=True)
    file = PAGES / f"findings-{today}.md"
    file.write_text(page, encoding="utf-8")
    print(page)
    print(
        f"written: {file.relative_to(PAGES.parents[1])}; {time.process_time() - started:.0f} s of processor time"
    )


if __name__ == "__main__":
    main()
