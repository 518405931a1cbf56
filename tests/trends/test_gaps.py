"""Gaps between domains and their changes, held to numbers that are found another way: integrals and slopes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import expit, logit, ndtr

from groundswell.trends.domains.gaps import Pairs, gap_changes, gaps

LOGITS = np.array([[0.4, 0.1], [-0.1, -0.9], [0.6, 0.2]])
"""Three domains on two dates, the newer first."""


@pytest.fixture
def covariance() -> np.ndarray:
    """Of the logits above, (domains, dates, domains, dates), with errors that domains and dates share."""
    half = np.random.default_rng(2).normal(0.0, 0.08, (6, 6))
    return (half @ half.T).reshape(3, 2, 3, 2)


def test_every_two_domains_make_one_pair() -> None:
    pairs = Pairs.of(4)
    assert list(zip(*(places.tolist() for places in pairs), strict=True)) == [
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3),
    ]  # fmt: skip
    assert [len(places) for places in Pairs.of(1)] == [0, 0]
    assert {places.dtype for places in (*pairs, *Pairs.of(1))} == {np.dtype(np.intp)}


def test_a_gap_is_that_of_two_levels_and_its_errors_are_those_of_their_difference(
    covariance: np.ndarray,
) -> None:
    """By quadrature: over the first logit, given which the second is normal."""
    logits, spread = LOGITS[:, 0], covariance[:, 0, :, 0]
    pairs = Pairs.of(3)
    told = gaps(logits, spread, pairs)
    points = np.linspace(-8.0, 8.0, 4001)
    weight = np.exp(-(points**2) / 2)
    weight /= weight.sum()
    nodes, node_weights = hermegauss(41)
    for place, (one, other) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        x = logits[one] + np.sqrt(spread[one, one]) * points
        mean = logits[other] + spread[one, other] / spread[one, one] * (x - logits[one])
        sd = np.sqrt(spread[other, other] - spread[one, other] ** 2 / spread[one, one])
        gap = expit(x)[:, None] - expit(mean[:, None] + sd * nodes)
        each = np.outer(weight, node_weights / node_weights.sum())
        centre = (each * gap).sum()

        def below(bound: float) -> float:
            second = logit(np.clip(expit(x) - bound, 0.0, 1.0))  # noqa: B023 - called here
            return float(weight @ ndtr((mean - second) / sd))  # noqa: B023

        assert told["estimate"][place] == pytest.approx(expit(logits[one]) - expit(logits[other]), abs=1e-12)
        assert told["se"][place] == pytest.approx(np.sqrt((each * (gap - centre) ** 2).sum()), rel=1e-4)
        assert below(told["low"][place]) == pytest.approx(0.025, abs=1e-4)
        assert below(told["high"][place]) == pytest.approx(0.975, abs=1e-4)
        assert told["probability"][place] == pytest.approx(1.0 - below(0.0), abs=1e-6)


def test_a_gap_has_changed_by_the_difference_of_two_changes(covariance: np.ndarray) -> None:
    """Its error by the slopes of the shares, as a small step of each logit shows them."""
    pairs = Pairs.of(3)
    told = gap_changes(LOGITS, covariance, pairs)

    def change(logits: np.ndarray) -> np.ndarray:
        risen = expit(logits[:, 0]) - expit(logits[:, 1])
        return np.asarray(risen[pairs.first] - risen[pairs.second])

    step = 1e-6
    slopes = np.array(
        [
            (change(LOGITS + move.reshape(3, 2)) - change(LOGITS - move.reshape(3, 2))) / (2 * step)
            for move in step * np.eye(6)
        ]
    )
    se = np.sqrt(np.einsum("ip,ij,jp->p", slopes, covariance.reshape(6, 6), slopes))
    assert list(told) == ["change", "change_se", "change_low", "change_high", "change_probability"]
    assert told["change"] == pytest.approx(change(LOGITS), abs=1e-12)
    assert told["change_se"] == pytest.approx(se, rel=1e-6)
    assert told["change_low"] == pytest.approx(change(LOGITS) - 1.959964 * se, abs=1e-7)
    assert told["change_high"] == pytest.approx(change(LOGITS) + 1.959964 * se, abs=1e-7)
    assert told["change_probability"] == pytest.approx(ndtr(change(LOGITS) / se), abs=1e-6)


def test_a_change_that_is_known_for_certain_has_a_probability() -> None:
    same = np.array([[0.5, 0.2], [0.5, 0.2], [0.9, 0.2]])
    told = gap_changes(same, np.zeros((3, 2, 3, 2)), Pairs.of(3))
    assert told["change_probability"].tolist() == [0.5, 0.0, 0.0]
    assert told["change_se"] == pytest.approx([0.0] * 3, abs=1e-100)
