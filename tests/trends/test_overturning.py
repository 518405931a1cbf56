"""What would make a change false: each bias, put into the posterior, gives exactly the probability asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from groundswell.simulate import simulate_series
from groundswell.trends import Trend, comparisons, fit_trend, overturning
from groundswell.trends.compared.overturning import s_of_ratio
from groundswell.trends.model.logit import empirical_logit, expit

LEAST = (0.5, 0.8, 0.95)
DRAWS = 200_000
BY_CHANCE = 0.005
"""More than four standard errors of a proportion of `DRAWS` draws."""


def waves(*shares: float, n: int = 800, step: int = 60) -> pd.DataFrame:
    """Waves of one house, two months apart."""
    days = pd.date_range("2022-01-03", periods=len(shares), freq=f"{step}D")
    return pd.DataFrame({"house": "acme", "end": days, "share": shares, "n": n, "n_effective": n})


def changes_of(trend: Trend, kind: str) -> pd.DataFrame:
    """The clearest change of a kind that was looked at."""
    looked = comparisons(trend)
    return looked[looked["kind"] == kind].sort_values("probability").tail(1)


@pytest.fixture(scope="module")
def fell() -> Trend:
    return fit_trend(waves(0.5, 0.48, 0.47, 0.42, 0.40, 0.41), search_shocks=False)


@pytest.fixture(scope="module")
def rose() -> Trend:
    """The same of everyone who does not feel it."""
    return fit_trend(waves(0.5, 0.52, 0.53, 0.58, 0.60, 0.59), search_shocks=False)


def drawn(trend: Trend, row: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The level at both ends of a change, drawn."""
    shares = trend.draws([row["start"], row["end"]], DRAWS)
    return shares[:, 0], shares[:, 1]


@pytest.mark.parametrize("least", LEAST)
def test_each_bias_of_a_fall_leaves_the_probability_asked_for(fell: Trend, least: float) -> None:
    row = overturning(fell, changes_of(fell, "wave"), [least]).iloc[0]
    before, after = drawn(fell, row)
    assert (before > after).mean() > 0.97, "the fall is sure to begin with"
    assert row["drift"] < 0
    left = {
        "drift": after - row["drift"] < before,
        "hidden": after / (1 - row["hidden"]) < before,
        "claimed": after < (before - row["claimed"]) / (1 - row["claimed"]),
    }
    for name, falls in left.items():
        assert falls.mean() == pytest.approx(least, abs=BY_CHANCE), name


@pytest.mark.parametrize("least", LEAST)
def test_each_bias_of_a_rise_leaves_the_probability_asked_for(rose: Trend, least: float) -> None:
    row = overturning(rose, changes_of(rose, "wave"), [least]).iloc[0]
    before, after = drawn(rose, row)
    assert row["drift"] > 0
    left = {
        "drift": after - row["drift"] > before,
        "hidden": after > before / (1 - row["hidden"]),
        "claimed": (after - row["claimed"]) / (1 - row["claimed"]) > before,
    }
    for name, rises in left.items():
        assert rises.mean() == pytest.approx(least, abs=BY_CHANCE), name


def test_to_hide_is_what_the_others_would_claim(fell: Trend, rose: Trend) -> None:
    """Whoever feels it and hides it is, to those who follow the other answer, one who claims it."""
    one, other = (overturning(trend, changes_of(trend, "wave"), LEAST) for trend in (fell, rose))
    assert one["drift"].to_numpy() == pytest.approx(-other["drift"].to_numpy(), rel=1e-5)
    assert one["hidden"].to_numpy() == pytest.approx(other["claimed"].to_numpy(), rel=1e-5)
    assert one["invented"].to_numpy() == pytest.approx(other["invented"].to_numpy(), rel=1e-5)


def invented_away(trend: Trend, row: pd.Series, sign: float) -> Trend:
    """The trend were the answers of its last wave that are said to be invented what they should have been."""
    posterior = trend.posterior
    last = len(posterior.waves) - 1
    odds = posterior.waves.log_odds.copy()
    odds[last] = empirical_logit(
        posterior.waves.share[last] + sign * row["invented"], posterior.waves.n_effective[last]
    )
    return replace(trend, posterior=replace(posterior, waves=replace(posterior.waves, log_odds=odds)))


