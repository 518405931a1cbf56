"""The state space against the same model written out as one dense normal distribution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.arrays import Floats
from groundswell.simulate.series import simulate_series
from groundswell.trends.model import system
from groundswell.trends.model.houses import (
    MOST_HOUSES,
    established,
    information,
    sum_to_zero_basis,
    weighted_contrasts,
)
from groundswell.trends.model.measurement import Noise, Waves, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, OTHERWISE_SD, SHOCK_SD, SWITCH_SD
from groundswell.trends.model.shared_errors import SharedErrors
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import StateSpace, Targets
from groundswell.trends.model.system import YEAR

HYPER = {"level_sd": 0.3, "house_sd": 0.15, "dispersion": 1.2, "excess_sd": 0.08, "decay_days": 80.0}
HOUSE_YEARS = 4.0
# Both ways are exact: what differs is rounding in some hundred steps.
TIGHT = 1e-7


def dense_prior(
    waves: Waves, shocks: tuple[Shock, ...], day: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Covariance of the waves' expectations, of targets on `day` with combination `weights`, and between."""
    moments = np.concatenate([waves.midpoint, day])
    # The prior stands on the first wave, wherever else is asked; the walk leaves it in both directions.
    since = moments - waves.midpoint[0]
    same_side = np.multiply.outer(since, since) > 0
    walk = HYPER["level_sd"] ** 2 / YEAR * same_side * np.minimum.outer(np.abs(since), np.abs(since))
    covariance = FIRST_LEVEL_SD**2 + walk
    names = waves.combinations
    loadings = np.vstack([np.eye(len(names.first))[waves.combination], weights])
    # Independent effects z less their average w'z, written out: (I − 1w')(I − w1').
    average = np.outer(np.ones(len(names.houses)), established(information(waves)))
    left = (np.eye(len(names.houses)) - average)[names.house]
    apart = np.abs(np.subtract.outer(moments, moments))
    drift = HYPER["house_sd"] ** 2 * np.exp(-apart / (HOUSE_YEARS * YEAR))
    covariance = covariance + drift * (loadings @ left @ left.T @ loadings.T)
    switches = np.diag(np.where(names.first, 0.0, SWITCH_SD**2))
    covariance = covariance + loadings @ switches @ loadings.T
    opened, closed = np.concatenate([waves.opened, day]), np.concatenate([waves.closed, day])
    for shock in shocks:
        height = shock.response(opened, closed, HYPER["decay_days"])
        covariance = covariance + SHOCK_SD**2 * np.outer(height, height)
        for combination in shock.otherwise:
            own = height * loadings[:, combination]
            covariance = covariance + OTHERWISE_SD**2 * np.outer(own, own)
    cut = len(waves)
    return covariance[:cut, :cut], covariance[cut:, cut:], covariance[cut:, :cut]


@pytest.fixture(params=["random walk", "mode switch", "single house"])
def waves(request: pytest.FixtureRequest) -> Waves:
    rows = simulate_series(request.param, seed=3).observations
    return measure(rows.head(40))


@pytest.fixture
def shocks(waves: Waves) -> tuple[Shock, ...]:
    """To both of them the first combination responds otherwise, to one of them the last one, too."""
    last_one = len(waves.combinations.first) - 1
    first, last = waves.midpoint[0], waves.midpoint[-1]
    return (
        Shock(first + 0.3 * (last - first), "a", "declared", "decay", (0,)),
        Shock(first + 0.6 * (last - first), "b", "declared", "step", tuple({0, last_one})),
    )


def panel_correlation(waves: Waves) -> Floats:
    """Each house asks half of its respondents again in its next wave, and a quarter in the one after that."""
    house = waves.combinations.house[waves.combination]
    visit = np.zeros(len(waves))
    for one in np.unique(house):
        visit[house == one] = np.arange((house == one).sum())
    apart = np.abs(np.subtract.outer(visit, visit))
    share = np.where(apart <= 2, 0.5**apart, 0.0)
    return np.asarray(np.where(np.equal.outer(house, house), share, 0.0))


def with_panels(waves: Waves) -> Waves:
    return replace(waves, errors=SharedErrors.of_correlation(panel_correlation(waves)))


def errors(waves: Waves, noise: Noise, correlation: Floats | None = None) -> Floats:
    sampling = HYPER["dispersion"] * noise.sampling
    shared = np.eye(len(waves)) if correlation is None else correlation
    return np.sqrt(np.outer(sampling, sampling)) * shared + np.diag(
        noise.rounding
        + HYPER["excess_sd"] ** 2 * noise.excess[waves.combination]
        + HYPER["level_sd"] ** 2 / YEAR * waves.spread_days
    )


def test_the_likelihood_is_that_of_the_dense_normal(waves: Waves, shocks: tuple[Shock, ...]) -> None:
    noise = Noise.at(waves, waves.share)
    seen, _, _ = dense_prior(waves, shocks, np.empty(0), np.empty((0, len(waves.combinations.first))))
    expected = multivariate_normal(np.zeros(len(waves)), seen + errors(waves, noise)).logpdf(waves.log_odds)
    got = StateSpace(waves, shocks, house_years=HOUSE_YEARS).loglike(HYPER, noise)
    assert got == pytest.approx(expected, rel=TIGHT)


