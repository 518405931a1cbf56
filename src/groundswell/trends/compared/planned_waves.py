"""How many interviews, in how many waves, would settle an open question by a date.

Given the hyperparameters everything is normal, so that what a wave will *say* is not needed to know how far it narrows
the answer. Of a change of the level, in logits, let m and V be its mean and variance as known today, and V₁ its
variance once the planned waves are in. Its mean will then be normal around m with variance V - V₁, and the direction is
settled where that mean lies z √V₁ or more from zero. Were the change truly d, the mean would be normal around
m + k (d - m) with variance k V₁, where k = (V - V₁) / V. What is not known of the hyperparameters is averaged over, as
it is known today: what the new waves will teach of them comes on top. Source: preposterior analysis, Raiffa &
Schlaifer 1961, Applied Statistical Decision Theory, chapter 5.

Worked example: V = 0.04 (at a share of one half, a standard deviation of 5 points), m = 0 and V₁ = 0.01: the mean will
have the standard deviation 0.17, and 1.64 √V₁ = 0.16 is exceeded, one way or the other, with probability 0.34.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from groundswell.arrays import Floats, Ints
from groundswell.dates import parse_date
from groundswell.errors import InputError
from groundswell.trends.answers.asked import read_asked
from groundswell.trends.answers.tables import NOON, level_targets
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.model.fieldwork import DAY, EPOCH, day_number
from groundswell.trends.model.logit import expit, logit, sampling_variance
from groundswell.trends.model.measurement import Waves
from groundswell.trends.model.statespace import Targets

WAVES: Final = (1, 2, 4)
INTERVIEWS: Final = (500, 1000, 2000, 4000)
MOST_PLANS: Final = 200
# A variance of a change, in squared logits, below which the level does not move.
STILL: Final = 1e-12
Answer = dict[str, float]


class _Known(NamedTuple):
    """Of the change as it is known today, by component: its weight, mean and variance."""

    weight: Floats
    mean: Floats
    variance: Floats


def plan_waves(
    trend: Trend,
    *,
    since: Day,
    by: Day,
    waves: Sequence[int] = WAVES,
    n: Sequence[int] = INTERVIEWS,
    house: str | None = None,
    deff: float | None = None,
    probability: float = 0.95,
    change: float | None = None,
) -> pd.DataFrame:
    """What each plan of new waves would do for the question: has the level risen or fallen between two dates?

    Args:
        trend: the trend as it is known.
        since: the earlier date, in the newest segment.
        by: the later date, after the trend's as-of date; the last planned wave is in the field then, the others are
            spread evenly over the time before it.
        waves: how many waves.
        n: how many interviews in each of them.
        house: who asks, in what it asked last; by default the house with most waves of the newest segment.
        deff: the design effect; by default the median of the house's own.
        probability: how sure the direction must be to count as settled.
        change: how large the change truly is, in share units (-0.03 is a fall by 3 points): `finds` is then the
            probability that its direction is settled, and rightly.

    Returns:
        One row a plan, the first one without any new wave: `waves, n, interviews`; `width`, of the 95% interval of the
        change in share units (today's own is exact); `settles`, the probability, as things are known today, that
        the direction is settled then; and `finds`, missing without a `change`. Of the first row `settles` says whether
        it is settled now.

    Raises: InputError for an unknown house, dates that are not in that order, and numbers that are not above 0.

    Example: would two waves of 1,000 tell whether planning in Ukraine has gone on rising?
        >>> from groundswell.trends import plan_waves
        >>> trend = gs.fit_trend(gs.load_survey("surveys/ukraine-outlook"), "planning", as_of="2025-12-31")
        >>> plans = plan_waves(trend, since="2025-12-01", by="2026-12-31", waves=[2], n=[1000])
        >>> plans[["waves", "interviews"]]
           waves  interviews
        0      0           0
        1      2        2000
        >>> bool(plans["settles"].is_monotonic_increasing and plans["width"].is_monotonic_decreasing)
        True
    """
    start, end = pd.Timestamp(parse_date(since, "since")), pd.Timestamp(parse_date(by, "by"))
    _check(trend, start, end, waves, n, probability, change)
    asked = trend.posterior.waves
    who = house or str(asked.table["house"][asked.stretch == 0].mode().iloc[0])
    days = pd.DatetimeIndex([start, end])
    told = float(trend.level(start)["share"].iloc[0])
    now = trend.changes([(start, end)]).iloc[0]
    sure = max(now["probability_fall"], now["probability_rise"]) >= probability
    today: Answer = {
        "waves": 0,
        "n": 0,
        "interviews": 0,
        "width": float(now["high"] - now["low"]),
        "settles": float(sure),
        "finds": float("nan"),
    }
    known = _Known(trend.posterior.weights, *_moments(trend.posterior.joint(_targets(trend, days))))
    rows = [today]
    for count, size in product(sorted(set(waves)), sorted(set(n))):
        then = np.minimum(_variance_then(trend, days, count, size, who, deff), known.variance)
        plan: Answer = {"waves": count, "n": size, "interviews": count * size}
        # Today's interval is exact; it shrinks as the standard deviation does.
        left = float(known.weight @ then) / max(float(known.weight @ known.variance), STILL)
        width = today["width"] * float(np.sqrt(left))
        rows.append(plan | {"width": width} | _settled(known, then, told, probability, change))
    return pd.DataFrame(rows)


def _check(
    trend: Trend,
    start: pd.Timestamp,
    end: pd.Timestamp,
    waves: Sequence[int],
    n: Sequence[int],
    probability: float,
    change: float | None,
) -> None:
    newest = trend.segments[-1]
    if not newest.holds(start):
        raise InputError(
            f"`since=` must not lie before {newest.start:%Y-%m-%d}, where the level breaks, got {start:%Y-%m-%d}"
        )
    if not (end > trend.as_of and end > start):
        last = max(trend.as_of, start)
        raise InputError(f"`by=` must lie after {last:%Y-%m-%d}, got {end:%Y-%m-%d}")
    for name, numbers in (("waves", waves), ("n", n)):
        if not len(numbers) or min(numbers) < 1:
            raise InputError(f"`{name}=` must be numbers of at least 1, got {list(numbers)}")
    if len(waves) * len(n) > MOST_PLANS:
        raise InputError(f"at most {MOST_PLANS} plans at once, got {len(waves) * len(n)}")
    if not 0.5 < probability < 1.0:
        raise InputError(f"`probability=` must lie between 0.5 and 1, got {probability:g}")
    told = float(trend.level(start)["share"].iloc[0])
    if change is not None and not (change != 0.0 and 0.0 < told + change < 1.0):
        raise InputError(
            f"`change=` is in share units, not 0, and must leave a share: the level was {told:.3f}, got {change:g}"
        )


def _variance_then(
    trend: Trend, days: pd.DatetimeIndex, count: int, size: int, house: str, deff: float | None
) -> Floats:
    """The variance of the change between two days, by component, once `count` waves of `size` interviews are in."""
    post, targets = trend.posterior, _targets(trend, days)
    last, until = day_number(pd.DatetimeIndex([trend.as_of, days[1]]))
    moments = last + (until - last) * np.arange(1, count + 1) / count
    asked = read_asked(post.waves, pd.DataFrame({"house": [house] * count, "n": float(size), "deff": deff}))
    own = np.eye(len(post.waves.combinations.first))[asked.combination]
    share = expit(post.marginal(level_targets(moments + NOON, own)).centre)
    nothing = np.zeros(count)
    noise = post.noise._replace(
        sampling=np.append(post.noise.sampling, sampling_variance(share, asked.n_effective)),
        rounding=np.append(post.noise.rounding, nothing),
        outlying=np.append(post.noise.outlying, nothing),
    )
    more = _with_planned(post.waves, moments, asked.combination, share)
    return _moments(replace(post, waves=more, noise=noise).joint(targets))[1]


def _targets(trend: Trend, days: pd.DatetimeIndex) -> Targets:
    """The level on both days, on the scale of the newest segment."""
    return level_targets(day_number(days) + NOON, np.tile(trend.segments[-1].scale.weights, (2, 1)))


def _moments(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Mean and variance of the second target less the first, by component."""
    mean = np.array([mean[1] - mean[0] for mean, _ in parts])
    variance = np.array([each[0, 0] + each[1, 1] - 2.0 * each[0, 1] for _, each in parts])
    return mean, np.maximum(variance, 0.0)


def _with_planned(waves: Waves, moments: Floats, combination: Ints, share: Floats) -> Waves:
    """The waves with planned ones after them, each in the field on one day, with the share that is expected of it.

    Their effective n is 0, so that the houses weigh in the level as they do today; their errors are in the noise.
    """
    count, table = len(moments), waves.table
    day = EPOCH + np.floor(moments) * DAY
    rows = table.iloc[[-1] * count].assign(start=day, end=day, share=share, overlap="")
    for name in ("house", "variant", "mode"):
        rows[name] = waves.combinations.names[name].to_numpy()[combination]
    none, errors = np.zeros(count, dtype=bool), waves.errors
    return replace(
        waves,
        table=pd.concat([table, rows], ignore_index=True),
        share=np.append(waves.share, share),
        n_effective=np.append(waves.n_effective, np.zeros(count)),
        log_odds=np.append(waves.log_odds, logit(share)),
        opened=np.append(waves.opened, np.floor(moments)),
        closed=np.append(waves.closed, np.floor(moments) + 1.0),
        rough=np.append(waves.rough, none),
        rounding_variance=np.append(waves.rounding_variance, np.zeros(count)),
        combination=np.append(waves.combination, combination),
        overlapping=np.append(waves.overlapping, none),
        rolling=np.append(waves.rolling, none),
        stretch=np.append(waves.stretch, np.zeros(count, dtype=np.intp)),
        errors=errors._replace(
            starts=np.append(errors.starts, np.full(count, -1)),
            loadings=np.vstack([errors.loadings, np.zeros((count, errors.loadings.shape[1]))]),
            own=np.append(errors.own, np.ones(count)),
            stated=np.append(errors.stated, none),
        ),
    )


def _settled(known: _Known, then: Floats, told: float, probability: float, change: float | None) -> Answer:
    """What one plan does with the variance that is left `then`; `told` is the level of the earlier date."""
    moves = known.variance > STILL  # a level that stands still in a component has no direction to be settled
    if not moves.any():
        return {"settles": 0.0, "finds": float("nan") if change is None else 0.0}
    weight, mean, today, then = (part[moves] for part in (*known, then))
    bound, spread = float(ndtri(probability)) * np.sqrt(then), np.sqrt(np.maximum(today - then, STILL))
    settles = ndtr((mean - bound) / spread) + ndtr((-mean - bound) / spread)
    finds = float("nan")
    if change is not None:
        true, k = float(logit(told + change) - logit(told)), 1.0 - then / today
        # Which components would have brought about such a change.
        likely = np.log(weight) - 0.5 * (np.log(today) + (true - mean) ** 2 / today)
        among = np.exp(likely - likely.max())
        found = ndtr(
            (np.sign(true) * (mean + k * (true - mean)) - bound) / np.sqrt(np.maximum(k * then, STILL))
        )
        finds = float(among @ found / among.sum())
    return {"settles": float(weight @ settles), "finds": finds}
