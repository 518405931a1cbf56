"""Sums made by DuckDB, whole, in parts, within little memory or on a cluster, are those of the respondents."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.errors import GroundswellError, InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.estimates.statistics.shares import shares_and_covariance
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.cells_from_query import add_sums, cells_of_sums
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.means import LinearisedMeans
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import loaded
from groundswell.waves.respondents.sql import identifier, sql

DESIGNS = {
    "units in strata": Design(weights="w", strata="stratum", psu="unit", nest=True),
    "two stages, sizes known": Design(
        weights="w", strata="stratum", psu=("unit", "home"), fpc=("towns", "homes"), nest=True
    ),
    "respondents in strata": Design(weights="w", strata="stratum"),
    "weights only": Design(weights="w"),
    "sampling fractions for weights": Design(strata="stratum", psu="unit", fpc="towns", nest=True),
}


@pytest.fixture(params=DESIGNS, name="design")
def every_design(request: pytest.FixtureRequest) -> Design:
    return DESIGNS[request.param]


def respondents(seed: int, size: int = 300) -> pd.DataFrame:
    """Three strata of four towns with homes in each; zero weights, missing answers, and no domain for some."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "stratum": random.integers(0, 3, size),
            "unit": random.integers(0, 4, size),
            "home": random.integers(0, 3, size),
            "towns": 9,
            "homes": 7,
            "wave": random.integers(1, 4, size),
            "region": random.choice(["north", "south"], size),
            "w": np.where(random.random(size) < 0.1, 0.0, random.lognormal(0, 1, size)),
            "answer": random.choice(["yes", "no", "never"], size),
            "number": random.normal(50, 10, size),
        }
    )
    for name in ("answer", "number", "region"):
        table[name] = table[name].mask(random.random(size) < 0.1)
    return table


def plan_of(design: Design, *, products: bool = False) -> SumPlan:
    answers = (
        sql("CASE WHEN answer IS NOT NULL THEN CAST(answer = 'yes' AS INTEGER) END"),
        identifier("number"),
    )
    items = (Item("answer", "yes"), Item("number"))
    by = {name: identifier(name) for name in ("wave", "region")}
    return SumPlan(design=design, items=items, answers=answers, by=by, products=products)


def summed(table: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    return sum_respondents(loaded(table, Codebook("made.parquet", len(table), _variables(table))), plan)


def _variables(table: pd.DataFrame) -> dict:
    from groundswell.waves.respondents.codebook import Variable

    return {name: Variable(name, "number" if table[name].dtype != "str" else "text") for name in table}


def means_of_sums(sums: pd.DataFrame, plan: SumPlan) -> LinearisedMeans:
    return LinearisedMeans(*cells_of_sums(sums, plan), plan.design.lonely_psu)


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-12, atol=1e-13, check_dtype=False)


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_the_database_are_those_of_the_respondents(design: Design, seed: int) -> None:
    table = respondents(seed)
    plan = plan_of(design, products=not design.psu)
    found = means_of_sums(summed(table, plan), plan)
    expected, covariance = shares_and_covariance(
        table, design, "answer=yes", numbers=["number"], by=["wave", "region"]
    )
    pd.testing.assert_frame_equal(estimate(found), expected, rtol=1e-9, check_dtype=False)
    np.testing.assert_allclose(found.covariance(), covariance, rtol=1e-7, atol=1e-10)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.sampled_from(sorted(DESIGNS)))
def test_a_file_in_any_parts_has_the_sums_of_the_whole(seed: int, many: int, name: str) -> None:
    table, plan = respondents(seed), plan_of(DESIGNS[name])
    place = np.random.default_rng(seed).integers(0, many, len(table))
    parts = [summed(table[place == part], plan) for part in range(many)]
    whole = estimate(means_of_sums(summed(table, plan), plan))
    assert_same(estimate(means_of_sums(add_sums(parts), plan)), whole)


