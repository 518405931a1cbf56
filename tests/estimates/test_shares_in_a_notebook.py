"""`gs.shares`: what a notebook asks for is what the command writes, and agrees with R."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import groundswell as gs
from groundswell.cli import main
from groundswell.errors import InputError
from groundswell.estimates import shares

from .conftest import REFERENCE, assert_agrees, read_reference, read_schools

EXPECTED = read_reference("waves")["full"]["overlap"]
FILE = REFERENCE / "waves_full_overlap.csv"


def test_shares_by_wave_are_those_of_r() -> None:
    found = gs.shares(pd.read_csv(FILE), gs.Design(weights="pw", psu="dnum"), "y", by=["wave"])
    assert_agrees(found["estimate"], EXPECTED["est"])
    assert_agrees(found["se"], EXPECTED["se"])
    assert (found["low"] < found["estimate"]).all()
    assert (found["estimate"] < found["high"]).all()
    assert list(found["variable"]) == ["y"] * 6


def test_there_is_one_function_of_shares_and_one_table(tmp_path: Path) -> None:
    assert gs.shares is shares
    found = gs.shares(pd.read_csv(FILE), gs.Design(weights="pw", psu="dnum"), "y", by=["wave"])
    out = tmp_path / "shares.csv"
    words = ["--weights", "pw", "--psu", "dnum", "--share", "y", "--by", "wave"]
    main(["estimate", str(FILE), *words, "--out", str(out)])
    written = pd.read_csv(out, dtype={"category": "str"})
    pd.testing.assert_frame_equal(found, written, rtol=1e-12, check_dtype=False)


@pytest.mark.parametrize(
    ("asked", "written"), [("anxious", "true"), ("anxious=True", "true"), ("anxious=false", "false")]
)
def test_a_truth_value_is_shown_alike_by_both(asked: str, written: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"anxious": [True, False, True, True]})
    table.to_parquet(tmp_path / "wave.parquet")
    out = tmp_path / "shares.csv"
    main(["estimate", str(tmp_path / "wave.parquet"), "--share", asked.lower(), "--out", str(out)])
    found = gs.shares(table, gs.Design(), asked)
    assert found["category"].tolist() == [written]
    pd.testing.assert_frame_equal(found, pd.read_csv(out, dtype={"category": "str"}), check_dtype=False)


def test_wave_and_region_give_a_row_each_and_answers_their_own() -> None:
    schools = read_schools("apistrat").assign(wave=lambda table: table["row"] % 2)
    found = gs.shares(schools, gs.Design(weights="pw", strata="stype"), "awards", by=["wave", "sch.wide"])
    assert len(found) == 2 * 2 * 2
    assert found.groupby(["wave", "sch.wide"])["estimate"].sum().to_numpy() == pytest.approx(1.0)


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
    schools = read_schools("apisrs").rename(columns={"stype": "estimate"})
    with pytest.raises(InputError, match="`estimate` has the name of a result column"):
        gs.shares(schools, gs.Design(weights="pw"), "y", by=["estimate"])
