"""Combinations of domains and the totals of each level, against R's survey and against the levels asked for alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.distribution import cumulative_distribution
from groundswell.estimates.statistics.quantiles import quantiles
from groundswell.estimates.statistics.shares import means, shares
from groundswell.estimates.statistics.spread import correlations, variances
from groundswell.estimates.statistics.totals import ratios, totals

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

FOUND_IN_R = read_reference("cascades")
BY = ["stype", "awards"]
DESIGN = API_DESIGNS["clus1"]

Told = Callable[..., pd.DataFrame]
TABLES: dict[str, Told] = {
    "share": lambda t, **o: shares(t, DESIGN, "sch.wide=Yes", **o),
    "mean": lambda t, **o: means(t, DESIGN, "api00", **o),
    "total": lambda t, **o: totals(t, DESIGN, numbers=["enroll"], **o),
    "median": lambda t, **o: quantiles(t, DESIGN, "api00", [0.5], **o),
    "ratio": lambda t, **o: ratios(t, DESIGN, numerator="api.stu", denominator="enroll", **o),
}
UNHELD: dict[str, Told] = {
    "variance": lambda t, **o: variances(t, DESIGN, "api00", "meals", **o),
    "correlation": lambda t, **o: correlations(t, DESIGN, "api00", "meals", **o),
    "cumulative": lambda t, **o: cumulative_distribution(t, DESIGN, "api00", at=[600, 700], **o),
}


@pytest.fixture(name="schools", scope="module")
def some_without_awards() -> pd.DataFrame:
    schools = read_schools("apiclus1")
    schools.loc[6::7, "awards"] = None
    return schools


@pytest.mark.parametrize("statistic", TABLES)
def test_against_r(statistic: str, schools: pd.DataFrame) -> None:
    found = TABLES[statistic](schools, by=BY, cascade=True)
    assert [tuple(row) for row in found[BY].to_numpy()] == [(r["stype"], r["awards"]) for r in FOUND_IN_R]
    expected = np.array([row[statistic] for row in FOUND_IN_R], dtype=float)
    columns = ["estimate", "se"]
    if (
        statistic == "median"
    ):  # of 8 and 6 schools R's lower end is their second number, though the first holds the share
        columns, expected = ["estimate", "high"], expected[:, [0, 2]]
    largest = np.abs(expected).max()
    assert_agrees(found[columns], expected, scale=largest if (expected == 0).any() else None)


@pytest.mark.parametrize("statistic", TABLES | UNHELD)
def test_a_total_is_the_row_of_its_level_alone(statistic: str, schools: pd.DataFrame) -> None:
    told = (TABLES | UNHELD)[statistic]
    whole = told(schools, by=BY, cascade=True)
    for depth in range(3):
        total = (whole[BY[depth:]] == "all").all(axis=1) & (whole[BY[:depth]] != "all").all(axis=1)
        own = told(schools, by=BY[:depth])
        numbers = [name for name in own if name not in BY]
        pd.testing.assert_frame_equal(
            whole.loc[total, numbers].reset_index(drop=True), own[numbers], check_dtype=False
        )


def test_a_cascade_without_domains_is_everyone(schools: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        means(schools, DESIGN, "api00", cascade=True), means(schools, DESIGN, "api00")
    )


def test_numbers_stay_numbers_in_their_order() -> None:
    people = pd.DataFrame({"sex": ["f", "m", "f", "m"], "wave": [10, 9, 9, 10], "y": [1, 0, 1, 1]})
    waves = shares(people, Design(), "y", by=["sex", "wave"], cascade=True)["wave"]
    assert list(map(str, waves)) == ["9", "10", "all", "9", "10", "all", "all"]


def test_categories_stay_in_their_own_order() -> None:
    given = pd.Categorical(["low", "high", "low", "mid"], categories=["low", "mid", "high"])
    people = pd.DataFrame({"income": given, "y": [1, 0, 1, 1]})
    told = shares(people, Design(), "y", by="income", cascade=True)
    assert list(told["income"]) == ["low", "mid", "high", "all"]


def test_an_answer_called_as_a_total_is_refused() -> None:
    people = pd.DataFrame({"sex": ["all", "f"], "y": [1, 0]})
    with pytest.raises(InputError, match="`sex` has an answer called `all`"):
        shares(people, Design(), "y", by=["sex"], cascade=True)


@pytest.mark.parametrize("cascade", [False, True])
def test_a_warning_points_at_the_line_that_asked(cascade: bool) -> None:
    people = pd.DataFrame({"sex": ["m", "f", "f"], "y": [1, 2, 99]})
    with pytest.warns(UserWarning, match="99") as said:
        means(people, Design(), "y", by=["sex"], cascade=cascade)
    assert {Path(each.filename) for each in said} == {Path(__file__)}
