"""The study of findings: how often a report claims a change where nothing changed, how often it finds one, and how
often the direction that it states is right.

    python benchmarks/findings_study.py --surveys 352 --power 20 --monthly 60

Simulates whole surveys (one to three indicators, one to five houses, few waves and many, drifting houses, a house that
changes its mode, outliers, rough dates, rare shares, declared events) whose level never moves, reads each as a report
does, and counts reports in which any sentence, shown or folded, claims a change. Then the same with one true jump, and
monthly waves of 1,000 next to the test that a pollster would make of the same two waves.
Writes `docs/studies/findings-<today>.md`.
"""

from __future__ import annotations

import argparse
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta, norm

from groundswell.reports.evidence.changes import read_changes
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.said import changes_to_say
from groundswell.reports.findings.words import WORDS, word_for
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
MONTHS, ASKED = 37, 1000
BINS = (0.5, 0.8, 0.9, 0.95, 0.99, 1.0)


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
    """Every change that one report looked at: kind, `word` ("" where it is not said), `probability`, `truly` so.

    The first row is empty, so that a report without any change counts as one.
    """
    rows: list[dict[str, Any]] = [{"kind": "", "word": "", "probability": np.nan, "truly": False}]
    for _, compared, truth in read_survey(kind, seed):
        true, changes = truth.set_index("date")["share"], read_changes(compared)
        said = changes_to_say(changes)
        for change in changes:
            if change.kind not in ("still", "house"):  # what a house measures has a truth of its own
                moved = float(true.asof(change.end) - true.asof(change.start))
                rows.append(
                    {
                        "kind": change.kind,
                        "word": word_for(change.adjusted) if change in said else "",
                        "probability": change.probability,
                        "truly": bool(np.sign(moved) == np.sign(change.estimate)),
                    }
                )
    return pd.DataFrame(rows)


def read_many(name: str, kind: Kind, count: int, fresh: Iterator[int], pool: ProcessPoolExecutor) -> Reports:
    """The claims of `count` reports of one kind."""
    reports = list(pool.map(partial(claims, kind), itertools.islice(fresh, count)))
    print(name, summary(reports), flush=True)
    return reports


def monthly(size: float, seed: int) -> dict[str, Any]:
    """One survey of monthly waves of 1,000 whose share moves by `size` within its last year, at once, up or down.

    How sure the report is that the newest wave differs from a year before, how sure any of its sentences is, and how
    sure the test of the same two waves is: the normal probability of their difference over its standard error.
    """
    rng = np.random.default_rng([seed, round(1000 * size)])
    days = pd.date_range("2020-01-15", periods=MONTHS, freq="MS") + pd.Timedelta(days=14)
    true, sign = np.full(MONTHS, 0.35), rng.choice([-1, 1])
    true[rng.integers(MONTHS - 11, MONTHS - 1) :] += sign * size
    share = rng.binomial(ASKED, true) / ASKED
    waves = pd.DataFrame({"house": "a", "end": days, "share": share, "n": ASKED, "n_effective": float(ASKED)})
    compared = comparisons(fit_trend(waves))
    old, new = share[-13], share[-1]
    z = (new - old) / np.sqrt((old * (1 - old) + new * (1 - new)) / ASKED)
    said = [change.adjusted for change in changes_to_say(read_changes(compared)) if change.kind != "still"]
    year = float(compared.loc[compared["kind"] == "year", "adjusted"].iloc[0])
    return {"size": size, "year": year, "any sentence": max(said, default=0.0), "two waves": norm.cdf(abs(z))}


Reports = list[pd.DataFrame]


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
        bool(((report["word"] == STRONGEST) & ~report["truly"]).any()) for report in reports
    )
    return counts


