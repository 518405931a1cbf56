"""Variances, correlations, cumulative distributions and t tests: against R's survey, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.distribution import MOST_POINTS, cumulative_distribution
from groundswell.estimates.statistics.shares import means
from groundswell.estimates.statistics.spread import correlations, variances
from groundswell.estimates.statistics.t_test import t_test

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

FOUND_IN_R = read_reference("spread")
DESIGNS = {**API_DESIGNS, "jackknife": Design(weights="pw", replicates="without_*", replicate_kind="JK1")}
ENDS = ["estimate", "se", "low", "high"]


def schools_of(name: str) -> pd.DataFrame:
    """The sample of a design, with a set of weights without each district for the jackknife."""
    if name != "jackknife":
        return read_schools(f"api{name}")
    schools = read_schools("apiclus1")
    districts = schools["dnum"].unique()
    left = len(districts) / (len(districts) - 1)
    without = {
        f"without_{place}": np.where(schools["dnum"] == district, 0.0, schools["pw"] * left)
        for place, district in enumerate(districts)
    }
    return schools.assign(**without)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("domain", ["all", "without_awards"])
def test_numbers_against_r(name: str, domain: str) -> None:
    expected, table, design = FOUND_IN_R[name][domain], schools_of(name), DESIGNS[name]
    by = [] if domain == "all" else ["awards"]

    def first(found: pd.DataFrame) -> pd.Series:
        return (found[found["awards"] == "No"] if by else found).iloc[0]

    assert_agrees(first(variances(table, design, "api00", by=by))[ENDS], expected["variance"])
    assert_agrees(first(correlations(table, design, "api00", "meals", by=by))[ENDS], expected["correlation"])
    below = first(cumulative_distribution(table, design, "api00", at=[600], by=by))
    assert_agrees(below[ENDS], expected["cumulative"])
    tested = first(t_test(table, design, outcome="api00", value=650, by=by))
    assert_agrees(tested[["t", *ENDS]], expected["one_mean"][:5])


@pytest.mark.parametrize("name", DESIGNS)
def test_two_means_against_r(name: str) -> None:
    table, told = schools_of(name), ["estimate", "t", "df", "p", "low", "high"]
    found = t_test(table, DESIGNS[name], outcome="api00", groups="sch.wide")
    assert_agrees(found[told].iloc[0], FOUND_IN_R[name]["two_means"])
    by_type = t_test(table, DESIGNS[name], outcome="api00", groups="sch.wide", by="stype")
    elementary = by_type[by_type["stype"] == "E"]
    assert_agrees(elementary[told].iloc[0], FOUND_IN_R[name]["two_means_of_elementary"])


@pytest.mark.parametrize("name", DESIGNS)
def test_one_mean_has_the_degrees_of_freedom_of_a_mean(name: str) -> None:
    table, design = schools_of(name), DESIGNS[name]
    tested = t_test(table, design, outcome="api00").iloc[0]
    mean = means(table, design, "api00").iloc[0]
    assert_agrees(tested[[*ENDS, "df"]], mean[[*ENDS, "df"]])


PEOPLE = pd.DataFrame(
    {
        "x": [1.0, 2.0, 3.0, 6.0, np.nan, 9.0],
        "y": [2.0, 4.0, 6.0, 12.0, 1.0, np.nan],
        "sex": ["f", "f", "m", "m", "m", "f"],
    }
)


def test_numbers_on_a_line_are_correlated_for_sure() -> None:
    found = correlations(PEOPLE.assign(z=100 - PEOPLE["x"]), Design(), "x", "y", "z")
    assert list(found["variable"]) == ["x:y", "x:z", "y:z"]
    np.testing.assert_allclose(found["estimate"], [1, -1, -1])
    np.testing.assert_allclose(found[["low", "high"]].to_numpy().T, [[1, -1, -1]] * 2)
    assert list(found["n"]) == [4, 5, 4], "those who have both"


def test_a_variance_is_that_of_a_sample() -> None:
    found = variances(PEOPLE, Design(), "x", "y")
    np.testing.assert_allclose(found["estimate"], [PEOPLE["x"].var(), PEOPLE["y"].var()])
    by_sex = variances(PEOPLE, Design(), "x", "y", by=["sex"])
    assert list(by_sex["sex"] + by_sex["variable"]) == ["fx", "fy", "mx", "my"]
    np.testing.assert_allclose(by_sex["estimate"], [19, 2, 4.5, 30 + 1 / 3])


def test_one_person_has_no_variance() -> None:
    found = variances(PEOPLE.head(3), Design(), "x", by=["sex"]).set_index("sex")
    assert np.isnan(found.loc["m", "estimate"])
    assert found.loc["f", "estimate"] == 0.5


def test_a_large_mean_takes_no_digits() -> None:
    far = PEOPLE.assign(x=PEOPLE["x"] + 1e9, y=PEOPLE["y"] ** 2)
    near = PEOPLE.assign(y=PEOPLE["y"] ** 2)
    for table in (variances(far, Design(), "x"), correlations(far, Design(), "x", "y")):
        same = (variances if table["statistic"].iloc[0] == "variance" else correlations)(
            near, Design(), *(["x"] if table["statistic"].iloc[0] == "variance" else ["x", "y"])
        )
        np.testing.assert_allclose(table[ENDS], same[ENDS], rtol=1e-6)


def test_a_distribution_ends_at_one_and_counts_who_stands_on_a_point() -> None:
    found = cumulative_distribution(PEOPLE, Design(), "x")
    assert list(found["category"]) == ["1", "2", "3", "6", "9"]
    np.testing.assert_allclose(found["estimate"], [0.2, 0.4, 0.6, 0.8, 1])
    assert set(found["statistic"]) == {"cumulative"}
    by_sex = cumulative_distribution(PEOPLE, Design(), "x", at=[2.5], by="sex")
    np.testing.assert_allclose(by_sex["estimate"], [2 / 3, 0])


WRONG: dict[str, Callable[[], object]] = {
    "a correlation is of two columns: got 1": lambda: correlations(PEOPLE, Design(), "x"),
    "no column of numbers was named": lambda: variances(PEOPLE, Design()),
    "`sex` holds text": lambda: variances(PEOPLE, Design(), "sex"),
    "`at=` are the points .* got none": lambda: cumulative_distribution(PEOPLE, Design(), "x", at=[]),
    "`x` holds 1001 different numbers": lambda: cumulative_distribution(
        pd.DataFrame({"x": range(MOST_POINTS + 1)}), Design(), "x"
    ),
    "`groups=` names `y`, which must have two answers .* got `2`, `4`": lambda: t_test(
        PEOPLE, Design(), outcome="x", groups="y"
    ),
    "`nope` is not a column": lambda: t_test(PEOPLE, Design(), outcome="x", groups="nope"),
    "`value=` is `nan`": lambda: t_test(PEOPLE, Design(), outcome="x", value=np.nan),
}


@pytest.mark.parametrize("says", WRONG)
def test_what_cannot_be_told_is_named(says: str) -> None:
    with pytest.raises(InputError, match=says):
        WRONG[says]()


@pytest.mark.parametrize("told", [variances, cumulative_distribution])
def test_a_code_that_looks_like_no_answer_is_named(told: Callable[..., Any]) -> None:
    with pytest.warns(UserWarning, match="99"):
        told(pd.DataFrame({"x": [1, 2, 3, 99]}), Design(), "x")
