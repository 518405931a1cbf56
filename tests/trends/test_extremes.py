"""At which wave a level was highest and at which lowest: probabilities of a few normal levels, by their formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from groundswell.arrays import Floats
from groundswell.trends.answers.changes import Joint
from groundswell.trends.compared.extremes import CANDIDATES, extremes
from groundswell.trends.model.logit import expit

FIRST = pd.Timestamp("2024-01-01")


@dataclass
class NormalTrend:
    """Levels that are independent and normal on the logit scale: one mean and one standard deviation a day."""

    mean: Floats
    sd: Floats
    seed: int = 1
    asked: list[pd.DatetimeIndex] = field(default_factory=list)

    @property
    def days(self) -> pd.DatetimeIndex:
        """The days of the levels."""
        return pd.date_range(FIRST, periods=len(self.mean))

    def level(self, at: pd.DatetimeIndex) -> pd.DataFrame:
        """As `Trend.level`."""
        return pd.DataFrame({"date": at, "share": expit(self.mean[self.days.get_indexer(at)])})

    def joint(self, at: pd.DatetimeIndex) -> Joint:
        """As `Trend.joint`; what was asked is kept."""
        self.asked.append(at)
        places = self.days.get_indexer(at)
        return Joint(np.ones(1), [(self.mean[places], np.diag(self.sd[places] ** 2))])


def found(trend: Any, days: pd.DatetimeIndex | None = None) -> pd.DataFrame:
    return extremes(trend, trend.days if days is None else days)


@pytest.mark.parametrize("further", [0.0, 0.1, 0.3])
def test_of_two_waves_the_higher_is_as_probable_as_their_difference_is_above_zero(further: float) -> None:
    trend = NormalTrend(np.array([0.2, 0.2 + further]), np.array([0.1, 0.2]))
    higher = float(ndtr(further / np.hypot(0.1, 0.2)))
    table = found(trend)
    assert table["highest"].to_numpy() == pytest.approx([1 - higher, higher], abs=0.025)
    assert table["lowest"].to_numpy() == pytest.approx([higher, 1 - higher], abs=0.025)


def test_of_waves_alike_each_is_the_highest_as_often() -> None:
    table = found(NormalTrend(np.full(5, 0.3), np.full(5, 0.1)))
    for name in ("highest", "lowest"):
        assert table[name].to_numpy() == pytest.approx(np.full(5, 0.2), abs=0.02)
        assert table[name].sum() == pytest.approx(1.0, abs=1e-12)


def test_a_wave_that_hardly_asked_is_an_extreme_at_either_end() -> None:
    """It is as often the highest as the lowest; between the others it is nearly never."""
    table = found(NormalTrend(np.full(3, 0.3), np.array([0.001, 0.001, 1.0])))
    for name in ("highest", "lowest"):
        assert table[name].tolist()[2] == pytest.approx(0.5, abs=0.025)
        assert (table[name] > 0.2).all()


def test_one_row_a_day_oldest_first_however_the_days_are_given() -> None:
    trend = NormalTrend(np.array([0.9, 0.5, 0.1]), np.full(3, 1e-6))
    table = found(trend, trend.days[[2, 0, 2, 1, 0]])
    assert table.columns.tolist() == ["date", "highest", "lowest"]
    assert table["date"].tolist() == trend.days.tolist()
    assert table["highest"].tolist() == [1.0, 0.0, 0.0]
    assert table["lowest"].tolist() == [0.0, 0.0, 1.0]


def test_of_very_many_waves_those_with_the_highest_and_the_lowest_levels_are_asked() -> None:
    """What lies in the middle of hundreds is no extreme, and its covariance is not needed."""
    size = 2 * CANDIDATES + 50
    mean = np.random.default_rng(2).permutation(np.linspace(-1.0, 1.0, size))
    trend = NormalTrend(mean, np.full(size, 0.02))
    table = found(trend)
    (asked,) = trend.asked
    places = set(trend.days.get_indexer(asked))
    order = [int(place) for place in mean.argsort()]
    assert places == {*order[:CANDIDATES], *order[-CANDIDATES:]}
    assert len(table) == size
    assert set(np.flatnonzero(table["highest"])) <= set(order[-CANDIDATES:])
    assert set(np.flatnonzero(table["lowest"])) <= set(order[:CANDIDATES])
    assert int(table["highest"].argmax()) == order[-1]
    assert int(table["lowest"].argmax()) == order[0]
    assert table[["highest", "lowest"]].sum().tolist() == pytest.approx([1.0, 1.0], abs=1e-12)


def test_the_same_seed_tells_the_same() -> None:
    mean, sd = np.array([0.1, 0.2, 0.15]), np.full(3, 0.1)
    one, again, other = (found(NormalTrend(mean, sd, seed)) for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)
