"""What a check of a trend says: its sentence follows its code, verdict and numbers, in either language."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from groundswell.reports.language.checks import SENTENCES, check_sentence, series_sentence, with_sentences
from groundswell.reports.language.language import Language
from groundswell.trends.answers.diagnostics import CODES
from groundswell.trends.answers.shares_answer import DATE_CODES

FAR = [{"house": "acme", "end": f"2024-0{month}-05"} for month in range(1, 5)]
GROUPS = [["a", "b", "c", "d", "e"], ["z"]]
HOUSES = {"acme": "Acme Ltd", "z": "Zed"}
SAID: list[tuple[str, str, dict[str, Any], str]] = [
    ("convergence", "passed", {"evaluations": 41}, "converged after 41 evaluations"),
    ("convergence", "failed", {"evaluations": 900}, "stopped after 900 evaluations without converging"),
    ("warnings", "passed", {"warnings": []}, "gave no warning"),
    ("warnings", "warned", {"warnings": ["overflow", "x is 0"]}, "warned: overflow; x is 0."),
    ("prior", "passed", {"waves": 1, "spread": None}, "With 1 wave the level moves at shocks only"),
    ("prior", "warned", {"waves": 4, "spread": 0.87}, "comes mostly from the prior (its spread is 87% of the prior’s)"),
    ("prior", "passed", {"waves": 40, "spread": 0.3}, "was learnt from them (its spread is 30%"),
    ("one_step_coverage", "not applicable", {"waves": 3, "held": None}, "Too few waves (3)"),
    ("one_step_coverage", "warned", {"waves": 40, "held": 0.825}, "82.5% of 40 waves fell inside the 95% interval"),
    ("outlying_waves", "passed", {"waves": 9, "far": []}, "No wave lies far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR[:1]}, "1 of 9 waves lies far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR[:1]}, "less than its n: Acme Ltd, 5 January 2024."),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR}, "4 of 9 waves lie far"),
    ("outlying_waves", "warned", {"waves": 9, "far": FAR}, "Acme Ltd, 5 March 2024 …."),
    ("noise", "passed", {"dispersion": 1.25, "excess_sd": 0.04}, "vary 1.25 times as much"),
    ("noise", "passed", {"dispersion": 1.25, "excess_sd": 0.04}, "0.04 logits (about 1.0 points at one half)"),
    ("house_overlap", "not applicable", {"groups": [["a"]], "as_error": 0}, "All waves are from one house"),
    ("house_overlap", "passed", {"groups": [["a", "z"]], "as_error": 0}, "Every house overlaps"),
    ("house_overlap", "passed", {"groups": [["a", "z"]], "as_error": 2}, "The effects of the 2 houses with"),
    ("house_overlap", "warned", {"groups": GROUPS, "as_error": 0}, "of `a`, `b`, `c`, `d`, 1 more and Zed never"),
    ("shocks", "passed", {"declared": 2, "undeclared": 1, "unused": []}, "events: 2; shocks found elsewhere: 1."),
    ("shocks", "warned", {"declared": 0, "undeclared": 0, "unused": ["War"]}, "before and after it: “War”."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "verdict", "values", "words"), SAID)
def test_a_check_says_what_it_rests_on(code: str, verdict: str, values: dict[str, Any], words: str) -> None:
    sentence = check_sentence(code, verdict, values, Language(), HOUSES)
    assert words in sentence
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")


def test_every_check_has_its_sentences_and_no_other_code_has_one() -> None:
    assert tuple(SENTENCES) == CODES
    assert {code for code, *_ in SAID} == set(CODES)
    with pytest.raises(KeyError):
        check_sentence("luck", "passed", {}, Language())


@pytest.mark.parametrize(("code", "verdict", "values", "words"), SAID)
def test_in_russian_a_check_holds_no_english_word(
    code: str, verdict: str, values: dict[str, Any], words: str
) -> None:
    sentence = check_sentence(code, verdict, values, Language("ru"), {"acme": "Акме", "z": "Зед"})
    mine = {"n", "a", "b", "c", "d", "War", "overflow", "x", "is"}  # keys, labels and what a library said
    letters = "".join(sign if sign.isascii() and sign.isalpha() else " " for sign in sentence)
    assert set(letters.split()) <= mine


def test_a_table_of_checks_gets_its_sentences_in_order() -> None:
    checks = pd.DataFrame([row[:3] for row in SAID], columns=["code", "verdict", "values"])
    said = with_sentences(checks, Language())
    assert list(said["sentence"]) == [check_sentence(*row[:3], Language()) for row in SAID]
    assert list(with_sentences(checks.head(0), Language()).columns) == [*checks.columns, "sentence"]


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("noise", {"dispersion": 4.0, "excess_sd": 0.2}, "`mood`: Published shares vary 4.00 times"),
        (
            "date_too_early",
            {"house": "acme", "end": "1700-01-01", "first_year": 1900},
            "`1700-01-01` is before 1900",
        ),
        (
            "date_too_late",
            {"house": "acme", "end": "2200-01-01", "first_year": 1900},
            "more than a year from now",
        ),
        ("more_dates", {"more": 7}, "… and 7 more dates"),
    ],
)
def test_a_note_about_a_table_of_shares_names_its_series(
    code: str, values: dict[str, Any], words: str
) -> None:
    note = series_sentence("mood", code, "warned", values, Language())
    assert words in note
    assert "`mood`" in note or code == "more_dates"
    assert code in {*DATE_CODES, *CODES}
