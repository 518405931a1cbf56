"""The study of calibration: do the trend's intervals hold the truth as often as they promise?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from groundswell.simulate.scenarios import POOLED
from groundswell.simulate.series import SimulatedSeries, simulate_series
from groundswell.simulate.truth import truth_on
from groundswell.trends.answers.fit import fit_trend
from groundswell.trends.answers.segments import segments
from groundswell.trends.checks.scoring_rules import INTERVAL_COLUMNS, score
from groundswell.trends.model.measurement import measure

Estimator = Callable[[pd.DataFrame, pd.DatetimeIndex], pd.DataFrame]
"""From observations and dates to the level on the dates: `date, share` and interval ends."""

SMOOTHED_EVERY_DAYS = 14
NOWCASTS_AT = (0.5, 0.65, 0.8, 1.0)
"""Where in the series a nowcast is asked for, as a proportion of its length."""


def trend_level(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """The trend's own level, as an `Estimator`."""
    return fit_trend(observations).level(at=dates)


def calibration_study(
    seeds: Iterable[int],
    scenarios: Sequence[str] = POOLED,
    estimator: Estimator = trend_level,
) -> pd.DataFrame:
    """Fit simulated series and compare the level with the truth.

    Args:
        seeds: one series is simulated for each seed and scenario.
        scenarios: names in `SCENARIOS`.
        estimator: what to study; the trend by default.

    Returns: one row a date: `scenario, seed, kind, date, share`, the interval ends, `observed` (the true share, on the
    scale of a trend through the waves known), `crps` (share units), `inside50, inside80, inside95`. `kind` is
    `smoothed` (all waves known; every second week of the series) or `nowcast` (only waves known that ended by that
    date).
    `scores.score_summary(study, by=["kind", "scenario"])` sums it up.

    Raises:
        KeyError: no scenario has this name.
    """
    parts = [
        part.assign(scenario=scenario, seed=seed)
        for scenario in scenarios
        for seed in seeds
        for part in _study(simulate_series(scenario, seed), estimator)
    ]
    columns = ["scenario", "seed", "kind", "date", "share", *INTERVAL_COLUMNS]
    study = pd.concat(parts, ignore_index=True)
    return study[[*columns, *(name for name in study if name not in columns)]]


def _study(series: SimulatedSeries, estimator: Estimator) -> list[pd.DataFrame]:
    """The smoothed level and the nowcasts of one series, scored."""
    waves = series.observations
    first, last = waves["start"].min(), waves["end"].max()
    every = pd.date_range(first, last, freq=f"{SMOOTHED_EVERY_DAYS}D")
    scored = [_scored(series, waves, every, estimator, "smoothed")]
    for part in NOWCASTS_AT:
        today = (first + (last - first) * part).normalize()
        known = waves[waves["end"] <= today].reset_index(drop=True)
        scored.append(_scored(series, known, pd.DatetimeIndex([today]), estimator, "nowcast"))
    return scored


def _scored(
    series: SimulatedSeries, known: pd.DataFrame, dates: pd.DatetimeIndex, estimator: Estimator, kind: str
) -> pd.DataFrame:
    """What is said of some dates from the waves `known`, against the truth on their scale."""
    table = estimator(known, dates)[["share", *INTERVAL_COLUMNS]].assign(date=dates, kind=kind)
    return score(table, truth_on(series, segments(measure(known)), dates))
