"""A cross-table in which one question has several answers, against the same answers as columns of their own."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from groundswell.cli import cli
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.chi_square import chi_square
from groundswell.estimates.statistics.crosstabs.crosstab_of_file import crosstab_file
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.waves.respondents.layouts.layout import ReadOptions

NUMBERS = ["n", "n_effective", "estimate", "se", "low", "high", "df", "deff"]
OF_UNITS = Design(weights="w", strata="stratum", psu="unit")
DESIGNS = {
    "units": OF_UNITS,
    "respondents": Design(weights="w"),
    "replicates": Design(weights="w", replicates="r*", replicate_kind="bootstrap"),
}
ANSWERS = ("Prices", "War", "Crime")


@pytest.fixture(name="wave")
def a_wave(tmp_path: Path) -> Path:
    """Worries in one cell, and the same as a column of 1 and 0 for each; some were not asked."""
    generator = np.random.default_rng(4)
    n = 90
    chosen = generator.random((n, 3)) < (0.6, 0.4, 0.2)
    asked = generator.random(n) < 0.8
    cells = [
        "; ".join(name for name, on in zip(ANSWERS, row, strict=True) if on) if known else None
        for row, known in zip(chosen, asked, strict=True)
    ]
    table = pd.DataFrame(
        {
            "w": generator.uniform(0.5, 2, n),
            "stratum": np.arange(n) % 3,
            "unit": np.arange(n) // 6 * 3 + np.arange(n) % 3,
            "sex": np.where(generator.random(n) < 0.5, "f", "m"),
            "asked": asked.astype(int),
            "worries": cells,
        }
    )
    for place, name in enumerate(ANSWERS):
        table[f"own{name}"] = np.where(asked, chosen[:, place], np.nan)
    table = table.assign(**{f"r{place}": table["w"] * generator.uniform(0, 2, n) for place in range(8)})
    table.to_parquet(tmp_path / "wave.parquet")
    return tmp_path / "wave.parquet"


ASKED = ReadOptions(asked={"worries": {"asked": (1,)}}, separators={"worries": ";"})


def crossed(file: Path, **options: Any) -> tuple[pd.DataFrame, pd.DataFrame | None, list[str]]:
    """The table, its tests, and what was said."""
    stated = {"design": OF_UNITS, "options": ASKED, **options}
    with warnings.catch_warnings(record=True, action="always", category=UserWarning) as said:
        table, tests = crosstab_file(file, **stated)
    return table, tests, [str(each.message) for each in said]


def plain(file: Path, design: Design, shares: list[str], by: list[str]) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return estimate_file(file, design, shares=shares, by=by)[0]


@pytest.mark.parametrize("kind", DESIGNS)
def test_shares_of_a_set_are_those_of_its_answers_one_by_one(kind: str, wave: Path) -> None:
    table, tests, said = crossed(wave, design=DESIGNS[kind], row="worries", column="sex")
    expected = plain(wave, DESIGNS[kind], [f"own{name}=1" for name in ANSWERS], ["sex"])
    expected["category"] = expected["variable"].str.removeprefix("own")
    keys = ["sex", "category"]
    found = table.set_index(keys).loc[pd.MultiIndex.from_frame(expected[keys]), NUMBERS]
    pd.testing.assert_frame_equal(found, expected.set_index(keys)[NUMBERS], rtol=1e-10)
    assert tests is None
    asked = int(pd.read_parquet(wave)["asked"].sum())
    assert any(f"of the {asked} respondents who were asked, as `asked` says" in sentence for sentence in said)
    (why,) = [sentence for sentence in said if "no test of independence" in sentence]
    assert why.startswith(
        "`worries` takes several answers, so that shares of them may add up to more than 100%"
    )
    assert 'one answer can be tested: `row="worries=' in why


@pytest.mark.parametrize("kind", DESIGNS)
def test_a_respondent_counts_under_each_answer_that_was_chosen(kind: str, wave: Path) -> None:
    table, tests, said = crossed(wave, design=DESIGNS[kind], row="sex", column="worries")
    assert tests is None
    (why,) = [sentence for sentence in said if "no test of independence" in sentence]
    assert "a respondent counts in the domain of each that was chosen" in why
    assert 'one answer can be tested: `column="worries=' in why
    assert not any("who were asked" in sentence for sentence in said)
    assert set(table["worries"]) == set(ANSWERS)
    for name, found in table.groupby("worries"):
        expected = plain(wave, DESIGNS[kind], ["sex"], [f"own{name}"])
        of_those = expected[expected[f"own{name}"] == 1].reset_index(drop=True)
        assert list(found["category"]) == list(of_those["category"])
        pd.testing.assert_frame_equal(found.reset_index(drop=True)[NUMBERS], of_those[NUMBERS], rtol=1e-10)
    chose = pd.read_parquet(wave)[[f"own{name}" for name in ANSWERS]].sum().sum()
    assert table.drop_duplicates("worries")["n"].sum() == chose  # more than there are respondents who chose


@pytest.mark.parametrize("place", ["row", "column"])
def test_one_answer_of_a_set_is_tested_as_a_column_of_its_own(place: str, wave: Path) -> None:
    other = {"row": "column", "column": "row"}[place]
    _, tests, said = crossed(wave, **{place: "worries=War", other: "sex"})
    _, expected, _ = crossed(wave, **{place: "ownWar", other: "sex"})
    assert tests is not None
    assert expected is not None
    pd.testing.assert_frame_equal(tests, expected, rtol=1e-10)
    assert not any("no test of independence" in sentence for sentence in said)
    assert any("respondents who were asked, as `asked` says" in sentence for sentence in said)


def test_a_column_of_marks_is_chosen_or_not(tmp_path: Path) -> None:
    """An empty cell of `Q5_1` is a no of who was asked, in the shares and in the tests."""
    rows = "1,,f\n1,1,f\n,1,m\n,,m\n1,,m\n,1,f\n"
    file = tmp_path / "wave.csv"
    file.write_text("Q5_1,Q5_2,sex\n" + rows, encoding="utf-8")
    table, tests, said = crossed(file, design=Design(), options=ReadOptions(), row="Q5_1", column="sex")
    assert dict(zip(table["sex"], table["estimate"], strict=True)) == {
        "f": pytest.approx(2 / 3),
        "m": pytest.approx(1 / 3),
    }
    assert tests is not None
    assert any("everyone counts as asked (6 respondents), since" in sentence for sentence in said)


def test_units_with_nobody_who_answered_stay_in_the_design(wave: Path) -> None:
    """Dropped, they would take their part of the variance with them; R's `svychisq` keeps them too."""
    table = pd.read_parquet(wave)
    table.loc[table["unit"] < 6, "ownWar"] = np.nan
    table.to_parquet(wave)
    _, tests, _ = crossed(wave, row="ownWar", column="sex")
    pd.testing.assert_frame_equal(tests, chi_square(table, OF_UNITS, row="ownWar", column="sex"), rtol=1e-10)


