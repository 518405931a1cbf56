"""Which houses the level averages over, how much each weighs, and which effects have a state of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from groundswell.trends.answers.segments import segments
from groundswell.trends.model.bridges import Bridges
from groundswell.trends.model.houses import (
    Layout,
    established,
    information,
    sum_to_zero_basis,
    weighted_contrasts,
)
from groundswell.trends.model.measurement import Waves, measure

TWO_YEARS = 730.5
"""In days: by so much older, and a wave counts for half."""


def waves(*asked: tuple[str, str, float]) -> pd.DataFrame:
    """House, end and effective n of each wave, all at 40%."""
    table = pd.DataFrame(asked, columns=["house", "end", "n_effective"])
    return table.assign(end=pd.to_datetime(table["end"]), share=0.4)


def test_a_house_without_weight_leaves_what_is_thought_of_the_others() -> None:
    """At given hyperparameters: the others' effects and the level have the prior that they have without it."""
    three = np.array([0.5, 0.3, 0.2])
    alone, beside = weighted_contrasts(three), weighted_contrasts(np.append(three, 0.0))
    assert (beside @ beside.T)[:3, :3] == pytest.approx(alone @ alone.T, abs=1e-12)
    average = np.outer(np.ones(3), three)
    assert alone @ alone.T == pytest.approx((np.eye(3) - average) @ (np.eye(3) - average).T, abs=1e-12)
    assert three @ alone == pytest.approx(0.0, abs=1e-12)


def test_houses_that_asked_alike_weigh_alike() -> None:
    table = waves(*((house, f"202{year}-05-01", 900) for year in range(4) for house in "abc"))
    assert established(information(measure(table))) == pytest.approx([1 / 3] * 3)


def test_information_is_the_effective_n_halved_with_age() -> None:
    ages = [0, 1, 2]
    days = [pd.Timestamp("2024-01-01") - pd.Timedelta(days=TWO_YEARS * age) for age in ages]
    table = waves(*((f"h{age}", f"{day:%Y-%m-%d}", 1000) for age, day in zip(ages, days, strict=True)))
    # In order of first appearance: the oldest first.
    assert information(measure(table)) == pytest.approx([250, 500, 1000], rel=0.001)


def test_weight_grows_with_information_and_soon_stops_growing() -> None:
    weight = established(np.array([1.0, 5.0, 100.0, 1000.0, 10_000.0]))
    assert weight.sum() == pytest.approx(1.0)
    assert (np.diff(weight[1:]) > 0).all()
    assert weight[0] == weight[1] == 0.0
    # A tenth of the largest has just over half of its weight, a hundredth about a tenth.
    assert weight[3] / weight[4] == pytest.approx(0.55)
    assert weight[2] / weight[4] == pytest.approx(0.1)


def test_a_house_that_stopped_weighs_less_with_every_year() -> None:
    months = pd.date_range("2010-01-01", "2024-01-01", freq="MS")
    weights = []
    for stopped in (2023, 2019, 2015, 2011):
        asked = [("stays", f"{day:%Y-%m-%d}", 1000.0) for day in months]
        asked += [("stops", f"{day:%Y-%m-%d}", 1000.0) for day in months if day.year < stopped]
        scale = segments(measure(waves(*asked)))[-1].scale.asked.set_index("house")["weight"]
        weights.append(float(scale["stops"]))
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0.45 > 0.2 > weights[-1]


def test_of_forty_waves_of_one_wave_of_one_respondent_and_of_thirty_years_ago() -> None:
    """The worked example: 40 / 44 and 1 / 5 of what a house can weigh, in parts of both."""
    asked = [("forty", "2024-12-30", 1000.0)] * 40 + [("one", "2024-12-30", 1000.0)]
    asked += [("respondent", "2024-12-30", 1.0), ("old", "1994-12-30", 1000.0)]
    measured = measure(waves(*asked))
    weight = dict(zip(measured.combinations.houses, established(information(measured)), strict=True))
    assert weight["respondent"] == weight["old"] == 0.0
    assert weight["forty"] == pytest.approx(0.82, abs=0.005)
    assert weight["one"] == pytest.approx(0.18, abs=0.005)


