"""What columns and answers of a question with several answers are called."""

from __future__ import annotations

import pytest

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.sets.stems import option_names, stem_and_end, stems, trimmed

NAMES = {
    "Q5_1": ("Q5", "1"),
    "Q5.prices": ("Q5", "prices"),
    "Q5[SQ001]": ("Q5", "SQ001"),
    "What worries you? [Prices, food]": ("What worries you?", "Prices, food"),
    "What worries you? - Prices": ("What worries you?", "Prices"),
    "What worries you?/Prices": ("What worries you?", "Prices"),
    "home/worries/prices": ("home/worries", "prices"),
    "worries___1": ("worries", "1"),
    "Worries: prices": ("Worries", "prices"),
    "q5a": ("q5", "a"),
    "q5r12": ("q5", "12"),
    "age": None,
    "V12": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_has_a_stem_and_an_end(name: str) -> None:
    assert stem_and_end(name) == NAMES[name]


LABELS = {
    ("What worries you? - Prices", "What worries you? - War"): ("What worries you?", ["Prices", "War"]),
    ("What worries you? - Selected Choice - Prices", "What worries you? - Selected Choice - War"): (
        "What worries you? - Selected Choice",
        ["Prices", "War"],
    ),
    ("What worries you most? Prices", "What worries you most? War"): (
        "What worries you most?",
        ["Prices", "War"],
    ),
    ("[Prices] What worries you?", "[War] What worries you?"): ("What worries you?", ["Prices", "War"]),
    ("What worries you? [Prices]", "What worries you? [War]"): ("What worries you?", ["Prices", "War"]),
    ("Worries: war (abroad)", "Worries: war (at home)"): ("Worries: war", ["abroad", "at home"]),
    ("Q5 Prices (food)", "Q5 War"): ("Q5", ["Prices (food)", "War"]),
    ("Prices", "War"): ("", ["Prices", "War"]),
    ("Worry", "Worry"): ("Worry", ["1", "2"]),
    ("", ""): ("", ["1", "2"]),
}


@pytest.mark.parametrize("labels", LABELS)
def test_answers_are_called_by_what_their_labels_tell_apart(labels: tuple[str, str]) -> None:
    variables = {
        f"Q5_{place}": Variable(f"Q5_{place}", "number", text) for place, text in enumerate(labels, 1)
    }
    assert option_names(list(variables), variables) == LABELS[labels]


def test_numbers_through_a_file_are_a_stem_only_where_labels_ask_one_question() -> None:
    labels = ["Your age", "What worries you? - Prices", "What worries you? - War", "How do you feel today?"]
    variables = [Variable(f"V{place}", "number", label) for place, label in enumerate(labels, 11)]
    assert stems(variables) == {"V": ("V12", "V13")}


def test_brackets_stay_where_both_are_there() -> None:
    assert trimmed(" - TV (which?)") == "TV (which?)"
    assert trimmed("(do not read) hard to say") == "(do not read) hard to say"
    assert trimmed("[Prices]") == "Prices"
    assert trimmed("Prices]") == "Prices"


def test_names_without_a_stem_belong_together_where_their_labels_ask_one_question() -> None:
    labels = {
        "prices": "Which of these worry you? - Prices",
        "war": "Which of these worry you? - War",
        "age": "How old are you?",
    }
    found = stems(Variable(name, "number", label) for name, label in labels.items())
    assert found == {"Which of these worry you?": ("prices", "war")}
