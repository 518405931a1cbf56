"""What the page says where the truth became known, and where it did not."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import NO_BENCHMARKS, a_reading, a_survey

from groundswell.reports.language.language import Language
from groundswell.reports.sections.certainty.benchmarks import benchmark_table, bias_sentence, worth_sentence
from groundswell.reports.sections.certainty.how_sure import shared_bias_sentence
from groundswell.trends.answers.shared_bias import BenchmarkErrors
from groundswell.waves.surveys.survey_toml import SharedBias

EN = Language("en")
LEARN = SharedBias(learn="benchmarks")


def known(*errors: float) -> BenchmarkErrors:
    """Errors of the level at as many censuses, each known to 0.05 logits."""
    rows = [
        {
            "start": date(2024, month, 1), "end": date(2024, month, 1), "variant": "", "truth": 0.40, "share": 0.44,
            "error": error, "se": 0.05, "source_title": "Census <b>", "source_url": "https://example.org/1",
        }
        for month, error in enumerate(errors, start=1)
    ]  # fmt: skip
    return BenchmarkErrors(pd.DataFrame(rows), np.eye(len(errors)) * 0.05**2)


def told(errors: BenchmarkErrors, bias: SharedBias, language: Language = EN) -> str:
    reading = a_reading(survey=a_survey(shared_bias=bias.model_dump(exclude_none=True)), errors=errors)
    html = "".join(benchmark_table(reading, language))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_truth_stands_beside_the_level_with_its_source() -> None:
    text = told(known(-0.2, 0.1, 0.3), LEARN)
    assert "1 Jan 2024 40.0% 44.0% +4.0 pts Census &lt;b&gt;" in text
    size = "a standard deviation of 0.20 on the logit scale (95%: 0.10 to 0.40)"
    assert text.endswith(
        f"3 times the truth became known. They say of the bias that all houses share: {size}."
    )


def test_a_stated_bias_counts_and_the_page_shows_both() -> None:
    text = told(known(0.1), SharedBias(sd=0.1, source="a guess, for tests"))
    assert "1 time the truth became known. It says of the bias" in text
    assert text.endswith("The survey states 0.10, and that counts.")


def test_to_learn_from_nothing_is_said() -> None:
    assert told(NO_BENCHMARKS, LEARN).startswith("No truth is known yet")
    assert told(NO_BENCHMARKS, SharedBias(sd=0.1, source="a guess")) == ""


def test_where_the_size_of_the_bias_is_from() -> None:
    assert "standard deviation of 0.10 on the logit scale (a guess)" in shared_bias_sentence(
        SharedBias(sd=0.1, source="a guess"), EN
    )
    assert "is learnt, of each indicator, where the truth became known" in shared_bias_sentence(LEARN, EN)


@pytest.mark.parametrize(
    ("low", "high", "n"), [(0.34, 0.46, "260"), (0.3999, 0.4001, "92,000,000"), (0.01, 0.99, "4")]
)
def test_the_population_s_interval_is_worth_a_random_sample(low: float, high: float, n: str) -> None:
    now = pd.Series({"share": 0.4, "population_low95": low, "population_high95": high})
    sentence = worth_sentence(a_reading(), now, EN)
    assert sentence == f"That interval is worth a simple random sample of about {n} people."


def test_an_interval_that_nobody_knows_is_worth_nothing_that_could_be_said() -> None:
    now = pd.Series({"share": 0.4, "population_low95": np.nan, "population_high95": np.nan})
    assert worth_sentence(a_reading(), now, EN) == ""


def test_in_russian_all_of_it_is_russian() -> None:
    stated = SharedBias(sd=0.1, source="—")
    for errors, bias in ((known(0.1), LEARN), (known(0.1, 0.2), stated), (NO_BENCHMARKS, LEARN)):
        text = told(errors, bias, Language("ru")).replace("Census &lt;b&gt;", "")
        assert text
        assert not re.search("[A-Za-z]{3,}", text), text
    assert bias_sentence(a_reading(), EN) == ""
