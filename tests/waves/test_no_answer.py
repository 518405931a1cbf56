"""Which codes look like no answer, and which must never: a false alarm stops a sound file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from groundswell.waves.respondents.answers.no_answer import held_in, held_of, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.no_answer_words import Meaning, meaning_of
from groundswell.waves.respondents.reader import read_respondents

NUMBER = Variable("q", "number")
TEXT = Variable("q", "text")


def signs(codes: Sequence[Code], variable: Variable = NUMBER, **stated: Sequence[Code]) -> dict[Code, str]:
    held = held_of(variable, dict.fromkeys(codes, 10))
    return {each.code: each.sign for each in no_answers(variable, held, **stated)}


@pytest.mark.parametrize(
    ("codes", "far"),
    [
        ([5, 8, 77, 88, 99], {77, 88, 99}),
        ([0, 1, 2, 3, 4, 5, 66], {66}),
        ([1, 2, 3, 4, -88, -99], {-88, -99}),
        ([1, 2, 3, -1, -5], {-1, -5}),
        ([1, 2, -1, -2], {-1, -2}),
        ([*range(11), -1], {-1}),
        ([0, 1, 2, 98, 99], {98, 99}),
        ([*range(24), 99], {99}),
        ([*range(18, 96), 999], {999}),
        ([*range(18, 96), -9, -1], {-9, -1}),
        ([*range(1940, 2006), 7777, 8888, 9999], {7777, 8888, 9999}),
        ([12.5, 100.25, -99], {-99}),
        ([*range(101), 998, 999], {998, 999}),
        ([-99], {-99}),
        ([1, 99], {99}),
    ],
    ids=str,
)
def test_a_number_where_surveys_write_no_answer_and_far_off_the_others_is_one(
    codes: list[Code], far: set[Code]
) -> None:
    assert signs(codes) == dict.fromkeys(far, "far_off")


@pytest.mark.parametrize(
    "codes",
    [
        range(18, 100),
        range(101),
        [0, 15, 30, 50, 60, 70, 85, 99, 100],
        range(1, 201),
        range(-3, 4),
        [-3, -2, -1, 0, 1, 2],
        [-2, -1, 0, 1, 2, 3],
        [-2, -1, 0, 1, 2],
        [-1, 0, 1],
        range(-10, 11),
        range(-20, 35),
        [1990, 1999, 2000, 2024],
        [0, 1, 2, 3, 5, 8, 13, 30, 45],
        [0, 20, 40, 66, 88],
        [*range(400), 999],
        [500, 777, 888, 999, 1500, 250_000],
        [0.5, 1.5, 99.0],
        [-1.5, 0.25, 3.5, -9],
        [1, 2, 3, 4, 5, 8, 9],
        [18, 19, 20, 66, 77],
        [99],
        [0, 1],
        [1],
        [],
    ],
    ids=str,
)
def test_ages_thermometers_years_counts_incomes_and_scales_across_zero_are_numbers(
    codes: Sequence[Code],
) -> None:
    assert signs(list(codes)) == {}


LABELS = {1: "Good", 2: "Bad", 3: "Middling"}


def test_a_label_tells_what_a_place_does_not() -> None:
    variable = Variable("q", "number", labels={**LABELS, 8: "Don't know", 9: "Refused", 96: "Another"})
    assert signs([1, 2, 3, 8, 9, 96], variable) == {8: "dont_know", 9: "no_answer", 96: "far_off"}
    assert signs([1, 2, 3], variable) == {}  # nobody has such a code
    declared = Variable("q", "number", labels={**LABELS, 9: "Refused"}, missing=((9, 9),))
    assert signs([1, 2, 9], declared) == {}
    assert signs([1, 2, 9], Variable("q", "number", labels={9: "Refused"}), kept=[9]) == {}


def test_a_labelled_code_is_far_off_from_twice_the_highest_on() -> None:
    brands: dict[Code, str] = {code: f"brand {code}" for code in range(1, 41)}
    for code, signs in ((66, []), (99, ["far_off"])):
        labels = {**brands, code: "brand of another kind"}
        variable = Variable("q", "number", labels=labels)
        found = no_answers(variable, held_of(variable, dict.fromkeys(labels, 5)))
        assert [each.sign for each in found] == signs


@pytest.mark.parametrize(("code", "below_zero"), [(-1, True), (8, False), (99, False)])
def test_a_dont_know_below_zero_is_told_from_one_above(code: int, below_zero: bool) -> None:
    labels = {0: "No", 1: "Yes", code: "Don't know"}
    variable = Variable("q", "number", labels=labels)
    (one,) = no_answers(variable, held_of(variable, dict.fromkeys(labels, 5)))
    assert (one.sign, one.code, one.below_zero) == ("dont_know", code, below_zero)


def test_a_survey_s_own_words_are_known_too() -> None:
    variable = Variable("q", "number", labels={1: "Evet", 2: "Hayır", 9: "Bilmiyorum"})
    counts: dict[Code, int] = {1: 5, 2: 5, 9: 5}
    assert no_answers(variable, held_of(variable, counts)) == ()
    own = ["bilmiyorum"]
    (found,) = no_answers(variable, held_of(variable, counts, own), own=own)
    assert (found.code, found.sign, found.respondents) == (9, "no_answer", 5)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ({1: "Agree", 2: "Undecided", 3: "Disagree"}, {}),
        ({1: "Yes", 2: "No", 3: "Not sure"}, {3: "dont_know"}),
        ({1: "Trifft nicht zu", 2: "Teils", 3: "Trifft zu"}, {}),
        ({1: "Ja", 2: "Nein", -8: "Trifft nicht zu"}, {-8: "no_answer"}),
        ({-2: "Strongly against", -1: "Against", 1: "For", 2: "Strongly for"}, {}),
    ],
)
def test_a_word_that_may_be_an_answer_is_one_where_its_code_is_on_the_scale(
    labels: dict[Code, str], found: dict[Code, str]
) -> None:
    assert signs(list(labels), Variable("q", "number", labels=labels)) == found


def test_text_is_its_own_label_and_a_number_written_as_text_is_a_number() -> None:
    assert signs(["Good", "Bad", "Refused", " don't know "], TEXT) == {
        "Refused": "no_answer",
        "don't know": "dont_know",
    }
    assert signs(["1", "2", "77"], TEXT) == {77: "far_off"}
    labelled = Variable("q", "text", labels={1: "Good", 2: "Bad", 9: "Refused"})
    assert signs(["1", "2", "9"], labelled) == {9: "no_answer"}


def test_a_short_name_among_short_names_is_a_name() -> None:
    assert signs(["KE", "NA", "ZA"], TEXT) == {}  # Namibia
    assert signs(["Better", "Worse", "NA", "DK"], TEXT) == {"NA": "no_answer", "DK": "dont_know"}


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Don´t know", "dont_know"),
        ("-8. Don't know", "dont_know"),
        ("Don’t know/Refused (VOL.)", "dont_know"),
        ("(Refused)", "no_answer"),
        ("Inap. (not 1 in d1)", "no_answer"),
        ("Missing; Unknown", "no_answer"),
        ("Question seen but category not selected", "no_answer"),
        ("(НЕ ЗАЧИТЫВАТЬ) Затрудняюсь ответить", "dont_know"),
        ("НЕ ЗАЧИТЫВАТЬ) Затрудняюсь ответить", "dont_know"),
        ("Не знаю /затрудняюсь ответить/отказ", "dont_know"),
        ("Отказ от ответа", "no_answer"),
        ("нет данных", "no_answer"),
        ("Н.О.", "no_answer"),
        ("Важко сказати / відмова", "dont_know"),
        ("Немає відповіді", "no_answer"),
        ("NS/NC", "dont_know"),
        ("No contesta", "no_answer"),
        ("Ne sait pas", "dont_know"),
        ("Sans réponse", "no_answer"),
        ("WEISS NICHT", "dont_know"),
        ("k. A.", "no_answer"),
        ("Não sabe", "dont_know"),
        ("Não respondeu", "no_answer"),
        ("Trudno powiedzieć", "dont_know"),
        ("Odmowa odpowiedzi", "no_answer"),
        ("Refused to pay", None),
        ("Don't know him", None),
        ("Не знаю, что это такое", None),
        ("No", None),
        ("None of these", None),
        ("Neither / don't know", None),
        ("1-3 times", None),
        ("", None),
    ],
)
def test_a_label_counts_as_a_whole_in_every_language(label: str, meaning: Meaning | None) -> None:
    assert meaning_of(label) == meaning


def test_what_a_file_holds_is_what_its_codes_say(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"happy": [5, 8, 8, 77, None], "income": [1e3, 2.5e4, 99, -9, None], "open": list("abcde")}
    )
    table.to_csv(tmp_path / "file.csv", index=False)
    respondents = read_respondents(tmp_path / "file.csv")
    held = held_in(respondents, table.columns)
    assert held["happy"] == held_of(NUMBER, {5: 1, 8: 2, 77: 1})
    assert (held["income"].answered, held["income"].low, held["income"].high) == (4, 1000, 25_000)
    assert held["open"].answered == 5


def test_nothing_is_suspected_in_the_files_that_are_bundled(repository: Path) -> None:
    files = [*repository.glob("tests/reference/*.csv"), *repository.glob("surveys/*/waves/*.csv")]
    assert len(files) > 20
    for file in files:
        respondents = read_respondents(file)
        for column, held in held_in(respondents, respondents.codebook.variables).items():
            assert no_answers(respondents.codebook[column], held) == (), (file.name, column)
