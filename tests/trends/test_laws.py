"""Laws that hold for any waves: they do not depend on when, in which order or under which names a share was
printed, and a bad table is refused or answered, never with a number that is none."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.errors import GroundswellError
from groundswell.reports.language.checks import with_sentences
from groundswell.reports.language.language import Language
from groundswell.trends import Trend, fit_trend
from groundswell.trends.answers.diagnostics import CODES

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The search for the mode stops within 0.01 of the top of the log density: shares agree to 0.1 points.
NEAR = 1e-3


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """One to a dozen waves of up to three houses within two years."""
    count = draw(st.integers(1, 12))
    days = draw(st.lists(st.integers(0, 730), min_size=count, max_size=count))
    rows: dict[str, Any] = {
        "house": draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=count, max_size=count)),
        "end": pd.Timestamp("2022-01-01") + pd.to_timedelta(days, unit="D"),
        "share": draw(st.lists(st.floats(0.0, 1.0), min_size=count, max_size=count)),
        "n_effective": draw(st.lists(st.floats(1.0, 5000.0), min_size=count, max_size=count)),
    }
    return pd.DataFrame(rows)


def level(table: pd.DataFrame, shift_days: int = 0) -> pd.DataFrame:
    """The level at five dates in and after the waves' two years, shifted with them."""
    days = pd.date_range("2022-02-01", "2024-06-01", periods=5) + pd.Timedelta(days=shift_days)
    return fitted(table).level(days).drop(columns="date")


def fitted(table: pd.DataFrame) -> Trend:
    return fit_trend(table, search_shocks=False)


@FEW
@given(table=tables())
def test_every_answer_is_a_number_and_every_interval_holds_the_narrower_ones(table: pd.DataFrame) -> None:
    trend = fitted(table)
    said = trend.level(["2022-01-01", "2023-01-01", "2030-01-01"])
    ends = said[["low95", "low80", "low50", "high50", "high80", "high95"]].to_numpy()
    assert np.isfinite(ends).all()
    assert (np.diff(ends) >= -1e-9).all()
    assert ((said["share"] >= 0) & (said["share"] <= 1)).all()
    assert np.isfinite(trend.houses().drop(columns=["date", "house", "variant", "mode"])).all(axis=None)
    said = with_sentences(trend.diagnostics(), Language())
    assert list(said["code"]) == [code for code in CODES if code != "bridges"]
    assert said["sentence"].str.len().gt(10).all()
    assert json.loads(json.dumps(list(said["values"]), allow_nan=False)) == list(said["values"])


@FEW
@given(table=tables(), days=st.integers(-60_000, 60_000))
def test_only_the_time_between_waves_counts(table: pd.DataFrame, days: int) -> None:
    later = table.assign(end=table["end"] + pd.Timedelta(days=days))
    np.testing.assert_allclose(level(table), level(later, days), atol=NEAR)


@FEW
@given(table=tables(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_does_not_count(table: pd.DataFrame, seed: int) -> None:
    mixed = table.sample(frac=1, random_state=seed)
    np.testing.assert_allclose(level(table), level(mixed), atol=NEAR)


@FEW
@given(table=tables(), other=st.integers(-100_000, 80_000))
def test_a_level_does_not_depend_on_what_else_is_asked(table: pd.DataFrame, other: int) -> None:
    trend = fitted(table)
    days = pd.DatetimeIndex(["2021-12-01", "2022-06-01", "2024-06-01"])
    alone = pd.concat([trend.level(day) for day in days], ignore_index=True)
    also = pd.Timestamp("2022-01-01") + pd.Timedelta(days=other)
    together = trend.level([*days, also]).iloc[:3]
    # What a filter's additions in another order may differ by.
    pd.testing.assert_frame_equal(together, alone, rtol=0, atol=1e-11)


@FEW
@given(table=tables())
def test_the_names_of_houses_do_not_count(table: pd.DataFrame) -> None:
    renamed = table.assign(house=table["house"].map({"a": "zed", "b": "Acme", "c": "мнение"}))
    np.testing.assert_allclose(level(table), level(renamed), atol=NEAR)


@FEW
@given(table=tables())
def test_yes_and_no_mirror_each_other(table: pd.DataFrame) -> None:
    yes, no = level(table), level(table.assign(share=1 - table["share"]))
    np.testing.assert_allclose(yes["share"], 1 - no["share"], atol=NEAR)
    np.testing.assert_allclose(yes["low95"], 1 - no["high95"], atol=5 * NEAR)


@FEW
@given(share=st.floats(0.05, 0.95), waves=st.integers(1, 8))
def test_more_respondents_never_widen_the_level(share: float, waves: int) -> None:
    """Waves that agree: were they to disagree, a larger n would say that the houses or the level must differ."""
    ends = pd.date_range("2022-01-01", periods=waves, freq="30D")
    widths = [
        level(pd.DataFrame({"house": "a", "end": ends, "share": share, "n_effective": n}))["share_se"]
        for n in (200.0, 1000.0, 5000.0)
    ]
    assert (np.diff(widths, axis=0) <= NEAR).all()


@FEW
@given(
    table=tables(),
    column=st.sampled_from(["share", "n_effective", "end"]),
    wrong=st.sampled_from([None, float("nan"), float("inf"), -float("inf"), -1.0]),
)
def test_a_number_that_is_none_is_refused_with_its_column(
    table: pd.DataFrame, column: str, wrong: float | None
) -> None:
    if column == "end":
        wrong = None
    broken = table.astype({"share": object, "n_effective": object, "end": object})
    broken.loc[0, column] = wrong
    with pytest.raises(GroundswellError, match=f"`{column}`"):
        fit_trend(broken)