def test_a_house_with_a_tenth_of_the_largest_information_has_half_of_the_weight_that_more_could_give() -> (
    None
):
    """More could give it 1, on the scale on which the largest has 1 / 1.1."""
    weight = established(np.array([100.0, 1000.0]))
    assert weight[0] / weight[1] == pytest.approx(0.5 * 1.1, rel=1e-12)
    assert established(np.array([7.0])).tolist() == [1.0]


@pytest.mark.parametrize(("part", "weighs"), [(0.00091, False), (0.00093, True)])
def test_a_house_that_would_weigh_less_than_a_hundredth_of_the_heaviest_is_out(
    part: float, weighs: bool
) -> None:
    """x / (x + 0.1) is a hundredth of 1 / 1.1 at x = 0.00092."""
    weight = established(np.array([part, 1.0, 1.0]))
    assert bool(weight[0] > 0.0) is weighs
    assert weight.sum() == pytest.approx(1.0)


def test_information_is_of_the_waves_inside_and_ages_from_their_newest() -> None:
    end = pd.Timestamp("2024-01-01")
    older = end - pd.Timedelta(days=TWO_YEARS)
    measured = measure(waves(*((house, f"{day:%Y-%m-%d}", 800.0) for day in (older, end) for house in "ab")))
    assert information(measured) == pytest.approx([1200.0, 1200.0], rel=0.001)
    old = measured.table["end"].to_numpy() == np.datetime64(older.normalize())
    assert information(measured, old) == pytest.approx([800.0, 800.0])
    only_a = measured.table["house"].to_numpy(str) == "a"
    assert information(measured, only_a) == pytest.approx([1200.0, 0.0], rel=0.001)


def test_rolling_windows_are_worth_those_that_share_nothing() -> None:
    """Nine windows of three days, one a day, hold three that share nobody; nine days apart hold nine."""
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(9), unit="D")
    rows = pd.DataFrame({"house": "daily", "start": start, "end": start + pd.Timedelta(days=2)})
    rows = rows.assign(share=0.4, n_effective=500.0)
    assert information(measure(rows)) == pytest.approx([1500.0], rel=0.01)
    assert information(measure(rows.assign(start=rows["end"]))) == pytest.approx([4500.0], rel=0.01)


@pytest.mark.parametrize("houses", [1, 2, 3, 7])
def test_contrasts_are_orthonormal_and_each_sums_to_zero(houses: int) -> None:
    basis = sum_to_zero_basis(houses)
    assert basis.shape == (houses, houses - 1)
    assert basis.sum(axis=0) == pytest.approx(np.zeros(houses - 1), abs=1e-12)
    assert basis.T @ basis == pytest.approx(np.eye(houses - 1), abs=1e-12)
    # Helmert's: each house against all before it.
    assert (np.tril(basis, -2) == 0.0).all()
    assert (basis[np.arange(1, houses), np.arange(houses - 1)] < 0.0).all()


def test_no_house_has_no_contrast() -> None:
    assert sum_to_zero_basis(0).shape == (0, 0)


def asked_in(*asked: tuple[str, str, int]) -> pd.DataFrame:
    """House, wording and how many waves, in order of first appearance."""
    rows = [(house, variant) for house, variant, count in asked for _ in range(count)]
    table = pd.DataFrame(rows, columns=["house", "variant"])
    end = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.arange(len(table)), unit="D")
    return table.assign(end=end, share=0.4, n_effective=500.0)


def test_a_second_wording_of_a_house_is_a_constant_beside_its_effect() -> None:
    """Two houses share one contrast; the wordings that a house asks later have a constant each."""
    layout = Layout.of(
        measure(asked_in(("a", "one", 3), ("a", "two", 2), ("b", "one", 5), ("a", "three", 1)))
    )
    assert (layout.house_states, layout.switches) == (1, 2)
    contrast, constants = layout.combination_loadings[:, :1], layout.combination_loadings[:, 1:]
    # In order of first appearance: a's first, a's second, b's, a's third.
    assert constants.tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]
    assert contrast[0] == contrast[1] == contrast[3] != contrast[2]
    assert not layout.stateless.any()
    assert layout.crowd.tolist() == [0.0] * 11


