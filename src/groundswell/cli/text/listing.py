"""A project's surveys as a table for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from groundswell.runs.checks.listing import ListedSurvey
from groundswell.terminal_table import aligned

COLUMNS = ("survey", "title", "indicators", "waves", "houses", "last report")


def as_table(surveys: Sequence[ListedSurvey]) -> str:
    """One line a survey under a line of column names."""
    return aligned([COLUMNS, *(_row(survey) for survey in surveys)])


def as_json(surveys: Sequence[ListedSurvey]) -> str:
    """One object a survey; of one that is not sound only `survey` and `faults`."""
    objects = [
        {"survey": each.survey, "faults": each.faults} if each.faults else asdict(each) for each in surveys
    ]
    return json.dumps(objects, ensure_ascii=False, indent=1)


def _row(survey: ListedSurvey) -> tuple[str, ...]:
    if survey.faults:
        return (survey.survey, f"not sound: see `groundswell check {survey.survey}`", "", "", "", "")
    last = Path(survey.last_report).name if survey.last_report else "none"
    indicators, houses = ", ".join(survey.indicators), ", ".join(survey.houses)
    return (survey.survey, survey.title, indicators, str(survey.waves), houses, last)
