"""How often earlier forecasts held: at past dates, what would the trend have said of the next waves?

Two answers. `backtest` stands on some past dates: only the waves known by then are used, the trend is fitted
anew, and each published share of the days that follow is forecast for its own house, mode and effective n,
sampling error included. `earlier_forecasts` is quick enough for every report: each wave is forecast from the
waves before it, with hyperparameters fitted only a few times on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtri

from groundswell.arrays import Flags
from groundswell.errors import InputError
from groundswell.trends.answers.fit import fit_trend
from groundswell.trends.answers.speeds import level_speeds
from groundswell.trends.answers.trend import Trend
from groundswell.trends.checks.scoring_rules import INSIDE_COLUMNS, INTERVAL_COLUMNS, INTERVALS, score
from groundswell.trends.fit.fitting import fit_mode
from groundswell.trends.fit.speeds import at_its_speeds
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import Noise, measure

Forecaster = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""From the waves before and the waves to come (no shares) to `share` and interval ends, row by row."""

LEAST_WAVES = 5
"""An origin with fewer waves before it is passed over."""

EARLIER_REFITS = 6
FEWEST_BEFORE = 10
"""Waves that share nothing with each other and must lie before the first one that is forecast for a report."""
MOST_WAVES = 800

_WAVE = ["house", "variant", "mode", "start", "end", "n_effective"]
_COLUMNS = ["origin", *_WAVE, "share", *INTERVAL_COLUMNS, "observed", "crps", *INSIDE_COLUMNS]
_SHARES = ["share", "share_se", "share_low", "share_high"]


def backtest(
    observations: pd.DataFrame,
    forecaster: Forecaster | None = None,
    *,
    origins: Sequence[pd.Timestamp] | None = None,
    every_days: int = 182,
    history_days: int = 2192,
    horizon_days: int = 45,
) -> pd.DataFrame:
    """Forecast the published shares after each of several past dates, and score the forecasts.

    Args:
        observations: one indicator and one domain; rows with a reason in `left_out` are not used.
        forecaster: what to score; the trend itself by default.
        origins: the dates to stand on; by default every `every_days` days, the last of them `horizon_days`
            before the last wave.
        every_days: days between origins.
        history_days: only waves that ended in so many days before an origin are known there.
        horizon_days: waves that end after an origin, within so many days of it, are forecast; of rolling windows
            those that open after it, since what is known in part is no forecast.

    Returns: one row a forecast wave: `origin`, the wave's own columns, the `share` forecast, the interval ends,
    `observed`, `crps` (share units), `inside50, inside80, inside95` (see `scoring_rules.score`). No rows
    where no wave qualifies.

    Raises:
        InputError: a number of days is not positive.
    """
    for name, days in (
        ("every_days", every_days),
        ("history_days", history_days),
        ("horizon_days", horizon_days),
    ):
        if days < 1:
            raise InputError(f"`{name}` must be at least 1 day, got {days}")
    used = observations
    if "left_out" in used:
        used = used[used["left_out"].fillna("") == ""]
    known = used["end"]
    if "published" in used:
        known = used["published"].where(used["published"] > known, known)
    shared = _rolling(used)
    scored = []
    for origin in origins if origins is not None else _origins(used, every_days, horizon_days):
        past = used[(known <= origin) & (used["end"] > origin - pd.Timedelta(days=history_days))]
        until = origin + pd.Timedelta(days=horizon_days)
        due = (used["end"] > origin) & (used["end"] <= until)
        targets = used[due & ~(shared & (used["start"] <= origin))].reset_index(drop=True)
        if len(past) >= LEAST_WAVES and len(targets):
            said = (forecaster or trend_forecast)(past, targets.drop(columns=_SHARES, errors="ignore"))
            table = pd.concat([targets[_WAVE], said.reset_index(drop=True)], axis=1).assign(origin=origin)
            scored.append(score(table, targets["share"])[_COLUMNS])
    return pd.concat(scored, ignore_index=True) if scored else pd.DataFrame(columns=_COLUMNS)


