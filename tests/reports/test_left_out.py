"""Why a row is not fitted: codes that a program can read back, and words in the reader's language for each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.reports.language.language import Language
from groundswell.reports.language.left_out import left_out_words
from groundswell.trends.data.left_out_codes import (
    CATEGORY,
    REASONS,
    VARIANT,
    Reason,
    read_reasons,
    reasons_text,
)
from groundswell.waves import Survey, load_survey


@pytest.fixture(scope="module")
def survey(repository: Path) -> Survey:
    return load_survey(repository / "surveys" / "russia-mood")


def words(survey: Survey, left_out: str, code: str = "en", **row: str) -> str:
    unfitted = next(
        (key, name)
        for key, indicator in survey.indicators.items()
        for name, variant in indicator.variants.items()
        if not variant.fit
    )
    rest = {"indicator": unfitted[0], "variant": unfitted[1], "certainty": "unverified_quote"} | row
    return left_out_words(pd.Series(rest | {"left_out": left_out}), survey, Language(code))


@given(st.lists(st.tuples(st.sampled_from(list(REASONS)), st.text())))
def test_reasons_are_read_back_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    reasons = [Reason(*pair) for pair in pairs]
    text = reasons_text(reasons)
    assert read_reasons(text) == reasons
    assert (text == "") == (not reasons), "an empty text alone means that the row is fitted"


@pytest.mark.parametrize("code", list(REASONS))
def test_every_reason_has_its_words_in_both_languages(survey: Survey, code: str) -> None:
    english, russian = (words(survey, code, language) for language in ("en", "ru"))
    assert " " in english
    assert english != code or code.startswith("hidden")
    assert russian != english or code == VARIANT, "a survey's own words stay as they are"


def test_a_reason_names_what_it_is_about(survey: Survey) -> None:
    text = reasons_text([Reason("dated_to_year"), Reason(CATEGORY, "often; 50%: always")])
    assert words(survey, text) == "dated only to a year; `often; 50%: always` was not published"
    certainty = "certainty “unverified quote” is not among those asked for"
    assert words(survey, "certainty_not_asked_for") == certainty


def test_why_a_variant_is_not_fitted_is_told_in_the_survey_s_own_words(survey: Survey) -> None:
    reasons = {v.fit_reason for i in survey.indicators.values() for v in i.variants.values() if not v.fit}
    assert words(survey, VARIANT) in reasons
    assert words(survey, VARIANT, variant="gone") == "the survey leaves this wording out"
    assert words(survey, VARIANT, indicator="gone") == "the survey leaves this wording out"


def test_a_reason_in_an_older_report_s_words_stays_as_it_is(survey: Survey) -> None:
    assert words(survey, "dated only to a year") == "dated only to a year"
    assert words(survey, reasons_text([Reason("withdrawn", "by Acme")])) == "withdrawn:by Acme"
    assert words(survey, "") == ""
