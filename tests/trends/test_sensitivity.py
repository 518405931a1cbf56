"""What a change rests on: each house."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from groundswell.simulate import SCENARIOS, simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.checks.sensitivity import without_each_house


def test_a_fall_that_one_house_alone_saw_is_gone_without_it() -> None:
    """Two houses print 40% throughout; a third asks often and falls by ten points."""
    days = pd.date_range("2023-01-02", periods=40, freq="14D")
    rows = [
        {"house": house, "start": day, "end": day, "share": share, "n_effective": 1500.0}
        for step, day in enumerate(days)
        for house, share in (("calm", 0.40), ("quiet", 0.41), ("alone", 0.45 - 0.10 * step / 39))
    ]
    trend = fit_trend(pd.DataFrame(rows), search_shocks=False)
    table = without_each_house(trend, days[0], days[-1]).set_index("house")
    whole = trend.change(days[0], days[-1])["estimate"].iloc[0]
    assert table["waves"].to_dict() == {"calm": 40, "quiet": 40, "alone": 40}
    assert abs(table.loc["alone", "estimate"]) < 0.005 < -whole
    assert table.loc["calm", "estimate"] < whole


def test_a_single_house_cannot_be_left_out() -> None:
    trend = fit_trend(simulate_series("single house", seed=3).observations.head(10))
    assert without_each_house(trend, "2018-02-01", "2018-03-01").empty


def test_leaving_out_a_house_widens_the_change() -> None:
    rows = simulate_series(replace(SCENARIOS["random walk"], houses=3), seed=8).observations
    trend = fit_trend(rows, search_shocks=False)
    ends = ("2018-06-01", "2020-06-01")
    whole = trend.change(*ends)["se"].iloc[0]
    # What is lost is far more than a rounding.
    assert (without_each_house(trend, *ends)["se"] > 1.02 * whole).all()
