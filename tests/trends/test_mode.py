"""The mode: whatever the start, the highest top is found, and what is none is not called one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from groundswell.arrays import Floats
from groundswell.trends import fit_trend
from groundswell.trends.fit.fitting import Fitted, fit_mode, named, sources
from groundswell.trends.fit.mode import GOOD_ENOUGH, LogDensity, climb, find_mode
from groundswell.trends.model.measurement import measure
from groundswell.trends.model.priors import log_prior, prior_median, prior_sd


def ridge(theta: Floats) -> float:
    """A saddle at (0, 0), tops at (±2, 0), the one to the right by 0.4 higher."""
    return float(2 * theta[0] ** 2 - theta[0] ** 4 / 4 + 0.1 * theta[0] - theta[1] ** 2)


def density_of(fitted: Fitted) -> LogDensity:
    """The log posterior of a fit's hyperparameters, its noise held."""
    model, names = fitted.model(), fitted.names
    return lambda theta: model.loglike(named(names, theta), fitted.noise) + log_prior(names, theta)


def few_waves(seed: int, waves: int, houses: int, scatter: float) -> Fitted:
    """A fit of waves about 40 days apart that lie `scatter` logits around 40%, for no reason that they show."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "house": [f"house {number % houses}" for number in range(waves)],
            "end": pd.Timestamp("2022-01-01") + pd.to_timedelta(40 * np.arange(waves), unit="D"),
            "share": 1 / (1 + np.exp(0.4 - scatter * rng.normal(size=waves))),
            "n_effective": 1000.0,
        }
    )
    return fit_mode(measure(table))


def test_a_saddle_is_left() -> None:
    found = find_mode(ridge, np.array([0.0, 0.0]), np.diag([1.0, 2.0]))
    assert abs(found.theta[0]) == pytest.approx(2.0, abs=0.1)
    assert found.converged


def test_the_higher_of_two_tops_is_found_from_the_lower_one() -> None:
    found = find_mode(ridge, np.array([-2.0, 0.0]), others=[np.array([1.0, 0.5])])
    assert found.theta == pytest.approx([2.01, 0.0], abs=0.02)
    assert found.converged
    assert find_mode(ridge, np.array([-2.0, 0.0])).theta[0] < 0, "no other start, no other top"


def test_the_precision_is_the_curvature_also_where_directions_are_bound_together() -> None:
    precision = np.array([[4.0, 1.5], [1.5, 1.0]])
    found = find_mode(lambda theta: float(-0.5 * theta @ precision @ theta), np.array([1.0, -2.0]))
    assert found.precision == pytest.approx(precision, abs=1e-6)
    assert found.theta == pytest.approx([0.0, 0.0], abs=1e-4)


@pytest.mark.parametrize(
    "density",
    [
        pytest.param(lambda theta: float(theta.sum()), id="a slope without end"),
        pytest.param(lambda theta: float(theta @ theta), id="a valley"),
    ],
)
def test_what_has_no_top_does_not_converge(density: LogDensity) -> None:
    found = find_mode(density, np.array([0.3, -0.2]))
    assert not found.converged
    assert found.least_curvature <= 1e-6


def test_a_climb_alone_does_not_say_that_it_ended_on_a_top() -> None:
    assert not climb(ridge, np.array([1.0, 1.0])).converged


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    waves=st.integers(2, 25),
    houses=st.integers(1, 3),
    scatter=st.floats(0.0, 0.6),
    away=st.lists(st.floats(-2.0, 2.0), min_size=4, max_size=4),
)
def test_any_start_gives_the_same_mode(
    seed: int, waves: int, houses: int, scatter: float, away: list[float]
) -> None:
    fitted = few_waves(seed, waves, houses, scatter)
    density, names = density_of(fitted), fitted.names
    start = prior_median(names) + prior_sd(names) * np.array(away[: len(names)])
    found = find_mode(density, start, others=sources(density, names))
    assert found.converged
    assert found.height == pytest.approx(fitted.mode.height, abs=2 * GOOD_ENOUGH)


def test_no_start_of_thirty_climbs_above_the_mode_of_a_bundled_survey() -> None:
    """In `uk-opinions` a search from the prior's medians alone ended on a saddle, 0.6 below the top."""
    fitted = fit_trend(gs.load_survey("surveys/uk-opinions"), "anxiety").best
    density, names, rng = density_of(fitted), fitted.names, np.random.default_rng(1)
    starts = prior_median(names) + 1.5 * prior_sd(names) * rng.normal(size=(30, len(names)))
    best = max(climb(density, start).height for start in starts)
    assert fitted.mode.converged
    assert fitted.mode.height > best - GOOD_ENOUGH


def test_waves_whose_errors_alone_explain_them_are_not_given_to_the_level() -> None:
    """Forty waves a month apart that scatter by chance: a walk that explains them is a top too, twenty below."""
    fitted = few_waves(36, 40, 1, 0.5)
    assert fitted.mode.converged
    assert fitted.hyper["excess_sd"] > 0.3
    assert fitted.hyper["level_sd"] < 0.3
