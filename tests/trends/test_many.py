"""Many series in one call are what fitting each alone gives."""

from __future__ import annotations

import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.simulate import simulate_series
from groundswell.trends import fit_trend, fit_trends

DATES = pd.date_range("2018-06-01", "2020-06-01", periods=5)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Two indicators, one of them in two domains, rows mixed; and a series that is left out as a whole."""
    one = simulate_series("sparse", seed=1).observations.assign(indicator="mood")
    women = simulate_series("sparse", seed=2).observations.assign(indicator="mood", domain="women")
    plans = simulate_series("single house", seed=3).observations.head(30).assign(indicator="plans")
    out = one.head(3).assign(indicator="old", left_out="dated_to_year")
    return pd.concat([one, women, plans, out]).sort_values("end", kind="stable", ignore_index=True)


@pytest.mark.parametrize("processes", [None, 2])
def test_each_trend_is_what_it_is_alone(table: pd.DataFrame, processes: int | None) -> None:
    trends = fit_trends(table, processes=processes)
    assert set(trends) == {("mood", "all"), ("mood", "women"), ("plans", "all")}
    for (indicator, domain), trend in trends.items():
        rows = table[(table["indicator"] == indicator) & (table["domain"] == domain)]
        alone = fit_trend(rows).level(DATES)
        pd.testing.assert_frame_equal(trend.level(DATES), alone, check_exact=True)


def test_a_series_that_cannot_be_fitted_is_named(table: pd.DataFrame) -> None:
    wrong = table.assign(share=table["share"].where(table["indicator"] != "plans", 41.0))
    with pytest.raises(InputError, match="`plans`, `all`: `share` must lie between 0 and 1"):
        fit_trends(wrong, processes=1)


def test_no_process_at_all_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="processes"):
        fit_trends(table, processes=0)


def test_a_table_of_one_series_needs_no_names(table: pd.DataFrame) -> None:
    rows = table[table["indicator"] == "plans"].drop(columns=["indicator", "domain", "left_out"])
    assert list(fit_trends(rows)) == [("", "all")]
