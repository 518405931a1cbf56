"""The quadrature over the hyperparameters against brute force: the same posterior by many thousand weighted points.

Brute force writes the model as one dense normal distribution for every point (one wording a house, no shocks), takes
points about the posterior's moments, and weighs each by posterior over proposal. It shares only the prior with the
code that it judges.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.special import digamma, gammaln, polygamma
from scipy.stats import norm, qmc

from groundswell.arrays import Floats
from groundswell.trends import fit_trend
from groundswell.trends.answers.diagnostics import DECIDES
from groundswell.trends.answers.prior_reach import prior_reach
from groundswell.trends.fit.components import points
from groundswell.trends.fit.fitting import Fitted, fit_mode, integrate
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.outlying import Outlying
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.quadrature import Grid, integral
from groundswell.trends.model.houses import sum_to_zero_basis
from groundswell.trends.model.measurement import measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, PRIORS
from groundswell.trends.model.statespace import HOUSE_YEARS, Targets
from groundswell.trends.model.system import YEAR

POINTS = 2**13
PROBABILITIES = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
FINE = Grid(2, 1.2, 7.0, spread=True, passes=3)


class Kind(NamedTuple):
    """How a series comes about (logits, of the level a year), and how near the quadrature comes: the level's
    standard deviation within `sd` of itself, its mean and the ends of its intervals within `ends` of one."""

    walk: float
    house: float
    excess: float
    sd: float
    ends: float


KINDS = {
    "usual": Kind(0.3, 0.1, 0.05, 0.03, 0.07),
    "calm": Kind(0.05, 0.02, 0.0, 0.03, 0.06),
    # Here level, houses and errors compete for the same scatter, and the posterior has two tops or a long tail.
    # A third walked direction would come within 0.03 and 0.1, at more than twice the time of a short series.
    "torn": Kind(1.0, 0.4, 0.2, 0.07, 0.25),
}


class Brute(NamedTuple):
    """The level as a mixture over all points, the log evidence, and the hyperparameters' standard deviations."""

    level: Mixture
    log_evidence: float
    sd: Floats


def series(kind: Kind, waves: int, houses: int) -> pd.DataFrame:
    """Waves at uneven distances, the houses in turn."""
    rng = np.random.default_rng([52, waves, houses])
    days = np.sort(rng.integers(0, 60 * waves, waves))
    level = (
        -0.4
        + np.append(0.0, np.cumsum(rng.normal(size=waves - 1) * np.sqrt(np.diff(days) / YEAR))) * kind.walk
    )
    turn = np.arange(waves) % houses
    effect = rng.normal(size=houses) * kind.house
    logit = level + effect[turn] - effect.mean() + rng.normal(size=waves) * kind.excess
    n = rng.integers(400, 1500, waves)
    return pd.DataFrame(
        {
            "house": [f"house {number}" for number in turn],
            "end": pd.Timestamp("2022-01-01") + pd.to_timedelta(days, unit="D"),
            "share": rng.binomial(n, 1 / (1 + np.exp(-logit))) / n,
            "n_effective": n.astype(float),
        }
    )


