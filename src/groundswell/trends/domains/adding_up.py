"""Domain levels that add up to the whole's: one shift in logits, common to all domains of a date.

Source: the logit shift of Ghitza & Gelman 2013, American Journal of Political Science 57, which does on the odds what
You & Rao 2002, Canadian Journal of Statistics 30, do for linear models. The whole's own level stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.domains.departures import Departures
from groundswell.trends.fit.mixture import bracketed_newton
from groundswell.trends.model.logit import expit


class DomainLogits(NamedTuple):
    """The logits of the domains' levels on each date, shape (domains, dates), and how they move with what makes them.

    A level moves by `stretch` (dates,) as the whole's logit moves by one, and by its own departure less the average of
    all departures in the weights `pull` (domains, dates), which sum to one; to zero where nothing is made to add up.
    """

    logits: Floats
    stretch: Floats
    pull: Floats

    def variance(self, found: Departures, whole: Floats) -> Floats:
        """Posterior variance of each logit, shape (domains, dates); `whole` (dates,) is that of the whole's."""
        own = np.diagonal(found.own, axis1=1, axis2=2)
        shared = (self._shared(found) ** 2).sum(axis=2)
        mine = own * (1.0 - 2.0 * self.pull) + (self.pull**2 * own).sum(axis=0)
        return np.asarray(mine + shared + self.stretch**2 * whole)

    def covariance(self, found: Departures, whole: Floats, chosen: Sequence[int]) -> Floats:
        """Posterior covariance of chosen domains' logits, shape (domains, dates, domains, dates)."""
        own, shared = found.own, self._shared(found)[chosen]
        covariance = np.einsum("atk,bsk->atbs", shared, shared)
        every = np.arange(len(chosen))
        covariance[every, :, every, :] += own[chosen]
        covariance -= (own * self.pull[:, None, :])[chosen][:, :, None, :]
        covariance -= (own * self.pull[:, :, None])[chosen].transpose(1, 0, 2)[None]
        common = np.einsum("dt,dts,ds->ts", self.pull, own, self.pull)
        common += self.stretch[:, None] * whole * self.stretch
        return np.asarray(covariance + common[None, :, None, :])

    def _shared(self, found: Departures) -> Floats:
        """The loads on common parts, less the average of all domains'."""
        return np.asarray(found.shared - np.einsum("dt,dtk->tk", self.pull, found.shared))


def left_apart(level: Floats, departure: Floats) -> DomainLogits:
    """The whole's logits (dates,) and departures (domains, dates) added up, and nothing else."""
    return DomainLogits(level + departure, np.ones(len(level)), np.zeros(departure.shape))


def added_up(level: Floats, departure: Floats, population: Floats) -> DomainLogits:
    """The same, shifted so that on each date the shares, by their parts of the `population`, add up to the whole's."""
    whole = expit(level)

    def excess_and_slope(shift: Floats) -> tuple[Floats, Floats]:
        shares = expit(level + departure + shift)
        return population @ shares - whole, population @ (shares * (1.0 - shares))

    low, high = -departure.max(axis=0), -departure.min(axis=0)
    shift = bracketed_newton(excess_and_slope, low, high, (low + high) / 2.0)
    logits = level + departure + shift
    steep = population[:, None] * expit(logits) * expit(-logits)
    return DomainLogits(logits, whole * expit(-level) / steep.sum(axis=0), steep / steep.sum(axis=0))
