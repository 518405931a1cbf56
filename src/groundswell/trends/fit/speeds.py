"""Whether the level's speed varies: a fit in which each part of the series has one of its own (see `model.clock`).

Most series do not show it, and a fit with eight more hyperparameters is dear. So the speeds most probable given the
other hyperparameters are looked for first, by the slope that comes with every smoothing (see
`StateSpace.evidence_of_speeds`). Where their evidence, roughly, is less than `HOPEFUL` against one speed, the level
keeps its one speed; else the fit is made, and its own evidence decides how much it counts (see `shocks.components`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.ascent import Place, ascend
from groundswell.trends.fit.fitting import Fitted, log_density, named
from groundswell.trends.fit.mode import find_mode
from groundswell.trends.model.priors import prior_median, prior_sd

# Prior probability that the speed varies.
VARYING: Final = 0.1
# Of the log posterior: where the search for the speeds stops.
NEAR_ENOUGH: Final = 0.03
# The log Bayes factor, roughly, from which on the fit is made; and that of the parabola at one speed below which the
# search is not: in 67 simulated fits the search came out at most 2.2 above it there.
HOPEFUL: Final = 0.0
HOPELESS: Final = -3.0
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
    scale = np.outer(prior, prior)

    def slopes(z: Floats) -> tuple[float, Floats]:
        return model.evidence_of_speeds(hyper | named(names, median + prior * z), noise)

    def look(z: Floats) -> Place:
        """The log posterior at logarithms in prior standard deviations from the medians."""
        loglike, slope = slopes(z)
        return Place(z, loglike - 0.5 * float(z @ z), prior * np.append(slope.sum(), slope) - z)

    def bent(place: Place) -> Floats:
        """What the waves say there of each speed. Parts say little of one another's, and all of them together are
        `level_sd`."""
        moved = look(place.at + np.append(0.0, NUDGE / prior[1:]))
        fallen = (place.slope - moved.slope + place.at - moved.at)[1:] / prior[1:]
        known = np.maximum(fallen / NUDGE, LEAST)
        precision = np.diag(np.append(known.sum(), known))
        precision[0, 1:] = precision[1:, 0] = known
        return precision

    def cost(posterior: Floats) -> float:
        """By how much the speeds' prior is wider than their posterior, as half the logarithm of the volumes."""
        return 0.5 * float(np.linalg.slogdet(posterior)[1] - np.log(posterior[0, 0]))

    start = np.zeros(len(names))
    start[0] = (np.log(hyper["level_sd"]) - median[0]) / prior[0]
    first = top = look(start)
    precision = bent(first)
    posterior = precision * scale + np.eye(len(names))
    gain = 0.5 * float(first.slope @ np.linalg.solve(posterior, first.slope)) - cost(posterior)
    if gain > HOPELESS:
        top = ascend(look, first, posterior, NEAR_ENOUGH)
        precision = bent(top)
        gain = top.height - first.height - cost(precision * scale + np.eye(len(names)))
    return Found(median + prior * top.at, precision, gain)
