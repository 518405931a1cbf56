"""A question with several answers reads back to the same shares, whatever form it was written in."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from exports.several_answers import (
    PARQUET_FORMS,
    TEXT_FORMS,
    Ticked,
    Written,
    write_parquet,
    write_sav,
    write_text,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.describing.described_sets import described_sets
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.estimates.statistics.shares import means, shares
from groundswell.waves.respondents.codebook import Codebook, DeclaredSet, Variable
from groundswell.waves.respondents.in_memory import in_memory
from groundswell.waves.respondents.layouts.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.reader import loaded, read_respondents
from groundswell.waves.respondents.sets.found import sets_of

NAMES = ("Prices", "War", "Health", "Work", "Housing", "Crime")
QUIET = pytest.mark.filterwarnings(
    "ignore:.*several answers:UserWarning", "ignore:.*chosen together:UserWarning"
)


@st.composite
def questions(draw: st.DrawFn) -> Ticked:
    """A question in which each answer was chosen alone and with others, and somebody ticked nothing."""
    many = draw(st.integers(2, len(NAMES)))
    drawn = draw(st.lists(st.lists(st.booleans(), min_size=many, max_size=many), max_size=25))
    asked = draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
    alone, together = np.eye(many, dtype=bool), ~np.eye(many, dtype=bool)
    nothing, everything = np.zeros((1, many), bool), np.ones((1, many), bool)
    rows = [alone, alone, together, nothing, everything, np.array(drawn, bool).reshape(-1, many)]
    chosen = np.vstack(rows)
    known = np.ones(len(chosen), bool)
    known[len(chosen) - len(drawn) :] = asked
    return Ticked(NAMES[:many], chosen & known[:, None], known)


def check_shares(file: Path, written: Written, ticked: Ticked) -> None:
    """Every answer's share and n, by the name of the set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        table, _ = estimate_file(file, Design(), shares=[written.set_name])
    truth = ticked.shares(known=written.asked_known)
    got = dict(zip(table["category"], table["estimate"], strict=True))
    expected = dict(zip(written.names, truth.values(), strict=True))
    short = {name.rpartition("_")[2].lstrip("_"): share for name, share in expected.items()}
    assert len(got) == len(expected)
    for name, share in got.items():
        known = {**short, **expected, **{_end(each): value for each, value in expected.items()}}
        assert share == pytest.approx(known[name], abs=1e-12)
    base = ticked.asked.sum() if written.asked_known else len(ticked.asked)
    assert set(table["n"]) == {base}


def _end(column: str) -> str:
    """What a column's name ends in after the set's."""
    for sign in ("[", ".", "r", "_"):
        if sign in column:
            return column.rpartition(sign)[2].rstrip("]")
    return column


EVERY_FORM = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", TEXT_FORMS)
@EVERY_FORM
@given(ticked=questions())
def test_every_form_of_text_reads_back_to_the_same_shares(form: str, ticked: Ticked) -> None:
    written = TEXT_FORMS[form](ticked)
    with TemporaryDirectory() as folder:
        check_shares(write_text(written, Path(folder) / "export.csv"), written, ticked)


@pytest.mark.parametrize("form", PARQUET_FORMS)
@EVERY_FORM
@given(ticked=questions())
def test_every_form_of_parquet_reads_back_to_the_same_shares(form: str, ticked: Ticked) -> None:
    written = PARQUET_FORMS[form](ticked)
    with TemporaryDirectory() as folder:
        check_shares(write_parquet(written, Path(folder) / "export.parquet"), written, ticked)


SPSS = {
    "0/1": ("Q5_{0}", 0, {0: "No", 1: "Yes"}),
    "1/empty, labelled": ("Q5_{0}", None, {1: "Selected"}),
    "1/empty, both labelled": ("Q5_{0}", None, {0: "Not selected", 1: "Selected"}),
    "1/2": ("Q5_{0}", 2, {1: "Ja", 2: "Nein"}),
    "letters": ("q5{1}", 0, {}),
    "numbers through the file": ("V{0}", 0, {0: "not quoted", 1: "quoted"}),
}


@pytest.mark.parametrize("form", SPSS)
@EVERY_FORM
@given(ticked=questions())
def test_every_form_of_spss_reads_back_to_the_same_shares(form: str, ticked: Ticked) -> None:
    columns, no, labels = SPSS[form]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "export.sav"
        check_shares(file, write_sav(ticked, file, columns, no=no, labels=labels), ticked)


