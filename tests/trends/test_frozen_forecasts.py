"""Forecasts frozen on a day, read again for other days, and held against the waves that came."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from groundswell.simulate import simulate_series
from groundswell.trends import Trend, fit_trend
from groundswell.trends.checks.frozen_forecasts import GRID, STILL_ASKS, forecasts_on, frozen_forecasts
from groundswell.trends.checks.scored_waves import UNSCORED, scored_waves
from groundswell.trends.checks.scoring_rules import INTERVAL_COLUMNS, INTERVALS, crps_intervals
from groundswell.trends.model.logit import expit

AS_OF = pd.Timestamp("2024-06-30")
NEVER = pd.NaT


def wave(day: int, share: float | None = 0.4, *, length: int = 1, **changes: object) -> dict[str, object]:
    """A wave of Acme in mood of `length` days, the middle of which is so many days after the as-of date."""
    start = AS_OF + pd.Timedelta(days=day - length // 2)
    about = {"indicator": "mood", "house": "acme", "variant": "a", "mode": "", "domain": "all"}
    when = {
        "start": start,
        "end": start + pd.Timedelta(days=length - 1),
        "precision": "day",
        "published": NEVER,
    }
    said = {"share": share, "range_low": np.nan, "rounding": 0.01, "n_effective": 800.0, "left_out": ""}
    return about | when | said | changes


def table(*waves: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(waves) or [wave(0)]).iloc[: len(waves)]


def walking(centre: float, drift: float, variance: float, pace: float) -> pd.DataFrame:
    """Forecasts of a level that walks from the first day of the grid on: normal on the logit scale."""
    days = np.array(GRID, dtype=float)
    return pd.DataFrame(
        {
            "indicator": "mood",
            "house": "acme",
            "variant": "a",
            "mode": "",
            "date": AS_OF + pd.to_timedelta(days, "D"),
        }
        | normal(centre + drift * days, np.sqrt(variance + pace * (days - days[0])))
    )


def normal(centre: np.ndarray, sd: np.ndarray) -> dict[str, np.ndarray]:
    ends = {
        f"{side}{percent}": expit(centre + sign * ndtri(0.5 + percent / 200) * sd)
        for percent in INTERVALS
        for side, sign in (("low", -1), ("high", 1))
    }
    return {"share": expit(centre)} | ends


@pytest.fixture(scope="module")
def trend() -> Trend:
    return fit_trend(simulate_series("sparse", seed=3).observations, search_shocks=False)


def test_what_is_frozen_is_what_the_trend_says_of_each_house_s_next_wave(trend: Trend) -> None:
    frozen = frozen_forecasts(trend)
    assert set(frozen["date"]) == {trend.as_of + pd.Timedelta(days=days) for days in GRID}
    for row in frozen.iloc[:: len(GRID) // 2 + 1].itertuples():
        mine = trend.used[(trend.used["house"] == row.house) & (trend.used["variant"] == row.variant)]
        mine = mine[(mine["mode"] == row.mode) & (mine["end"] >= trend.as_of - STILL_ASKS)]
        assert row.n_effective == mine["n_effective"].median()
        whose = {"variant": row.variant, "mode": row.mode, "deff": 1.0}
        asked = trend.next_wave(row.house, row.n_effective, row.date, **whose).iloc[0]
        for name in ("share", "share_se", *INTERVAL_COLUMNS):
            assert getattr(row, name) == pytest.approx(asked[name], rel=1e-12)


def test_only_who_still_asks_in_the_newest_segment_is_forecast() -> None:
    rows = simulate_series("sparse", seed=3).observations
    last = rows["end"].max()
    gone = rows.assign(house="gone", start=rows["start"] - STILL_ASKS, end=rows["end"] - STILL_ASKS)
    both = pd.concat([rows, gone[gone["end"] < last - STILL_ASKS]])
    assert "gone" not in set(frozen_forecasts(fit_trend(both, search_shocks=False))["house"])
    here = fit_trend(rows, as_of=rows["end"].max() + STILL_ASKS, search_shocks=False)
    assert len(frozen_forecasts(here)) == len(GRID)  # the house of the newest wave, to the day
    later = fit_trend(rows, as_of=rows["end"].max() + STILL_ASKS + pd.Timedelta(days=1), search_shocks=False)
    assert frozen_forecasts(later).empty


def test_on_the_days_of_the_grid_the_forecast_is_the_frozen_one(trend: Trend) -> None:
    frozen = frozen_forecasts(trend)
    read = forecasts_on(frozen, frozen.assign(start=frozen["date"], end=frozen["date"]))
    names = ["share", *INTERVAL_COLUMNS]
    np.testing.assert_allclose(read[names], frozen[names], rtol=1e-10)


def test_between_them_it_is_exact_for_a_level_that_walks() -> None:
    frozen = walking(-0.4, 0.001, 0.02, 0.0005)
    days = np.arange(GRID[0], GRID[-1] + 1)
    read = forecasts_on(frozen, table(*(wave(int(day)) for day in days)))
    for name, exact in normal(-0.4 + 0.001 * days, np.sqrt(0.02 + 0.0005 * (days - GRID[0]))).items():
        np.testing.assert_allclose(read[name], exact, rtol=1e-10)


def test_the_wider_interval_always_holds_the_narrower_one(trend: Trend) -> None:
    frozen = frozen_forecasts(trend)
    one = frozen.iloc[0]
    whose = {name: one[name] for name in ("indicator", "house", "variant", "mode")}
    days = range((frozen["date"].min() - AS_OF).days, (frozen["date"].max() - AS_OF).days, 3)
    read = forecasts_on(frozen, table(*(wave(day, **whose) for day in days)))
    order = ["low95", "low80", "low50", "share", "high50", "high80", "high95"]
    assert (np.diff(read[order].to_numpy(), axis=1) >= 0).all()


def test_a_wave_is_foreseen_for_the_middle_of_its_fieldwork_and_not_beyond_the_grid() -> None:
    frozen = walking(0.0, 0.002, 0.01, 0.0)
    waves = table(wave(30, length=21), wave(GRID[0] - 1), wave(GRID[-1] + 1), wave(30, house="bell"))
    read = forecasts_on(frozen, waves)
    assert read["share"].iloc[0] == pytest.approx(expit(0.06))
    assert read.iloc[1:].isna().all(axis=None)


def test_the_scores_are_those_of_the_forecast_for_the_wave_itself() -> None:
    frozen = walking(0.0, 0.0, 0.01, 0.0)
    sd, ends = 0.1, (0.3, 1.0, 1.7, 2.2)  # inside all, outside 50%, outside 80%, outside 95%
    shares = [float(expit(end * sd)) for end in ends]
    came = table(*(wave(10 * step, share) for step, share in enumerate(shares, start=1)))
    scores = scored_waves(frozen, table(), came, as_of=AS_OF)
    assert scores["observed"].tolist() == shares
    assert scores[["inside50", "inside80", "inside95"]].to_numpy().tolist() == [
        [1, 1, 1],
        [0, 1, 1],
        [0, 0, 1],
        [0, 0, 0],
    ]
    direct = crps_intervals(pd.DataFrame(normal(np.zeros(4), np.full(4, sd))), shares)
    np.testing.assert_allclose(scores["crps"], direct, rtol=1e-10)
    assert set(scores["unscored"]) == {""}


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (wave(10, left_out="variant"), "left_out"),
        (wave(10, range_low=0.3), "range"),
        (wave(10, None), "range"),
        (wave(-20, length=9), "known_in_part"),
        (wave(10, house="bell"), "no_forecast"),
        (wave(10, variant="b"), "no_forecast"),
        (wave(10, mode="online"), "no_forecast"),
        (wave(GRID[-1] + 1), "later"),
        (wave(10, start=NEVER), ""),
        (wave(-15, length=7), ""),
        (wave(GRID[0]), ""),
    ],
)
def test_a_wave_that_is_not_scored_says_why(came: dict[str, object], reason: str) -> None:
    before = table(wave(-25, length=5))
    scores = scored_waves(walking(0.0, 0.0, 0.01, 0.0), before, table(wave(-25, length=5), came), as_of=AS_OF)
    assert scores["unscored"].tolist() == [reason]
    assert scores["crps"].isna().tolist() == [bool(reason)]
    assert scores["share"].isna().tolist() == [bool(reason)]
    assert reason in ("", *UNSCORED)


def test_what_was_known_what_is_history_and_what_is_of_a_domain_did_not_come() -> None:
    known = wave(-25, length=5)
    now = table(known | {"share": 0.6}, wave(GRID[0] - 1), wave(10, domain="women"))
    assert scored_waves(walking(0.0, 0.0, 0.01, 0.0), table(known), now, as_of=AS_OF).empty


def test_waves_are_counted_where_nothing_was_forecast() -> None:
    nothing = walking(0.0, 0.0, 0.01, 0.0).iloc[:0]
    scores = scored_waves(nothing, table(), table(wave(10), wave(20)), as_of=AS_OF)
    assert scores["unscored"].tolist() == ["no_forecast", "no_forecast"]
    assert scores["crps"].isna().all()
