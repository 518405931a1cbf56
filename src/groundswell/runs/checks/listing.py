"""What a project holds: its surveys with their indicators, waves, houses and last report, as records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundswell.errors import FaultsError
from groundswell.reports.publish.archive import latest_report
from groundswell.waves import list_surveys, load_survey, read_toplines, survey_folder
from groundswell.waves.wave.waves_of_survey import load_waves


@dataclass(frozen=True)
class ListedSurvey:
    """One survey of a project. Of one that is not sound only its name and the number of its `faults` are known.

    `last_report` is the newest report's folder, relative to the project, None where there is none.
    """

    survey: str
    title: str = ""
    indicators: tuple[str, ...] = ()
    waves: int = 0
    houses: tuple[str, ...] = ()
    last_report: str | None = None
    faults: int = 0


def list_project(project: Path) -> list[ListedSurvey]:
    """The project's surveys by name; `groundswell check` says what is wrong with one that is not sound."""
    return [_listed(project, name) for name in list_surveys(project)]


def _listed(project: Path, name: str) -> ListedSurvey:
    try:
        survey = load_survey(survey_folder(project, name))
        toplines = read_toplines(survey)
        respondents = load_waves(survey)
    except FaultsError as error:
        return ListedSurvey(name, faults=len(error.faults))
    published = toplines[["house", "mode", "start", "end"]].drop_duplicates()
    latest = latest_report(project / "reports", name)
    return ListedSurvey(
        survey=name,
        title=survey.title,
        indicators=tuple(survey.indicators),
        waves=len(published) + len(respondents),
        houses=tuple(survey.houses),
        last_report=latest.relative_to(project).as_posix() if latest else None,
    )