def test_two_questions_with_several_answers(tmp_path: Path) -> None:
    rows = "1,0,1,1\n1,1,1,0\n0,1,0,1\n1,0,1,0\n"
    file = tmp_path / "wave.csv"
    file.write_text("Q5_1,Q5_2,Q6_1,Q6_2\n" + rows, encoding="utf-8")
    table, tests, said = crossed(file, design=Design(), options=ReadOptions(), row="Q5", column="Q6")
    assert tests is None
    found = table.set_index(["Q6", "category"])["estimate"]
    assert found.to_dict() == {
        ("1", "1"): 1.0,
        ("1", "2"): pytest.approx(1 / 3),
        ("2", "1"): 0.5,
        ("2", "2"): 0.5,
    }
    assert sum("no test of independence" in sentence for sentence in said) == 2


def test_an_answer_that_nobody_chose_is_named_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text("wave,sex,Q5_1,Q5_2,Q5_3\n1,f,1,0,0\n1,m,0,1,0\n1,f,1,1,0\n2,m,0,0,0\n", encoding="utf-8")
    table, _, said = crossed(file, design=Design(), options=ReadOptions(), row="sex", column="Q5")
    assert sorted(set(table["Q5"])) == ["1", "2"]
    assert any("`Q5`: nobody chose “3”, which is left out of the table" in sentence for sentence in said)
    with pytest.raises(InputError, match="`Q5`: nobody chose any of its answers"):
        crossed(file, design=Design(), options=ReadOptions(), where=["wave=2"], row="sex", column="Q5")


def test_a_misspelt_question_is_refused(wave: Path) -> None:
    with pytest.raises(InputError, match="`worris`"):
        crossed(wave, row="worris", column="sex")
    with pytest.raises(InputError, match=r"`Prces` is not an answer of `worries`"):
        crossed(wave, row="sex", column="worries=Prces")


def test_the_command_says_what_it_does_not_test(wave: Path, tmp_path: Path) -> None:
    words = [
        "crosstab",
        str(wave),
        "--weights",
        "w",
        "--asked",
        "worries=asked=1",
        "--separator",
        "worries=;",
    ]
    done = CliRunner().invoke(cli, [*words, "--row", "worries", "--column", "sex"])
    assert done.exit_code == 0, done.output
    assert "statistic" not in done.stdout
    assert "note: `worries` takes several answers" in done.stderr
    assert "`--row worries=" in done.stderr
    assert "respondents who were asked, as `asked` says" in done.stderr
    written = [*words, "--row", "sex", "--column", "worries", "--tests", str(tmp_path / "tests.csv")]
    refused = CliRunner().invoke(cli, written)
    assert refused.exit_code != 0
    assert not (tmp_path / "tests.csv").exists()
    assert (
        "`--tests`: a question with several answers has no test of independence"
        in f"{refused.exception}{refused.output}"
    )


def test_a_question_of_one_answer_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("a,g\n1,x\n1,x\n1,y\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"`a` has fewer than two answers"):
        crosstab_file(file, Design(), row="a", column="g")