@pytest.mark.parametrize("least", [0.5, 0.8])
def test_invented_answers_leave_exactly_the_probability_asked_for(
    fell: Trend, rose: Trend, least: float
) -> None:
    for trend, sign, name in ((fell, 1.0, "probability_fall"), (rose, -1.0, "probability_rise")):
        row = overturning(trend, changes_of(trend, "wave"), [least]).iloc[0]
        assert 0 < row["invented"] < 0.3
        assert row["n"] == 800
        honest = invented_away(trend, row, sign).change(row["start"], row["end"])
        assert honest[name].iloc[0] == pytest.approx(least, abs=1e-6)


def test_a_wave_that_others_outvote_cannot_be_overturned_alone() -> None:
    days = pd.date_range("2022-01-03", periods=12, freq="30D")
    rows = pd.DataFrame(
        {"house": "large", "end": days, "share": np.linspace(0.3, 0.6, 12), "n_effective": 4000}
    )
    small = pd.DataFrame(
        {"house": "small", "end": [days[-1] + pd.Timedelta(days=2)], "share": 0.6, "n_effective": 20}
    )
    trend = fit_trend(pd.concat([rows, small]), search_shocks=False)
    row = overturning(trend, changes_of(trend, "wave"), [0.5]).iloc[0]
    assert row["house"] == "small"
    assert np.isnan(row["invented"])
    assert row["drift"] > 0.2


def test_what_is_not_as_sure_needs_nothing_to_be_unsure() -> None:
    trend = fit_trend(waves(0.40, 0.41), search_shocks=False)
    row = overturning(trend, changes_of(trend, "wave"), [0.99]).iloc[0]
    assert row[["drift", "hidden", "claimed", "invented"]].tolist() == [0.0] * 4


def test_nobody_hides_a_mean() -> None:
    table = waves(0.60, 0.59, 0.50, 0.49).assign(scale_low=0.0, scale_high=10.0, share_se=0.01)
    trend = fit_trend(table, search_shocks=False)
    row = overturning(trend, changes_of(trend, "wave"), [0.5]).iloc[0]
    assert row["drift"] < 0
    assert row[["hidden", "claimed"]].isna().all()


def test_a_level_that_stood_still_is_undone_by_an_even_drift() -> None:
    trend = fit_trend(waves(*[0.3] * 12, n=60_000, step=30), search_shocks=False)
    still = changes_of(trend, "still")
    row = overturning(trend, still, [0.95]).iloc[0]
    days = trend.used["middle"]
    passed = np.linspace(0, 1, len(days))
    shares = trend.draws(days, 20_000)
    spread = [np.ptp(shares - factor * row["drift"] * passed, axis=1) for factor in (0.9, 1.1)]
    held = [(one <= still["within"].iloc[0]).mean() for one in spread]
    assert held[0] > 0.95 > held[1]


def test_a_house_s_own_move_is_told_on_its_own_scale() -> None:
    rows = simulate_series("random walk", seed=4).observations
    trend = fit_trend(rows, search_shocks=False)
    looked = comparisons(trend)
    house = looked[looked["kind"] == "house"].head(1)
    row = overturning(trend, house, [0.5]).iloc[0]
    assert row["house"] == house["label"].iloc[0]
    assert row["drift"] == pytest.approx(house["estimate"].iloc[0], abs=0.005)


@pytest.mark.parametrize("a", [-6.0, -0.4, 0.0, 3.0])
@pytest.mark.parametrize("ratio", [1e-6, 0.3, 0.99, 1.0])
def test_the_ratio_of_two_shares_gives_back_their_logits(a: float, ratio: float) -> None:
    s = float(s_of_ratio(np.log(ratio), np.array(a)))
    assert expit(a + s / 2) / expit(a - s / 2) == pytest.approx(ratio, rel=1e-9)
