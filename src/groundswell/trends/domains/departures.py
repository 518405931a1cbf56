"""How far domains lie from the whole through time: the model, and its filter for all domains at once.

A *departure* is a domain's level less the whole's, in logits: a lasting part (normal, `domain_sd`) and a slow random
walk (`domain_walk_sd`, logits a year) that begins with the first wave. A domain's figure in a wave is

    log odds = wave + departure + error,

where `wave` is whatever all domains of that wave have in common: the level, the house and its wording, an error of
the whole sample. Nothing is assumed of it, so that only differences between the domains of one wave speak, and a wave
that shows a single domain says nothing. Two things follow. Where a wave hides a domain, no subtraction of the others
from the whole ever gives it back; and the errors of departures and of the whole's level are as good as independent
(exactly so where the sample is proportionate: what the sample's mean is off says nothing of its differences).

Given the hyperparameters each domain is a Kalman filter of one state, and the filter is linear in the waves' common
parts, which are solved for together: `Λ` below is their posterior precision. Domains are independent of one another but
for these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from groundswell.arrays import Flags, Floats
from groundswell.trends.model.system import YEAR

Hyper = Mapping[str, float]


@dataclass(frozen=True)
class Figures:
    """The domains' figures in each wave, arrays of shape (domains, waves); waves are in the order of `day`.

    `variance` is the sampling variance in squared logits and `rough` that of rounding; `correlation` (domains, waves,
    waves) is that of a domain's sampling errors where waves share respondents or sampling units, else None. What is
    not `seen` has no figure.
    """

    day: Floats
    log_odds: Floats
    variance: Floats
    rough: Floats
    seen: Flags
    correlation: Floats | None = None

    def errors(self, hyper: Hyper) -> Floats:
        """The variance of each figure's own error."""
        return np.asarray(hyper["dispersion"] * self.variance + self.rough + hyper["excess_sd"] ** 2)


class Innovations(NamedTuple):
    """What one wave adds to each domain, in standard deviations of what was expected: shape (domains, columns).

    Column 0 is the figure's, column 1 + w what is to be taken off for the common part of wave w; `log_variance` is the
    sum of the logarithms of the expected variances. A domain without a figure has zeros.
    """

    rows: Floats
    log_variance: float


class Departures(NamedTuple):
    """The posterior of departures on some dates, in logits.

    `mean` (domains, dates); `own` (domains, dates, dates) is the covariance that a domain has by itself, and `shared`
    (domains, dates, parts) loads on independent standard parts common to all domains. `own_weight` (domains, dates) is
    by how much a departure would move if all of the domain's own figures moved by one, the waves' common parts given.
    """

    mean: Floats
    own: Floats
    shared: Floats
    own_weight: Floats


def walked_together(days: Floats, others: Floats, first: float) -> Floats:
    """Days of the random walk that two dates have in common, shape (days, others); it begins on the `first` day."""
    since, other = days[:, None] - first, others[None, :] - first
    together = np.minimum(np.abs(since), np.abs(other))
    return np.where(since * other > 0.0, together, 0.0)


def prior_covariance(hyper: Hyper, days: Floats, others: Floats, first: float) -> Floats:
    """Covariance of one domain's departures on two sets of days before any figure, shape (days, others)."""
    walk = hyper["domain_walk_sd"] ** 2 / YEAR * walked_together(days, others, first)
    return np.asarray(hyper["domain_sd"] ** 2 + walk)


def log_likelihood(figures: Figures, hyper: Hyper) -> float:
    """Log density of all figures, the waves' common parts integrated out without a prior (up to a constant)."""
    gram, log_variance = _gram(figures, hyper)
    root = np.linalg.cholesky(gram[1:, 1:])
    explained = solve_triangular(root, gram[1:, 0], lower=True)
    log_precision = 2.0 * np.log(np.diag(root)).sum()
    return float(-0.5 * (log_variance + gram[0, 0] - explained @ explained + log_precision))


def expected(figures: Figures, hyper: Hyper) -> Floats:
    """The log odds that each domain is expected to have in each wave, given the hyperparameters and all figures."""
    common, prior = _common(_gram(figures, hyper)[0]), _prior_at(figures, hyper, figures.day)
    departure = np.zeros(figures.log_odds.shape)
    for wave, (rows, _) in enumerate(_innovations(figures, hyper)):
        surprise = rows[:, 0] - rows[:, 1:] @ common[: wave + 1]
        departure += rows[:, 1:] @ prior[:, : wave + 1].T * surprise[:, None]
    return np.asarray(common + departure)