@QUIET
@pytest.mark.parametrize("form", [*TEXT_FORMS, *PARQUET_FORMS])
@settings(max_examples=3, deadline=None)
@given(ticked=questions())
def test_a_table_in_memory_gives_what_its_file_gives(form: str, ticked: Ticked) -> None:
    written = {**TEXT_FORMS, **PARQUET_FORMS}[form](ticked)
    table = written.table.assign(w=1.0 + np.arange(len(written.table)) % 2)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "export.parquet"
        table.to_parquet(file, index=False)
        design = Design(weights="w")
        there, _ = estimate_file(file, design, shares=[written.set_name])
        here = shares(table, design, written.set_name)
    pd.testing.assert_frame_equal(here, there, rtol=1e-12)


def written_csv(folder: Path, text: str) -> Path:
    file = folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    return file


def asked_of(file: Path, *questions: str, **options: object) -> tuple[dict[str, float], list[str]]:
    """Shares by answer, and what was said."""
    stated = options.pop("options", AS_FOUND)
    assert isinstance(stated, ReadOptions)
    with warnings.catch_warnings(record=True, action="always", category=UserWarning) as said:
        table, _ = estimate_file(file, Design(), shares=questions, options=stated, **options)  # type: ignore[arg-type]
    return dict(zip(table["category"], table["estimate"], strict=True)), [str(each.message) for each in said]


TICKED = "Q4,Q5_1,Q5_2\n1,1,\n1,,1\n2,,\n1,,\n2,,\n"
"""Five respondents; two ticked an answer each."""


def test_the_variance_is_that_of_a_proportion_of_all_who_were_asked(tmp_path: Path) -> None:
    table = pd.DataFrame({"Q5_1": [1.0] * 7 + [np.nan] * 13, "Q5_2": [np.nan] * 16 + [1.0] * 4})
    file = tmp_path / "wave.parquet"
    table.to_parquet(file)
    with pytest.warns(UserWarning, match=r"everyone counts as asked \(20 respondents\)"):
        row = estimate_file(file, Design(), shares=["Q5_1"])[0].iloc[0]
    assert (row["n"], row["estimate"]) == (20, pytest.approx(0.35))
    assert row["se"] == pytest.approx((0.35 * 0.65 / 19) ** 0.5, rel=1e-12)


def test_weights_strata_and_units_count_as_for_any_other_share(tmp_path: Path) -> None:
    """Against the same answers written as 1 and 0 in a column of their own."""
    generator = np.random.default_rng(1)
    n = 60
    table = pd.DataFrame(
        {
            "w": generator.uniform(0.5, 2, n),
            "stratum": np.arange(n) % 3,
            "unit": np.arange(n) // 5 * 3 + np.arange(n) % 3,
            "worries": np.where(generator.random(n) < 0.5, "Prices, War", "War"),
        }
    )
    table.loc[generator.random(n) < 0.3, "worries"] = "Prices"
    table.loc[generator.random(n) < 0.2, "worries"] = None
    table["prices"] = table["worries"].fillna("").str.contains("Prices").astype(int)
    replicates = {f"r{place}": table["w"] * generator.uniform(0, 2, n) for place in range(8)}
    table = table.assign(**replicates)
    file = tmp_path / "wave.parquet"
    table.to_parquet(file)
    designs = [
        Design(weights="w", strata="stratum", psu="unit"),
        Design(weights="w", replicates="r*", replicate_kind="bootstrap"),
    ]
    numbers = ["n", "n_effective", "estimate", "se", "low", "high", "df", "deff"]
    for design in designs:
        with pytest.warns(UserWarning, match="several answers"):
            of_set, covariance = estimate_file(
                file, design, shares=["worries=Prices"], by=["stratum"], covariance=True
            )
        plain, its = estimate_file(file, design, shares=["prices"], by=["stratum"], covariance=True)
        pd.testing.assert_frame_equal(of_set[numbers], plain[numbers], rtol=1e-10)
        assert covariance is not None
        assert its is not None
        np.testing.assert_allclose(covariance.to_numpy(), its.to_numpy(), rtol=1e-10, atol=1e-15)


