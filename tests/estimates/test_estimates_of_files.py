"""What the command asks of a file equals what Python gives for the same table, and R for both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from groundswell.cli.root import cli
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.crosstabs.crosstab_of_file import crosstab_file
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.estimates.statistics.quantiles import quantiles
from groundswell.estimates.statistics.shares import means, shares
from groundswell.estimates.statistics.totals import ratios, totals
from groundswell.estimates.sums.asked.summed_items import SummedItem, parse_item
from groundswell.waves.respondents.layouts.layout import ReadOptions

from .conftest import API_DESIGNS, REFERENCE, assert_agrees, read_reference, read_schools

DESIGNS = {
    **API_DESIGNS,
    "one stratum a unit": Design(weights="pw", strata="stype", psu="dnum", nest=True, lonely_psu="centre"),
}


def file_of(name: str) -> Path:
    return REFERENCE / f"api{name if name in API_DESIGNS else 'strat'}.csv"


@pytest.fixture(params=DESIGNS, name="name")
def design_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("by", [(), ("stype",)])
def test_every_statistic_is_the_same_number_in_a_file_and_in_a_table(name: str, by: tuple[str, ...]) -> None:
    file, design, table = file_of(name), DESIGNS[name], pd.read_csv(file_of(name))
    found, _ = estimate_file(
        file,
        design,
        shares=["awards=Yes"],
        totals=["awards=Yes", "enroll"],
        ratios=["api.stu/enroll"],
        quantiles=["api00=0.3,0.5"],
        by=by,
    )
    expected = pd.concat(
        [
            shares(table, design, "awards=Yes", by=by),
            totals(table, design, "awards=Yes", numbers=["enroll"], by=by),
            ratios(table, design, numerator="api.stu", denominator="enroll", by=by),
            quantiles(table, design, "api00", [0.3, 0.5], by=by),
        ],
        ignore_index=True,
    )
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, check_dtype=False)


@pytest.mark.parametrize("name", API_DESIGNS, indirect=True)
def test_totals_and_ratios_against_r(name: str) -> None:
    expected = read_reference("api")[name]
    found, _ = estimate_file(file_of(name), DESIGNS[name], totals=["enroll"], ratios=["api.stu/enroll"])
    assert_agrees(found.loc[0, "estimate"], expected["total"]["est"]["enroll"])
    assert_agrees(found.loc[0, "se"], expected["total"]["se"]["enroll"])
    assert_agrees(found.loc[1, ["estimate", "se"]], [expected["ratio"]["est"], expected["ratio"]["se"]])


def test_an_item_is_the_column_that_one_would_have_made(name: str) -> None:
    file, design, table = file_of(name), DESIGNS[name], pd.read_csv(file_of(name))
    table["gain"] = table["api00"] - table["api99"]
    table["up"] = (table["gain"] >= 20).astype(int)
    found, _ = estimate_file(file, design, items=["up=api00-api99>=20", "gain=api00-api99"], by=["stype"])
    made, _ = estimate_file(
        file, design, items=["gain=api00-api99+0"], means=["gain"], quantiles=["gain=0.5"], by=["stype"]
    )
    share = shares(table, design, "up", by=["stype"])
    mean = means(table, design, "gain", by=["stype"])
    assert_agrees(found.loc[found["statistic"] == "share", "se"], share["se"])
    assert_agrees(found.loc[found["statistic"] == "mean", "se"], mean["se"])
    assert_agrees(made.loc[made["statistic"] == "mean", "estimate"], mean["estimate"])


def test_a_sum_needs_an_answer_to_each_of_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text("a,b\n1,1\n2,\n4,4\n3,2\n", encoding="utf-8")
    found, _ = estimate_file(file, Design(), items=["score=a+b-2", "high=a+b-2>=3"])
    assert list(found["n"]) == [3, 3]
    assert list(found["estimate"]) == pytest.approx([2 / 3, (0 + 6 + 3) / 3])


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("gad2=A+B>=3", SummedItem("gad2", ((1, "A"), (1, "B")), 0.0, ">=", 3.0)),
        ("low = A + B - 2 < 1.5", SummedItem("low", ((1, "A"), (1, "B")), -2.0, "<", 1.5)),
        ("d=`Q5-1`-`Q5+2`", SummedItem("d", ((1, "Q5-1"), (-1, "Q5+2")))),
        ("one=in the past week", SummedItem("one", ((1, "in the past week"),))),
    ],
)
def test_how_an_item_is_written(text: str, item: SummedItem) -> None:
    assert parse_item(text) == item


@pytest.mark.parametrize(
    "text", ["gad2", "=A+B", "gad2=", "gad2=3", "gad2=A+", "gad2=A>=", "gad2=A>=B", "g=`A"]
)
def test_what_is_not_an_item(text: str) -> None:
    with pytest.raises(InputError, match="is not a sum of columns"):
        parse_item(text)


def test_rows_that_are_taken_at_all_are_a_sample_of_their_own() -> None:
    table = read_schools("apistrat")
    found, _ = estimate_file(
        REFERENCE / "apistrat.csv", API_DESIGNS["strat"], shares=["awards=Yes"], where=["stype=E,M"]
    )
    cut = table[table["stype"].isin(["E", "M"])]
    expected = shares(cut, API_DESIGNS["strat"], "awards=Yes")
    assert_agrees(found[["estimate", "se", "df"]], expected[["estimate", "se", "df"]])


def test_stated_degrees_of_freedom_change_the_interval_and_nothing_else(name: str) -> None:
    file, design = file_of(name), DESIGNS[name]
    own, _ = estimate_file(file, design, shares=["awards=Yes"], totals=["enroll"], ratios=["api.stu/enroll"])
    stated = Design(**{**{f: getattr(design, f) for f in design.__dataclass_fields__}, "df": 3})
    few, _ = estimate_file(file, stated, shares=["awards=Yes"], totals=["enroll"], ratios=["api.stu/enroll"])
    assert_agrees(few[["estimate", "se"]], own[["estimate", "se"]])
    assert set(few["df"]) == {3.0}
    assert ((few["high"] - few["low"]) > (own["high"] - own["low"])).all()
    reach = (few["high"] - few["estimate"]) / few["se"]
    assert_agrees(reach[1:], np.full(2, 3.182446305284263), scale=1.0)  # t(0.975) with 3 degrees of freedom


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"where": ["stype"]}, "`where=` is `stype`: write it as"),
        ({"where": ["stype=Q"]}, "`where=` leaves nobody"),
        ({"where": ["foo=1"]}, "`where=` names `foo`"),
        ({"ratios": ["enroll"]}, "write it as `numerator/denominator`"),
        ({"ratios": ["a/enroll"]}, "`ratios=` names `a`"),
        ({"quantiles": ["api00=x"]}, "`quantiles=` is `api00=x`"),
        ({"quantiles": ["stype"]}, "holds text"),
        ({"items": ["stype=api00+api99"]}, "is called `stype`, as a column of the file"),
        ({"items": ["x=stype+api99"]}, "adds up `stype`, which holds text"),
        (
            {"totals": ["enroll"], "covariance": True, "means": ["api00"]},
            "`covariance=` is of shares and means",
        ),
        ({}, "nothing to estimate"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, object], said: str) -> None:
    shares_too = (
        [] if asked.keys() & {"ratios", "quantiles", "items", "totals"} or not asked else ["awards=Yes"]
    )
    with pytest.raises(InputError, match=said):
        estimate_file(REFERENCE / "apistrat.csv", API_DESIGNS["strat"], shares=shares_too, **asked)  # type: ignore[arg-type]


def test_a_slash_in_a_name_is_part_of_the_name(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text("g/a,g/b,c\n1,2,4\n3,2,4\n", encoding="utf-8")
    found, _ = estimate_file(file, Design(), ratios=["g/a/g/b", "g/a/c"])
    assert list(found["estimate"]) == [1.0, 0.5]


@pytest.mark.parametrize("name", API_DESIGNS, indirect=True)
def test_a_cross_table_of_a_file_against_r(name: str) -> None:
    table, tests = crosstab_file(file_of(name), DESIGNS[name], row="sch.wide", column="stype")
    for kind, found in tests.set_index("kind").iterrows():
        expected = read_reference("api")[name]["chisq_schwide_stype"][kind]
        assert_agrees(found[["statistic", "p"]], [expected["stat"], expected["p"]])
    expected = shares(pd.read_csv(file_of(name)), DESIGNS[name], "sch.wide", by=["stype"])
    pd.testing.assert_frame_equal(table, expected, rtol=1e-9, check_dtype=False)


def test_a_cross_table_is_printed_with_its_tests() -> None:
    words = [
        "crosstab",
        str(REFERENCE / "apistrat.csv"),
        "--weights",
        "pw",
        "--strata",
        "stype",
        "--fpc",
        "fpc",
    ]
    said = CliRunner().invoke(cli, [*words, "--row", "sch.wide", "--column", "stype"]).output
    assert [line.split()[:2] for line in said.splitlines() if line.startswith("F ")] == [["F", "17.25"]]
    assert "stype = E" in said


@pytest.fixture(name="dated")
def a_file_with_dates(tmp_path: Path) -> Path:
    days = pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-02", None])
    table = pd.DataFrame({"day": days, "agree": [True, False, True, True], "mood": [1.0, 2.0, 99.0, 1e300]})
    table.to_parquet(tmp_path / "wave.parquet")
    return tmp_path / "wave.parquet"


def test_days_are_answers(dated: Path) -> None:
    table, _ = estimate_file(dated, Design(), shares=["day"])
    assert dict(zip(table["category"], table["estimate"], strict=True)) == pytest.approx(
        {"2024-03-01 00:00:00": 1 / 3, "2024-03-02 00:00:00": 2 / 3}
    )


@pytest.mark.parametrize("column", ["day", "agree"])
def test_codes_that_are_no_answer_change_nothing_in_a_column_that_holds_no_codes(
    dated: Path, column: str
) -> None:
    stated, _ = estimate_file(dated, Design(), shares=[column], options=ReadOptions(missing=(99, -1.5)))
    found, _ = estimate_file(dated, Design(), shares=[column])
    pd.testing.assert_frame_equal(stated, found)


def test_a_number_beyond_all_whole_numbers_is_an_answer(dated: Path) -> None:
    table, _ = estimate_file(dated, Design(), shares=["mood"], options=ReadOptions(missing=(99,)))
    assert list(table["category"]) == ["1", "2", "1e+300"]
    assert list(table["estimate"]) == pytest.approx([1 / 3] * 3)
