"""What a page says of a wave's quality and of raking: one sentence a code, in every language, nothing left English."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from groundswell.estimates.of_wave.quality_check import CODES
from groundswell.estimates.weighting.coded import ObstacleCode
from groundswell.reports.language.language import Language
from groundswell.reports.language.quality import (
    LABELS,
    quality_label,
    quality_sentence,
    raking_obstacle_words,
)

Values = dict[str, Any]
DAYS = {"first": "2023-02-03", "last": "2023-02-09", "start": "2023-02-02", "end": "2023-02-09"}
SENTENCES: list[tuple[str, Values, str]] = [
    (
        "item_non_response",
        {"subject": "Q4", "number": 0.0625},
        "6.2% of respondents gave no valid answer to `Q4`.",
    ),
    (
        "non_response_change",
        {"subject": "Q4", "number": 0.04, "before": 0.10, "after": 0.14},
        "Item non-response to `Q4` went from 10.0% to 14.0% since the wave before.",
    ),
    (
        "no_weights",
        {"subject": "", "number": None},
        "The wave has no weights: every respondent counts the same.",
    ),
    (
        "zero_weights",
        {"subject": "w", "number": 12, "n": 1588},
        "12 respondents have weight zero and are not in n; 1,588 remain.",
    ),
    (
        "zero_weights",
        {"subject": "w", "number": 1, "n": 99},
        "1 respondent has weight zero and is not in n; 99 remain.",
    ),
    (
        "weight_design_effect",
        {"subject": "w", "number": 2.504, "n": 1000, "n_effective": 399.4},
        "Kish's design effect is 2.50: 1,000 interviews are worth 399.",
    ),
    (
        "weight_concentration",
        {"subject": "w", "number": 0.051, "largest": 7.3},
        "The heaviest 1% of respondents hold 5.1% of the weight; the largest weight is 7.3 times the mean.",
    ),
    ("rows", {"subject": "07.csv", "number": 1501, "export_limit": False}, "The file holds 1,501 rows."),
    (
        "rows",
        {"subject": "07.csv", "number": 1000, "export_limit": True},
        "The file holds 1,000 rows, where some programs stop writing: ask for the whole file.",
    ),
    (
        "duplicate_identifiers",
        {"subject": "id", "number": 0},
        "0 rows repeat the identifier of another row.",
    ),
    (
        "duplicate_respondents",
        {"subject": "07.csv", "number": 2, "columns": 24},
        "2 respondents agree with another in all 24 columns.",
    ),
    (
        "interview_dates",
        {"subject": "day", "number": 3, **DAYS},
        (
            "Interviews run from 2023-02-03 to 2023-02-09, fieldwork is stated as 2023-02-02 to 2023-02-09; "
            "3 interviews lie outside."
        ),
    ),
    (
        "interview_dates",
        {"subject": "day", "number": None},
        "`day` holds no dates, so the stated fieldwork cannot be checked.",
    ),
    (
        "straight_lining",
        {"subject": "B", "number": 0.15, "n": 1000, "items": 5},
        "15.0% of 1,000 respondents gave one answer to all 5 items of `B`.",
    ),
    (
        "printed_share",
        {"subject": "anxiety", "number": -0.118, "source": "Acme", "printed": 0.62, "estimated": 0.502},
        "Acme gives 62.0% for `anxiety`; the wave's own file gives 50.2%.",
    ),
    (
        "printed_n",
        {"subject": "anxiety", "number": -12, "source": "Acme", "printed": 1600, "counted": 1588},
        "Acme gives n = 1,600 for `anxiety`; the wave's own file gives 1,588 with a weight and a valid answer.",
    ),
]
OBSTACLE_WORDS: list[tuple[str, Values, str]] = [
    (
        "respondents_without_category",
        {"variable": "age", "respondents": 3},
        "3 respondents have no category of `age`, and no rule is chosen for them",
    ),
    (
        "category_without_total",
        {"variable": "region", "categories": ["coast", "hills"]},
        "the margin `region` has no total above zero for `coast`, `hills`, which respondents gave",
    ),
    (
        "category_without_respondents",
        {"variable": "region", "categories": ["east"]},
        "the margin `region` has a total for `east`, but no respondent with a weight above zero gave it",
    ),
    (
        "totals_differ",
        {"variables": ["sex", "region"], "totals": [100.0, 1200.0]},
        "the margins sum to different totals (`sex` 100, `region` 1,200)",
    ),
    (
        "totals_differ",
        {"variables": ["sex", "age", "region"], "totals": [1.0, 0.98, 2.001]},
        "the margins sum to different totals (`sex` 1.000, `age` 0.980, `region` 2)",
    ),
    (
        "margins_not_held",
        {},
        "the margins cannot be held together: they contradict each other, or some combination has too few respondents",
    ),
]
ENGLISH = re.compile(r"[A-Za-z]{3,}")
FROM_THE_SURVEY = re.compile(r"`[^`]*`|Acme")


@pytest.mark.parametrize(("code", "values", "sentence"), SENTENCES)
def test_what_each_check_says(code: str, values: Values, sentence: str) -> None:
    assert quality_sentence(code, values, Language("en")) == sentence


@pytest.mark.parametrize(("code", "values", "words"), OBSTACLE_WORDS)
def test_why_a_wave_cannot_be_raked(code: str, values: Values, words: str) -> None:
    assert raking_obstacle_words(code, values, Language("en")) == words


def test_every_code_has_its_label_its_sentence_and_no_other_has() -> None:
    assert set(LABELS) == set(CODES) == {code for code, *_ in SENTENCES}
    assert {code for code, *_ in OBSTACLE_WORDS} == set(get_args(ObstacleCode))
    with pytest.raises(KeyError):
        quality_sentence("no_such_check", {"subject": "", "number": 0}, Language("en"))


def test_nothing_is_left_english_in_russian() -> None:
    russian = Language("ru")
    texts = [quality_sentence(code, values, russian) for code, values, _ in SENTENCES]
    texts += [raking_obstacle_words(code, values, russian) for code, values, _ in OBSTACLE_WORDS]
    texts += [quality_label(code, russian) for code in CODES]
    for text in texts:
        assert not ENGLISH.search(FROM_THE_SURVEY.sub("", text)), text


def test_what_a_survey_wrote_is_said_as_it_stands() -> None:
    values = {"subject": "{n}<b>", "number": 0.5}
    assert "`{n}<b>`" in quality_sentence("item_non_response", values, Language("en"))
