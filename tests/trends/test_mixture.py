"""Mixtures of normals: quantiles are where the distribution function says that they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.trends.fit.mixture import Mixture


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    """A few targets of up to eight components, some far from the others, some a thousand times as narrow."""
    parts, targets = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    weight = rng.dirichlet(np.full(parts, 0.5))
    mean = rng.normal(0.0, 5.0, (parts, targets))
    return Mixture(weight, mean, np.exp(rng.uniform(-6.0, 1.5, (parts, targets))))


@settings(max_examples=200, deadline=None)
@given(mixture=mixtures(), probability=st.sampled_from([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]))
def test_the_probability_below_a_quantile_is_its_own(mixture: Mixture, probability: float) -> None:
    quantile = mixture.quantile(probability)
    below, above = (mixture.probability_below(quantile + step) for step in (-1e-7, 1e-7))
    assert (below <= probability + 1e-9).all()
    assert (above >= probability - 1e-9).all()


def test_one_component_is_a_normal() -> None:
    mixture = Mixture(np.ones(1), np.array([[0.3]]), np.array([[2.0]]))
    assert mixture.quantile(0.975)[0] == pytest.approx(0.3 + 2.0 * 1.959963985)
