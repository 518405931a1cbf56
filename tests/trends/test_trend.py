"""The fitted trend: laws, honest answers to bad or thin input, and known truth from simulation."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import GroundswellError, InputError
from groundswell.simulate.levels import shocked
from groundswell.simulate.scenarios import SCENARIOS, Scenario
from groundswell.simulate.series import simulate_series
from groundswell.trends import Trend, fit_trend


@dataclass(frozen=True)
class Declared:
    """An event as a survey declares it."""

    date: str
    label: str = "Event"
    shock: str = "weigh"


def rows(*waves: tuple[str, str, float, float]) -> pd.DataFrame:
    """Observations of (house, day, share, n)."""
    template = simulate_series("flat", seed=1).observations.iloc[[0]]
    made = []
    for house, day, share, n in waves:
        row = template.assign(
            house=house, start=pd.Timestamp(day), end=pd.Timestamp(day), share=share, mode=""
        )
        made.append(row.assign(n_effective=n, n=round(n) if np.isfinite(n) else pd.NA))
    return pd.concat(made, ignore_index=True) if made else template.iloc[:0]


def answers(trend: Trend) -> pd.DataFrame:
    """The level around the waves, a month before and a year after them."""
    first, last = trend.used["start"].min(), trend.used["end"].max()
    days = [first - pd.Timedelta(days=30), first, last, last + pd.Timedelta(days=365)]
    return trend.level([day for day in days if day.year > 1690])


def assert_honest(trend: Trend) -> None:
    level = answers(trend)
    assert level["population_low95"].isna().all(), "nobody stated a shared bias"
    numbers = level.drop(columns=["date", "segment", "population_low95", "population_high95"]).to_numpy()
    assert np.isfinite(numbers).all()
    assert ((numbers >= 0) & (numbers <= 1)).all()
    for inner, outer in (("low80", "low95"), ("low50", "low80"), ("high95", "high80"), ("high80", "high50")):
        assert (level[inner] >= level[outer] - 1e-9).all()


def test_no_rows_is_a_clear_error() -> None:
    with pytest.raises(GroundswellError, match="wave"):
        fit_trend(rows())


@pytest.mark.parametrize(
    "waves",
    [
        pytest.param([("a", "2024-01-01", 0.4, 1000.0)], id="one row"),
        pytest.param([("a", "2024-01-01", 0.4, 1000.0), ("b", "2024-01-01", 0.5, 1000.0)], id="one date"),
        pytest.param([("a", f"2024-0{m}-01", 0.4, 1000.0) for m in range(1, 6)], id="one house"),
        pytest.param([("a", f"2024-0{m}-01", 0.0, 500.0) for m in range(1, 6)], id="share exactly 0"),
        pytest.param([("a", f"2024-0{m}-01", 1.0, 500.0) for m in range(1, 6)], id="share exactly 1"),
        pytest.param([("a", f"2024-0{m}-01", m % 2, 1.0) for m in range(1, 6)], id="n = 1"),
        pytest.param([("a", "2024-01-01", 0.4, 1000.0)] * 2, id="identical rows twice"),
        pytest.param([("a", "1700-01-01", 0.4, 900.0), ("a", "2200-01-01", 0.5, 900.0)], id="five centuries"),
        pytest.param([("a", "2024-01-01", 0.4, 1e9), ("a", "2024-02-01", 0.9, 1e9)], id="enormous n"),
    ],
)
def test_thin_or_odd_waves_get_a_finite_answer(waves: list[tuple[str, str, float, float]]) -> None:
    assert_honest(fit_trend(rows(*waves)))


def test_ten_thousand_waves_on_one_day() -> None:
    one = rows(("a", "2024-01-01", 0.4, 1000.0), ("b", "2024-01-01", 0.42, 1000.0))
    many = pd.concat([one] * 5000, ignore_index=True)
    assert_honest(fit_trend(many))


def test_n_missing_everywhere_is_a_clear_error() -> None:
    with pytest.raises(GroundswellError, match="n_effective"):
        fit_trend(rows(("a", "2024-01-01", 0.4, np.nan), ("a", "2024-02-01", 0.4, np.nan)))


@pytest.mark.parametrize("share", [1.2, -0.1, 62.0])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="share"):
        fit_trend(rows(("a", "2024-01-01", share, 1000.0)))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="house"):
        fit_trend(rows(("a", "2024-01-01", 0.4, 1000.0)).drop(columns="house"))


def test_houses_that_never_overlap_are_said_to_be_incomparable() -> None:
    early = [("a", f"2023-{m:02d}-01", 0.40, 1000.0) for m in range(1, 7)]
    late = [("b", f"2024-{m:02d}-01", 0.55, 1000.0) for m in range(1, 7)]
    checks = fit_trend(rows(*early, *late)).diagnostics().set_index("code")
    assert checks.loc["house_overlap", "verdict"] != "passed"
    assert checks.loc["house_overlap", "values"]["groups"] == [["a"], ["b"]]


def test_the_order_of_rows_does_not_matter() -> None:
    table = simulate_series("random walk", seed=11).observations
    days = ["2018-06-01", "2019-06-01", "2020-06-01"]
    one, other = (fit_trend(part).level(days) for part in (table, table.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(one, other)


def test_swapping_yes_and_no_mirrors_the_level() -> None:
    table = simulate_series("random walk", seed=12).observations
    mirrored = table.assign(share=1 - table["share"])
    days = ["2018-06-01", "2019-06-01", "2020-06-01"]
    one, other = fit_trend(table).level(days), fit_trend(mirrored).level(days)
    # The search for the mode stops within 0.01 of the top of the log density: shares agree to 0.1 points.
    assert other["share"].to_numpy() == pytest.approx(1 - one["share"].to_numpy(), abs=1e-3)


def test_the_same_seed_gives_the_same_probability_and_a_fall_and_a_rise_are_all() -> None:
    trend = fit_trend(simulate_series("random walk", seed=13).observations)
    one, other = (trend.change("2018-06-01", "2020-06-01").iloc[0] for _ in range(2))
    assert one.equals(other)
    assert one["probability_fall"] + one["probability_rise"] == pytest.approx(1)


def test_a_rougher_date_and_a_range_widen_the_answer() -> None:
    table = rows(*[("a", f"2024-{m:02d}-15", 0.4 + 0.01 * m, 1500.0) for m in range(1, 9)])
    sharp = fit_trend(table, search_shocks=False).level("2024-08-15")["share_se"].iloc[0]
    ranged = table.assign(range_low=table["share"] - 0.04, range_high=table["share"] + 0.04)
    assert fit_trend(ranged, search_shocks=False).level("2024-08-15")["share_se"].iloc[0] > sharp


@pytest.mark.parametrize("waves", [3, 5])
def test_a_few_waves_do_not_pretend_to_know_the_future(waves: int) -> None:
    table = rows(*[("a", f"2024-{m:02d}-15", 0.4, 1500.0) for m in range(1, waves + 1)])
    trend = fit_trend(table)
    now, later = trend.level(["2024-03-15", "2026-03-15"])["share_se"]
    assert later > 1.5 * now
    assert "prior" in set(trend.diagnostics()["code"])


def test_numerical_warnings_are_reported_and_not_printed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trend = fit_trend(simulate_series("sparse", seed=4).observations)
    assert "warnings" in set(trend.diagnostics()["code"])


def shock_scenario(size: float) -> Scenario:
    """Three houses, a wave a fortnight each, one decaying shock."""
    return replace(SCENARIOS["decaying shock"], level=partial(shocked, size=size, shape="decay"))


def test_an_undeclared_shock_of_twenty_points_is_found_near_its_date() -> None:
    found = 0
    for seed in range(5):
        series = simulate_series(shock_scenario(0.2), seed=500 + seed)
        true = series.shocks["date"].iloc[0]
        shocks = fit_trend(series.observations).shocks
        near = (pd.to_datetime(shocks["date"]) - true).abs() <= pd.Timedelta(days=14)
        found += bool((near & (shocks["kind"] == "found")).any())
    assert found >= 4


@pytest.mark.parametrize(("jump", "kind"), [(0.0, None), (0.07, "suspected"), (0.1, "found")])
def test_a_jump_too_small_to_claim_is_weighed_and_not_told(jump: float, kind: str | None) -> None:
    rng = np.random.default_rng(5)
    share = 0.4 + jump * (np.arange(16) >= 8)
    end = pd.date_range("2024-01-31", periods=16, freq="30D")
    waves = pd.DataFrame(
        {"house": "a", "end": end, "share": rng.binomial(1500, share) / 1500, "n_effective": 1500.0}
    )
    trend = fit_trend(waves)
    weighed = {
        shock.kind: sum(part.weight for part in trend.posterior.components if shock in part.shocks)
        for part in trend.posterior.components
        for shock in part.shocks
    }
    assert list(weighed) == ([kind] if kind else [])
    assert all(0.1 < weight < 0.9 for weight in weighed.values())
    assert list(trend.shocks["kind"]) == ([kind] if kind == "found" else [])


def test_a_declared_shock_brings_the_level_nearer_to_the_truth() -> None:
    with_it, without = [], []
    for seed in range(4):
        series = simulate_series(shock_scenario(0.2), seed=600 + seed)
        day = series.shocks["date"].iloc[0]
        around = series.truth[(series.truth["date"] - day).abs() <= pd.Timedelta(days=28)]
        for errors, events in ((with_it, [Declared(str(day.date()))]), (without, [])):
            trend = fit_trend(series.observations, events=events, search_shocks=False)
            level = trend.level(pd.DatetimeIndex(around["date"]))["share"].to_numpy()
            errors.append(np.abs(level - around["share"].to_numpy()).mean())
    assert np.mean(with_it) < 0.6 * np.mean(without)


@pytest.mark.parametrize("scenario", ["random walk", "flat", "sparse", "mode switch", "rare share"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(scenario: str) -> None:
    held, asked = 0, 0
    for seed in range(8):
        series = simulate_series(scenario, seed=900 + seed)
        truth = series.truth.iloc[60:-60:45]
        level = fit_trend(series.observations, search_shocks=False).level(pd.DatetimeIndex(truth["date"]))
        share = truth["share"].to_numpy()
        held += int(((level["low95"] <= share) & (share <= level["high95"])).sum())
        asked += len(truth)
    # Days of one series move together: 8 series are worth about 60 independent days, whose share within a
    # true 95% interval stays above 85% (three standard errors below). `make study` measures it sharply.
    assert held / asked > 0.85


def test_a_table_without_indicators_says_so_to_whoever_names_one() -> None:
    table = pd.DataFrame(
        {"series": ["anx"], "house": ["a"], "end": ["2024-01-05"], "share": [0.5], "n": [900]}
    )
    with pytest.raises(
        InputError, match="no column `indicator` that could hold `anx`; got: series, house, end"
    ):
        fit_trend(table, "anx")


@pytest.mark.parametrize("column", ["start", "end"])
def test_a_table_s_date_that_may_mean_two_days_is_not_guessed(column: str) -> None:
    days = ["2024-01-05", "2024-02-05", "2024-03-05"]
    table = pd.DataFrame({"house": "a", "start": days, "end": days, "share": 0.4, "n_effective": 900})
    assert fit_trend(table).level("2024-02-05")["share"].iloc[0] == pytest.approx(0.4, abs=0.01)
    table.loc[1, column] = "05.02.2024"
    with pytest.raises(
        InputError, match=f"`{column}` of row `1`: .* got `05.02.2024`: 2024-02-05 if the day"
    ):
        fit_trend(table)


def test_an_event_s_date_that_may_mean_two_days_is_not_guessed() -> None:
    days = pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"])
    table = pd.DataFrame({"house": "a", "end": days, "share": 0.4, "n_effective": 900})
    event = SimpleNamespace(date="01.02.2024", label="Vote", shock="weigh")
    with pytest.raises(
        InputError, match=r"`events=`: .* got `01.02.2024`: 2024-02-01 if the day comes first"
    ):
        fit_trend(table, events=[event])


def test_a_table_s_wave_after_the_as_of_date_is_not_fitted_without_a_word() -> None:
    days = pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"])
    table = pd.DataFrame({"house": "a", "end": days, "share": 0.4, "n_effective": 900})
    assert fit_trend(table, as_of="2024-03-05").as_of == days[2]
    with pytest.raises(
        InputError, match=r"`as_of=`: 2 of 3 waves ended after 2024-02-04, the newest on 2024-03-05"
    ):
        fit_trend(table, as_of="2024-02-04")