def dense(fitted: Fitted, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood, and mean and variance of the level on the newest wave's day, at every row of `theta`."""
    waves, noise = fitted.waves, fitted.noise
    hyper = {name: np.exp(theta[:, place])[:, None] for place, name in enumerate(fitted.names)}
    count, day = len(waves), waves.midpoint - waves.midpoint[0]
    walk = hyper["level_sd"][..., None] ** 2 / YEAR * np.minimum.outer(day, day) + FIRST_LEVEL_SD**2
    basis = sum_to_zero_basis(len(waves.combinations.houses))[waves.combination]
    drift = (basis @ basis.T) * np.exp(-np.abs(np.subtract.outer(day, day)) / (HOUSE_YEARS * YEAR))
    seen = walk + hyper.get("house_sd", np.zeros((1, 1)))[..., None] ** 2 * drift
    seen[:, np.arange(count), np.arange(count)] += (
        hyper["dispersion"] * noise.sampling
        + noise.rounding
        + hyper["excess_sd"] ** 2
        + hyper["level_sd"] ** 2 / YEAR * waves.spread_days
    )
    root = np.linalg.cholesky(seen)
    asked = walk[:, :, -1]  # a level is without house effects
    given = np.stack([np.broadcast_to(waves.log_odds, asked.shape), asked], axis=2)
    whitened = np.linalg.solve(root, given)
    logs = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    fit = -0.5 * (whitened[:, :, 0] ** 2).sum(axis=1) - logs - 0.5 * count * np.log(2 * np.pi)
    mean = (whitened[:, :, 0] * whitened[:, :, 1]).sum(axis=1)
    return fit, mean, walk[:, -1, -1] - (whitened[:, :, 1] ** 2).sum(axis=1)


def brute_force(fitted: Fitted, wider: str | None = None) -> Brute:
    """The posterior by importance sampling from the prior; where too few of its points count, from a normal with the
    posterior's moments, found in rounds. Such a normal may miss a second top, which the prior does not."""
    median = np.log([PRIORS[name].median for name in fitted.names])
    prior = np.array([PRIORS[name].log_sd * (2.0 if name == wider else 1.0) for name in fitted.names])
    normal = norm.ppf(np.clip(qmc.Sobol(len(prior), seed=7).random(POINTS), 1e-9, 1 - 1e-9))
    centre, root = median, np.diag(prior)
    for _ in range(4):
        theta = centre + normal @ root.T
        fit, mean, variance = dense(fitted, theta)
        logs = fit + norm.logpdf(theta, median, prior).sum(axis=1)
        logs -= norm.logpdf(normal).sum(axis=1) - np.linalg.slogdet(root)[1]
        weights = np.exp(logs - logs.max())
        evidence = float(logs.max() + np.log(weights.mean()))
        weights /= weights.sum()
        centre = weights @ theta
        covariance = (theta - centre).T @ ((theta - centre) * weights[:, None])
        if 1 / (weights**2).sum() > 0.1 * POINTS:
            break
        root = np.linalg.cholesky(1.3 * covariance)
    assert 1 / (weights**2).sum() > 0.1 * POINTS, "too few points count: brute force is none"
    level = Mixture(weights, mean[:, None], np.sqrt(variance)[:, None])
    return Brute(level, evidence, np.sqrt(np.diag(covariance)))


def newest(fitted: Fitted) -> Targets:
    """The level on the newest wave's day."""
    return Targets(
        fitted.waves.midpoint[-1:], np.ones(1), np.zeros((1, len(fitted.waves.combinations.first)))
    )


def posterior_of(fitted: Fitted) -> Posterior:
    """The posterior of one fit, without shocks and far-off waves."""
    none = Outlying(np.zeros(len(fitted.waves)), np.zeros(len(fitted.waves)), 0.0, np.ones(len(fitted.waves)))
    parts = points(fitted, integrate(fitted))
    return Posterior(fitted.waves, fitted.noise, parts, fitted.house_years, none)


@pytest.mark.parametrize("houses", [1, 3])
@pytest.mark.parametrize("waves", [2, 3, 5, 8, 20])
@pytest.mark.parametrize("kind", KINDS)
def test_the_level_is_that_of_brute_force(kind: str, waves: int, houses: int) -> None:
    near = KINDS[kind]
    fitted = fit_mode(measure(series(near, waves, houses)))
    got, true = posterior_of(fitted).marginal(newest(fitted)), brute_force(fitted).level
    sd = float(true.spread[0])
    assert got.spread[0] == pytest.approx(sd, rel=near.sd)
    assert got.centre[0] == pytest.approx(true.centre[0], abs=near.ends * sd)
    ends = [(got.quantile(part)[0], true.quantile(part)[0]) for part in PROBABILITIES]
    assert [end for end, _ in ends] == pytest.approx([end for _, end in ends], abs=near.ends * sd)


@pytest.mark.parametrize(("waves", "houses"), [(2, 1), (5, 3), (20, 3)])
def test_the_evidence_and_the_hyperparameters_are_those_of_brute_force(waves: int, houses: int) -> None:
    fitted = fit_mode(measure(series(KINDS["usual"], waves, houses)))
    got, true = integrate(fitted), brute_force(fitted)
    assert got.log_evidence == pytest.approx(true.log_evidence, abs=0.05)
    assert np.sqrt(np.diag(got.covariance)) == pytest.approx(true.sd, rel=0.06)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_a_skewed_density_has_the_moments_that_are_known(size: int) -> None:
    """Logarithms of gamma variables of shape 3: a long tail to the left, skewness −0.6."""
    shape = 3.0

    def density(theta: Floats) -> float:
        return float((shape * theta - np.exp(theta)).sum())

    found = integral(
        density, np.full(size, np.log(shape)), np.eye(size) / shape, FINE, lambda theta: theta[: min(2, size)]
    )
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.centre == pytest.approx(np.full(size, digamma(shape)), abs=0.03)
    walked = np.diag(found.covariance)[:2]
    assert walked == pytest.approx(np.full(len(walked), polygamma(1, shape)), rel=0.03)
    assert found.log_evidence == pytest.approx(size * gammaln(shape), abs=0.02 * size)


def test_a_second_top_is_walked_to() -> None:
    """Two normals, five standard deviations apart, the smaller a quarter of the whole."""

    def density(theta: Floats) -> float:
        first, second = -0.5 * theta[0] ** 2, np.log(1 / 3) - 0.5 * (theta[0] - 5.0) ** 2
        return float(np.logaddexp(first, second) - 0.5 * (theta[1:] ** 2).sum())

    found = integral(density, np.zeros(3), np.eye(3), FINE, lambda theta: theta[:2])
    assert found.centre[0] == pytest.approx(1.25, abs=0.05)
    assert found.covariance[0, 0] == pytest.approx(1 + 25 * 3 / 16, rel=0.05)


def test_the_directions_that_move_what_is_asked_are_walked() -> None:
    """The last of four hyperparameters is skewed: followed where the answer depends on it."""

    def density(theta: Floats) -> float:
        return float(-0.5 * (theta[:3] ** 2).sum() + theta[3] - np.exp(theta[3]))

    asked = integral(density, np.zeros(4), np.eye(4), FINE, lambda theta: theta[3:])
    assert asked.covariance[3, 3] == pytest.approx(float(polygamma(1, 1.0)), rel=0.05)


@pytest.mark.parametrize("name", ["level_sd", "house_sd", "dispersion", "excess_sd"])
def test_what_a_wider_prior_does_is_what_brute_force_says(name: str) -> None:
    fitted = fit_mode(measure(series(KINDS["usual"], 5, 3)))
    reach = prior_reach(fitted, posterior_of(fitted), newest(fitted))
    true = brute_force(fitted, wider=name).level
    ends = true.share_intervals((95,))
    level = reach.wider[name]
    width = float(ends["high95"][0] - ends["low95"][0])
    assert level.share == pytest.approx(true.share_moments()[0][0], abs=0.03 * width)
    assert [level.low, level.high] == pytest.approx([ends["low95"][0], ends["high95"][0]], abs=0.06 * width)


def test_with_two_waves_the_prior_decides_and_the_check_says_by_how_much() -> None:
    trend = fit_trend(series(KINDS["usual"], 2, 1), search_shocks=False)
    check = trend.diagnostics().set_index("code").loc["prior"]
    assert check["verdict"] == "warned"
    newest_level = check["values"]["newest"]
    width = newest_level["high"] - newest_level["low"]
    for wider in check["values"]["wider"]:
        moved = [abs(wider[end] - newest_level[end]) for end in ("share", "low", "high")]
        assert max(moved) >= DECIDES * width
    assert check["values"]["spread"]["level_sd"] > 0.7, "by the curvature at the mode it was a third"


def test_with_many_waves_of_many_respondents_no_prior_decides() -> None:
    table = series(KINDS["usual"], 120, 1).assign(n_effective=4000.0)
    check = fit_trend(table, search_shocks=False).diagnostics().set_index("code").loc["prior"]
    assert check["verdict"] == "passed"
    assert check["values"]["wider"] == []
    assert check["values"]["spread"]["level_sd"] < 0.5


def test_a_posterior_of_one_point_is_taken_too() -> None:
    """All the weight on one point leaves no covariance to go by."""

    def density(theta: Floats) -> float:
        return float(-0.5e8 * (theta**2).sum())

    found = integral(density, np.zeros(3), np.eye(3), FINE, lambda theta: theta[:2])
    assert found.centre == pytest.approx(np.zeros(3), abs=1e-3)
    assert np.isfinite(found.log_evidence)
