"""Answers taken together, net scores and letters of column differences: against R's survey, and by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.boxes import boxes
from groundswell.estimates.statistics.crosstabs.column_letters import letter
from groundswell.estimates.statistics.crosstabs.crosstab import crosstab
from groundswell.estimates.statistics.shares import shares

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

FOUND_IN_R = read_reference("boxes")
ASKED: dict[str, Any] = {"combine": {"top two": ["1", "2"]}, "net": {"net": (["1", "2"], ["4"])}}


def schools_of(name: str) -> pd.DataFrame:
    schools = read_schools(f"api{name}")
    return schools.assign(poor=pd.cut(schools["meals"], [-1, 25, 50, 75, 101], labels=False) + 1)


@pytest.mark.parametrize("name", API_DESIGNS)
def test_boxes_against_r(name: str) -> None:
    table = schools_of(name)
    found = boxes(table, API_DESIGNS[name], question="poor", by=["stype"], cascade=True, **ASKED)
    for mark, statistic in (("top two", "share"), ("net", "net")):
        expected, own = FOUND_IN_R[name][mark], found[found["category"] == mark]
        assert set(own["statistic"]) == {statistic}
        assert_agrees(own[["estimate", "se"]].iloc[-1], expected["all"])
        assert_agrees(own[["estimate", "se"]].iloc[:-1], [[r["estimate"], r["se"]] for r in expected["by"]])


@pytest.mark.parametrize("adjust", ["none", "bonferroni"])
@pytest.mark.parametrize("name", API_DESIGNS)
def test_rows_and_letters_of_a_cross_table_against_r(name: str, adjust: Any) -> None:
    table, _ = crosstab(
        schools_of(name), API_DESIGNS[name], row="poor", column="stype", letters=adjust, **ASKED
    )
    assert list(table["poor"].cat.categories) == ["1", "2", "3", "4", "top two", "net", "all"]
    for mark, expected in FOUND_IN_R[name].items():
        rows = table[table["poor"] == mark]
        assert_agrees(rows[["estimate", "se"]].iloc[:3], [[r["estimate"], r["se"]] for r in expected["by"]])
        assert_agrees(rows[["estimate", "se"]].iloc[3], expected["all"])
        assert list(rows["letter"]) == ["A", "B", "C", ""]
        assert list(rows["higher_than"]) == [*expected["letters"][adjust], ""]


PEOPLE = pd.DataFrame(
    {"q": [5, 4, 3, 2, 1, 5, None], "sex": ["f"] * 3 + ["m"] * 4, "w": [2.0, 1, 1, 1, 1, 2, 9]}
)


def test_a_box_is_the_sum_of_its_answers_and_a_net_score_their_difference() -> None:
    design = Design(weights="w")
    found = boxes(
        PEOPLE, design, question="q", combine={"top": [4, 5]}, net={"net": (["4", "5"], ["1", "2"])}
    )
    alone = shares(PEOPLE, design, "q").set_index("category")["estimate"]
    assert list(found["estimate"]) == pytest.approx(
        [alone["4"] + alone["5"], alone["4"] + alone["5"] - alone["1"] - alone["2"]]
    )
    assert list(found["n"]) == [6, 6]


def test_rows_of_boxes_have_counts() -> None:
    table, _ = crosstab(
        PEOPLE,
        Design(weights="w"),
        row="q",
        column="sex",
        combine={"top": ["4", "5"]},
        net={"net": (["5"], ["1"])},
    )
    wide = table.pivot(index="q", columns="sex", values="count")
    assert wide.loc["top"].tolist() == [2, 1, 3]
    assert wide.loc["net"].tolist() == [1, 2, 3]
    assert table.pivot(index="q", columns="sex", values="weighted").loc["net"].tolist() == [2, 1, 3]
    assert "letter" not in table


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_a_share_of_none_is_compared_with_nothing() -> None:
    people = pd.DataFrame({"q": [1] * 20 + [0] * 20 + [1, 0] * 10, "c": ["x"] * 20 + ["y"] * 20 + ["z"] * 20})
    table, _ = crosstab(people, Design(), row="q", column="c", letters="none")
    assert set(table["higher_than"]) == {""}


WRONG: dict[str, dict[str, Any]] = {
    "`q` has no answer `9`": {"combine": {"top": ["9"]}},
    "`q` has no answer none": {"combine": {"top": []}},
    "`4` counts for and against in `net`": {"net": {"net": (["4", "5"], ["4"])}},
    "`5` names answers of `q` taken together": {"combine": {"5": ["4"]}},
    "`a` names answers of `q` taken together": {"combine": {"a": ["4"]}, "net": {"a": (["4"], ["1"])}},
}


@pytest.mark.parametrize("says", WRONG)
def test_what_cannot_be_taken_together_is_named(says: str) -> None:
    with pytest.raises(InputError, match=says):
        boxes(PEOPLE, Design(), question="q", **WRONG[says])
    with pytest.raises(InputError, match=says):
        crosstab(PEOPLE, Design(), row="q", column="sex", **WRONG[says])


@pytest.mark.parametrize(
    ("says", "asked"),
    [
        ("`letters=` is of shares of columns", {"letters": "none", "shares": "row"}),
        ("`combine=` is of shares of columns", {"combine": {"a": ["4"]}, "shares": "total"}),
        ("`letters=` is `holm`", {"letters": "holm"}),
    ],
)
def test_what_a_cross_table_does_not_offer_is_named(says: str, asked: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=says):
        crosstab(PEOPLE, Design(), row="q", column="sex", **asked)


def test_nothing_asked_for() -> None:
    with pytest.raises(InputError, match="give `combine=`, `net=` or both"):
        boxes(PEOPLE, Design(), question="q")