def test_the_posterior_is_that_of_the_dense_normal(waves: Waves, shocks: tuple[Shock, ...]) -> None:
    noise = Noise.at(waves, waves.share)
    day = np.linspace(waves.midpoint[0], waves.midpoint[-1] + 60, 7)
    weights = np.zeros((len(day), len(waves.combinations.first)))
    weights[3, 0] = 1.0
    seen, asked, between = dense_prior(waves, shocks, day, weights)
    gain = between @ np.linalg.inv(seen + errors(waves, noise))
    targets = Targets(day, np.ones(len(day)), weights)
    other = HYPER | {"level_sd": 0.6, "decay_days": 40.0}
    means, covariances = StateSpace(waves, shocks, targets, HOUSE_YEARS).joint([other, HYPER], noise)
    mean, covariance = means[1], covariances[1]
    assert mean == pytest.approx(gain @ waves.log_odds, abs=1e-6)
    assert covariance == pytest.approx(asked - gain @ between.T, abs=1e-6)


def test_shared_sampling_errors_are_those_of_the_dense_normal(
    waves: Waves, shocks: tuple[Shock, ...]
) -> None:
    noise, correlation = Noise.at(waves, waves.share), panel_correlation(waves)
    day = np.append(
        [waves.midpoint[0] - 4000.0], np.linspace(waves.midpoint[0] - 5, waves.midpoint[-1] + 60, 7)
    )
    weights = np.zeros((len(day), len(waves.combinations.first)))
    seen, asked, between = dense_prior(waves, shocks, day, weights)
    total = seen + errors(waves, noise, correlation)
    expected = multivariate_normal(np.zeros(len(waves)), total).logpdf(waves.log_odds)
    panels = with_panels(waves)
    model = StateSpace(panels, shocks, Targets(day, np.ones(len(day)), weights), HOUSE_YEARS)
    assert model.loglike(HYPER, noise) == pytest.approx(expected, rel=TIGHT)
    gain = between @ np.linalg.inv(total)
    (mean,), (covariance,) = model.joint([HYPER], noise)
    assert mean == pytest.approx(gain @ waves.log_odds, abs=1e-6)
    assert covariance == pytest.approx(asked - gain @ between.T, abs=1e-6)
    # A wave's expectation is without its own error.
    at_waves = seen @ np.linalg.inv(total) @ waves.log_odds
    assert model.smooth(HYPER, noise).wave_mean == pytest.approx(at_waves, abs=1e-6)


def test_what_the_waves_say_of_their_errors_is_that_of_the_dense_normal(
    waves: Waves, shocks: tuple[Shock, ...]
) -> None:
    noise, correlation = Noise.at(waves, waves.share), panel_correlation(waves)
    seen, _, _ = dense_prior(waves, shocks, np.empty(0), np.empty((0, len(waves.combinations.first))))
    inverse = np.linalg.inv(seen + errors(waves, noise, correlation))
    model = StateSpace(with_panels(waves), shocks, house_years=HOUSE_YEARS)
    loglike, pull, information = model.evidence(HYPER, noise)
    assert loglike == pytest.approx(model.loglike(HYPER, noise), rel=1e-12)
    assert pull == pytest.approx(inverse @ waves.log_odds, rel=1e-5, abs=1e-5)
    assert information == pytest.approx(np.diag(inverse), rel=1e-5)


def test_each_of_several_hyperparameters_is_answered_as_if_alone(waves: Waves) -> None:
    """Also before the first wave, where how much is left of the level from day to day depends on them."""
    noise, calm = Noise.at(waves, waves.share), HYPER | {"level_sd": 0.05}
    day = np.array([waves.midpoint[0] - 4000.0, waves.midpoint[0] - 0.5, waves.midpoint[-1]])
    targets = Targets(day, np.ones(3), np.zeros((3, len(waves.combinations.first))))
    together = StateSpace(waves, (), targets, HOUSE_YEARS).joint([HYPER, calm], noise)
    for number, hyper in enumerate((HYPER, calm)):
        (mean,), (covariance,) = StateSpace(waves, (), targets, HOUSE_YEARS).joint([hyper], noise)
        np.testing.assert_allclose(together[0][number], mean, rtol=1e-12)
        np.testing.assert_allclose(together[1][number], covariance, rtol=1e-9)


