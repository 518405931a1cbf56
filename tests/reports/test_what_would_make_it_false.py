"""The tables of what would make a finding false: which bias, whose, when, and how a reader counts it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from reports.hand_made import WHAT_IT_TAKES, a_change, a_reading, a_row, a_survey, an_evidence
from reports.test_findings import compared

from groundswell.reports.evidence.changes import Change
from groundswell.reports.findings.chosen import report_findings
from groundswell.reports.language.language import Language
from groundswell.reports.sections.certainty.how_sure import non_response_sentences
from groundswell.reports.sections.certainty.overturning import overturning_tables
from groundswell.trends.data.non_response import NonResponse
from groundswell.waves import Survey

EN = Language("en")


class ReadEvidence(NamedTuple):
    """Evidence of which only what a wave's silent could make of it is asked."""

    survey: Survey
    known: NonResponse

    def non_response(self, _: object) -> NonResponse:
        """The given bounds."""
        return self.known


def told(*changes: Change, higher_is: str = "worse", language: Language = EN, **bias: Any) -> str:
    """The text of the tables of these changes, the rest of whose evidence is `WHAT_IT_TAKES`."""
    survey = a_survey()
    mood = survey.indicators["mood"].model_copy(update={"higher_is": higher_is})
    survey = survey.model_copy(update={"indicators": {**survey.indicators, "mood": mood}})
    weak = {name: one[0] if isinstance(one, tuple) else one for name, one in bias.items()}
    half = {name: one[1] if isinstance(one, tuple) else one for name, one in bias.items()}
    reading = a_reading(survey=survey, overturned=(WHAT_IT_TAKES | weak, WHAT_IT_TAKES | half))
    evidence = an_evidence(reading, compared=compared(*changes))
    findings = report_findings(evidence, language).chosen
    html = "".join(overturning_tables(evidence, reading, findings, language))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_fall_is_undone_by_too_little_and_by_hiding_at_its_end() -> None:
    text = told(a_change(), drift=(-0.032, -0.1), hidden=(0.06, 0.2), invented=(0.0204, 0.0999))
    assert "What would make it false: Mood almost certainly fell from its highest" in text
    assert "until its probability is 0.99 until it is as likely as not" in text
    assert "print too little meanwhile, by 3.2 points 10.0 points" in text
    hid = "Of those who feel well, so many hid it in the later wave, and nobody in the earlier one"
    assert f"{hid} 1 in 17 (6.0%) 1 in 5 (20.0%)" in text
    assert "invented (Acme, 10 October 2024) 21 of 1,000 (2.0%) 100 of 1,000 (10.0%)" in text
    assert text.endswith("fewer would not do.")


def test_a_rise_is_undone_by_too_much_and_by_hiding_at_its_start() -> None:
    text = told(a_change(estimate=0.1, low=0.07, high=0.13, share_start=0.36, share_end=0.46), drift=0.1)
    assert "print too much meanwhile, by 10.0 points" in text
    assert "so many hid it in the earlier wave, and nobody in the later one" in text


def test_what_is_good_is_claimed_rather_than_hidden() -> None:
    text = told(a_change(), higher_is="better")
    claimed = "Of everyone but those who feel well, so many claimed it in the earlier wave, and nobody in the later one"
    assert f"{claimed} 1 in 4 (25.0%)" in text
    assert "hid it in" not in text


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        ({"invented": np.nan}, "(Acme, 10 October 2024) not even all of them not even all of them"),
        ({"n": np.nan}, "(Acme, 10 October 2024) 3.0% 3.0%"),
        ({"hidden": np.nan}, "and nobody in the earlier one not even all of them"),
        ({"hidden": 0.625}, "and nobody in the earlier one 62% 62%"),
        ({"hidden": 0.5}, "and nobody in the earlier one 1 in 2 (50.0%)"),
    ],
)
def test_what_cannot_be_counted_is_said(bias: dict[str, Any], words: str) -> None:
    assert words in told(a_change(), **bias)


def test_a_change_without_a_wave_at_its_end_has_nothing_to_invent() -> None:
    text = told(a_change(), wave_end=pd.NaT, house="", n=np.nan)
    assert "hid it in" in text
    assert "were invented" not in text


def test_a_level_that_stood_still_knows_only_a_drift() -> None:
    still = a_change(kind="still", estimate=-0.001, within=0.02, adjusted=0.97)
    text = told(still, drift=(0.012, 0.03))
    assert "until its probability is 0.95" in text
    assert "off evenly over the year, up or down, by 1.2 points 3.0 points" in text
    assert "hid it in" not in text


def test_without_a_finding_there_is_nothing_to_overturn() -> None:
    assert told(a_change(adjusted=0.5)) == ""


def test_each_finding_of_the_page_has_its_own_table() -> None:
    year = a_change(kind="event", label="E", estimate=0.2, share_start=0.3, share_end=0.5)
    text = told(a_change(), year)
    assert text.count("as likely as not") == 2
    assert text.count("A bias that stays the same") == 1


@pytest.mark.parametrize(
    ("unanswered", "rate", "words"),
    [
        (
            None,
            None,
            ["how many gave no answer to the question is not stated", "the response rate is not stated"],
        ),
        (0.08, None, ["8% gave no answer to the question, and with them it is 40–48% of those asked"]),
        (
            0.08,
            0.5,
            ["50.0% of those who were to be asked answered (RR1 of 2024), and with all others it is 20–74%."],
        ),
    ],
)
def test_the_worst_case_says_what_is_stated_and_what_is_not(
    unanswered: float | None, rate: float | None, words: list[str]
) -> None:
    survey = a_survey()
    acme = survey.houses["acme"].model_copy(
        update={"response_rate": rate, "response_rate_source": "RR1 of 2024"}
    )
    survey = survey.model_copy(update={"houses": {**survey.houses, "acme": acme}})
    reading = a_reading(a_row("2024-10-10", 0.4), survey=survey)
    evidence = ReadEvidence(survey, NonResponse(0.4, unanswered, rate))
    text = non_response_sentences(evidence, reading, EN)  # type: ignore[arg-type]
    assert text.startswith("Worst case of the newest wave (Acme, 8–10 Oct 2024, 40%)")
    assert all(part in text for part in words), text


def test_in_russian_the_tables_are_russian() -> None:
    text = told(a_change(), language=Language("ru"))
    own = re.sub("Mood|Acme|feel well", "", text)
    assert not re.search("[A-Za-z]{3,}", own), own