@pytest.mark.parametrize(
    ("design", "many", "products", "suffice"),
    [
        (Design(weights="w", strata="s", psu="p"), 50, True, True),
        (Design(weights="w"), 50, False, True),
        (Design(weights="w"), 12, True, True),
        (Design(weights="w"), 13, True, False),
        (Design(weights="w", replicates=["r1", "r2"], replicate_kind="BRR"), 1, False, False),
        (Design(weights="w", base_weights="b", margins=["s"]), 1, False, False),
    ],
    ids=["psus", "no-products", "few-products", "many-products", "replicates", "calibrated"],
)
def test_when_sums_suffice(design: Design, many: int, products: bool, suffice: bool) -> None:
    items = tuple(Item(f"q{at}", "1") for at in range(many))
    plan = SumPlan(design=design, items=items, answers=(sql("1"),) * many, by={}, products=products)
    assert plan.sums_suffice is suffice


@pytest.fixture(name="file", scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sums") / "respondents.parquet"
    respondents(1, 20_000).to_parquet(file, row_group_size=1_500)
    return file


def test_two_workers_of_a_cluster_make_the_same_table(file: Path, design: Design) -> None:
    from distributed import LocalCluster

    asked = {"shares": ["answer=yes"], "means": ["number"], "by": ["wave", "region"]}
    whole, _ = estimate_file(file, design, **asked)
    scratch = tempfile.gettempdir()
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, local_directory=scratch
    ) as cluster:
        parts, _ = estimate_file(file, design, **asked, cluster=cluster.scheduler_address)
    assert_same(parts, whole)


def test_a_bound_on_memory_changes_no_number(file: Path) -> None:
    design, asked = DESIGNS["units in strata"], {"shares": ["answer=yes"], "by": ["wave", "unit", "home"]}
    whole, _ = estimate_file(file, design, **asked)
    assert_same(estimate_file(file, design, **asked, memory="64MB")[0], whole)


def test_memory_that_cannot_hold_the_sums_is_said(file: Path) -> None:
    with pytest.raises(InputError, match="`memory=` of 2MB does not hold the sums"):
        estimate_file(file, Design(weights="w", psu="number"), shares=["answer=yes"], memory="2MB")


def test_only_parquet_is_summed_by_partitions(tmp_path: Path) -> None:
    file = tmp_path / "respondents.csv"
    respondents(1).to_csv(file, index=False)
    with pytest.raises(InputError, match=r"only Parquet.*write it as \.parquet"):
        estimate_file(file, Design(weights="w"), shares=["answer=yes"], cluster="127.0.0.1:1")


def test_a_cluster_that_does_not_answer(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    def silent(address: str, **_: object) -> None:
        raise TimeoutError(address)

    monkeypatch.setattr(distributed, "Client", silent)
    with pytest.raises(GroundswellError, match=r"no cluster answers at `127\.0\.0\.1:1`"):
        estimate_file(file, Design(weights="w"), shares=["answer=yes"], cluster="127.0.0.1:1")


@pytest.mark.parametrize("answer", ["maybe", "Yes"])
def test_an_answer_that_nobody_gave_is_refused_with_those_that_were(file: Path, answer: str) -> None:
    with pytest.raises(InputError, match=rf"`{answer}` is not an answer of `answer`.*yes"):
        estimate_file(file, Design(weights="w"), shares=[f"answer={answer}"], by=["wave"])


def test_an_answer_of_respondents_without_weight_is_a_share_of_zero(tmp_path: Path) -> None:
    table = respondents(1)
    table.loc[table["w"] == 0, "answer"] = "rare"
    table.to_parquet(tmp_path / "made.parquet")
    found, _ = estimate_file(tmp_path / "made.parquet", Design(weights="w"), shares=["answer=rare"])
    assert found["estimate"].tolist() == [0.0]
    assert found["high"].iloc[0] > 0


def test_a_question_of_many_answers_is_asked_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    respondents(1).assign(town=range(300)).to_parquet(file)
    found, _ = estimate_file(file, Design(weights="w"), shares=["town=7"])
    assert found["category"].tolist() == ["7"]
    with pytest.raises(InputError, match="over 200 answers: name one of them"):
        estimate_file(file, Design(weights="w"), shares=["town"])