def test_a_model_that_was_asked_before_answers_as_a_new_one(waves: Waves, shocks: tuple[Shock, ...]) -> None:
    noise, other = (
        Noise.at(waves, waves.share),
        HYPER | {"level_sd": 0.9, "house_sd": 0.3, "decay_days": 30.0},
    )
    louder = noise._replace(excess=3.0 * noise.excess, outlying=np.full(len(waves), 0.1))
    targets = Targets(waves.midpoint[:1] - 400.0, np.ones(1), np.zeros((1, len(waves.combinations.first))))

    def new() -> StateSpace:
        return StateSpace(with_panels(waves), shocks, targets, HOUSE_YEARS, probes=(30.0,))

    used = new()
    used.loglike(other, louder)
    used.smooth(other, louder)
    assert used.loglike(HYPER, noise) == new().loglike(HYPER, noise)
    for asked in ("smooth", "wave_errors", "jumps"):
        used.smooth(other, louder)
        for mine, fresh in zip(
            getattr(used, asked)(HYPER, noise), getattr(new(), asked)(HYPER, noise), strict=True
        ):
            np.testing.assert_array_equal(mine, fresh)


@pytest.mark.parametrize("house_years", [0.001, HOUSE_YEARS])
def test_the_unit_of_house_effects_changes_no_answer(
    waves: Waves, shocks: tuple[Shock, ...], house_years: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise, size = Noise.at(waves, waves.share), len(waves.combinations.first)
    day = np.linspace(waves.midpoint[0], waves.midpoint[-1] + 60, 7)
    targets = Targets(day, np.ones(len(day)), np.tile(np.eye(size)[0], (len(day), 1)))

    def answers() -> list[Floats]:
        model = StateSpace(waves, shocks, targets, house_years)
        loglike = np.array(model.loglike(HYPER, noise))
        return [loglike, *model.smooth(HYPER, noise), *model.joint([HYPER], noise)]

    fading = answers()
    monkeypatch.setattr(system, "MOST_FORGOTTEN", -1.0)
    for mine, plain in zip(fading, answers(), strict=True):
        np.testing.assert_allclose(mine, plain, rtol=TIGHT, atol=TIGHT)


def test_each_combination_has_the_excess_of_its_own(waves: Waves) -> None:
    ratio = 1.0 + np.arange(len(waves.combinations.first)) ** 2
    noise = Noise.at(waves, waves.share, excess=ratio)
    seen, _, _ = dense_prior(waves, (), np.empty(0), np.empty((0, len(ratio))))
    expected = multivariate_normal(np.zeros(len(waves)), seen + errors(waves, noise)).logpdf(waves.log_odds)
    assert StateSpace(waves, house_years=HOUSE_YEARS).loglike(HYPER, noise) == pytest.approx(
        expected, rel=TIGHT
    )


@pytest.mark.parametrize("houses", [1, 2, 5])
def test_equal_weights_are_contrasts_that_sum_to_zero(houses: int) -> None:
    basis = weighted_contrasts(np.full(houses, 1.0 / houses))
    assert basis == pytest.approx(sum_to_zero_basis(houses), abs=1e-12)
    assert basis.sum(axis=0) == pytest.approx(0, abs=1e-12)
    assert basis.T @ basis == pytest.approx(np.eye(houses - 1), abs=1e-12)


def test_a_crowd_of_houses_is_as_near_to_the_truth_as_the_houses_with_a_state() -> None:
    """Sixty houses of two waves each: every level is about as wide as with a state for each house (dense), and
    a house without a state is known no better than its prior."""
    rng = np.random.default_rng(5)
    count, houses = 120, 2 * MOST_HOUSES
    rows = pd.DataFrame(
        {
            "house": [f"h{wave % houses}" for wave in range(count)],
            "end": pd.Timestamp("2022-01-01") + pd.to_timedelta(6 * np.arange(count), unit="D"),
            "share": 0.4 + 0.02 * rng.standard_normal(count),
            "n_effective": 1000.0,
        }
    )
    waves = measure(rows)
    noise = Noise.at(waves, waves.share)
    day, weights = waves.midpoint[[40, 119]], np.zeros((2, houses))
    seen, asked, between = dense_prior(waves, (), day, weights)
    gain = between @ np.linalg.inv(seen + errors(waves, noise))
    dense_sd = np.sqrt(np.diag(asked - gain @ between.T))
    crowd = StateSpace(waves, (), Targets(day, np.ones(2), weights), HOUSE_YEARS)
    assert crowd.states == MOST_HOUSES
    found = crowd.smooth(HYPER, noise)
    # The crowd's level is the average of half the houses, and knows it less well by some.
    assert found.target_mean == pytest.approx(gain @ waves.log_odds, abs=float(dense_sd.max()))
    ratio = np.sqrt(found.target_variance) / dense_sd
    assert ((ratio > 0.9) & (ratio < 1.6)).all()
    weights[0, np.flatnonzero(crowd.system.layout.stateless)[0]] = 1.0
    alone = StateSpace(waves, (), Targets(day, np.zeros(2), weights), HOUSE_YEARS)
    assert alone.smooth(HYPER, noise).target_variance == pytest.approx([HYPER["house_sd"] ** 2, 0.0])
    assert alone.joint([HYPER], noise)[1][0] == pytest.approx(np.diag([HYPER["house_sd"] ** 2, 0.0]))
