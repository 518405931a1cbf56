"""The filter of all domains at once is the model written out as one dense normal distribution."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.arrays import Floats
from groundswell.trends.domains.adding_up import added_up, left_apart
from groundswell.trends.domains.departures import (
    YEAR,
    Departures,
    Figures,
    Hyper,
    expected,
    log_likelihood,
    mixed,
    smooth,
)
from groundswell.trends.model.logit import expit

HYPERS: list[Hyper] = [
    {"domain_sd": 0.3, "domain_walk_sd": 0.2, "dispersion": 1.4, "excess_sd": 0.05},
    {"domain_sd": 0.05, "domain_walk_sd": 1.1, "dispersion": 0.8, "excess_sd": 0.2},
]
# Both ways are exact: what differs is rounding.
TIGHT = 1e-9


def figures(correlated: bool, domains: int = 4, waves: int = 5) -> Figures:
    """Some figures, two of them missing, waves of uneven distance."""
    rng = np.random.default_rng(11)
    seen = np.ones((domains, waves), dtype=bool)
    seen[1, 2] = seen[3, 0] = False
    correlation = None
    if correlated:
        factor = rng.normal(size=(domains, waves, 2 * waves))
        correlation = factor @ factor.transpose(0, 2, 1)
        sd = np.sqrt(np.diagonal(correlation, axis1=1, axis2=2))
        correlation = correlation / sd[:, :, None] / sd[:, None, :]
    return Figures(
        day=np.array([3000.0, 3031.0, 3031.0, 3100.5, 3400.0])[:waves],
        log_odds=np.where(seen, rng.normal(-0.5, 0.5, (domains, waves)), 0.0),
        variance=rng.uniform(0.01, 0.2, (domains, waves)),
        rough=rng.uniform(0.0, 0.01, (domains, waves)),
        seen=seen,
        correlation=correlation,
    )


class Dense:
    """The same figures as one vector: departures normal, what a wave's domains have in common without any prior."""

    def __init__(self, given: Figures, hyper: Hyper, days: Floats) -> None:
        domain, wave = np.nonzero(given.seen)
        self.y = given.log_odds[domain, wave]
        self.common = (wave[:, None] == np.arange(given.seen.shape[1])).astype(float)
        self.covariance = np.zeros((len(self.y), len(self.y)))
        for i, (a, s) in enumerate(zip(domain, wave, strict=True)):
            for j, (b, t) in enumerate(zip(domain, wave, strict=True)):
                if a != b:
                    continue
                error = np.sqrt(given.variance[a, s] * given.variance[a, t]) * hyper["dispersion"]
                if given.correlation is not None:
                    error *= given.correlation[a, s, t]
                own = given.rough[a, s] + hyper["excess_sd"] ** 2 + (given.correlation is None) * error
                self.covariance[i, j] = self.prior(hyper, given.day, given.day[s], given.day[t])
                self.covariance[i, j] += (i == j) * own + (given.correlation is not None) * error
        size = given.seen.shape[0] * len(days)
        self.between = np.zeros((size, len(self.y)))
        self.wanted = np.zeros((size, size))
        places = [(a, day) for a in range(given.seen.shape[0]) for day in days]
        for i, (a, day) in enumerate(places):
            for j, (b, t) in enumerate(zip(domain, wave, strict=True)):
                self.between[i, j] = (a == b) * self.prior(hyper, given.day, day, given.day[t])
            for j, (b, other) in enumerate(places):
                self.wanted[i, j] = (a == b) * self.prior(hyper, given.day, day, other)

    @staticmethod
    def prior(hyper: Hyper, waves: Floats, one: float, other: float) -> float:
        """Covariance of one domain's departures on two days; the walk leaves the first wave to both sides."""
        since = [one - waves[0], other - waves[0]]
        together = min(map(abs, since)) if since[0] * since[1] > 0 else 0.0
        return float(hyper["domain_sd"] ** 2 + hyper["domain_walk_sd"] ** 2 / YEAR * together)

    def solved(self) -> tuple[Floats, Floats, Floats]:
        """Mean of the common parts by generalised least squares, their covariance, the inverse of the figures'."""
        inverse = np.linalg.inv(self.covariance)
        spread = np.linalg.inv(self.common.T @ inverse @ self.common)
        return spread @ self.common.T @ inverse @ self.y, spread, inverse

    def log_likelihood(self) -> float:
        mean, spread, inverse = self.solved()
        rest = self.y - self.common @ mean
        logs = np.linalg.slogdet(self.covariance)[1] - np.linalg.slogdet(spread)[1]
        return float(-0.5 * (logs + rest @ inverse @ rest))

    def posterior(self) -> tuple[Floats, Floats]:
        mean, spread, inverse = self.solved()
        weights = self.between @ inverse
        covariance = self.wanted - weights @ self.between.T
        lifted = weights @ self.common
        return weights @ (self.y - self.common @ mean), covariance + lifted @ spread @ lifted.T


def whole_covariance(found: Departures) -> Floats:
    """The covariance of all departures as a square."""
    domains, dates, _ = found.own.shape
    flat = found.shared.reshape(domains * dates, -1)
    covariance = flat @ flat.T
    for domain in range(domains):
        part = slice(domain * dates, (domain + 1) * dates)
        covariance[part, part] += found.own[domain]
    return np.asarray(covariance)


