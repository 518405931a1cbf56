"""Whether a level moved, or a house departed from it, asked again at every look, with a budget of false alarms.

Whoever asks each week at 5% whether anything moved is told so within the year, whatever happens. So a rule has a
budget, `alarm`: the chance that it ever alarms in a year of looks while nothing changed. Each look spends a part that
grows with the time since the look before (a power of it, as the spending functions of Lan & DeMets 1983, Biometrika 70,
by calendar time):

    spent(look) = alarm * (days since the look before / 365.25) ** OVERLAP        never more than `alarm`

In equal parts for the days (a power of 1) the looks of a year would spend `alarm` together, and Boole's inequality
would promise it whatever the looks have in common. But looks that follow each other see the same waves again, and a
movement needs a size besides: then nothing ever alarms falsely, and too little is told. With the power that stands here
the looks of 52 weeks spend 2.7 times `alarm` by that sum, and the chance itself is measured (benchmarks/alerts.py). A
look at nothing new spends nothing: its turn comes with the next wave.

A movement shows in two ways, which share out what a look spends (`WAYS`):

- in the joint posterior of the level on both days: sure of what moves slowly or far, and slow to believe in a jump;
- in the newest two or three waves, held against what a trend fitted to the waves before them foresaw. They must lie off
  together: without any one of them the others still show half of the movement, so that no misprint is news.

Two ideas that are easily confused: that the level moved *at all* is what must be so sure; that it moved by `size` is
what its best estimate must say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr

from groundswell.arrays import Floats
from groundswell.trends.answers.tables import NOON, level_targets
from groundswell.trends.answers.trend import Trend
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit, logit_variance, sampling_variance

YEAR_DAYS: Final = 365.25
OVERLAP: Final = 0.75
"""The power by which a look's part grows with time: 1 where looks have nothing in common, less where they overlap."""
WEEK: Final = 7.0
"""Days below which looks spend in proportion: how far daily looks overlap was not measured."""
WAYS: Final = {0: 0.1, 2: 0.3, 3: 0.6}
"""By how many newest waves are held against a forecast, the part of a budget; 0 is the posterior of the level."""

FEWEST_BEFORE: Final = 4
"""Waves that a forecast rests on, at least."""

SIGNS: Final = {"rises": (1.0,), "falls": (-1.0,), "moves": (1.0, -1.0), "departs": (1.0, -1.0)}
"""The directions that a kind of rule is for; a budget is shared out between them."""

Refit = Callable[[pd.DataFrame], Trend]
"""Fits the trend again to some of its rows."""


class Movement(NamedTuple):
    """A movement from the day `start` to the day `end`, in share units; `low, high` hold 95%.

    `before` and `after` are the levels that it lies between; `fall` is the probability of one, of no movement or a rise
    the rest. `waves` says how many newest waves showed it, 0 where the level's posterior did. `apart` holds what is
    left of the estimate without each of those waves.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    before: float
    after: float
    estimate: float
    low: float
    high: float
    fall: float
    waves: int = 0
    apart: tuple[float, ...] = ()

    def against(self, sign: float) -> float:
        """The probability that nothing moved in the direction of `sign`."""
        return self.fall if sign > 0 else 1.0 - self.fall


def spent(alarm: float, days: float) -> float:
    """The part of a yearly budget that a look spends so many days after the look before.

    >>> [round(spent(0.05, days), 4) for days in (1, 7, 30, 365.25)]
    [0.0004, 0.0026, 0.0077, 0.05]
    """
    later = min(max(days, 0.0), YEAR_DAYS)
    return alarm * float((max(later, WEEK) / YEAR_DAYS) ** OVERLAP) * min(later / WEEK, 1.0)


def alarms(movement: Movement, kind: str, size: float, spends: float) -> bool:
    """Whether a rule of this kind alarms: the movement is at least `size` (share units) by its best estimate, no wave
    carries it alone, and the probability that there was none is not above what is spent on it."""
    signs = SIGNS[kind]
    return any(
        sign * movement.estimate >= size
        and all(sign * each >= size / 2 for each in movement.apart)
        and movement.against(sign) <= spends / len(signs)
        for sign in signs
    )


def alarmed(
    trend: Trend, since: pd.Timestamp, kind: str, size: float, spends: float, refit: Refit
) -> Movement | None:
    """The movement of the level since a day for which a rule alarms at this look; None where it does not."""
    for movement in level_movements(trend, since, refit):
        if alarms(movement, kind, size, spends * WAYS[movement.waves]):
            return movement
    return None


def newest_day(trend: Trend) -> pd.Timestamp:
    """The middle of the newest fieldwork of a trend."""
    return trend.segments[-1].last.normalize()


def level_movements(trend: Trend, since: pd.Timestamp, refit: Refit) -> Iterator[Movement]:
    """The change of the level from a day to the newest wave, in every way that it can be seen.

    From the start of the newest segment where that is later: levels on two sides of a break cannot be compared.
    """
    start, end = max(since, trend.segments[-1].first.normalize()), newest_day(trend)
    if start >= end:
        return
    one = trend.changes([(start, end)]).iloc[0]
    levels = trend.level(pd.DatetimeIndex([start, end]))["share"]
    yield Movement(
        start,
        end,
        before=float(levels.iloc[0]),
        after=float(levels.iloc[1]),
        estimate=float(one["estimate"]),
        low=float(one["low"]),
        high=float(one["high"]),
        fall=float(one["probability_fall"]),
    )
    for count in WAYS:
        if count and (found := _newest_waves(trend, start, count, refit)) is not None:
            yield found


def _newest_waves(trend: Trend, start: pd.Timestamp, count: int, refit: Refit) -> Movement | None:
    """The newest waves against what was foreseen of them.

    None where they do not all lie after `start`, where too few or other wordings came before them, and where they hold
    respondents of waves before them.
    """
    waves = trend.posterior.waves
    cut = len(waves) - count
    days = middles(waves.table).dt.normalize()
    inside = (days >= trend.segments[-1].first.normalize()).to_numpy()
    fresh = bool((days.iloc[cut:] > start).all()) if cut >= FEWEST_BEFORE else False
    if not fresh or int(inside[:cut].sum()) < FEWEST_BEFORE or waves.rolling[cut:].any():
        return None
    if (waves.errors.own[cut:] < 1.0).any():
        return None
    known = set(waves.combination[:cut][inside[:cut]].tolist())
    if not set(waves.combination[cut:].tolist()) <= known:
        return None
    earlier = refit(waves.table.iloc[:cut])
    return _against_forecast(earlier, trend, start, count)


class _Foreseen(NamedTuple):
    """What an earlier trend foresaw of `new` waves, a row a component: the means of the level on the first day, of
    the level at each wave, and of what each wave measures; their covariances; each printed figure's own `noise`."""

    new: int
    weights: Floats
    means: Floats
    covariances: list[Floats]
    noise: Floats

    @property
    def spreads(self) -> list[Floats]:
        """The covariances of the figures themselves."""
        at = slice(1 + self.new, None)
        return [each[at, at] + np.diag(one) for each, one in zip(self.covariances, self.noise, strict=True)]