@QUIET
def test_an_answer_is_called_by_its_name_its_column_or_the_end_of_it(tmp_path: Path) -> None:
    file = written_csv(tmp_path, TICKED)
    for question in ("Q5=1", "Q5=Q5_1", "Q5=q5_1", "Q5_1", "Q5_1=1"):
        assert list(asked_of(file, question)[0].values()) == [0.2]
    with pytest.raises(InputError, match=r"`War` is not an answer of `Q5`: known: 1, 2"):
        asked_of(file, "Q5=War")


def test_who_was_asked_is_said_and_can_be_stated(tmp_path: Path) -> None:
    file = written_csv(tmp_path, TICKED)
    shares_of, said = asked_of(file, "Q5")
    assert shares_of == {"1": 0.2, "2": 0.2}
    assert said[0].startswith("`Q5` has several answers: everyone counts as asked (5 respondents)")
    assert "3 ticked nothing" in said[0]
    stated = ReadOptions(asked={"Q5": {"Q4": (1,)}})
    shares_of, said = asked_of(file, "Q5", options=stated)
    assert shares_of == {"1": pytest.approx(1 / 3), "2": pytest.approx(1 / 3)}
    assert "of the 3 respondents who were asked, as `Q4` says; 1 ticked nothing" in said[0]
    assert asked_of(file, "Q5_1", options=stated)[0] == {"1": pytest.approx(1 / 3)}


def test_who_was_asked_must_be_stated_of_a_question_by_columns_that_there_are(tmp_path: Path) -> None:
    file = written_csv(tmp_path, TICKED)
    with pytest.raises(InputError, match=r"has no column `Q9`"):
        asked_of(file, "Q5", options=ReadOptions(asked={"Q5": {"Q9": (1,)}}))
    with pytest.raises(InputError, match=r"`asked=` names `Q4`, which is no question with several answers"):
        asked_of(file, "Q5", options=ReadOptions(asked={"Q4": {}}))


def test_a_code_that_says_not_asked_takes_out_of_the_base(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "Q5_1,Q5_2\n1,\n,1\n,\n99,99\n1,99\n")
    shares_of, said = asked_of(file, "Q5", options=ReadOptions(missing=(99,)))
    assert shares_of == {"1": 0.5, "2": 0.25}
    assert "of 4 respondents, 1 of whom ticked nothing; 1 are left out" in said[0]


def test_a_column_with_one_code_and_empty_cells_is_never_a_share_of_all(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "owner,mood\n1,1\n,2\n1,2\n")
    with pytest.raises(
        InputError, match=r"`owner` holds `1` and no other answer, and 1 of 3 cells have none"
    ):
        asked_of(file, "owner")
    with pytest.raises(InputError, match="`owner` holds `1`"):
        asked_of(file, "owner=1")
    with pytest.raises(InputError, match=r"its mean would be that number"):
        estimate_file(file, Design(), means=["owner"])
    assert asked_of(file, "owner", options=ReadOptions(asked={"owner": {}}))[0] == {"1": pytest.approx(2 / 3)}
    by_mood = ReadOptions(asked={"owner": {"mood": (2,)}})
    assert asked_of(file, "owner=1", options=by_mood)[0] == {"1": 0.5}
    table = pd.read_csv(file)
    with pytest.raises(InputError, match="Write 0 where it was not chosen"):
        shares(table, Design(), "owner")
    with pytest.raises(InputError, match="its mean would be that number"):
        means(table, Design(), "owner")


def test_a_column_of_one_code_without_empty_cells_is_what_it_is(tmp_path: Path) -> None:
    assert asked_of(written_csv(tmp_path, "wave,a\n1,2\n1,2\n"), "wave") == ({"1": 1.0}, [])


def test_rows_in_which_nobody_ticked_may_not_have_been_asked(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "year,Q5_1,Q5_2\n2020,1,\n2020,,1\n2021,,\n2021,,\n")
    with pytest.raises(InputError, match=r"`Q5` was ticked by nobody of these 2 respondents"):
        asked_of(file, "Q5", where=["year=2021"])
    _, said = asked_of(file, "Q5", by=["year"])
    assert any("`Q5` was ticked by nobody where `year` is `2021` (2)" in sentence for sentence in said)


