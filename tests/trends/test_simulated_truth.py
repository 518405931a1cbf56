"""The truth of a simulated series stands on the scale of the trend that is held against it."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.special import logit

from groundswell.simulate import simulate_series
from groundswell.simulate.truth import truth_on
from groundswell.trends.answers.segments import segments
from groundswell.trends.model.measurement import measure


def test_the_truth_on_a_scale_moves_by_the_houses_effects_in_its_weights() -> None:
    series = simulate_series("mode switch", seed=4)
    found = segments(measure(series.observations))
    day = series.observations["end"].max().normalize()
    asked = found[-1].scale.asked.set_index("house")
    houses = series.houses[series.houses["date"] == day].set_index("house").loc[asked.index]
    moved = (houses["effect"] + houses["offset"].where(asked["mode"] == "online", 0.0)) * asked["weight"]
    level = series.truth.set_index("date").loc[day]
    got = truth_on(series, found, pd.DatetimeIndex([day]))
    assert logit(got[day]) == pytest.approx(logit(level["share_first"]) + moved.sum())
    # Houses that asked alike weigh alike: the equal average of all, up to what part-time houses lack.
    assert got[day] == pytest.approx(level["share"], abs=0.01)


def test_one_houses_scale_is_the_true_level() -> None:
    series = simulate_series("single house", seed=4)
    days = series.truth["date"].iloc[[100, 500]]
    got = truth_on(series, segments(measure(series.observations)), pd.DatetimeIndex(days))
    assert got.tolist() == pytest.approx(series.truth["share"].iloc[[100, 500]].tolist())
