"""Whether two levels move together: what is said of independent walks, of walks that share, and of drifts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from groundswell.simulate.items import SimulatedItems, simulate_items
from groundswell.simulate.levels import smooth
from groundswell.trends import Trend, fit_trend, movements
from groundswell.trends.moods.by_chance import chance_of
from groundswell.trends.moods.items import items_of
from groundswell.trends.moods.movements import (
    FALSE_ALARMS,
    FEWEST_WAVES,
    FINE,
    correlation,
    lags_of,
    verdict,
    walk,
)

SWINGING = (1, 5, 10)
NEAR = {"level_sd 0": 0.3, "level_sd 1": 0.3}


def pair(rho: float, seed: int, **options) -> SimulatedItems:
    return simulate_items(seed, 0.16 * np.array([[1.0, rho], [rho, 1.0]]), **options)


def trends_of(series: SimulatedItems, *, turned: bool = False) -> tuple[Trend, Trend]:
    rows = series.rows
    if turned:
        rows = rows.assign(share=rows["share"].where(rows["indicator"] != "b", 1.0 - rows["share"]))
    first, second = (fit_trend(rows, name, events=(), search_shocks=False) for name in "ab")
    return first, second


def said(series: SimulatedItems, *, leads: bool = False) -> pd.Series:
    return movements(*trends_of(series), leads=leads).iloc[0]


@pytest.fixture(scope="module")
def close() -> SimulatedItems:
    return pair(0.9, 5, waves=40, n=3000)


def test_what_is_thought_of_the_correlation_before_any_wave_is_even(close: SimulatedItems) -> None:
    items = [item.without(np.ones(40, dtype=bool)) for item in items_of(trends_of(close))]
    found = correlation(items, NEAR, 4.0, FINE)
    assert found.mean == pytest.approx(0.0, abs=0.005)
    for probability in (0.025, 0.25, 0.5, 0.9):
        assert found.quantile(probability) == pytest.approx(2.0 * probability - 1.0, abs=0.01)
    assert found.probability == pytest.approx(0.5, abs=0.005)


def test_levels_that_walk_together_are_told(close: SimulatedItems) -> None:
    row = said(close)
    assert row["verdict"] == "together"
    assert 0.3 < row["low"] < 0.9 < row["high"]
    assert row["probability"] > 0.99
    assert (row["waves_first"], row["waves_second"]) == (40, 40)


def test_the_other_way_round_and_turned_over_it_is_the_same(close: SimulatedItems) -> None:
    first, second = trends_of(close)
    row, back = (movements(*two, leads=False).iloc[0] for two in ((first, second), (second, first)))
    assert back["correlation"] == pytest.approx(row["correlation"], abs=0.01)
    assert (back["first"], back["second"]) == ("b", "a")
    opposed = movements(*trends_of(close, turned=True), leads=False).iloc[0]
    assert opposed["verdict"] == "opposed"
    assert opposed["correlation"] == pytest.approx(-row["correlation"], abs=0.01)
    assert opposed["low"] == pytest.approx(-row["high"], abs=0.01)


@pytest.mark.parametrize(
    "options", [{}, {"drift": (0.4, 0.4)}, {"error_correlation": 0.7, "excess_sd": 0.06}]
)
def test_walks_that_only_drift_or_share_people_are_not_called_together(options: dict) -> None:
    """Of two random walks the levels are correlated as a rule; of these, half a dozen are by more than one half."""
    rows = []
    for seed in range(8):
        series = pair(0.0, seed, waves=20, spacing=55.0, **options)
        alike = float(np.corrcoef(series.truth.to_numpy().T)[0, 1])
        rows.append({**said(series), "alike": alike})
    table = pd.DataFrame(rows)
    assert table["alike"].abs().max() > 0.6
    assert table["verdict"].isin(["together", "opposed"]).sum() <= 1
    assert ((table["low"] < 0.0) & (table["high"] > 0.0)).sum() >= 7


def test_too_few_waves_tell_nothing_whatever_they_show() -> None:
    for waves, enough in ((FEWEST_WAVES - 1, False), (FEWEST_WAVES, True)):
        row = said(pair(0.98, 5, waves=waves, spacing=90.0, n=20_000))
        assert row["low"] > 0.0
        assert row["verdict"] == ("together" if enough else "cannot_tell")


def test_levels_without_time_in_common_have_no_correlation(close: SimulatedItems) -> None:
    first, second = trends_of(close)
    rows = second.used.assign(end=lambda table: table["end"] + pd.Timedelta(days=3000))
    later = fit_trend(
        rows[["indicator", "house", "end", "share", "n_effective"]], events=(), search_shocks=False
    )
    row = movements(first, later).iloc[0]
    assert (row["waves_first"], row["waves_second"]) == (0, 0)
    assert row[["correlation", "low", "high", "probability", "lead_days"]].isna().all()
    assert (row["verdict"], row["lead"]) == ("cannot_tell", "cannot_tell")


@pytest.mark.parametrize(
    ("low", "high", "chance", "said"),
    [
        (0.01, 0.9, 0.05, "together"),
        (0.01, 0.9, 0.051, "cannot_tell"),
        (0.01, 0.4, 0.5, "cannot_tell"),
        (-0.9, -0.01, 0.05, "opposed"),
        (-0.9, -0.01, 0.051, "cannot_tell"),
        (0.0, 0.9, 0.01, "cannot_tell"),
        (-0.49, 0.49, 0.5, "apart"),
        (-0.5, 0.2, 0.5, "cannot_tell"),
        (-0.2, 0.5, 0.5, "cannot_tell"),
        (-0.9, 0.9, 0.5, "cannot_tell"),
    ],
)
def test_the_verdict_follows_the_interval_and_what_chance_does(
    low: float, high: float, chance: float, said: str
) -> None:
    assert verdict(low, high, chance) == said


def swing(rng: np.random.Generator, period: tuple[float, float]) -> np.ndarray:
    """Sixty movements of a sine wave with a period between two numbers of movements, and any phase."""
    at = 2.0 * np.pi * np.arange(61) / rng.uniform(*period) + rng.uniform(0.0, 2.0 * np.pi)
    return np.diff(np.sin(at))


@pytest.mark.parametrize("kind", ["walk", "few", "swings", "swings of one period", "waves of noise"])
def test_of_independent_movements_one_in_twenty_seems_to_agree(kind: str) -> None:
    rng = np.random.default_rng(7)
    kinds = {
        "walk": lambda: rng.normal(size=60),
        "few": lambda: rng.normal(size=9),
        "swings": lambda: swing(rng, (12.0, 50.0)) + swing(rng, (12.0, 50.0)),
        "swings of one period": lambda: swing(rng, (22.0, 22.0)),
        "waves of noise": lambda: np.convolve(rng.normal(size=70), np.ones(11), "valid"),
    }
    chances = np.array([chance_of(kinds[kind](), kinds[kind]()) for _ in range(1500)])
    assert np.mean(chances <= FALSE_ALARMS) < 0.075


def test_movements_that_agree_are_told_from_chance_unless_they_are_few() -> None:
    rng = np.random.default_rng(7)
    one = rng.normal(size=60)
    other = 0.6 * one + 0.8 * rng.normal(size=60)
    assert chance_of(one, other) < 0.001
    assert chance_of(one, other) == pytest.approx(chance_of(other, one), rel=1e-9)
    assert chance_of(one, 3.0 - 2.0 * one) < 0.001
    wave = swing(rng, (22.0, 22.0))
    assert chance_of(wave, wave + 0.3 * rng.normal(size=60) * wave.std()) > FALSE_ALARMS
    assert chance_of(one, np.zeros(60)) == 1.0


def test_levels_that_swing_are_not_called_together() -> None:
    """Without the rule these three pairs of independent swings were said to move together or opposed."""
    clear = 0
    for seed in SWINGING:
        rng = np.random.default_rng(seed)
        asked = np.arange(0, 1100, 18)[:60]
        rows = [
            pd.DataFrame(
                {
                    "indicator": name,
                    "house": "one",
                    "end": pd.Timestamp("2018-01-01") + pd.to_timedelta(asked, unit="D"),
                    "share": rng.binomial(1000, expit(smooth(rng, 1100, swing=0.5).logits[asked])) / 1000,
                    "n_effective": 1000.0,
                }
            )
            for name in "ab"
        ]
        two = [fit_trend(pd.concat(rows), name, events=(), search_shocks=False) for name in "ab"]
        row = movements(*two, leads=False).iloc[0]
        clear += bool(row["low"] > 0.0 or row["high"] < 0.0)
        assert row["verdict"] == "cannot_tell"
        assert row["by_chance"] > FALSE_ALARMS
    assert clear == len(SWINGING)


def test_two_levels_walk_by_their_paces_and_their_correlation() -> None:
    walked = walk({"level_sd 0": 0.2, "level_sd 1": 0.5}, -0.5)
    assert walked == pytest.approx(np.array([[0.04, -0.05], [-0.05, 0.25]]))


def test_lags_are_gaps_between_waves_and_no_longer_than_a_quarter_of_the_time() -> None:
    many = items_of(trends_of(pair(0.0, 1, waves=30, spacing=28.0)))
    assert lags_of(many) == [-84, -56, -28, 0, 28, 56, 84]
    few = items_of(trends_of(pair(0.0, 1, waves=10, spacing=28.0)))
    assert lags_of(few) == [-56, -28, 0, 28, 56]
    assert lags_of(items_of(trends_of(pair(0.0, 1, waves=4, spacing=28.0)))) == []


def test_who_moves_first_is_told_where_one_clearly_does() -> None:
    series = pair(0.97, 2, waves=60, n=20_000, lag=56)
    first, second = trends_of(series)
    row = movements(first, second).iloc[0]
    assert (row["lead"], row["lead_days"]) == ("first", 56)
    back = movements(second, first).iloc[0]
    assert (back["lead"], back["lead_days"]) == ("second", 56)


def test_who_moves_first_is_not_told_where_both_move_at_once(close: SimulatedItems) -> None:
    row = said(close, leads=True)
    assert row["lead"] == "cannot_tell"
    assert np.isnan(row["lead_days"])