@pytest.mark.parametrize("hyper", HYPERS)
@pytest.mark.parametrize("correlated", [False, True])
def test_departures_are_those_of_the_dense_normal_distribution(hyper: Hyper, correlated: bool) -> None:
    given, days = figures(correlated), np.array([2900.0, 3000.0, 3050.0, 3400.0, 3800.0])
    dense, found = Dense(given, hyper, days), smooth(given, hyper, days)
    mean, covariance = dense.posterior()
    assert np.abs(found.mean.ravel() - mean).max() < TIGHT
    assert np.abs(whole_covariance(found) - covariance).max() < TIGHT


@pytest.mark.parametrize("correlated", [False, True])
def test_the_likelihood_is_that_of_the_dense_normal_distribution(correlated: bool) -> None:
    given, none = figures(correlated), np.array([])
    dense = [Dense(given, hyper, none).log_likelihood() for hyper in HYPERS]
    found = [log_likelihood(given, hyper) for hyper in HYPERS]
    assert found[0] - found[1] == pytest.approx(dense[0] - dense[1], abs=1e-8)


def test_what_a_domain_is_expected_to_show_is_its_departure_and_the_waves_common_part() -> None:
    given, hyper = figures(False), HYPERS[0]
    dense = Dense(given, hyper, given.day)
    departure = dense.posterior()[0].reshape(given.log_odds.shape)
    assert np.abs(expected(given, hyper) - departure - dense.solved()[0]).max() < TIGHT


@pytest.mark.parametrize("correlated", [False, True])
def test_what_all_domains_of_a_wave_have_in_common_moves_no_departure(correlated: bool) -> None:
    """A hidden domain's figure is the whole less the others: the others' common shift must not reach it."""
    given, days = figures(correlated), np.array([3031.0, 3400.0])
    moved = np.where(given.seen, given.log_odds + np.array([0.0, 0.0, 1.5, -0.7, 0.0]), 0.0)
    shifted = Figures(given.day, moved, given.variance, given.rough, given.seen, given.correlation)
    before, after = (smooth(each, HYPERS[0], days).mean for each in (given, shifted))
    assert np.abs(after - before).max() < TIGHT


def test_a_domains_own_weight_is_what_all_its_figures_move_it_by_given_the_common_parts() -> None:
    given, days = figures(False), np.array([3050.0])
    found = smooth(given, HYPERS[0], days)
    alone = Dense(given, HYPERS[0], days)
    weights = alone.between @ np.linalg.inv(alone.covariance)
    assert np.abs(found.own_weight.ravel() - weights.sum(axis=1)).max() < TIGHT
    assert ((found.own_weight > 0.0) & (found.own_weight < 1.0)).all()


def test_a_mixture_has_the_mean_and_the_covariance_of_its_parts() -> None:
    given, days, weights = figures(False), np.array([3050.0, 3300.0]), np.array([0.3, 0.7])
    parts = [smooth(given, hyper, days) for hyper in HYPERS]
    found = mixed(parts, weights)
    means = np.array([part.mean.ravel() for part in parts])
    mean = weights @ means
    covariance = sum(
        weight * (whole_covariance(part) + np.outer(each - mean, each - mean))
        for weight, part, each in zip(weights, parts, means, strict=True)
    )
    assert np.abs(found.mean.ravel() - mean).max() < TIGHT
    assert np.abs(whole_covariance(found) - covariance).max() < TIGHT


def test_levels_add_up_and_their_covariance_is_that_of_the_shift() -> None:
    """The shift's slopes by finite differences, and the covariance by the whole matrix at once."""
    given, days = figures(False), np.array([3050.0, 3300.0])
    found, population = smooth(given, HYPERS[0], days), np.array([0.1, 0.4, 0.3, 0.2])
    level, whole = np.array([-0.4, -0.9]), np.array([[0.02, 0.01], [0.01, 0.03]])
    made = added_up(level, found.mean, population)
    assert np.abs(population @ expit(made.logits) - expit(level)).max() < 1e-13
    apart = made.logits - found.mean
    assert np.abs(apart - apart[0]).max() < TIGHT, "the shift is common to all domains"
    step = 1e-6
    load = np.zeros((8, 8))
    for place in range(8):
        moved = found.mean.copy()
        moved.flat[place] += step
        load[:, place] = (added_up(level, moved, population).logits - made.logits).ravel() / step
    lifted = np.zeros((8, 2))
    for date in range(2):
        raised = level + step * (np.arange(2) == date)
        lifted[:, date] = (added_up(raised, found.mean, population).logits - made.logits).ravel() / step
    dense = load @ whole_covariance(found) @ load.T + lifted @ whole @ lifted.T
    covariance = made.covariance(found, whole, range(4)).reshape(8, 8)
    assert np.abs(covariance - dense).max() < 1e-6
    assert np.abs(made.variance(found, np.diag(whole)).ravel() - np.diag(dense)).max() < 1e-6
    some = made.covariance(found, whole, [2, 0])
    rows = [4, 5, 0, 1]
    assert np.abs(some.reshape(4, 4) - covariance[np.ix_(rows, rows)]).max() < 1e-12


def test_domains_that_are_left_apart_are_the_whole_and_their_departures_alone() -> None:
    given, days = figures(False), np.array([3050.0])
    found = smooth(given, HYPERS[0], days)
    made = left_apart(np.array([-0.4]), found.mean)
    assert np.abs(made.logits - (found.mean - 0.4)).max() == 0.0
    covariance = made.covariance(found, np.array([[0.02]]), range(4)).reshape(4, 4)
    assert np.abs(covariance - whole_covariance(found) - 0.02).max() < TIGHT