def smooth(figures: Figures, hyper: Hyper, days: Floats) -> Departures:
    """The departures on some days, given the hyperparameters."""
    domains, waves = figures.log_odds.shape
    gram, _ = _gram(figures, hyper)
    common, root = _common(gram), np.linalg.cholesky(np.linalg.inv(gram[1:, 1:]))
    first, prior = float(figures.day[0]), _prior_at(figures, hyper, days)
    own = np.tile(prior_covariance(hyper, days, days, first), (domains, 1, 1))
    mean, loads = np.zeros((domains, len(days))), np.zeros((domains, len(days), waves))
    for wave, (rows, _) in enumerate(_innovations(figures, hyper)):
        reached = rows[:, 1:] @ prior[:, : wave + 1].T
        surprise = rows[:, 0] - rows[:, 1:] @ common[: wave + 1]
        mean += reached * surprise[:, None]
        own -= reached[:, :, None] * reached[:, None, :]
        loads[:, :, : wave + 1] += reached[:, :, None] * rows[:, None, 1:]
    return Departures(mean, own, loads @ root, loads.sum(axis=2))


def mixed(parts: Sequence[Departures], weights: Floats) -> Departures:
    """One posterior from those of several hyperparameters: the mixture's mean and covariance."""
    mean, own, own_weight = (
        np.asarray(sum(weight * getattr(part, name) for weight, part in zip(weights, parts, strict=True)))
        for name in ("mean", "own", "own_weight")
    )
    shared = [np.sqrt(weight) * part.shared for weight, part in zip(weights, parts, strict=True)]
    if len(parts) > 1:
        shared += [
            np.sqrt(weight) * (part.mean - mean)[:, :, None]
            for weight, part in zip(weights, parts, strict=True)
        ]
    return Departures(mean, own, np.concatenate(shared, axis=2), own_weight)


def _common(gram: Floats) -> Floats:
    """What all domains of each wave have in common, in logits."""
    return np.asarray(np.linalg.solve(gram[1:, 1:], gram[1:, 0]))


def _prior_at(figures: Figures, hyper: Hyper, days: Floats) -> Floats:
    """Covariance of a domain's departures on some days with those in the waves, before any figure."""
    return prior_covariance(hyper, days, figures.day, float(figures.day[0]))


def _gram(figures: Figures, hyper: Hyper) -> tuple[Floats, float]:
    """The products of all innovations' columns, shape (1 + waves, 1 + waves), and the sum of log variances.

    Its lower right part is the precision `Λ` of the waves' common parts, its first column what they are solved from.
    """
    waves = figures.log_odds.shape[1]
    gram, log_variance = np.zeros((waves + 1, waves + 1)), 0.0
    for rows, added in _innovations(figures, hyper):
        size = rows.shape[1]
        gram[:size, :size] += rows.T @ rows
        log_variance += added
    return gram, log_variance


def _innovations(figures: Figures, hyper: Hyper) -> Iterator[Innovations]:
    """Wave after wave; those of correlated errors come from each domain's whole covariance."""
    return _filtered(figures, hyper) if figures.correlation is None else _factored(figures, hyper)


def _filtered(figures: Figures, hyper: Hyper) -> Iterator[Innovations]:
    """The Kalman filter of all domains at once: one state each, and one column for each wave's common part."""
    domains, waves = figures.log_odds.shape
    errors = figures.errors(hyper)
    steps = np.diff(figures.day, prepend=figures.day[0]) * hyper["domain_walk_sd"] ** 2 / YEAR
    mean, variance = np.zeros((domains, waves + 1)), np.full(domains, hyper["domain_sd"] ** 2)
    for wave in range(waves):
        variance = variance + steps[wave]
        seen, total = figures.seen[:, wave], variance + errors[:, wave]
        missed = -mean[:, : wave + 2]
        missed[:, 0] += figures.log_odds[:, wave]
        missed[:, -1] = 1.0
        gain = np.where(seen, variance / total, 0.0)
        yield Innovations(
            missed * np.where(seen, 1.0 / np.sqrt(total), 0.0)[:, None], float(np.log(total[seen]).sum())
        )
        mean[:, : wave + 2] += gain[:, None] * missed
        variance = variance * (1.0 - gain)


def _factored(figures: Figures, hyper: Hyper) -> Iterator[Innovations]:
    """The same innovations from the Cholesky factor of each domain's covariance of all its figures."""
    assert figures.correlation is not None
    domains, waves = figures.log_odds.shape
    both = figures.seen[:, :, None] & figures.seen[:, None, :]
    sampling = np.sqrt(hyper["dispersion"] * figures.variance)
    covariance = (
        _prior_at(figures, hyper, figures.day)
        + sampling[:, :, None] * figures.correlation * sampling[:, None, :]
    )
    own = np.eye(waves) * (figures.rough + hyper["excess_sd"] ** 2)[:, :, None]
    root = np.linalg.cholesky(np.where(both, covariance + own, np.eye(waves)))
    right = np.concatenate(
        [figures.log_odds[:, :, None], np.broadcast_to(np.eye(waves), (domains, waves, waves))], axis=2
    )
    solved = np.linalg.solve(root, right) * figures.seen[:, :, None]
    scale = np.diagonal(root, axis1=1, axis2=2)
    for wave in range(waves):
        yield Innovations(
            np.ascontiguousarray(solved[:, wave, : wave + 2]), float(2.0 * np.log(scale[:, wave]).sum())
        )