def trend_forecast(past: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Forecast published shares from the trend through `past`: one row a row of `targets`.

    The forecast of a house, variant or mode that is not in `past` is missing.
    """
    fit, names = fit_trend(past), ["house", "variant", "mode"]
    known = set(fit.used[names].itertuples(index=False, name=None))
    known |= {(house, variant, "") for house, variant, _ in known}
    placed = [key in known for key in targets[names].itertuples(index=False, name=None)]
    asked = targets[placed].assign(
        n=targets["n_effective"],
        deff=1.0,
        mode=targets["mode"].where(targets["mode"] != ""),
        on=middles(targets),
    )
    columns = ["share", *INTERVAL_COLUMNS]
    if asked.empty:
        return pd.DataFrame(np.nan, index=targets.index, columns=columns)
    return fit.next_waves(asked).set_axis(asked.index)[columns].reindex(targets.index)


def _rolling(used: pd.DataFrame) -> Flags:
    """Which rows are rolling windows."""
    numbered = used.assign(row=np.arange(len(used)))
    waves = measure(numbered)
    rolling = np.zeros(len(used), dtype=bool)
    rolling[waves.table["row"].to_numpy(dtype=np.intp)] = waves.rolling
    return rolling


def _origins(used: pd.DataFrame, every_days: int, horizon_days: int) -> list[pd.Timestamp]:
    """Dates `every_days` apart, counted back from the last that leaves room for the horizon."""
    ends = used["end"].sort_values()
    if len(ends) <= LEAST_WAVES:
        return []
    first, last = ends.iloc[LEAST_WAVES - 1], ends.iloc[-1] - pd.Timedelta(days=horizon_days)
    steps = (last - first).days // every_days if last >= first else -1
    return [last - pd.Timedelta(days=every_days * step) for step in range(steps, -1, -1)]


def earlier_forecasts(trend: Trend) -> pd.DataFrame:
    """Each later wave against its forecast from the waves before it, as it could have been made then.

    The hyperparameters are fitted anew `EARLIER_REFITS` times on the way, each time to the waves so far; the
    shocks of the trend count only from the refit after their day on. Where the trend's speed may vary, each refit has
    the speeds of its own waves, if these are more probable than one speed. A house's first wave in a variant and
    mode only places it and is left out. Of rolling windows those are forecast, and known, that share no respondent with
    the one forecast before: what is known in part is no forecast. Long series: their last `MOST_WAVES` waves.

    Returns: one row a wave forecast: `house, end, surprise` (distance from the forecast in its standard
    deviations, on the logit scale), `inside50, inside80, inside95`. No rows where too few waves came before.
    """
    waves, best = trend.posterior.waves.last(MOST_WAVES), trend.best
    fresh, varies = waves.apart, level_speeds(trend.posterior).probability > 0.0
    before = int(np.searchsorted(np.cumsum(fresh), FEWEST_BEFORE)) + 1
    cuts = np.unique(np.linspace(before, max(len(waves), before), EARLIER_REFITS + 1).astype(int))
    surprises = []
    for past, until in pairwise(cuts.tolist()):
        known, both = waves.first(past), waves.first(until)
        shocks = [shock for shock in best.shocks if shock.day < known.midpoint[-1]]
        fitted = fit_mode(known, shocks, house_years=best.house_years)
        own = fitted.reconsidered().excess
        fitted = fit_mode(known, shocks, house_years=best.house_years, again=fitted, excess=own)
        if varies:
            fitted = at_its_speeds(fitted)
        share = expit(fitted.model().smooth(fitted.hyper, fitted.noise).wave_mean)
        share = np.append(share, np.full(until - past, share[-1]))
        # A wave without a figure is not seen, and its surprise is missing.
        both = replace(both, part_edges=known.part_edges)
        seen = replace(both, log_odds=np.where(fresh[:until], both.log_odds, np.nan))
        model = replace(fitted, waves=seen).model()
        surprises.append(model.surprises(fitted.hyper, Noise.at(both, share, excess=own))[past:])
    table = waves.table[["house", "end"]].iloc[before:]
    table = table.assign(surprise=np.concatenate(surprises) if surprises else np.empty(0))
    for percent in INTERVALS:
        table[f"inside{percent}"] = table["surprise"].abs() <= ndtri(0.5 + percent / 200)
    counted = pd.Series(waves.combination).duplicated().to_numpy() & fresh
    return table[counted[before:]].reset_index(drop=True)
