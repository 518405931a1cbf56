"""What the priors of a trend's hyperparameters decide: how far the newest level moves under wider ones.

That a posterior is about as wide as its prior says that the waves taught nothing of a hyperparameter, not that it
matters: dispersion is seldom learnt from ten waves, and seldom moves the level. So each hyperparameter of which
little was learnt is given a prior twice as wide, the posterior is taken anew, and the newest level is read off again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.components import heaviest, points
from groundswell.trends.fit.fitting import Fitted, integrate
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.quadrature import Integral
from groundswell.trends.model.priors import prior_sd, shared_name
from groundswell.trends.model.statespace import Targets

# Of a hyperparameter whose posterior is narrower than this part of its prior, the waves say three times as much as
# the prior or more (in precision), and a wider prior is not tried.
LEARNT: Final = 0.5


@dataclass(frozen=True)
class Newest:
    """The newest level: `share`, the posterior median as everywhere, and its 95% interval from `low` to `high`."""

    share: float
    low: float
    high: float

    def moved(self, other: Newest) -> float:
        """How far the level, or an end of its interval, is from another one's, as a part of this interval's width."""
        apart = (other.share - self.share, other.low - self.low, other.high - self.high)
        return max(map(abs, apart)) / (self.high - self.low)


@dataclass(frozen=True)
class PriorReach:
    """`spread` of each hyperparameter: its posterior's standard deviation (of the logarithm) as a part of its prior's.

    The `newest` level under the most probable choice of shocks, and by hyperparameter the one under a `wider` prior,
    where little was learnt of it.
    """

    spread: Mapping[str, float]
    newest: Newest
    wider: Mapping[str, Newest]


def prior_reach(fitted: Fitted, posterior: Posterior, targets: Targets) -> PriorReach:
    """What the priors decide about one target, the newest level, under the most probable choice of shocks.

    All speeds of a level have one prior, and are asked together."""
    taken = integrate(fitted)
    ratios = np.sqrt(np.diag(_covariance(fitted, taken))) / prior_sd(fitted.names)
    spread = dict(zip(fitted.names, ratios.tolist(), strict=True))
    little = dict.fromkeys(shared_name(name) for name, part in spread.items() if part > LEARNT)
    wider = {name: _newest(fitted, posterior, targets, integrate(fitted, name)) for name in little}
    return PriorReach(spread, _newest(fitted, posterior, targets, taken), wider)


def _covariance(fitted: Fitted, taken: Integral) -> Floats:
    """The posterior covariance; by the curvature at the mode where a long series stands on the mode alone."""
    return fitted.covariance if len(taken.weights) == 1 else taken.covariance


def _newest(fitted: Fitted, posterior: Posterior, targets: Targets, taken: Integral) -> Newest:
    """The level that an integral gives."""
    level: Mixture = Posterior(
        posterior.waves,
        fitted.noise,
        heaviest(points(fitted, taken)),
        posterior.house_years,
        posterior.outlying,
    ).marginal(targets)
    ends = level.share_intervals((95,))
    return Newest(float(level.share_medians()[0]), float(ends["low95"][0]), float(ends["high95"][0]))
