"""What a project holds: its surveys with their indicators, waves, houses and last report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groundswell.aligned import aligned
from groundswell.errors import FaultsError
from groundswell.reports.publish.archive import latest_report
from groundswell.waves import list_surveys, load_survey, read_toplines, survey_folder
from groundswell.waves.wave.record import load_waves

COLUMNS = ("survey", "title", "indicators", "waves", "houses", "last report")


def describe_project(project: Path) -> list[dict[str, Any]]:
    """One mapping a survey: `survey, title, indicators, waves, houses, last_report, faults`.

    A survey that is not sound has only `survey` and `faults` (their number); `groundswell check` says which.
    """
    return [_describe_survey(project, name) for name in list_surveys(project)]


def _describe_survey(project: Path, name: str) -> dict[str, Any]:
    """The mapping of one survey."""
    try:
        survey = load_survey(survey_folder(project, name))
        toplines = read_toplines(survey)
        respondents = load_waves(survey)
    except FaultsError as error:
        return {"survey": name, "faults": len(error.faults)}
    published = toplines[["house", "mode", "start", "end"]].drop_duplicates()
    latest = latest_report(project / "reports", name)
    return {
        "survey": name,
        "title": survey.title,
        "indicators": list(survey.indicators),
        "waves": len(published) + len(respondents),
        "houses": list(survey.houses),
        "last_report": latest.relative_to(project).as_posix() if latest else None,
        "faults": 0,
    }


def describe_table(surveys: Sequence[Mapping[str, Any]]) -> str:
    """The surveys as an aligned table of text."""
    return aligned([COLUMNS, *(_row(survey) for survey in surveys)])


def _row(survey: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of one survey's row."""
    if survey["faults"]:
        return (survey["survey"], f"not sound: see `groundswell check {survey['survey']}`", "", "", "", "")
    last = Path(survey["last_report"]).name if survey["last_report"] else "none"
    indicators, houses = ", ".join(survey["indicators"]), ", ".join(survey["houses"])
    return (survey["survey"], survey["title"], indicators, str(survey["waves"]), houses, last)
