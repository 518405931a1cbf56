"""Cross-tables of a table of respondents: against R's survey, by hand, and against the same of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.crosstabs.crosstab import crosstab
from groundswell.estimates.statistics.crosstabs.crosstab_of_file import crosstab_file
from groundswell.estimates.statistics.shares import shares as shares_of

from .conftest import API_DESIGNS, assert_agrees, read_reference, read_schools

FOUND_IN_R = read_reference("crosstabs")
PEOPLE = pd.DataFrame(
    {
        "calm": ["yes", "no", "no", "yes", "yes", None, "no"],
        "sex": ["f", "f", "m", "m", "m", "f", None],
        "w": [1.0, 3.0, 2.0, 1.0, 1.0, 9.0, 9.0],
    }
)
WEIGHTED = Design(weights="w")


def schools_with_gaps(name: str) -> pd.DataFrame:
    """As `crosstabs.R` reads them: some gave no answer."""
    schools = read_schools(name).assign(kind=lambda table: table["stype"])
    schools.loc[10::11, "sch.wide"] = None
    schools.loc[12::13, "kind"] = None
    return schools


def cells_of(table: pd.DataFrame, row: str, column: str) -> pd.DataFrame:
    return table[(table["sch.wide"] == row) & (table["kind"] == column)].reset_index(drop=True)


@pytest.mark.parametrize("name", API_DESIGNS)
@pytest.mark.parametrize("domain", ["all", "without_awards"])
def test_against_r(name: str, domain: str) -> None:
    expected = FOUND_IN_R[name][domain]
    by = [] if domain == "all" else ["awards"]
    tables: dict[str, pd.DataFrame] = {}
    for kind in ("column", "row", "total"):
        made, tests = crosstab(
            schools_with_gaps(f"api{name}"),
            API_DESIGNS[name],
            row="sch.wide",
            column="kind",
            by=by,
            shares=kind,  # type: ignore[arg-type]
        )
        tables[kind] = made[made["awards"] == "No"] if by else made
    for cell in expected["weighted"]:
        found = cells_of(tables["total"], cell["sch.wide"], cell["kind"])
        assert_agrees(found["weighted"], [cell["Freq"]])
    for share in expected["column"]:
        found = cells_of(tables["column"], "Yes", share["domain"])
        assert_agrees(found[["estimate", "se"]].iloc[0], [share["share"], share["se"]])
    for share in expected["row"]:
        found = cells_of(tables["row"], share["domain"], "E")
        assert_agrees(found[["estimate", "se"]].iloc[0], [share["share"], share["se"]])
    for part, (row, column) in {
        "cell": ("Yes", "E"),
        "all_rows": ("Yes", "all"),
        "all_columns": ("all", "E"),
    }.items():
        found = cells_of(tables["total"], row, column)
        assert_agrees(found[["estimate", "se"]].iloc[0], expected[part], scale=abs(expected[part][0]))
    assert_agrees(cells_of(tables["total"], "Yes", "E")[["low", "high"]].iloc[0], expected["interval"])
    tested = (tests[tests["awards"] == "No"] if by else tests).set_index("kind")
    for kind, (statistic, p) in expected["tests"].items():
        assert_agrees(tested.loc[kind, ["statistic", "p"]], [statistic, p])


def test_every_share_has_its_base_and_every_total_is_there() -> None:
    tables = {
        kind: crosstab(PEOPLE, WEIGHTED, row="calm", column="sex", shares=kind)[0]
        for kind in ("column", "row", "total")
    }  # type: ignore[arg-type]
    wide = {
        kind: table.pivot(index="calm", columns="sex", values="estimate") for kind, table in tables.items()
    }
    assert wide["column"].to_numpy().tolist() == [[0.75, 0.5, 0.625], [0.25, 0.5, 0.375], [1, 1, 1]]
    assert wide["row"].to_numpy().round(12).tolist() == [
        [0.6, 0.4, 1],
        [0.333333333333, 0.666666666667, 1],
        [0.5, 0.5, 1],
    ]
    assert wide["total"].to_numpy().tolist() == [[0.375, 0.25, 0.625], [0.125, 0.25, 0.375], [0.5, 0.5, 1]]
    for table in tables.values():
        assert table.pivot(index="calm", columns="sex", values="count").to_numpy().tolist() == [
            [1, 1, 2],
            [1, 2, 3],
            [2, 3, 5],
        ]
        assert table.pivot(index="calm", columns="sex", values="weighted").to_numpy().tolist() == [
            [3, 2, 5],
            [1, 2, 3],
            [4, 4, 8],
        ]
    assert tables["column"]["n"].tolist() == [2, 2, 2, 3, 3, 3, 5, 5, 5]
    assert tables["row"]["n"].tolist() == [2, 2, 2, 3, 3, 3, 5, 5, 5]
    assert set(tables["total"]["n"]) == {5}
    certain = tables["column"][tables["column"]["calm"] == "all"]
    assert (certain[["estimate", "low", "high"]] == 1).all(axis=None)
    assert (certain["se"] == 0).all()


def test_without_totals_only_cells_are_there() -> None:
    table, _ = crosstab(PEOPLE, WEIGHTED, row="calm", column="sex", totals=False)
    assert list(table["sex"]) == ["f", "f", "m", "m"]
    assert list(table["calm"]) == ["no", "yes"] * 2


def test_it_is_what_the_file_gives(repository: Path) -> None:
    """One number through every door: the file's table counts all who answered the column, here everyone."""
    file = repository / "tests" / "reference" / "apiclus2.csv"
    of_file, tests_of_file = crosstab_file(file, API_DESIGNS["clus2"], row="sch.wide", column="stype")
    table, tests = crosstab(
        pd.read_csv(file), API_DESIGNS["clus2"], row="sch.wide", column="stype", totals=False
    )
    assert list(zip(table["stype"], table["sch.wide"], strict=True)) == list(
        zip(of_file["stype"], of_file["category"], strict=True)
    )
    numbers = ["n", "n_effective", "estimate", "se", "low", "high", "df", "deff"]
    np.testing.assert_allclose(table[numbers], of_file[numbers], rtol=1e-9)
    assert tests_of_file is not None
    pd.testing.assert_frame_equal(tests, tests_of_file)


