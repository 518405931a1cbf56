"""Quantiles against R's survey, by hand, and in simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.quantiles import quantiles

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

FOUND_IN_R = read_reference("quantiles")


@pytest.mark.parametrize("design", API_DESIGNS)
@pytest.mark.parametrize("interval", ["mean", "xlogit", "asin", "beta"])
@pytest.mark.parametrize("variable", ["api00", "enroll"])
def test_against_r(design: str, interval: str, variable: str) -> None:
    key = (design, interval, variable)
    rows = [r for r in FOUND_IN_R["rows"] if (r["design"], r["interval"], r["variable"]) == key]
    own: Any = "logit" if interval == "xlogit" else interval
    found = quantiles(
        read_schools(f"api{design}"), API_DESIGNS[design], variable, [r["p"] for r in rows], interval=own
    )
    for column in ("estimate", "low", "high", "se"):
        expected = np.array([np.nan if r[column] is None else r[column] for r in rows], dtype=float)
        known = ~np.isnan(expected)
        assert (found[column].isna() == ~known).all()
        assert_agrees(found[column][known], expected[known])


def test_domains_against_r() -> None:
    found = quantiles(read_schools("apistrat"), API_DESIGNS["strat"], "api00", [0.5], by="stype")
    expected = FOUND_IN_R["by_stype"]
    assert list(found["stype"]) == [row["stype"] for row in expected]
    for ours, theirs in (("estimate", "api00"), ("low", "ci_l"), ("high", "ci_u"), ("se", "se.api00")):
        assert_agrees(found[ours], [row[theirs] for row in expected])


def test_the_least_number_with_the_share_at_or_below_it() -> None:
    table = pd.DataFrame({"y": [40, 10, 30, 20, None, 5], "w": [1, 1, 1, 1, 1, 0]})
    found = quantiles(table, Design(weights="w"), "y", [0.25, 0.26, 0.5, 0.75])
    assert list(found["estimate"]) == [10, 20, 20, 30]
    assert list(found["n"]) == [4] * 4
    assert list(found["category"]) == ["0.25", "0.26", "0.5", "0.75"]
    assert set(found["statistic"]) == {"quantile"}


def test_a_domain_without_any_number_has_no_quantile() -> None:
    table = pd.DataFrame({"y": [1.0, 2.0, None, None], "region": ["n", "n", "s", "s"]})
    found = quantiles(table, Design(), "y", [0.5], by="region").set_index("region")
    assert found.loc["n", "estimate"] == 1
    assert np.isnan(found.loc["s", "estimate"])
    assert found.loc["s", "n"] == 0


def test_who_is_in_no_domain_is_left_out() -> None:
    table = pd.DataFrame({"y": [1.0, 2.0, 3.0, 9.0], "region": ["n", "n", "s", None]})
    assert list(quantiles(table, Design(), "y", [0.5], by="region")["estimate"]) == [1, 3]


@pytest.mark.parametrize("wrong", [[0.0], [1.0], [50], [-0.1], []])
def test_a_probability_lies_between_0_and_1(wrong: list[float]) -> None:
    with pytest.raises(InputError, match=r"`probabilities=` lie between 0 and 1"):
        quantiles(pd.DataFrame({"y": [1, 2]}), Design(), "y", wrong)


@pytest.mark.parametrize("interval", ["logit", "beta"])
def test_intervals_hold_the_median_as_often_as_they_say(interval: Any) -> None:
    """600 samples of 60 people in 20 clusters: 95% within three standard errors (0.9 points each)."""
    rng = np.random.default_rng(5)
    held = 0
    runs = 600
    truth = float(np.exp(0.0))
    for _ in range(runs):
        cluster = np.repeat(np.arange(20), 3)
        y = np.exp(0.5 * rng.normal(size=20)[cluster] + rng.normal(size=60))
        found = quantiles(
            pd.DataFrame({"y": y, "c": cluster}), Design(psu="c"), "y", [0.5], interval=interval
        ).iloc[0]
        held += bool(found["low"] <= truth <= found["high"])
    assert 0.923 <= held / runs <= 0.985