NO_SETS = {
    "one answer with a comma": ["Yes, often", "No, never", "Yes, often", "No"],
    "scales with a comma": ["Yes, often", "Yes, rarely", "No, often", "No, rarely"],
    "places": ["Moscow, north", "Moscow, south", "Kazan, north", "Kazan, south", "Moscow", "Kazan"],
    "decimal commas": ["1,1", "1,2", "2,1", "2,2", "1", "2"],
    "thousands": ["1,200", "2,200", "1,500", "2,500"],
    "words": ["very calm", "calm", "very anxious", "anxious", "very calm"],
    "negations": ["not calm", "calm", "not sure", "sure"],
    "names": ["Ivanov, Pyotr", "Petrov, Ivan", "Ivanov, Ivan", "Petrov, Pyotr"],
    "open answers": ["I think prices, war and so on", "prices", "my health, my work", "war, I guess"],
    "times": ["2024/03/01 9:12:00 AM GMT+3", "2024/03/02 9:12:00 AM GMT+3", "2024/03/01 9:13:00 PM GMT+3"],
    "bands": ["less than 10,000", "10,000 - 20,000", "20,000 - 30,000", "30,000 or more"],
}


@pytest.mark.parametrize("kind", NO_SETS)
def test_a_comma_does_not_make_two_answers(kind: str) -> None:
    respondents = in_memory(pd.DataFrame({"cell": NO_SETS[kind] * 3}))
    assert list(respondents.codebook.sets) == []


def test_a_grid_of_scales_is_no_set() -> None:
    grid = pd.DataFrame({f"Q7_{item}": [1, 2, 3, 4, 5] for item in range(4)})
    assert list(in_memory(grid).codebook.sets) == []
    weights = pd.DataFrame({f"rep_{item}": [0.5, 1.5, 0.7] for item in range(4)})
    assert list(in_memory(weights).codebook.sets) == []


def test_what_people_wrote_next_to_other_is_no_answer() -> None:
    table = pd.DataFrame(
        {
            "Q5_1": [1, None, 1],
            "Q5_2": [None, 1, None],
            "Q5_6": [None, 1, None],
            "Q5_6_TEXT": [None, "rent", None],
        }
    )
    (found,) = in_memory(table).codebook.sets.values()
    assert found.columns == ("Q5_1", "Q5_2", "Q5_6")


@QUIET
def test_an_answer_with_a_comma_is_asked_for_whole(tmp_path: Path) -> None:
    cells = ["War, Food, drinks", "Food, drinks", "War", "War", "", "Food, drinks, Rent", "Rent"]
    file = tmp_path / "form.csv"
    pd.DataFrame({"id": range(7), "Worries, all": cells}).to_csv(file, index=False)
    shares_of, said = asked_of(file, "Worries, all=Food, drinks", "Worries, all")
    assert shares_of["Food, drinks"] == pytest.approx(3 / 7)
    assert shares_of["War"] == pytest.approx(3 / 7)
    assert any("“Food” and “drinks” are always chosen together" in sentence for sentence in said)


def test_a_stated_separator_is_taken_at_its_word(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "place\nnorth/urban\nsouth/rural\nnorth/rural\n")
    stated = ReadOptions(separators={"place": "/"})
    assert asked_of(file, "place=north", options=stated)[0] == {"north": pytest.approx(2 / 3)}
    several = written_csv(tmp_path, 'worries\n"War, Rent"\nWar\nRent\n')
    one = ReadOptions(separators={"worries": ""})
    assert asked_of(several, "worries", options=one) == (
        {"Rent": pytest.approx(1 / 3), "War": pytest.approx(1 / 3), "War, Rent": pytest.approx(1 / 3)},
        [],
    )


def declared(table: pd.DataFrame, stated: DeclaredSet, labels: dict[int, str]) -> dict[str, float]:
    """Shares of a set that the file declares, by the name of the answer."""
    variables = {name: Variable(name, "number", "", labels) for name in table.columns}
    respondents = loaded(table, Codebook("wave.sav", len(table), variables, declared_sets=(stated,)))
    codebook = respondents.codebook
    sets = sets_of(codebook, respondents.rows, AS_FOUND)
    first = next(described_sets(replace(respondents, codebook=replace(codebook, sets=sets))))
    assert first.name == stated.name.lstrip("$")
    return {option.name: option.share or 0.0 for option in first.options}


