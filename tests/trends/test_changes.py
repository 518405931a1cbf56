"""The exact change between two dates, against draws, closed forms and the levels themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from groundswell.simulate.series import simulate_series
from groundswell.trends import comparisons, fit_trend
from groundswell.trends.answers.changes import Joint, exact_changes
from groundswell.trends.model.logit import expit


def joint_of(seed: int, dates: int = 4, parts: int = 3) -> Joint:
    rng = np.random.default_rng(seed)
    scales = 10.0 ** rng.uniform(-2.0, 0.0, dates)
    pairs = []
    for _ in range(parts):
        root = rng.normal(size=(dates, dates)) * scales
        pairs.append((rng.normal(-0.5, 0.5, dates), root @ root.T + 1e-6 * np.eye(dates)))
    return Joint(rng.dirichlet(np.ones(parts)), pairs)


@pytest.mark.parametrize("seed", range(4))
def test_the_change_is_what_many_draws_say(seed: int) -> None:
    joint = joint_of(seed)
    exact = exact_changes(joint, [0, 0, 1], [1, 3, 2])
    rng = np.random.default_rng(seed)
    drawn = np.vstack(
        [
            rng.multivariate_normal(mean, covariance, size=count)
            for (mean, covariance), count in zip(
                joint.parts, rng.multinomial(400_000, joint.weights), strict=True
            )
        ]
    )
    shares = expit(drawn)
    for pair, (start, end) in enumerate([(0, 1), (0, 3), (1, 2)]):
        change = shares[:, end] - shares[:, start]
        # Four standard errors of 400,000 draws; a quantile in the tail has about eight times a mean's.
        near = 4 * change.std() / np.sqrt(len(change))
        medians = np.median(shares, axis=0)
        assert exact.estimate[pair] == pytest.approx(medians[end] - medians[start], abs=2 * near)
        assert exact.se[pair] == pytest.approx(change.std(), abs=2 * near)
        assert exact.low[pair] == pytest.approx(np.quantile(change, 0.025), abs=8 * near)
        assert exact.high[pair] == pytest.approx(np.quantile(change, 0.975), abs=8 * near)
        assert exact.fall[pair] == pytest.approx((change < 0).mean(), abs=0.004)


@given(
    level=st.floats(-3, 3),
    sd=st.floats(0.001, 0.02),
    move=st.floats(-0.05, 0.05),
)
@settings(max_examples=40, deadline=None)
def test_small_changes_are_nearly_normal(level: float, sd: float, move: float) -> None:
    """Where both logits are known well the change is linear in them: the delta method is then right."""
    joint = Joint(np.ones(1), [(np.array([level, level + move]), np.diag([sd**2, sd**2]))])
    exact = exact_changes(joint, [0], [1])
    start, end = expit([level, level + move])
    slopes = np.array([start * (1 - start), end * (1 - end)])
    spread = float(np.sqrt((slopes**2 * sd**2).sum()))
    assert exact.se[0] == pytest.approx(spread, rel=0.02)
    assert exact.high[0] - exact.low[0] == pytest.approx(2 * 1.959964 * spread, rel=0.02)
    assert exact.fall[0] == pytest.approx(float(ndtr(-move / (sd * np.sqrt(2)))), abs=1e-12)


def test_a_date_against_itself_has_not_changed() -> None:
    joint = Joint(np.ones(1), [(np.zeros(2), np.full((2, 2), 0.04))])
    exact = exact_changes(joint, [0], [1])
    assert (exact.estimate[0], exact.se[0]) == (0.0, pytest.approx(0.0, abs=1e-9))
    assert exact.low[0] == pytest.approx(0.0, abs=1e-9) == exact.high[0]


def test_a_level_known_far_better_than_the_other_needs_no_luck() -> None:
    """The steep case of the grid: one date known to a hundredth of the other's uncertainty."""
    joint = Joint(np.ones(1), [(np.array([0.0, 0.3]), np.diag([1.0, 0.01**2]))])
    exact = exact_changes(joint, [0], [1])
    z = 1.959963984540054
    # The known date is as good as a constant: the quantiles of the other's share are in closed form.
    assert exact.low[0] == pytest.approx(float(expit(0.3) - expit(z)), abs=2e-4)
    assert exact.high[0] == pytest.approx(float(expit(0.3) - expit(-z)), abs=2e-4)


def test_a_change_is_the_difference_of_the_levels_and_does_not_depend_on_what_else_is_asked() -> None:
    trend = fit_trend(simulate_series("random walk", seed=5).observations)
    start, end = pd.Timestamp("2018-06-01"), pd.Timestamp("2020-03-01")
    alone = trend.change(start, end).iloc[0]
    among = trend.changes([(pd.Timestamp("2019-01-01"), end), (start, end), (end, start)])
    levels = trend.level([start, end])["share"]
    assert alone["estimate"] == pytest.approx(levels[1] - levels[0], abs=1e-14)
    for name in ("estimate", "se", "low", "high", "probability_fall"):
        assert among.loc[1, name] == pytest.approx(alone[name], abs=1e-12)
    assert among.loc[2, "low"] == pytest.approx(-alone["high"], abs=1e-10)
    assert among.loc[2, "probability_fall"] == pytest.approx(alone["probability_rise"], abs=1e-12)


def test_a_comparison_is_the_same_change_as_asked_alone() -> None:
    one = fit_trend(simulate_series("random walk", seed=3).observations)
    looked = comparisons([one])
    assert {"year", "wave", "stretch"} <= set(looked["kind"])
    assert (looked["start"] < looked["end"]).all()
    assert (looked["adjusted"] <= looked["probability"]).all()
    for row in looked[~looked["kind"].isin(["still", "house"])].itertuples():
        alone = one.change(row.start, row.end).iloc[0]
        assert row.estimate == pytest.approx(alone["estimate"], abs=1e-12)
        assert row.estimate == pytest.approx(row.share_end - row.share_start, abs=1e-12)


def test_since_leaves_earlier_waves_out_of_the_search() -> None:
    trend = fit_trend(simulate_series("random walk", seed=3).observations)
    found = comparisons([trend], since="2020-09-01")
    assert found["start"].min() >= pd.Timestamp("2020-08-25")
    assert len(found) < len(comparisons([trend]))
