"""Whether the level's speed varies: a fit in which each part of the series has one of its own (see `model.clock`).

Most series do not show it, and a fit with eight more hyperparameters is dear. So the speeds most probable given the
other hyperparameters are looked for first, by the slope that comes with every smoothing (see
`StateSpace.evidence_of_speeds`). Where their evidence, roughly, is less than `HOPEFUL` against one speed, the level
keeps its one speed; else the fit is made, and its own evidence decides how much it counts (see `shocks.components`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize

from groundswell.arrays import Floats
from groundswell.trends.fit.fitting import Fitted, log_density, named
from groundswell.trends.fit.mode import find_mode
from groundswell.trends.model.priors import prior_median, prior_sd

# Prior probability that the speed varies.
VARYING: Final = 0.1
# Of the log posterior: where the search for the speeds stops.
NEAR_ENOUGH: Final = 0.03
# The log Bayes factor, roughly, from which on the fit is made.
HOPEFUL: Final = 0.0
# How far the speeds are moved, in logarithms, to see how fast the slopes change.
NUDGE: Final = 0.05
# What the waves say of a speed is taken for no less than this.
LEAST: Final = 0.1


class Found(NamedTuple):
    """The most probable speeds given the other hyperparameters: the logarithms of `level_sd` and of each part's speed
    (`theta`), their `precision`, and the log Bayes factor, roughly, for them against one speed."""

    theta: Floats
    precision: Floats
    gain: float


def with_speeds(fitted: Fitted) -> Fitted | None:
    """The fit in which the level's speed varies, its mode measured; None where little speaks for it."""
    model = fitted.model()
    added = model.system.clock.names
    if not added or (found := most_probable(fitted)).gain < HOPEFUL:
        return None
    size, names = len(fitted.names), (*fitted.names, *added)
    places = np.append(fitted.names.index("level_sd"), size + np.arange(len(added)))
    theta, precision = np.append(fitted.mode.theta, np.zeros(len(added))), np.zeros((len(names), len(names)))
    theta[places] = found.theta
    precision[:size, :size] = np.linalg.inv(fitted.covariance)
    precision[np.ix_(places, places)] += found.precision
    mode = find_mode(log_density(model, names, fitted.noise), theta, precision)
    return Fitted(fitted.waves, fitted.shocks, mode, names, fitted.noise, fitted.house_years, still=False)


def at_its_speeds(fitted: Fitted) -> Fitted:
    """The fit in which the level's speed varies, where that is more probable than one speed; else the fit itself."""
    varying = with_speeds(fitted)
    if varying is None:
        return fitted
    odds = float(np.log(VARYING / (1.0 - VARYING)))
    return varying if varying.log_evidence + odds > fitted.log_evidence else fitted


def most_probable(fitted: Fitted) -> Found:
    """The speeds most probable given the other hyperparameters of a fit, and what speaks for them."""
    model, hyper, noise = fitted.model(), fitted.hyper, fitted.noise
    names = ("level_sd", *model.system.clock.names)
    median, prior = prior_median(names), prior_sd(names)

    def slopes(theta: Floats) -> tuple[float, Floats]:
        return model.evidence_of_speeds(hyper | named(names, theta), noise)

    def loss(z: Floats) -> tuple[float, Floats]:
        """Minus the log posterior, and its slope, at logarithms in prior standard deviations from the medians."""
        loglike, slope = slopes(median + prior * z)
        return 0.5 * float(z @ z) - loglike, z - prior * np.append(slope.sum(), slope)

    start = np.zeros(len(names))
    start[0] = (np.log(hyper["level_sd"]) - median[0]) / prior[0]
    before, _ = loss(start)
    near = {"ftol": NEAR_ENOUGH / max(abs(before), 1.0)}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options=near)
    theta = median + prior * best.x
    moved = theta + np.append(0.0, np.full(len(names) - 1, NUDGE))
    # Parts say little of one another's speeds, and all of them together are `level_sd`.
    known = np.maximum((slopes(theta)[1] - slopes(moved)[1]) / NUDGE, LEAST)
    precision = np.diag(np.append(known.sum(), known))
    precision[0, 1:] = precision[1:, 0] = known
    posterior = precision + np.diag(prior**-2.0)
    cost = np.linalg.slogdet(posterior * np.outer(prior, prior))[1] - np.log(posterior[0, 0] * prior[0] ** 2)
    return Found(theta, precision, before - float(best.fun) - 0.5 * float(cost))
