"""Whether two levels move together: the correlation of what they gain, over and above steady drifts.

Two series that each wander are often alike by chance: of two independent random walks the levels are correlated as a
rule, not as an exception (Yule 1926, Granger & Newbold 1974). So it is not levels that are compared, but what the
levels gain from day to day: both are random walks whose steps have the correlation ρ (uniform between -1 and 1
beforehand), and each may drift steadily besides, since two steady drifts are one coincidence and no more. Errors of the
same people's answers are told apart from movements (see `same_people`). Everything else is integrated over.

A *lead* is looked for by moving one item's dates. It is told where one lag explains the waves so much better than all
of the other direction and none that a Bayes factor of `LEAD_ODDS` stands for it. Worked example: `lead_days` = 56 and
`lead` = "first": what the first item does the second one does eight weeks later. Neither says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy.interpolate import CubicSpline

from groundswell.arrays import Floats
from groundswell.trends.answers.trend import Trend
from groundswell.trends.fit.fitting import bounded
from groundswell.trends.fit.mode import Mode, find_mode
from groundswell.trends.moods.by_chance import by_chance
from groundswell.trends.moods.items import items_of
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.parameters import Parameter, density_of, standardised
from groundswell.trends.moods.ties import shared_waves

TOGETHER, OPPOSED, APART, UNTOLD = "together", "opposed", "apart", "cannot_tell"
FEWEST_WAVES: Final = 10
"""Waves that each item needs in the stretch of time that both cover, before anything is said."""
WEAK: Final = 0.5
"""A correlation whose interval lies within so much of 0 is called none to speak of."""
LEAD_ODDS: Final = 20.0
MOST_STEPS: Final = 3
"""Lags looked at: so many typical gaps between waves, either way."""
FALSE_ALARMS: Final = 0.05
"""How often independent levels may be said to move together, or opposed."""
PART_OF_SPAN: Final = 4.0
"""No lag is longer than this part of the stretch of time that both cover."""
FINE, ROUGH, FINELY = 13, 9, 301
"""Points of the grid of correlations, where it counts and where lags are only compared, and those in between, by a
spline."""
REACH: Final = 3.0
"""How far the grid goes, as an inverse hyperbolic tangent: 0.995."""
MOVEMENT_COLUMNS: Final = [
    *(
        "first",
        "second",
        "waves_first",
        "waves_second",
        "correlation",
        "low",
        "high",
        "probability",
        "verdict",
    ),
    *("lead_days", "lead", "by_chance"),
]


@dataclass(frozen=True)
class Correlation:
    """The posterior of ρ on a grid, and the log of the waves' probability."""

    values: Floats
    weights: Floats
    log_evidence: float

    @property
    def probability(self) -> float:
        """That ρ is above 0."""
        return 1.0 - float(np.interp(0.0, self.values, self._reached))

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return float(self.weights @ self.values)

    def quantile(self, probability: float) -> float:
        """A quantile, straight from one point of the grid to the next."""
        return float(np.interp(probability, self._reached, self.values))

    @property
    def _reached(self) -> Floats:
        """The probability below each point, half of its own counted."""
        return np.cumsum(self.weights) - self.weights / 2.0


def movements(first: Trend, second: Trend, *, leads: bool = True) -> pd.DataFrame:
    """Whether the levels of two trends move together, and whether one moves first.

    One row: `first, second`; `waves_first, waves_second`, in the stretch of time that both cover; `correlation`
    (posterior mean) of what the two levels gain, with `low, high` (95%), and the `probability` that it is above 0;
    `verdict`: `together` or `opposed` (the interval lies above, below 0, and no more than `FALSE_ALARMS` of independent
    levels as smooth as these would agree as much, `by_chance`), `apart` (it lies within `WEAK` of 0), `cannot_tell`
    (neither, or either item has fewer than `FEWEST_WAVES` waves); `lead`: which one moves first, `first` or `second`,
    by `lead_days`, else `cannot_tell`; without `leads` none is looked for. A correlation of movements says nothing of
    why.
    """
    items = items_of([first, second])
    counts = shared_waves(items[0].waves, items[1].waves)
    row: dict[str, object] = {
        "first": first.indicator,
        "second": second.indicator,
        "waves_first": counts[0],
        "waves_second": counts[1],
        "verdict": UNTOLD,
        "lead": UNTOLD,
    }
    if min(counts) >= 2:
        near = _near(first, second)
        found = correlation(items, near, first.best.house_years, FINE)
        low, high = found.quantile(0.025), found.quantile(0.975)
        row |= {"correlation": found.mean, "low": low, "high": high, "probability": found.probability}
        if min(counts) >= FEWEST_WAVES:
            chance = by_chance(first, second, _common_days(items))
            row |= {"by_chance": chance, "verdict": verdict(low, high, chance)}
            row |= _lead((first, second), items, near) if leads else {}
    return pd.DataFrame([row], columns=MOVEMENT_COLUMNS)


