"""What one command is to make: every report that is asked for, planned and checked before any is started.

A survey that was named and is wrong stops the command. Of all surveys of a project one that is wrong is its own
failure, and the others are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from groundswell.dates import today
from groundswell.errors import GroundswellError
from groundswell.reports.evidence.manifest import Manifest
from groundswell.runs.plan.cadence import next_period
from groundswell.runs.plan.lineup import Place, line_up
from groundswell.runs.plan.parameters import default_parameters
from groundswell.runs.plan.plan import Plan, check_plan, surveys_for
from groundswell.runs.plan.requests import Asked, Request, plan_request, requests_of
from groundswell.runs.plan.shared import Shared
from groundswell.waves import list_surveys
from groundswell.waves.surveys.planned_report import Cadence


@dataclass(frozen=True)
class NotDue:
    """A planned report whose period has its `newest` report already; the next period begins on `due`."""

    plan: Plan
    every: Cadence
    newest: Manifest
    due: date


@dataclass(frozen=True)
class Refused:
    """What cannot be planned: a survey with what is wrong about it."""

    survey: str
    error: GroundswellError


@dataclass(frozen=True)
class TooEarly:
    """So many dates of a survey that lie before its `first` wave was known."""

    survey: str
    dates: int
    first: date


@dataclass(frozen=True)
class Planning:
    """The reports of one command in their order, and what none is made of."""

    places: list[Place] = field(default_factory=list)
    not_due: list[NotDue] = field(default_factory=list)
    too_early: list[TooEarly] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked for."""
        return not (self.places or self.not_due or self.too_early or self.refused)


def plan_surveys(shared: Shared, surveys: Sequence[str], asked: Asked) -> Planning:
    """The reports of surveys that were named, due or not.

    Raises: InputError and FaultsError for the first that is not known or not sound, or has no wave by then.
    """
    requests = [
        request for survey in dict.fromkeys(surveys) for request in requests_of(shared, survey, asked)
    ]
    return Planning(_checked([plan_request(shared, request) for request in requests], shared))


def plan_past(shared: Shared, surveys: Sequence[str], asked: Asked, dates: Sequence[date]) -> Planning:
    """The reports of past dates of surveys that were named, oldest first; dates before the first wave are counted.

    Raises: InputError and FaultsError as `plan_surveys`, but for dates that are too early.
    """
    plans: list[Plan] = []
    planning = Planning()
    for survey in dict.fromkeys(surveys):
        early: dict[date, date] = {}
        for day in dates:
            for request in requests_of(shared, survey, replace(asked, dates=[day.isoformat()])):
                first = _first_day(shared, request)
                if first is not None and day < first:
                    early[day] = max(first, early.get(day, first))
                else:
                    plans.append(plan_request(shared, request))
        if early:
            planning.too_early.append(TooEarly(survey, len(early), max(early.values())))
    planning.places.extend(_checked(plans, shared))
    return planning


def plan_project(shared: Shared, asked: Asked) -> Planning:
    """The reports of every survey of a project; without dates, those whose period has no report yet.

    Raises: InputError where a notebook that was named is not known.
    """
    plans: list[Plan] = []
    planning = Planning()
    for survey, of_survey in _by_survey(shared, asked).items():
        try:
            drafted = [(each, plan_request(shared, each)) for each in requests_of(shared, survey, of_survey)]
        except GroundswellError as error:
            planning.refused.append(Refused(survey, error))
            continue
        for request, plan in drafted:
            waits = None if asked.dates else not_due(shared, request, plan)
            if waits is None:
                plans.append(plan)
            else:
                planning.not_due.append(waits)
    refused = {each.survey for each in planning.refused}
    for place in line_up(plans, shared):
        try:
            if place.state != "unchanged":
                check_plan(place.plan, shared)
        except GroundswellError as error:
            if place.plan.survey not in refused:
                planning.refused.append(Refused(place.plan.survey, error))
            refused.add(place.plan.survey)
        else:
            planning.places.append(place)
    return planning


def _checked(plans: list[Plan], shared: Shared) -> list[Place]:
    """The places of plans whose surveys have a wave by their dates; what is unchanged had."""
    places = line_up(plans, shared)
    for place in places:
        if place.state != "unchanged":
            check_plan(place.plan, shared)
    return places


def _by_survey(shared: Shared, asked: Asked) -> dict[str, Asked]:
    """What is asked for of each survey of the project: of the notebooks that are named, those that can speak of it."""
    if not asked.notebooks:
        return dict.fromkeys(list_surveys(shared.project), asked)
    of_notebook = {name: surveys_for(shared.project, name) for name in asked.notebooks}
    return {
        survey: replace(asked, notebooks=[name for name in of_notebook if survey in of_notebook[name]])
        for survey in dict.fromkeys(each for surveys in of_notebook.values() for each in surveys)
    }


def _first_day(shared: Shared, request: Request) -> date | None:
    """The day from which on a report of this notebook has a wave to speak of; None where it never has one."""
    survey = shared.survey(request.survey)
    of_respondents = "wave" in default_parameters(shared.notebook(request.notebook))
    return min(shared.known_days(survey, of_respondents=of_respondents), default=None)


def not_due(shared: Shared, request: Request, plan: Plan) -> NotDue | None:
    """Whether the report of this period is there already, whatever has come in since."""
    newest = newest_report_of(shared, plan)
    if request.every is None or newest is None:
        return None
    due = next_period(request.every, newest.as_of)
    return NotDue(plan, request.every, newest, due) if due > today() else None


def newest_report_of(shared: Shared, plan: Plan) -> Manifest | None:
    """The newest report that the plan's survey has with the plan's parameters; None where there is none."""
    published = shared.published(plan.survey)
    return next((each for each in published if each.edition == plan.edition), None)
