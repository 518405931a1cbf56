"""A survey of many indicators: a line each, and in full only those that the findings speak of; nothing silent."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from reports.hand_made import AS_OF, a_change, a_reading, a_survey, an_evidence
from reports.test_findings import compared
from reports.test_sections_by_hand import checks, words

from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.findings.chosen import ALL_IN_FULL, report_findings
from groundswell.reports.html.markup import NOTHING
from groundswell.reports.language.language import Language
from groundswell.reports.sections.certainty.how_sure import how_sure
from groundswell.reports.sections.masthead import masthead
from groundswell.reports.sections.overview import overview

EN = Language("en")
SPOKEN = "item-3"


@pytest.fixture(scope="module")
def many() -> ReportEvidence:
    return evidence_of(ALL_IN_FULL + 1)


def evidence_of(indicators: int) -> ReportEvidence:
    """So many indicators with one trend drawn; of one of them a change and a change in a year are told."""
    survey = a_survey()
    mood: Any = survey.indicators["mood"]
    keys = [f"item-{number}" for number in range(indicators)]
    items = {key: mood.model_copy(update={"title": f"Title {key}"}) for key in keys}
    survey = survey.model_copy(update={"indicators": items})
    readings = [a_reading(survey=survey, key=key) for key in keys]
    changes = compared(a_change(), a_change(kind="year", estimate=-0.07, low=-0.11, high=-0.03))
    tables = [checks("passed", "warned", "not applicable").assign(indicator=key) for key in keys]
    evidence = an_evidence(*readings, compared=changes.assign(indicator=SPOKEN))
    evidence.__dict__["checks"] = pd.concat(tables, ignore_index=True)
    return evidence


def test_up_to_a_dozen_indicators_are_all_in_full_and_there_is_no_overview() -> None:
    evidence = evidence_of(ALL_IN_FULL)
    found = report_findings(evidence, EN)
    assert found.in_full == tuple(evidence.readings)
    assert overview(evidence, found, EN) is NOTHING
    assert "Title item-11" in words(how_sure(evidence, found, EN))
    assert "other indicator" not in words(masthead(evidence, found, EN))


def test_of_more_those_are_in_full_that_the_findings_speak_of(many: ReportEvidence) -> None:
    found = report_findings(many, EN)
    assert found.in_full == (SPOKEN,) == tuple({each.indicator for each in found.chosen})
    sure = words(how_sure(many, found, EN))
    assert "Title item-3" in sure
    assert "Title item-4" not in sure
    assert "How many checks 12 other indicators passed stands in the overview" in sure
    assert "12 other indicators" in words(masthead(many, found, EN))


def test_each_indicator_has_its_line_and_the_command_shows_another_in_full(many: ReportEvidence) -> None:
    text = words(overview(many, report_findings(many, EN), EN))
    assert all(f"Title {key} {key} 36% " in text for key in many.readings)
    assert "Of these 13 indicators the 1 that the findings speak of" in text
    day = f"{AS_OF:%Y-%m-%d}"
    assert f"groundswell report testland --as-of {day} -p indicator=item-0" in text
    assert text.count("October 2024 1 of 2") == 13
    assert text.count("−7 −11 to −3") == 1
    assert "Title item-2 item-2 36% 33–39% – " in text, "no year was looked at"