def verdict(low: float, high: float, chance: float) -> str:
    """What a 95% interval of the correlation says, and how often independent levels as smooth would agree as much."""
    if low > 0.0 or high < 0.0:
        if chance > FALSE_ALARMS:
            return UNTOLD
        return TOGETHER if low > 0.0 else OPPOSED
    return APART if max(-low, high) < WEAK else UNTOLD


def correlation(
    items: Sequence[Item], near: Mapping[str, float], house_years: float, knots: int
) -> Correlation:
    """The posterior of ρ: at each value of a grid the rest is integrated over by Laplace's approximation."""
    space = JointSpace(items, np.empty(0), house_years=house_years, drifts=True)
    parameters = [
        *(Parameter.positive(_pace(number), "level_sd") for number in range(2)),
        *(Parameter.positive(name, name) for name in space.shared_names),
        *([Parameter.errors(2)] if space.same_people else []),
    ]
    grid = np.linspace(-REACH, REACH, knots)
    densities = [density_of(parameters, partial(_loglike, space, rho)) for rho in np.tanh(grid).tolist()]
    modes: dict[int, Mode] = {}
    # From the middle outwards, each search from the mode next to it.
    for place in sorted(range(knots), key=lambda place: abs(place - knots // 2)):
        beside = modes.get(place - 1) or modes.get(place + 1)
        start = beside.theta if beside else standardised(parameters, near)
        modes[place] = find_mode(densities[place], start, beside.precision if beside else None)
    unit = np.ones(len(parameters))
    volumes = [np.linalg.slogdet(bounded(modes[place].precision, unit))[1] for place in range(knots)]
    # Uniform in ρ: on the grid the prior has the density 1 - ρ².
    heights = np.array([modes[place].height for place in range(knots)]) + 0.5 * np.array(volumes)
    heights += np.log1p(-(np.tanh(grid) ** 2))
    finely = np.linspace(-REACH, REACH, FINELY)
    heights = CubicSpline(grid, heights)(finely)
    weights = np.exp(heights - heights.max())
    evidence = float(heights.max() + np.log(weights.sum() * (finely[1] - finely[0])))
    return Correlation(np.tanh(finely), weights / weights.sum(), evidence)


def _loglike(space: JointSpace, rho: float, hyper: Mapping[str, float]) -> float:
    return space.loglike(hyper, walk(hyper, rho))


def walk(hyper: Mapping[str, float], rho: float) -> Floats:
    """What the two levels gain together in a year."""
    paces = np.array([hyper[_pace(0)], hyper[_pace(1)]])
    return np.asarray(np.outer(paces, paces) * np.array([[1.0, rho], [rho, 1.0]]))


def _pace(number: int) -> str:
    return f"level_sd {number}"


def _near(first: Trend, second: Trend) -> dict[str, float]:
    """Where the search starts: at each trend's own pace, and at the first one's errors."""
    return {
        **first.best.hyper,
        _pace(0): first.best.hyper["level_sd"],
        _pace(1): second.best.hyper["level_sd"],
    }


def _common_days(items: Sequence[Item], lag: int = 0) -> Floats:
    """Evenly spaced days of the first of two items, about one a wave, while both are asked; the second is read `lag`
    days later."""
    spans = [
        (one.waves.midpoint.min(), one.waves.midpoint.max()) for one in (items[0], items[1].shifted(-lag))
    ]
    first, last = max(span[0] for span in spans), min(span[1] for span in spans)
    return np.linspace(first, last, min(shared_waves(items[0].waves, items[1].shifted(-lag).waves)))


def _lead(trends: tuple[Trend, Trend], items: Sequence[Item], near: Mapping[str, float]) -> dict[str, object]:
    """Which of two items moves first, by how many days."""
    house_years = trends[0].best.house_years
    lags = lags_of(items)
    if not lags:
        return {}
    found = {lag: correlation((items[0].shifted(lag), items[1]), near, house_years, ROUGH) for lag in lags}
    best = max(found, key=lambda lag: found[lag].log_evidence)
    low, high = found[best].quantile(0.025), found[best].quantile(0.975)
    others = [each.log_evidence for lag, each in found.items() if lag * best <= 0]
    ahead = found[best].log_evidence - max(others, default=np.inf) if best else 0.0
    clear = ahead > np.log(LEAD_ODDS * (len(lags) - 1)) and (low > 0.0 or high < 0.0)
    # Some lag makes any two swings agree: each that was looked at counts.
    if clear and by_chance(*trends, _common_days(items, best), best) * len(lags) <= FALSE_ALARMS:
        return {"lead_days": abs(best), "lead": "first" if best > 0 else "second"}
    return {}


def lags_of(items: Sequence[Item]) -> list[int]:
    """The lags that the dates allow, in days, 0 among them: typical gaps between waves, either way."""
    gaps = [np.diff(np.unique(np.round(item.waves.midpoint))) for item in items]
    step = int(max(np.ceil(max(float(np.median(each)) for each in gaps)), 1.0))
    first = max(item.waves.midpoint.min() for item in items)
    last = min(item.waves.midpoint.max() for item in items)
    steps = min(MOST_STEPS, int((last - first) / PART_OF_SPAN / step))
    return [step * number for number in range(-steps, steps + 1)] if steps else []
