"""Codes that are no answer, at the command: out of a base and said, in it and said, or refused; never silently in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exports import undeclared
from exports.undeclared import (
    HAPPY,
    HAPPY_LABELS,
    MOOD,
    MOOD_LABELS,
    REGION,
    REGION_LABELS,
    TRUST,
    TRUST_LABELS,
)

import groundswell as gs
from groundswell.cli import main

Said = tuple[pd.DataFrame, str]
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The table that `groundswell estimate` prints, and its notes."""

    def command(file: Path, *words: str) -> Said:
        main(["estimate", str(file), *words])
        printed = capsys.readouterr()
        return pd.read_csv(io.StringIO(printed.out), keep_default_na=False), printed.err

    return command


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def command(file: Path, *words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["estimate", str(file), *words])
        assert ended.value.code == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err

    return command


@pytest.fixture
def unlabelled(tmp_path: Path) -> Path:
    return undeclared.write(tmp_path / "wvs.csv", {"happy": HAPPY, "trust": TRUST})


@pytest.fixture(params=["wvs.dta", "wvs.sav"])
def labelled(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    columns = {"happy": HAPPY, "trust": TRUST}
    return undeclared.write(tmp_path / request.param, columns, happy=HAPPY_LABELS, trust=TRUST_LABELS)


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    columns = {"mood": MOOD, "region": REGION}
    return undeclared.write(tmp_path / "merged.sav", columns, mood=MOOD_LABELS, region=REGION_LABELS)


@pytest.mark.parametrize(
    "asked",
    [["--mean", "happy"], ["--share", "happy=8"], ["--share", "happy"], ["--share", "trust=1", "--by", "happy"],
     ["--total", "happy"], ["--quantile", "happy"], ["--item", "both=happy+trust"]],
)  # fmt: skip
def test_codes_far_off_that_nothing_explains_are_refused_with_both_ways_out(
    unlabelled: Path, refused: Callable[..., str], asked: list[str]
) -> None:
    said = refused(unlabelled, *asked, "--missing", "trust=-1,-5")
    assert "`77` (5), `88` (10), `99` (5)" in said
    assert "`--missing happy=77,88,99` (no answer) or `--keep happy=77,88,99` (answers)" in said


def test_each_way_out_gives_its_number(unlabelled: Path, run: Run) -> None:
    table, said = run(unlabelled, "--mean", "happy", "--missing", "happy=77,88,99")
    assert (table["n"][0], table["estimate"][0], said) == (80, 6.875, "")
    table, said = run(unlabelled, "--mean", "happy", "--keep", "happy=77,88,99")
    assert (table["n"][0], table["estimate"][0], said) == (100, pytest.approx(23.1), "")
    assert run(unlabelled, "--mean", "happy", "--keep", "77,88,99")[0].equals(table)
    table, _ = run(unlabelled, "--share", "trust=1", "--missing=-1,-5")
    assert (table["n"][0], table["estimate"][0]) == (90, pytest.approx(20 / 90))


def test_labels_leave_them_out_and_that_is_said(labelled: Path, run: Run) -> None:
    table, said = run(labelled, "--mean", "happy", "--share", "trust=1")
    assert table["n"].tolist() == [90, 80]
    assert table["estimate"].tolist() == pytest.approx([20 / 90, 6.875])
    assert "`trust`: no answer, left out of the base of its shares: `-5` “Missing; Unknown” (4)" in said
    assert "`trust`: don't know, left out of the base of its shares: `-1` “Don't know” (6)" in said
    assert (
        "left out of its mean: `77` “Refusal” (5), `99` “No answer” (5); `--keep happy=77,99` keeps them in"
        in said
    )


def test_a_dont_know_that_is_asked_for_is_in_its_own_base_only(labelled: Path, run: Run) -> None:
    table, said = run(labelled, "--share", "trust=Don't know", "--share", "trust=1")
    assert table["n"].tolist() == [96, 90]
    assert "in the base of its own share only, since it was asked for: `-1` “Don't know” (6)" in said


def test_a_dont_know_on_the_scale_is_an_answer_to_a_share_and_not_to_a_mean(twice: Path, run: Run) -> None:
    table, said = run(twice, "--share", "mood=Calm", "--mean", "mood")
    assert table["n"].tolist() == [100, 80]
    assert table["estimate"].tolist() == pytest.approx([0.3, (30 + 60 + 60) / 80])
    assert (
        "in the base of its shares (20.0% of it, unweighted): `8` “Don't know” (10), `9` “Don't know” (10)"
        in said
    )
    assert "`--missing mood=8,9` leaves them out, `--without-dont-know` every don't know" in said
    assert "don't know, left out of its mean" in said


def test_shares_of_those_who_have_an_opinion_are_a_stated_choice(
    twice: Path, run: Run, refused: Callable[..., str]
) -> None:
    table, _ = run(twice, "--share", "mood", "--without-dont-know")
    assert table["category"].tolist() == [1, 2, 3]
    assert table["estimate"].tolist() == pytest.approx([30 / 80, 30 / 80, 20 / 80])
    assert "is what `--without-dont-know` leaves out" in refused(
        twice, "--share", "mood=Don't know", "--without-dont-know"
    )


def test_codes_of_one_label_are_added_up_by_label_and_apart_by_code(twice: Path, run: Run) -> None:
    table, said = run(twice, "--share", "mood=Anxious", "--labels")
    assert (table["category"][0], table["estimate"][0]) == ("Anxious", pytest.approx(0.5))
    assert "`mood`: “Anxious” is the codes `1` and `3`, added up" in said
    table, said = run(twice, "--share", "mood")
    assert table["estimate"].tolist() == pytest.approx([0.3, 0.3, 0.2, 0.1, 0.1])
    assert "`mood`: `1` and `3` are both “Anxious”, and kept apart" in said
    table, said = run(twice, "--share", "mood=1")
    assert (table["estimate"][0], "`1` and `3` are both “Anxious”" in said) == (pytest.approx(0.3), True)
    table, _ = run(twice, "--share", "mood=Calm", "--where", "region=North")
    assert table["n"][0] == 50


def test_domains_of_one_label_and_of_none(twice: Path, run: Run) -> None:
    table, said = run(twice, "--share", "mood=2", "--by", "region", "--labels")
    assert dict(zip(table["region"], table["n"], strict=True)) == {"North": 50, "South": 25, "4": 25}
    assert "`region`: “North” is the codes `1` and `3`, one domain" in said
    assert "`region`: `4` (25) has no label" in said
    table, said = run(twice, "--share", "mood=2", "--by", "region")
    assert table["region"].tolist() == [1, 2, 3, 4]
    assert "`1` and `3` are both “North”, and domains apart; `--labels` makes them one" in said


def test_a_scale_with_labels_at_its_ends_has_no_code_without_a_label(tmp_path: Path, run: Run) -> None:
    file = undeclared.write(
        tmp_path / "scale.sav", {"q": [*range(11)] * 5}, q={0: "Bad", 5: "So so", 10: "Good"}
    )
    assert run(file, "--share", "q=10", "--mean", "q")[1] == ""


def test_words_of_a_text_column_are_read_as_labels_are(tmp_path: Path, run: Run) -> None:
    file = undeclared.write(tmp_path / "words.csv", {"mood": ["Good"] * 6 + ["Bad"] * 3 + ["Refused"]})
    table, said = run(file, "--share", "mood=Good")
    assert (table["n"][0], "`Refused` (1); `--keep mood=Refused` keeps them in" in said) == (9, True)
    assert run(file, "--share", "mood=Good", "--keep", "mood=Refused")[0]["n"][0] == 10


def test_a_code_far_off_with_another_label_is_an_answer_but_no_number(
    tmp_path: Path, run: Run, refused: Callable[..., str]
) -> None:
    labels = {1: "Iyi", 2: "Kötü", 99: "Bilmiyorum"}
    file = undeclared.write(tmp_path / "tr.sav", {"q": [1] * 5 + [2] * 4 + [99]}, q=labels)
    table, said = run(file, "--share", "q=1")
    assert table["n"][0] == 10
    assert "far off the other codes, counted as answers: `99` “Bilmiyorum” (1); `--missing q=99`" in said
    assert "`99` “Bilmiyorum” (1)" in refused(file, "--mean", "q")


def test_a_column_with_a_blank_in_its_name_is_named_as_it_is_typed(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    file = undeclared.write(tmp_path / "blank.csv", {"Q 1": HAPPY})
    assert '`--missing "Q 1=77,88,99"`' in refused(file, "--mean", "Q 1")


def test_a_table_in_memory_is_estimated_with_a_warning() -> None:
    people = pd.DataFrame({"happy": HAPPY, "age": np.arange(18, 118) % 82 + 18, "flag": [True, False] * 50})
    with pytest.warns(
        UserWarning, match=r"`happy`: far off .*: `77` \(5\), `88` \(10\), `99` \(5\); make them NaN"
    ):
        gs.means(people, gs.Design(), "happy")
    with pytest.warns(UserWarning, match="far off"):
        gs.shares(people, gs.Design(), "happy=8")
    gs.means(people.assign(happy=people["happy"].where(people["happy"] < 11)), gs.Design(), "happy", "age")
    gs.shares(people, gs.Design(), "flag")


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_words_for_no_answer_in_a_table_in_memory_are_named(kind: str) -> None:
    words = pd.Series(["calm", "anxious", "Refused", "calm"]).astype(kind)
    people = pd.DataFrame({"mood": words})
    with pytest.warns(UserWarning, match=r"`mood`: in the base.*: `Refused` \(1\); make them NaN") as said:
        table = gs.shares(people, gs.Design(), "mood=calm")
    assert (len(said), table["n"][0]) == (1, 4)
    gs.shares(people.where(people["mood"] != "Refused"), gs.Design(), "mood=calm")
    gs.shares(people, gs.Design(), "mood=Refused")


def test_a_code_stated_for_all_columns_does_not_stop_a_column_that_cannot_hold_it(
    tmp_path: Path, run: Run
) -> None:
    columns = {"day": ["2024-01-01", "2024-01-02"] * 50, "happy": HAPPY}
    file = undeclared.write(tmp_path / "days.csv", columns)
    table, _ = run(file, "--share", "day", "--mean", "happy", "--missing", "77,88,99")
    assert table["n"].tolist() == [100, 100, 80]
    table, _ = run(file, "--share", "day=2024-01-01", "--where", "day=2024-01-01")
    assert table["n"].tolist() == [50]


def test_a_column_that_is_kept_must_be_in_the_file(unlabelled: Path, refused: Callable[..., str]) -> None:
    assert "has no column `hapy`; did you mean `happy`" in refused(
        unlabelled, "--mean", "happy", "--keep", "hapy=99"
    )


def test_columns_that_hold_no_codes_are_estimated_as_they_are(tmp_path: Path, run: Run) -> None:
    columns = {
        "day": ["2024-01-01", "2024-01-02"] * 5,
        "flag": ["true", "false"] * 5,
        "open": list("abcdefghij"),
    }
    table, said = run(
        undeclared.write(tmp_path / "kinds.csv", columns), "--share", "flag=true", "--by", "day"
    )
    assert (table["estimate"].tolist(), said) == ([1, 0], "")


def test_a_cross_table_and_its_tests_leave_out_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, sexes = [1, 1, 2, 9] * 25 + [1, 2, 2, 2] * 25, [1] * 100 + [2] * 100
    file = undeclared.write(
        tmp_path / "ct.sav", {"q": answers, "sex": sexes}, q={1: "Yes", 2: "No", 9: "Refused"}
    )
    main(["crosstab", str(file), "--row", "q", "--column", "sex"])
    labelled = capsys.readouterr()
    assert "no answer, left out of the base of its shares: `9` “Refused” (25)" in labelled.err
    main(["crosstab", str(file), "--row", "q", "--column", "sex", "--missing", "q=9"])
    assert capsys.readouterr().out == labelled.out