def power_of(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """In how many surveys of each size the year, any sentence and the test of two waves reach each word."""
    table = pd.DataFrame(rows)
    found = {}
    for size, mine in table.groupby("size"):
        counts: dict[str, Any] = {"surveys": len(mine)}
        for word, least in WORDS:
            counts |= {f"{name}: {word}": int((mine[name] >= least).sum()) for name in mine.columns[1:]}
        found[f"{float(size) * 100:.0f} points"] = counts
    return found


def directions(reports: Reports) -> dict[str, dict[str, Any]]:
    """How often the stated direction is the true one, by the probability that is printed."""
    looked = pd.concat(reports).dropna(subset="probability")
    bins = pd.cut(looked["probability"], BINS, include_lowest=True)
    table = {}
    for held, mine in looked.groupby(bins, observed=True):
        said = mine[mine["word"] != ""]
        table[f"{held.left:.2f} to {held.right:.2f}"] = {
            "sentences": len(said),
            "right": f"{said['truly'].mean():.1%}" if len(said) else "",
            "changes looked at": len(mine),
            "right of all": f"{mine['truly'].mean():.1%}",
        }
    return table


def interval(count: int, of: int) -> str:
    """A count as a percentage with its exact (Clopper-Pearson) 95% interval."""
    low = beta.ppf(0.025, count, of - count + 1) if count else 0.0
    high = beta.ppf(0.975, count + 1, of - count) if count < of else 1.0
    return f"{count} of {of}: {count / of:.1%} ({low:.1%} to {high:.1%})"


def as_markdown(rows: dict[str, dict[str, Any]], first: str = "survey") -> str:
    """A table as GitHub shows it, one row a kind."""
    heads = [first, *next(iter(rows.values()))]
    lines = [heads, ["---"] * len(heads), *([name, *map(str, row.values())] for name, row in rows.items())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=352, help="surveys in which nothing changed")
    parser.add_argument("--power", type=int, default=20, help="surveys a kind and size with one true jump")
    parser.add_argument("--monthly", type=int, default=60, help="surveys of monthly waves a size")
    parser.add_argument("--first-seed", type=int, default=41_000)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="statsmodels")
    each, fresh = -(-options.surveys // len(KINDS)), itertools.count(options.first_seed)
    with ProcessPoolExecutor() as pool:
        quiet = {name: read_many(name, kind, each, fresh, pool) for name, kind in KINDS.items()}
        moved = {
            name: read_many(name, kind, options.power, fresh, pool) for name, kind in moving_kinds().items()
        }
        series = [
            one for size in (0.0, *JUMPS) for one in pool.map(partial(monthly, size), range(options.monthly))
        ]
    today = datetime.now().astimezone().date().isoformat()
    command = (
        f"python benchmarks/findings_study.py --surveys {options.surveys} --power {options.power} "
        f"--monthly {options.monthly} --first-seed {options.first_seed}"
    )
    page = page_of(today, command, quiet, moved, series)
    PAGES.mkdir(parents=True, exist_ok=True)
    file = PAGES / f"findings-{today}.md"
    file.write_text(page, encoding="utf-8")
    print(page)
    print(f"written: {file.relative_to(PAGES.parents[1])}")


def page_of(
    today: str,
    command: str,
    quiet: dict[str, Reports],
    moved: dict[str, Reports],
    series: Sequence[dict[str, Any]],
) -> str:
    """The study's page."""
    every = [report for reports in quiet.values() for report in reports]
    walks = [report for name, reports in moved.items() if "walk" in name for report in reports]
    rates = "\n".join(
        f"- “{word}” or stronger: {interval(summary(every)[word], len(every))}; twice what the word leaves over is "
        f"{2 * (1 - least):.0%}"
        for word, least in WORDS
    )
    return f"""# Findings in simulation, {today}

`{command}`: whole surveys, each read as a
report reads it. A report counts once, however many of its sentences claim a change.

## Nothing changed

The level of every indicator stays where it is through the whole series. Reports with a sentence, shown or folded, that
claims a change (95% intervals are Clopper-Pearson):

{rates}

{as_markdown({name: summary(reports) for name, reports in quiet.items()})}

## Something changed

The level jumps once, up or down, in the middle half of the series and stays there; or it wanders as a random walk with
a standard deviation of 0.2 logits a year. The last column counts reports in which a sentence at the strongest wording
is wrong: the true level moved the other way, or not at all, between the dates that the sentence names.

{as_markdown({name: summary(reports) for name, reports in moved.items()})}

## Monthly waves of 1,000

One house, three years; the share of 35% moves at once within the last year, up or down. “Year” is the report's
comparison of the newest wave with a year before, “any sentence” the surest thing that it says, “two waves” the test
that a pollster would make of the newest wave and the one a year before it.

{as_markdown(power_of(series), "true change")}

## Is the stated direction right?

By the probability that is printed, over the surveys above whose level wanders: sentences of the reports, and all
changes that were looked at.

{as_markdown(directions(walks), "probability")}
"""


if __name__ == "__main__":
    main()