def test_sets_that_a_file_declares_are_taken_as_they_are() -> None:
    table = pd.DataFrame({"a": [1.0, None, 1.0, None], "b": [None, 1.0, None, None]})
    dichotomies = DeclaredSet("$worry", "What worries you?", "dichotomies", 1, ("a", "b"))
    assert declared(table, dichotomies, {1: "Yes"}) == {"a": 0.5, "b": 0.25}
    mentions = pd.DataFrame({"first": [1.0, 2.0, None, 3.0], "second": [2.0, None, None, 1.0]})
    categories = DeclaredSet("$worry", "", "categories", None, ("first", "second"))
    third = pytest.approx(1 / 3)
    assert declared(mentions, categories, {1: "Prices", 2: "War", 3: "Rent"}) == {
        "Prices": pytest.approx(2 / 3), "War": pytest.approx(2 / 3), "Rent": third,
    }  # fmt: skip


def test_reading_looks_for_no_set(tmp_path: Path) -> None:
    """Sets are looked for when they are asked for, so that reading costs nothing."""
    asked: list[object] = []

    def rows(*args: object, **kwargs: object) -> list[tuple[object, ...]]:
        asked.append(args)
        return []

    codebook = read_respondents(written_csv(tmp_path, TICKED)).codebook
    sets_of(codebook, rows, AS_FOUND)
    assert asked == []


def test_an_answer_that_stands_in_other_cells_too_is_said(tmp_path: Path) -> None:
    file = written_csv(tmp_path, 'mood\n"Yes, often"\n"Yes, rarely"\nYes\nNo\n')
    shares_of, said = asked_of(file, "mood=Yes")
    assert shares_of == {"Yes": 0.25}
    assert said[0].startswith("`mood`: “Yes” also stands in 2 other cells, next to `, `")
    assert asked_of(file, "mood=No")[1] == []


def test_a_column_of_a_set_is_asked_for_by_its_own_code(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "Q5_1,Q5_2,Q5_3,Q5_other\n1,,,rent\n,1,,\n,,,\n1,1,,\n")
    with pytest.raises(InputError, match=r"`2` is not an answer of `Q5_1`"):
        asked_of(file, "Q5_1=2")
    assert asked_of(file, "Q5_3")[0] == {"1": 0.0}
    with pytest.raises(InputError, match="`Q5_other` holds `rent` and no other answer"):
        asked_of(file, "Q5_other")


LABELLED = {
    "a no that the file declares missing": ({1: "Selected", 0: "Not selected"}, [1, 0, 0, None], 1 / 3),
    "no answer is not a no": ({1: "Selected", 0: "No answer"}, [1, 0, None, None], 1 / 3),
    "not asked is not a no": ({1: "Quoted", 0: "Not asked"}, [1, 0, None, None], 1 / 3),
}


@QUIET
@pytest.mark.parametrize("kind", LABELLED)
def test_only_a_code_that_says_so_is_a_no(kind: str, tmp_path: Path) -> None:
    import pyreadstat

    labels, cells, share = LABELLED[kind]
    file = tmp_path / "wave.sav"
    other = [None if cell is None else 0.0 for cell in cells]
    table = pd.DataFrame({"Q5_1": cells, "Q5_2": other}, dtype="float64")
    columns = ["Q5_1", "Q5_2"]
    pyreadstat.write_sav(
        table,
        str(file),
        variable_value_labels=dict.fromkeys(columns, labels),
        missing_ranges={column: [0] for column in columns},
    )
    assert asked_of(file, "Q5_1")[0] == {"1": pytest.approx(share)}
    assert asked_of(file, "Q5=Q5_1")[0] == {"1": pytest.approx(share)}


@QUIET
def test_a_column_called_as_a_set_stays_a_question_of_its_own(tmp_path: Path) -> None:
    file = written_csv(tmp_path, "region,region_1,region_2\nNorth,1,0\nSouth,0,1\nNorth,1,1\n")
    assert asked_of(file, "region=North")[0] == {"North": pytest.approx(2 / 3)}
    assert asked_of(file, "region")[0] == {"North": pytest.approx(2 / 3), "South": pytest.approx(1 / 3)}
    assert asked_of(file, "region*")[0] == {"1": pytest.approx(2 / 3), "2": pytest.approx(2 / 3)}
    numbers = written_csv(tmp_path, "Q5,Q5_1,Q5_2\n4,1,\n5,,1\n4,1,1\n3,,\n")
    assert asked_of(numbers, "Q5=4") == ({"4": 0.5}, [])
    assert asked_of(numbers, "Q5*=1")[0] == {"1": 0.5}
