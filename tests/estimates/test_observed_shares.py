"""`gs.shares`: what a notebook asks for, in the words of the observations table, against R."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import groundswell as gs
from groundswell.errors import InputError

from .conftest import REFERENCE, assert_agrees, read_reference, read_schools

EXPECTED = read_reference("waves")["full"]["overlap"]


def test_shares_by_wave_are_those_of_r_under_the_names_of_observations(repository: Path) -> None:
    respondents = pd.read_csv(REFERENCE / "waves_full_overlap.csv")
    found = gs.shares(respondents, gs.Design(weights="pw", psu="dnum"), "y", by=["wave"])
    assert_agrees(found["share"], EXPECTED["est"])
    assert_agrees(found["share_se"], EXPECTED["se"])
    assert (found["share_low"] < found["share"]).all()
    assert (found["share"] < found["share_high"]).all()
    observed = gs.observations(gs.load_survey(repository / "surveys" / "simulated-panel"))
    assert set(found.columns) - {"wave", "category"} <= set(observed.columns)
    assert list(found["indicator"]) == ["y"] * 6


def test_wave_and_region_give_a_row_each_and_answers_their_own() -> None:
    schools = read_schools("apistrat").assign(wave=lambda table: table["row"] % 2)
    found = gs.shares(schools, gs.Design(weights="pw", strata="stype"), "awards", by=["wave", "sch.wide"])
    assert len(found) == 2 * 2 * 2
    assert found.groupby(["wave", "sch.wide"])["share"].sum().to_numpy() == pytest.approx(1.0)


def test_replicate_weights_may_be_named_by_a_pattern() -> None:
    schools = read_schools("apisrs").assign(rep_1=1.0, rep_2=lambda table: table["pw"] * (table["row"] % 2))
    design = gs.Design(weights="pw", replicates="rep_*", replicate_kind="BRR")
    whole = gs.Design(weights="pw", replicates=("rep_1", "rep_2"), replicate_kind="BRR")
    pd.testing.assert_frame_equal(gs.shares(schools, design, "y"), gs.shares(schools, whole, "y"))


def test_the_base_weight_is_never_a_replicate_of_itself() -> None:
    names = ["PWGTP", "PWGTP1", "PWGTP2", "AGEP"]
    design = gs.Design(weights="PWGTP", replicates="PWGTP*", replicate_kind="successive-difference")
    assert design.over(names).replicates == ("PWGTP1", "PWGTP2")


def test_a_domain_that_is_called_as_a_result_is_refused() -> None:
    schools = read_schools("apisrs").rename(columns={"stype": "share"})
    with pytest.raises(InputError, match="`share` has the name of a result column"):
        gs.shares(schools, gs.Design(weights="pw"), "y", by=["share"])
