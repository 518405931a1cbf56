"""Forecasts as they could have been made then: nothing of the future, nothing of a stranger."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from groundswell.simulate import simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.checks.forecasts_held import (
    FEWEST_BEFORE,
    backtest,
    earlier_forecasts,
    trend_forecast,
)


def test_a_forecast_knows_nothing_of_what_came_later() -> None:
    rows = simulate_series("random walk", seed=31).observations
    origin = rows["end"].iloc[80]
    later = rows.assign(share=np.where(rows["end"] > origin, 0.9, rows["share"]))
    one, other = (backtest(part, origins=[origin]) for part in (rows, later))
    pd.testing.assert_series_equal(one["share"], other["share"])
    assert (other["crps"] > one["crps"]).all()


def test_a_house_that_was_never_seen_is_not_forecast() -> None:
    rows = simulate_series("flat", seed=32).observations
    targets = rows.tail(2).assign(house=["stranger", rows["house"].iloc[0]]).reset_index(drop=True)
    said = trend_forecast(rows.head(40), targets)
    assert said["share"].isna().tolist() == [True, False]


def test_a_wave_is_forecast_for_the_middle_day_of_its_fieldwork() -> None:
    """Of three days that is the second; two days have midnight in their middle, and the first of them stands for it."""
    rows = simulate_series("random walk", seed=33).observations
    past, day = rows.head(40), rows["end"].iloc[39] + pd.Timedelta(days=10)
    last, tomorrow = past.iloc[-1], day + pd.Timedelta(days=1)
    who = last[["house", "variant", "mode"]].to_dict() | {"n_effective": 800.0}
    targets = pd.DataFrame(
        [{"start": day, "end": end, **who} for end in (day, tomorrow, day + pd.Timedelta(days=2))]
    )
    said, fit = trend_forecast(past, targets), fit_trend(past)
    for row, on in enumerate((day, day, tomorrow)):
        asked = fit.next_wave(last["house"], 800, on, deff=1.0).iloc[0]
        for column in said:
            assert said[column].iloc[row] == pytest.approx(asked[column], rel=1e-12)


def test_forecasts_held_are_calibrated_where_the_model_holds_and_see_no_shock_coming() -> None:
    """Six series of the model's own kind: 95% intervals hold 92 to 98% of some hundred waves (three standard
    errors); a jump to another level is a surprise on the day it comes."""
    tables = [
        earlier_forecasts(
            fit_trend(simulate_series("random walk", seed=seed).observations, search_shocks=False)
        )
        for seed in range(40, 46)
    ]
    held = pd.concat(tables)["inside95"]
    assert len(held) > 500
    assert 0.92 < held.mean() < 0.98
    shocked = simulate_series("decaying shock", seed=2)
    day = shocked.shocks["date"].iloc[0]
    found = earlier_forecasts(fit_trend(shocked.observations))
    near = found["end"].between(day, day + pd.Timedelta(days=14))
    assert found.loc[near, "surprise"].abs().max() > 4


def test_too_few_waves_give_no_earlier_forecasts() -> None:
    rows = simulate_series("sparse", seed=5).observations.head(FEWEST_BEFORE)
    for count in (1, 5, FEWEST_BEFORE):
        assert earlier_forecasts(fit_trend(rows.head(count))).empty
