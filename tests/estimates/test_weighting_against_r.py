"""Raking, post-stratification, calibration and trimming, with their variance, against R's survey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import ModelError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import means, shares, shares_covariance
from groundswell.estimates.statistics.totals import totals
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.raking import post_stratify, rake, trim
from groundswell.estimates.weighting.weight_spread import weight_diagnostics

from .conftest import REFERENCE, assert_agrees, read_reference, read_schools

REFERENCE_NUMBERS = read_reference("weighting")
EXPECTED, TARGETS = REFERENCE_NUMBERS["clus1"], REFERENCE_NUMBERS["targets"]
WEIGHTS = pd.read_csv(REFERENCE / "apiclus1_weights.csv")
MARGINS: Mapping[Any, Any] = {"stype": TARGETS["stype"], "sch.wide": TARGETS["sch.wide"]}
STYPE: Mapping[Any, Any] = {"stype": TARGETS["stype"]}
API99 = {"api99": TARGETS["greg"]["api99"]}
BOTH: dict[str, Any] = {"margins": ("stype", "sch.wide")}

Weigh = Callable[[pd.DataFrame], np.ndarray]


def weigh(function: Callable[..., Any], *arguments: Any, **options: Any) -> Weigh:
    return lambda table: function(table, *arguments, weights="pw", **options).weights


def raked_and_trimmed(table: pd.DataFrame, *, strict: bool) -> np.ndarray:
    return trim(rake(table, MARGINS, weights="pw").weights, lower=20, upper=45, strict=strict)


CASES: dict[str, tuple[str, Weigh, dict[str, Any]]] = {
    "rake": ("clus1_rake", weigh(rake, MARGINS), BOTH),
    "poststratify_stype": (
        "clus1_poststrat", weigh(post_stratify, margin="stype", totals=TARGETS["stype"]), {"margins": "stype"},
    ),
    "calibrate_linear": ("clus1_cal_linear", weigh(calibrate, MARGINS), BOTH),
    "calibrate_raking": ("clus1_cal_raking", weigh(calibrate, MARGINS, method="raking"), BOTH),
    "calibrate_logit_bounds_0.5_2": (
        "clus1_cal_logit_b.5_2", weigh(calibrate, MARGINS, method="logit", bounds=(0.5, 2)), BOTH,
    ),
    "calibrate_linear_bounds_0.5_2": (
        "clus1_cal_linear_b.5_2", weigh(calibrate, MARGINS, bounds=(0.5, 2)), BOTH,
    ),
    "greg_api99_stype": (
        "clus1_greg_api99_stype", weigh(calibrate, STYPE, totals=API99),
        {"margins": "stype", "auxiliaries": "api99"},
    ),
    "rake_then_trim_20_45_strict_FALSE": (
        "clus1_rake_trim_strict_FALSE", partial(raked_and_trimmed, strict=False),
        BOTH | {"calibrated_weights": "raked"},
    ),
    "rake_then_trim_20_45_strict_TRUE": (
        "clus1_rake_trim_strict_TRUE", partial(raked_and_trimmed, strict=True),
        BOTH | {"calibrated_weights": "raked"},
    ),
}  # fmt: skip


@pytest.fixture(params=CASES, name="case")
def weighted_schools(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str, pd.DataFrame, Design]:
    """R's numbers, the column of R's weights, schools with ours in `weight`, and the design that knows."""
    column, weights, known = CASES[request.param]
    table = read_schools("apiclus1")
    table = table.assign(weight=weights(table), raked=rake(table, MARGINS, weights="pw").weights)
    design = Design(weights="weight", base_weights="pw", psu="dnum", fpc="fpc", **known)
    return EXPECTED[request.param], column, table, design


Case = tuple[dict[str, Any], str, pd.DataFrame, Design]


def test_weights(case: Case) -> None:
    expected, column, table, _ = case
    assert_agrees(table["weight"], WEIGHTS[column])
    found = weight_diagnostics(table["weight"].to_numpy()).iloc[0]
    assert_agrees(
        found[["sum", "low", "high", "deff"]],
        [expected[key] for key in ("sum_w", "min_w", "max_w", "kish_deff")],
    )


def test_variance_knows_that_weights_were_calibrated(case: Case) -> None:
    expected, _, table, design = case
    found = means(table, design, "api00", "enroll")
    assert_agrees(found["estimate"], list(expected["mean"]["est"].values()))
    assert_agrees(found["se"], list(expected["mean"]["se"].values()))
    assert_agrees(shares_covariance(table, design, numbers=["api00", "enroll"]), expected["mean"]["vcov"])
    share = shares(table, design, "y").iloc[0]
    assert_agrees(share[["estimate", "se"]], [expected["prop"][part]["y"] for part in ("est", "se")])
    total = totals(table, design, numbers=["enroll"]).iloc[0]
    assert_agrees(
        total[["estimate", "se"]], [expected["total_enroll"][part]["enroll"] for part in ("est", "se")]
    )


def test_domains_of_calibrated_weights(case: Case) -> None:
    expected, _, table, design = case
    found = shares(table, design, "y", by=["stype"])
    assert list(found["stype"]) == expected["by_stype"]["g"]
    assert_agrees(found["estimate"], expected["by_stype"]["est"])
    assert_agrees(found["se"], expected["by_stype"]["se"])


def test_bounds_that_no_weights_can_hold_fail() -> None:
    with pytest.raises(ModelError, match=r"did not converge.*bounds"):
        calibrate(read_schools("apiclus1"), MARGINS, weights="pw", bounds=(0.7, 1.5))
