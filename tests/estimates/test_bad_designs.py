"""What is wrong with a table of respondents or a design is said in its own words, with the row and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError, ModelError
from groundswell.estimates.design.design import Design, replicate_columns
from groundswell.estimates.statistics.contrasts import changes
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.estimates.statistics.quantiles import quantiles
from groundswell.estimates.statistics.shares import shares, shares_covariance
from groundswell.estimates.statistics.totals import ratios
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.raking import rake, trim


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "w": [1.0, 2.0, 1.5, 0.5, 1.0, 2.0],
            "stratum": list("aaabbb"),
            "unit": [1, 1, 2, 3, 4, 4],
            "size": [10, 10, 10, 20, 20, 20],
            "part": [0.2, 0.2, 0.2, 0.1, 0.1, 0.1],
            "y": [1, 0, 1, 1, 0, 0],
            "sex": list("fmfmfm"),
            "age": ["old", "old", "young", "young", "old", "young"],
        }
    )


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 2, np.nan, 1, np.nan, 1], r"`w` \(the weights\) is missing in row 3 and 1 more"),
        ([1, 2, -1, 1, 1, 1], r"`w` \(the weights\) is negative in row 3 and 0 more \(-1 there\)"),
        ([0, 0, 0, 0, 0, 0], r"`w` \(the weights\) is zero for every respondent \(6\)"),
        (
            ["1,5", "2", "1", "1", "1", "1"],
            r"`w` \(the weights\) holds text \(`1,5` in row 1\).*decimal point",
        ),
        (["1", "heavy", "1", "1", "1", "1"], r"`heavy` in row 2"),
        ([1, 2, np.inf, 1, 1, 1], r"`w` \(the weights\) is infinite in row 3 and 0 more"),
    ],
)
def test_weights(table: pd.DataFrame, weights: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        shares(table.assign(w=weights), Design(weights="w"), "y")


def test_weights_read_as_text_with_decimal_points_are_numbers(table: pd.DataFrame) -> None:
    found = shares(table.assign(w=table["w"].astype(str)), Design(weights="w"), "y")
    pd.testing.assert_frame_equal(found, shares(table, Design(weights="w"), "y"))


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"weights": "ww"}, r"`weights=` names `ww`.*did you mean `w`"),
        ({"strata": "stratums"}, r"`strata=` names `stratums`.*did you mean `stratum`"),
        ({"psu": "unit", "fpc": "w"}, r"mixes sizes and fractions"),
        ({"fpc": "y"}, r"`y` \(the design's fpc\) is `0` in row 2"),
        ({"fpc": "size"}, r"`size` changes within a stratum"),
        ({"strata": "stratum", "fpc": "unit"}, r"`unit` changes within a stratum"),
    ],
)
def test_columns(table: pd.DataFrame, design: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        shares(table, Design(**({"weights": "w"} | design)), "y")


def test_population_smaller_than_its_sample(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"`small` says 2 units.*from which 6 were drawn"):
        shares(table.assign(small=2), Design(weights="w", fpc="small"), "y")


def test_unit_numbers_reused_across_strata(table: pd.DataFrame) -> None:
    reused = table.assign(unit=[1, 1, 2, 1, 2, 2])
    with pytest.raises(InputError, match=r"`unit` value `1` lies in more than one stratum.*nest"):
        shares(reused, Design(weights="w", strata="stratum", psu="unit"), "y")
    nested = shares(reused, Design(weights="w", strata="stratum", psu="unit", nest=True), "y")
    pd.testing.assert_frame_equal(
        nested, shares(table, Design(weights="w", strata="stratum", psu="unit"), "y")
    )


def test_missing_stratum_names_its_row(table: pd.DataFrame) -> None:
    table.loc[4, "stratum"] = None
    with pytest.raises(InputError, match=r"`stratum` \(the design's stratum\) is missing in row 5"):
        shares(table, Design(weights="w", strata="stratum"), "y")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lonely_psu": "ignore"}, r"`lonely_psu=` is `ignore`"),
        ({"strata": ("a", "b")}, r"`strata=` has 2 columns for 1 sampling stage"),
        ({"margins": "sex", "weights": "w"}, r"`base_weights=` is missing"),
        ({"base_weights": "w", "weights": "w"}, r"without `margins=`"),
        (
            {"replicates": ("r1", "r2"), "weights": "w"},
            r"`replicates=` and `replicate_kind=` belong together",
        ),
        ({"replicates": ("r1", "r2"), "replicate_kind": "BRR", "strata": "s"}, r"already hold the design"),
        ({"replicates": ("r1", "r2"), "replicate_kind": "Fay", "weights": "w"}, r"`fay_rho=` is missing"),
        ({"replicates": ("r1",), "replicate_kind": "BRR", "weights": "w"}, r"needs two or more"),
        (
            {"replicates": ("a", "b"), "replicate_kind": "JKn", "rscales": (1,), "weights": "w"},
            r"1 numbers for 2",
        ),
        ({"replicates": ("a", "b"), "replicate_kind": "jk", "weights": "w"}, r"`replicate_kind=` is `jk`"),
    ],
)
def test_designs_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Design(**options)


def test_scales_that_replicates_need(table: pd.DataFrame) -> None:
    table = table.assign(r1=table["w"] * [2, 1, 3, 0, 1, 1], r2=table["w"][::-1].to_numpy())
    for kind, message in (("JKn", "`rscales=` is missing"), ("other", "`scale=` is missing")):
        design = Design(weights="w", replicates=("r1", "r2"), replicate_kind=kind)
        with pytest.raises(InputError, match=message):
            shares(table, design, "y")


def test_replicate_columns_by_wildcard() -> None:
    names = ["w", "rep_1", "rep_2", "rep_10"]
    assert replicate_columns("rep_*", names) == ("rep_1", "rep_2", "rep_10")
    with pytest.raises(InputError, match="`reps_`"):
        replicate_columns("reps_", names)


@pytest.mark.parametrize(
    ("question", "message"),
    [("yy", "`yy` is not a column"), ("sex=x", "`x` is not an answer of `sex`")],
)
def test_questions(table: pd.DataFrame, question: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        shares(table, Design(weights="w"), question)


@pytest.mark.parametrize(
    "options",
    [{"interval": "wald"}, {"level": 95}, {"deff_kind": "design"}, {"by": ["region"]}, {"by": ["n"]}],
)
def test_options(table: pd.DataFrame, options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        shares(table.assign(n=1), Design(weights="w"), "y", **options)


def test_no_respondents(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no rows"):
        shares(table.head(0), Design(weights="w"), "y")


def test_missing_answers_leave_the_base_and_missing_domains_leave_the_table(table: pd.DataFrame) -> None:
    table.loc[0, "sex"] = None
    table = table.assign(y=table["y"].astype(float).mask(table.index == 1))
    found = shares(table, Design(weights="w"), "y", by=["sex"])
    assert found["sex"].tolist() == ["f", "m"]
    assert found["n"].tolist() == [2, 2]


def test_a_domain_without_answers_is_missing_and_not_zero(table: pd.DataFrame) -> None:
    found = shares(
        table.assign(y=table["y"].astype(float).where(table["sex"] == "f")),
        Design(weights="w"),
        "y",
        by=["sex"],
    )
    assert found["n"].tolist() == [3, 0]
    assert found.loc[1, ["estimate", "se", "low", "high", "n_effective"]].isna().all()


def test_a_share_of_zero_is_not_certain(table: pd.DataFrame) -> None:
    found = shares(table.assign(y=0), Design(weights="w"), "y").iloc[0]
    assert found["estimate"] == found["se"] == found["low"] == 0
    assert 0.3 < found["high"] < 0.7
    assert found["deff_kind"] == "kish"


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({"sex": {"f": 3, "m": 3, "x": 1}}, r"`sex` has a total for `x`, but no respondent"),
        ({"sex": {"f": 3}}, r"`sex` has no total above zero for `m`"),
        ({"sex": {"f": 3, "m": -3}}, r"`-3.0` for `m`"),
        ({"sex": {"f": 3, "m": 3}, "age": {"old": 5, "young": 5}}, r"different totals \(`sex` 6, `age` 10\)"),
        ({"sexes": {"f": 3, "m": 3}}, r"`margins=` names `sexes`, which is not a column"),
        ({}, r"no margin"),
        ({("sex", "age"): {("f", "old"): 2, ("f", "young"): 1, ("m", "old"): 3}}, r"`m x young`"),
    ],
)
def test_margins(table: pd.DataFrame, margins: dict[Any, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        rake(table, margins, weights="w")


def test_margins_that_contradict_do_not_pass_for_weights() -> None:
    table = pd.DataFrame({"sex": list("ffmm"), "age": ["old", "old", "young", "young"]})
    margins: dict[Any, Any] = {"sex": {"f": 0.5, "m": 0.5}, "age": {"old": 0.6, "young": 0.4}}
    with pytest.raises(ModelError, match=r"did not converge.*`sex`|did not converge.*`age`"):
        rake(table, margins)
    with pytest.raises(ModelError, match="did not converge"):
        calibrate(table, margins)


def test_shares_and_counts_give_the_same_weights_up_to_scale(table: pd.DataFrame) -> None:
    one = rake(table, {"sex": {"f": 0.5, "m": 0.5}}, weights="w").weights
    other = rake(table, {"sex": {"f": 500, "m": 500}}, weights="w").weights
    assert one.sum() == pytest.approx(table["w"].sum())
    np.testing.assert_allclose(one / one.sum(), other / other.sum())


def test_starting_weights_matter(table: pd.DataFrame) -> None:
    margins: dict[Any, Any] = {"sex": {"f": 0.5, "m": 0.5}}
    assert not np.allclose(rake(table, margins).weights, rake(table, margins, weights="w").weights)


def test_trimming_bounds_that_no_weights_can_hold() -> None:
    with pytest.raises(InputError, match="leave out the mean weight"):
        trim(np.array([1.0, 2.0, 3.0]), upper=1.5)


def test_trimming_keeps_the_sum_and_the_bounds() -> None:
    weights = np.array([0.1, 1.0, 1.2, 8.0, 0.0])
    trimmed = trim(weights, lower=0.5, upper=3.4)
    assert trimmed.sum() == pytest.approx(weights.sum())
    assert trimmed[4] == 0
    assert trimmed[:4].min() >= 0.5
    assert trimmed[:4].max() <= 3.4 + 1e-9


def test_changes_need_the_wave_and_the_covariance_of_the_table(table: pd.DataFrame) -> None:
    found = shares(table, Design(weights="w"), "y", by=["sex"])
    covariance = shares_covariance(table, Design(weights="w"), "y", by=["sex"])
    with pytest.raises(InputError, match="`wave=` names `wave`"):
        changes(found, covariance, wave="wave")
    with pytest.raises(InputError, match=r"\(1, 1\) for a table of 2 rows"):
        changes(found, covariance.iloc[:1, :1], wave="sex")


def test_a_column_that_is_empty_for_everybody_makes_no_domain(table: pd.DataFrame, tmp_path: Path) -> None:
    none = table.assign(empty=np.nan)
    file, design = tmp_path / "people.csv", Design(weights="w")
    none.to_csv(file, index=False)
    asked: list[Callable[[], object]] = [
        lambda: shares(none, design, "sex=f", by="empty"),
        lambda: quantiles(none, design, "y", by=["empty"]),
        lambda: ratios(none, design, numerator="y", denominator="w", by=["empty"]),
        lambda: estimate_file(file, design, shares=["sex=f"], by=["empty"]),
        lambda: estimate_file(file, design, totals=["y"], by=["empty"]),
        lambda: estimate_file(file, design, quantiles=["y"], by=["empty"]),
        lambda: estimate_file(file, design, ratios=["y/w"], by=["empty"]),
    ]
    for ask in asked:
        with pytest.raises(InputError, match=r"`by=`: nobody who is counted has an answer there"):
            ask()