@pytest.mark.parametrize("name", ["weighted", "replicates"])
def test_it_is_what_shares_give(name: str) -> None:
    rng = np.random.default_rng(3)
    table = PEOPLE.dropna().loc[lambda people: people.index.repeat(6)].reset_index(drop=True)
    table = table.assign(**{f"r{k}": table["w"] * rng.uniform(0, 2, len(table)) for k in range(6)})
    design = {
        "weighted": WEIGHTED,
        "replicates": Design(weights="w", replicates="r*", replicate_kind="bootstrap"),
    }
    made, _ = crosstab(table, design[name], row="calm", column="sex", totals=False)
    alone = shares_of(table, design[name], "calm=no", "calm=yes", by=["sex"])
    numbers = ["n", "estimate", "se", "low", "high", "df"]
    np.testing.assert_allclose(made[numbers], alone[numbers])


def test_labels_name_answers_domains_and_all() -> None:
    people = PEOPLE.assign(region=[1, 1, 1, 1, 2, 2, 2])
    labels = {
        "calm": {"yes": "Calm", "no": "Not calm", "maybe": "Perhaps"},
        "sex": {"all": "Everyone"},
        "region": {"1": "North"},
    }
    table, tests = crosstab(people, WEIGHTED, row="calm", column="sex", by=["region"], labels=labels)
    assert list(table["calm"].cat.categories) == ["Not calm", "Calm", "all"]
    assert list(table["sex"].cat.categories) == ["f", "m", "Everyone"]
    assert list(table["region"].unique()) == ["North", 2]
    assert list(tests["region"].unique()) == ["North", 2]
    assert tests[tests["region"] == 2]["p"].isna().all(), "one person: nothing to test"


def test_of_weight_zero_neither_row_nor_count() -> None:
    people = PEOPLE.assign(w=[1, 3, 2, 1, 1, 9, 9], calm=["yes", "no", "no", "yes", "yes", "x", "no"])
    people.loc[5, "w"] = 0
    table, _ = crosstab(people, WEIGHTED, row="calm", column="sex")
    assert list(table["calm"].cat.categories) == ["no", "yes", "all"]
    assert table["count"].max() == 5


WRONG: dict[str, dict[str, Any]] = {
    r"`nope` is not a column": {"row": "nope", "column": "sex"},
    r"`sex` is named twice": {"row": "sex", "column": "sex"},
    r"`calm` is named twice": {"row": "calm", "column": "sex", "by": ["calm"]},
    r"`shares=` is `cell`": {"row": "calm", "column": "sex", "shares": "cell"},
    r"`calm` has two answers called `x`": {
        "row": "calm",
        "column": "sex",
        "labels": {"calm": {"yes": "x", "no": "x"}},
    },
    r"`calm` has two answers called `all`": {
        "row": "calm",
        "column": "sex",
        "labels": {"calm": {"yes": "all"}},
    },
    r"`level=` is `95`": {"row": "calm", "column": "sex", "level": 95},
}


@pytest.mark.parametrize("says", WRONG)
def test_what_cannot_be_crossed_is_named(says: str) -> None:
    with pytest.raises(InputError, match=says):
        crosstab(PEOPLE, WEIGHTED, **WRONG[says])


def test_nobody_answered_both() -> None:
    with pytest.raises(InputError, match="nobody answered both `calm` and `sex`"):
        crosstab(PEOPLE.assign(sex=None), WEIGHTED, row="calm", column="sex")


def test_a_code_that_looks_like_no_answer_is_named() -> None:
    people = PEOPLE.assign(calm=[1, 2, 1, 2, 1, 99, 99])
    with pytest.warns(UserWarning, match="99"):
        crosstab(people, WEIGHTED, row="calm", column="sex")