def test_the_effects_sum_to_zero_in_the_weights_of_their_houses() -> None:
    measured = measure(asked_in(("a", "one", 40), ("b", "one", 3), ("c", "one", 9)))
    weight = established(information(measured))
    assert len(set(weight.round(6))) == 3
    loadings = Layout.of(measured).combination_loadings
    assert weight @ loadings == pytest.approx([0.0, 0.0], abs=1e-12)
    less_average = np.eye(3) - np.outer(np.ones(3), weight)
    assert loadings @ loadings.T == pytest.approx(less_average @ less_average.T, abs=1e-12)


def test_beyond_thirty_houses_those_with_most_waves_have_states() -> None:
    """Of houses with as many waves the first; the effect of any other is an error of its waves, times their number."""
    asked = [(f"h{house}", "one", 1 if house in (3, 7) else 2) for house in range(32)]
    measured = measure(asked_in(*asked, ("h3", "two", 1), ("h0", "two", 1)))
    layout = Layout.of(measured)
    # h3 has its second wave in another wording, and so two in all; the newest of those with two is out, and h7.
    out = {"h7", f"h{31}"}
    names = measured.combinations.names
    assert set(names.loc[layout.stateless, "house"]) == out
    assert (layout.house_states, layout.switches) == (29, 2)
    assert (layout.combination_loadings[layout.stateless] == 0.0).all()
    expected = {"h7": 1.0, f"h{31}": 2.0}
    assert layout.crowd.tolist() == [expected.get(house, 0.0) for house in measured.table["house"]]


def test_of_houses_with_as_many_waves_the_first_have_states() -> None:
    """So that every machine takes the same ones: twenty with two waves each, and of those with one the first ten."""
    asked = [(f"h{house}", "one", 1 + house % 2) for house in range(40)]
    measured = measure(asked_in(*asked))
    stateless = measured.combinations.names.loc[Layout.of(measured).stateless, "house"]
    assert stateless.tolist() == [f"h{house}" for house in range(20, 40, 2)]


def bridged(measured: Waves, *joined: tuple[int, int]) -> Waves:
    """The waves with bridges between these combinations, by their numbers."""
    old, new = np.array(joined, dtype=np.intp).T
    none = np.zeros(len(joined))
    return replace(measured, bridges=Bridges(old, new, none, none + 1.0, none, np.arange(len(joined))))


def test_a_house_with_a_bridge_has_a_state_however_few_its_waves() -> None:
    """Its old wording or its new one: a bridge between two houses that hardly asked gives both a state."""
    asked = [(f"h{house}", "one", 3) for house in range(30)]
    measured = measure(asked_in(*asked, ("old", "one", 1), ("new", "one", 1), ("late", "one", 2)))
    layout = Layout.of(bridged(measured, (30, 31)))
    stateless = measured.combinations.names.loc[layout.stateless, "house"]
    assert stateless.tolist() == ["h28", "h29", "late"]
    assert layout.house_states == 29


def test_all_houses_with_a_bridge_have_states_and_then_no_others() -> None:
    asked = [(f"h{house}", wording, 1) for wording in ("one", "two") for house in range(32)]
    measured = measure(asked_in(*asked, ("long", "one", 9)))
    layout = Layout.of(bridged(measured, *((house, 32 + house) for house in range(32))))
    assert measured.combinations.names.loc[layout.stateless, "house"].tolist() == ["long"]
    assert (layout.house_states, layout.switches) == (31, 32)


def test_one_house_alone_is_the_level() -> None:
    layout = Layout.of(measure(asked_in(("a", "one", 3))))
    assert (layout.house_states, layout.switches) == (0, 0)
    assert layout.combination_loadings.shape == (1, 0)


def test_a_second_wording_of_a_house_without_a_state_has_no_constant() -> None:
    asked = [(f"h{house}", "one", 3) for house in range(30)]
    layout = Layout.of(measure(asked_in(*asked, ("late", "one", 1), ("late", "two", 1))))
    assert layout.switches == 0
    assert layout.stateless.tolist() == [False] * 30 + [True, True]
    assert layout.crowd[-2:].tolist() == [2.0, 2.0]
    weights = np.full(30, 1 / 30)
    assert weights @ layout.combination_loadings[:30] == pytest.approx(np.zeros(29), abs=0.01)
    assert (layout.combination_loadings[30:] == 0.0).all()