def _foreseen(earlier: Trend, trend: Trend, start: pd.Timestamp, count: int) -> _Foreseen:
    waves, posterior = trend.posterior.waves, earlier.posterior
    new = slice(len(waves) - count, None)
    named = pd.MultiIndex.from_frame(earlier.combinations[["house", "variant", "mode"]])
    asked = pd.MultiIndex.from_frame(trend.combinations[["house", "variant", "mode"]])
    places = named.get_indexer(asked[waves.combination[new]])
    common, own = earlier.segments[-1].scale.weights, np.eye(len(named))[places]
    moments = waves.midpoint[new]
    days = np.concatenate([day_number(pd.DatetimeIndex([start])) + NOON, moments, moments])
    scales = np.vstack([common, np.tile(common, (count, 1)), own])
    parts = posterior.joint(level_targets(days, scales))
    means = np.array([mean for mean, _ in parts])
    share = expit(posterior.weights @ means)[1 + count :]
    dispersion, excess = (posterior.hyper_values(name)[:, None] for name in ("dispersion", "excess_sd"))
    noise = dispersion * sampling_variance(share, waves.n_effective[new])
    noise = noise + excess**2 * posterior.noise.excess[places]
    noise = noise + logit_variance(waves.rounding_variance[new], share)
    return _Foreseen(count, posterior.weights, means, [covariance for _, covariance in parts], noise)


def _against_forecast(earlier: Trend, trend: Trend, start: pd.Timestamp, count: int) -> Movement:
    """The shift of all newest waves against the forecasts of an `earlier` trend: its least squares estimate, given that
    they may all be off by the same."""
    foreseen = _foreseen(earlier, trend, start, count)
    components, means, spreads = foreseen.weights, foreseen.means, foreseen.spreads
    figures = trend.posterior.waves.log_odds[-count:]
    solved = np.linalg.solve(np.tensordot(components, spreads, 1), np.ones(count))
    weight = np.asarray(solved / solved.sum(), dtype=np.float64)
    off = figures - means[:, 1 + count :]
    shift, sd = off @ weight, np.sqrt([weight @ one @ weight for one in spreads])
    contrast = np.concatenate([[-1.0], weight, -weight])
    drift = means[:, : 1 + count] @ contrast[: 1 + count]
    variance = [contrast @ one @ contrast for one in foreseen.covariances] + foreseen.noise @ weight**2
    error = float(np.sqrt(components @ variance))
    before, moved = float(components @ means[:, 0]), float(components @ (drift + shift))
    without = [float(components @ (drift + off @ _without(weight, place))) for place in range(count)]
    level = float(expit(before))
    logits = (moved, moved - 1.96 * error, moved + 1.96 * error, *without)
    estimate, low, high, *apart = (float(expit(before + each)) - level for each in logits)
    return Movement(
        start,
        newest_day(trend),
        before=level,
        after=level + estimate,
        estimate=estimate,
        low=low,
        high=high,
        fall=float(components @ ndtr(-shift / sd)),
        waves=count,
        apart=tuple(apart),
    )


def _without(weight: Floats, place: int) -> Floats:
    """The weights of the waves without one of them."""
    rest = np.where(np.arange(len(weight)) == place, 0.0, weight)
    return np.asarray(rest / rest.sum())
