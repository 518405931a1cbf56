"""Alarms with a budget: what looks spend, what is told of, and what is not."""

from __future__ import annotations

import doctest
from functools import partial

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from groundswell.trends import Trend, fit_trend
from groundswell.trends.compared import alarms as module
from groundswell.trends.compared.alarms import SIGNS, WAYS, Movement, alarmed, alarms, spent
from groundswell.trends.compared.departing_houses import house_movement

DAY = pd.Timestamp("2024-01-07")
ROSE = Movement(DAY, DAY + pd.Timedelta(days=70), 0.40, 0.45, 0.05, 0.02, 0.08, fall=0.001)


def series(shares: list[float], house: str = "acme", later: int = 0, step: int = 30) -> pd.DataFrame:
    """Waves of 1,000 people, so many days apart."""
    days = pd.date_range(DAY + pd.Timedelta(days=later), periods=len(shares), freq=f"{step}D")
    return pd.DataFrame({"house": house, "end": days, "share": shares, "n_effective": 1000})


def wobbling(level: float, count: int) -> NDArray[np.float64]:
    """Waves around a level, as far off as sampling takes them."""
    return level + 0.0155 * np.tile([0.8, -1.1, 0.2, -0.5, 1.3, -0.7], count)[:count]


def test_the_example_runs() -> None:
    assert doctest.testmod(module).failed == 0


def test_one_look_a_year_spends_the_budget_and_looks_that_overlap_more_than_their_part() -> None:
    totals = [looks * spent(0.05, 365.25 / looks) for looks in (1, 4, 12, 52)]
    assert totals[0] == pytest.approx(0.05)
    assert totals == sorted(totals)
    assert totals[-1] < 2.7 * 0.05
    assert spent(0.05, 1) == pytest.approx(spent(0.05, 7) / 7)
    assert spent(0.05, 4000) == pytest.approx(0.05)
    assert spent(0.05, -1) == 0


def test_all_ways_together_spend_what_the_look_spends() -> None:
    assert sum(WAYS.values()) == pytest.approx(1.0)


def test_a_rule_needs_the_size_and_the_certainty() -> None:
    assert alarms(ROSE, "rises", 0.03, 0.002)
    assert not alarms(ROSE, "rises", 0.051, 0.002)
    assert not alarms(ROSE, "rises", 0.03, 0.0009)
    assert not alarms(ROSE, "falls", 0.03, 0.002)


def test_a_rule_for_both_ways_shares_its_budget_between_them() -> None:
    assert alarms(ROSE, "moves", 0.03, 0.002)
    assert not alarms(ROSE, "moves", 0.03, 0.0019)
    fell = ROSE._replace(estimate=-0.05, fall=0.999)
    assert alarms(fell, "moves", 0.03, 0.0021)
    assert alarms(fell, "falls", 0.03, 0.0011)
    assert set(SIGNS) == {"rises", "falls", "moves", "departs"}


def test_no_wave_carries_an_alarm_alone() -> None:
    assert alarms(ROSE._replace(waves=3, apart=(0.05, 0.04, 0.015)), "rises", 0.03, 0.002)
    assert not alarms(ROSE._replace(waves=3, apart=(0.05, 0.04, 0.0149)), "rises", 0.03, 0.002)


def told(waves: pd.DataFrame, since: pd.Timestamp, kind: str = "rises") -> Movement | None:
    """What a rule of 3 points with 5% a year makes of a monthly look."""
    return alarmed(_fit(waves), since, kind, 0.03, spent(0.05, 30), _fit)


def _fit(rows: pd.DataFrame) -> Trend:
    return fit_trend(rows, search_shocks=True)


def test_a_jump_that_two_waves_show_is_told_of_and_a_single_wave_or_chance_is_not() -> None:
    calm = [*wobbling(0.40, 18)]
    since = series(calm)["end"].iloc[8]
    jump = told(series([*calm, 0.46, 0.47, 0.46]), since)
    assert jump is not None
    assert jump.estimate == pytest.approx(0.06, abs=0.02)
    assert jump.low < 0.06 < jump.high
    assert told(series([*calm, 0.46, 0.47, 0.46]), since, "falls") is None
    assert told(series([*calm, *wobbling(0.40, 3)]), since) is None
    assert told(series([*calm, 0.40, 0.41, 0.62]), since) is None, "a misprint is no news"


def test_waves_before_the_reference_are_no_news() -> None:
    waves = series([*wobbling(0.40, 18), 0.47, 0.46, 0.47])
    assert told(waves, waves["end"].iloc[-1]) is None
    assert told(waves, waves["end"].iloc[-2]) is None


def test_a_house_departs_from_the_others_and_not_with_them() -> None:
    rows = partial(series, step=30)
    others = [rows([*wobbling(0.40, 14)], "acme"), rows([*wobbling(0.42, 14)], "bell", 9)]
    away = pd.concat([*others, rows([*wobbling(0.38, 7), *wobbling(0.56, 7)], "cord", 15)])
    since = DAY + pd.Timedelta(days=160)
    found = house_movement(_fit(away), "cord", since)
    assert found is not None
    assert found.estimate > 0.04
    assert found.fall < 0.05
    jump = np.r_[np.zeros(7), np.full(7, 0.1)]
    together = pd.concat([each.assign(share=each["share"] + jump) for each in others])
    common = house_movement(_fit(together), "bell", since)
    assert common is not None
    assert abs(common.estimate) < 0.02
    assert house_movement(_fit(others[0]), "acme", since) is None, "nobody else says where the level is"
