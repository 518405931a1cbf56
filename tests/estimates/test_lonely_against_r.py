"""A stratum with one sampling unit, in each of R's ways."""

from __future__ import annotations

import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.shares import means, shares, shares_covariance
from groundswell.estimates.statistics.totals import totals, totals_covariance

from .conftest import assert_agrees, read_reference, read_schools

EXPECTED = read_reference("lonely_psu")["design"]


@pytest.mark.parametrize("lonely", ["certainty", "remove", "adjust", "average"])
def test_lonely_psu(lonely: str) -> None:
    design, table = Design(weights="pw", strata="stype", lonely_psu=lonely), read_schools("lonely")
    expected = EXPECTED[lonely]
    mean = means(table, design, "api00").iloc[0]
    assert_agrees(mean[["estimate", "se"]], [expected["mean"][part]["api00"] for part in ("est", "se")])
    share = shares(table, design, "y").iloc[0]
    assert_agrees(share[["estimate", "se"]], [expected["prop"][part]["y"] for part in ("est", "se")])
    total = totals(table, design, numbers=["enroll"]).iloc[0]
    assert_agrees(total[["estimate", "se"]], [expected["total"][part]["enroll"] for part in ("est", "se")])
    assert share["df"] == expected["degf"]


@pytest.mark.parametrize("lonely", ["certainty", "remove", "adjust", "average"])
def test_covariance_treats_lonely_units_as_the_variance_does(lonely: str) -> None:
    design, table = Design(weights="pw", strata="stype", lonely_psu=lonely), read_schools("lonely")
    assert_agrees(shares_covariance(table, design, "y"), [[EXPECTED[lonely]["prop"]["se"]["y"] ** 2]])
    covariance = totals_covariance(table, design, numbers=["enroll"])
    assert_agrees(covariance, [[EXPECTED[lonely]["total"]["se"]["enroll"] ** 2]])


def test_failing_names_the_stratum_and_the_way_out() -> None:
    with pytest.raises(InputError, match=r"`H`.*only one sampling unit at stage 1.*lonely_psu"):
        shares(read_schools("lonely"), Design(weights="pw", strata="stype"), "y")


def test_centre_is_another_name_for_adjust() -> None:
    assert Design(lonely_psu="centre").lonely_psu == "adjust"  # type: ignore[arg-type]
