"""Whether two levels move together: what is said of independent walks, of walks that share, and of drifts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.simulate.items import SimulatedItems, simulate_items
from groundswell.trends import Trend, fit_trend, movements
from groundswell.trends.moods.items import items_of
from groundswell.trends.moods.movements import FEWEST_WAVES, FINE, correlation, lags_of, verdict, walk

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
    ("low", "high", "said"),
    [
        (0.01, 0.9, "together"),
        (-0.9, -0.01, "opposed"),
        (0.0, 0.9, "cannot_tell"),
        (-0.49, 0.49, "apart"),
        (-0.5, 0.2, "cannot_tell"),
        (-0.2, 0.5, "cannot_tell"),
        (-0.9, 0.9, "cannot_tell"),
    ],
)
def test_the_verdict_follows_the_interval(low: float, high: float, said: str) -> None:
    assert verdict(low, high) == said


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
