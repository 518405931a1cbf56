"""How often two levels that move as smoothly as these do, but independently, would agree as much.

The model of `movements` takes what a level gains as independent from day to day. Levels that swing have fewer
independent movements than that: two slow swings rise and fall together for years by chance. So it is also counted how
many independent movements the two smoothed levels are worth together: n movements whose correlations with those k
places later are a and b count as n / (1 + 2 Σ aₖ bₖ). Their correlation is then judged as one of so many independent
pairs. Worked example: 59 movements of two independent walks are worth about 59, of two swings with periods of one to
three years in 1,100 days about 6, of two sine waves of one period about 3, which correlate by 0.7 or more, up or down,
half of the time. Source: Bartlett 1935, Journal of the Royal Statistical Society 98.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import stdtr

from groundswell.arrays import Floats
from groundswell.trends.answers.tables import level_targets
from groundswell.trends.answers.trend import Trend

# Two movements always agree or disagree fully.
FEWEST_MOVEMENTS: Final = 3.0
# A correlation of one is taken for a little less.
FULL: Final = 1.0 - 1e-12


def by_chance(first: Trend, second: Trend, days: Floats, lag: float = 0.0) -> float:
    """The probability that independent levels as smooth as these two agree, or disagree, as much between evenly spaced
    days; `lag` days after the first level the second one is read."""
    return chance_of(*(_movements(trend, days + late) for trend, late in ((first, 0.0), (second, lag))))


def chance_of(one: Floats, other: Floats) -> float:
    """The probability of a correlation as large, up or down, between independent movements as smooth as these."""
    left, right = one - one.mean(), other - other.mean()
    size = float(np.sqrt((left @ left) * (right @ right)))
    if size == 0.0:
        return 1.0
    correlation = float(np.clip(left @ right / size, -FULL, FULL))
    freedom = worth(left, right) - 2.0
    distance = abs(correlation) * np.sqrt(freedom / (1.0 - correlation**2))
    return float(2.0 * stdtr(freedom, -distance))


def worth(left: Floats, right: Floats) -> float:
    """How many independent movements two series of them, each with mean zero, are worth together."""
    alike = float(_later(left)[1:] @ _later(right)[1:])
    return max(len(left) / max(1.0 + 2.0 * alike, 1.0), FEWEST_MOVEMENTS)


def _later(movements: Floats) -> Floats:
    """The correlation of movements with those 0, 1, 2 … places later."""
    return np.correlate(movements, movements, "full")[len(movements) - 1 :] / (movements @ movements)


def _movements(trend: Trend, days: Floats) -> Floats:
    """What the level gains between days, on the scale of what is asked now."""
    scales = np.tile(trend.segments[-1].scale.weights, (len(days), 1))
    return np.diff(trend.posterior.marginal(level_targets(days, scales)).centre)
