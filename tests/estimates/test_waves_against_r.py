"""Six waves that share their sampling units, against the same waves treated as independent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.estimates.design.design import Design
from groundswell.estimates.design.overlap import shared_between_waves
from groundswell.estimates.statistics.contrasts import changes, slope, wald_test
from groundswell.estimates.statistics.regression import regression
from groundswell.estimates.statistics.shares import shares_and_covariance

from .conftest import REFERENCE, assert_agrees, read_reference

EXPECTED = read_reference("waves")["full"]
DESIGNS = {
    "overlap": Design(weights="pw", psu="dnum"),
    "independent": Design(weights="pw", strata="wave", psu="dnum", nest=True),
}


@pytest.fixture(params=DESIGNS, name="case")
def waves(request: pytest.FixtureRequest) -> tuple[dict[str, Any], pd.DataFrame, Design]:
    table = pd.read_csv(REFERENCE / "waves_full_overlap.csv")
    return EXPECTED[request.param], table, DESIGNS[request.param]


Case = tuple[dict[str, Any], pd.DataFrame, Design]


def test_shares_by_wave_with_covariance(case: Case) -> None:
    expected, table, design = case
    found, covariance = shares_and_covariance(table, design, "y", by=["wave"])
    assert_agrees(found["estimate"], expected["est"])
    assert_agrees(found["se"], expected["se"])
    assert_agrees(covariance, expected["vcov"], scale=float(np.max(expected["vcov"])))


def test_changes(case: Case) -> None:
    expected, table, design = case
    found, covariance = shares_and_covariance(table, design, "y", by=["wave"])
    previous = changes(found, covariance, wave="wave").iloc[0]
    assert_agrees(previous[["estimate", "se"]], [expected["diff_2_minus_1"][part] for part in ("est", "se")])
    first = changes(found, covariance, wave="wave", against="first").iloc[-1]
    whole = expected["diff_first_minus_last"]
    assert_agrees(first[["estimate", "se"]], [-whole["est"], whole["se"]])
    assert (first["start"], first["end"]) == (1, 6)


def test_slopes(case: Case) -> None:
    expected, table, design = case
    found, covariance = shares_and_covariance(table, design, "y", by=["wave"])
    ols = slope(found["estimate"], covariance, at=found["wave"]).iloc[1]
    line = expected["linear_slope_of_shares_ols_weights"]
    assert_agrees(ols[["estimate", "se"]], [line["est"], line["se"]])
    gls = slope(found["estimate"], covariance, at=found["wave"], method="gls")
    generalised = expected["gls_of_shares_on_wave"]
    assert_agrees(gls["estimate"], generalised["b"])
    assert_agrees(gls["se"], generalised["se"])


def test_logistic_trend(case: Case) -> None:
    expected, table, design = case
    fitted = regression(table, design, outcome="y", terms=["wave"])
    line = expected["glm_logit_wave"]
    assert_agrees(fitted.table["estimate"], list(line["coef"].values()))
    assert_agrees(fitted.table["se"], list(line["se"].values()))
    assert fitted.df == line["df_resid"]


def test_any_change(case: Case) -> None:
    expected, table, design = case
    table = table.assign(wave=table["wave"].astype(str))
    fitted = regression(table, design, outcome="y", terms=["wave"])
    found = fitted.test(*fitted.table["term"].iloc[1:]).iloc[0]
    assert_agrees(found, [expected["wald_any_wave_change"][part] for part in ("F", "df", "ddf", "p")])
    same = wald_test(fitted.table["estimate"].iloc[1:], fitted.covariance.iloc[1:, 1:], fitted.df)
    assert_agrees(same["statistic"], [expected["wald_any_wave_change"]["F"]])


def test_treating_overlapping_waves_as_independent_is_wrong_by_a_factor() -> None:
    error = [EXPECTED[key]["diff_first_minus_last"]["se"] for key in ("independent", "overlap")]
    assert error[0] / error[1] == pytest.approx(8.35, abs=0.01)


def test_shared_units_are_found_only_where_the_design_shares_them() -> None:
    table = pd.read_csv(REFERENCE / "waves_full_overlap.csv")
    shared = shared_between_waves(table, DESIGNS["overlap"], wave="wave")
    assert len(shared) == 15
    assert (shared["shared_units"] == 15).all()
    assert shared["shared_respondents"].isna().all()
    assert (shared_between_waves(table, DESIGNS["independent"], wave="wave")["shared_units"] == 0).all()


def test_a_panel_is_correlated_through_its_respondents_and_those_who_moved_are_counted() -> None:
    table = pd.DataFrame(
        {
            "wave": [1] * 4 + [2] * 4,
            "person": [1, 2, 3, 4, 1, 2, 3, 5],
            "town": ["a", "a", "b", "b", "a", "b", "b", "b"],
            "w": 1.0,
            "y": [1, 0, 1, 0, 1, 0, 1, 1],
        }
    )
    panel = Design(weights="w", respondent="person")
    found, covariance = shares_and_covariance(table, panel, "y", by=["wave"])
    assert covariance.iloc[0, 1] > 0
    assert changes(found, covariance, wave="wave")["se"].iloc[0] < np.hypot(*found["se"])
    shared = shared_between_waves(
        table, Design(weights="w", psu="town", respondent="person"), wave="wave"
    ).iloc[0]
    assert (shared["shared_units"], shared["shared_respondents"], shared["moved"]) == (2, 3, 1)
