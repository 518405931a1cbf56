"""Which reports are asked for: surveys, times the values of their parameters, times dates.

What the command line names counts. Where it names neither a notebook nor a parameter, a survey's own plans count, the
`[[report]]` entries of its `survey.toml`; a survey that plans nothing has its default report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from groundswell.errors import Fault, FaultsError, InputError
from groundswell.reports.publish.archive import DEFAULT_NOTEBOOK
from groundswell.runs.plan.parameters import RESOLVED, every_choice, parse_assignments
from groundswell.runs.plan.plan import Plan, draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.waves.surveys.planned_report import PLACES, Cadence, PlannedReport
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import fault_at, read_toml

_NAMED = re.compile(r"^`(?P<name>[a-z_]+)=`(?P<marks>:? )")


@dataclass(frozen=True)
class Request:
    """One report that is asked for. `entry` is the number of the `[[report]]` that plans it, and `every` its cadence;
    both None for what the command line names."""

    survey: str
    notebook: str
    given: Mapping[str, Any]
    every: Cadence | None = None
    entry: int | None = None


@dataclass(frozen=True)
class Asked:
    """What the command line names: notebooks, values of parameters by name, and as-of dates; empty for none."""

    notebooks: Sequence[str] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: Sequence[str] = ()


def asked_for(assignments: Sequence[str], notebooks: Sequence[str], dates: Sequence[str] = ()) -> Asked:
    """What the texts of a command line ask for; a date may be written as a parameter too.

    Raises: InputError as `parse_assignments`, and where a date is given twice or in both ways.
    """
    values = parse_assignments(assignments)
    days = values.pop("as_of", [])
    if twice := [day for number, day in enumerate(dates) if day in dates[:number]] or (dates and days):
        raise InputError(f"`as_of=` was given twice: `{twice[0]}`; write `as_of=` once for each date")
    return Asked(notebooks, values, [*dates, *days])


def requests_of(shared: Shared, survey: str, asked: Asked) -> list[Request]:
    """The reports of one survey that are asked for.

    Raises: InputError and FaultsError where its plans are to be read and the survey is not known or not sound.
    """
    dates = [{"as_of": day} for day in asked.dates] or [{}]
    planned = () if asked.notebooks or asked.values else shared.survey(survey).report
    if planned:
        return [
            Request(survey, entry.notebook or DEFAULT_NOTEBOOK, chosen | day, entry.every, number)
            for day in dates
            for number, entry in enumerate(planned)
            for chosen in choices(entry)
        ]
    return [
        Request(survey, notebook, chosen | day)
        for notebook in dict.fromkeys(asked.notebooks or [DEFAULT_NOTEBOOK])
        for day in dates
        for chosen in every_choice(dict(asked.values))
    ]


def choices(entry: PlannedReport) -> list[dict[str, Any]]:
    """The parameters of each report that an entry of `survey.toml` plans."""
    return [{**entry.parameters, **chosen} for chosen in every_choice(entry.each)]


def plan_request(shared: Shared, request: Request) -> Plan:
    """The plan of what is asked for.

    Raises: InputError and FaultsError as `draft_plan`; what is wrong with an entry of `survey.toml` is a fault there.
    """
    if request.entry is None:
        return draft_plan(shared, request.survey, request.given, request.notebook)
    file = shared.survey(request.survey).folder / "survey.toml"
    if named := sorted(RESOLVED & request.given.keys()):
        error = InputError(f"`{named[0]}=`: is filled in by the run: delete it")
        raise FaultsError(str(file), [_entry_fault(file, request.entry, error)])
    try:
        return replace(
            draft_plan(shared, request.survey, request.given, request.notebook), every=request.every
        )
    except FaultsError:
        raise
    except InputError as error:
        raise FaultsError(str(file), [_entry_fault(file, request.entry, error)]) from error


def plan_faults(shared: Shared, survey: str) -> list[Fault]:
    """Everything wrong with the reports that a sound survey plans, each fault on its line of `survey.toml`."""
    faults: dict[Fault, None] = {}
    for request in requests_of(shared, survey, Asked()):
        if request.entry is not None:
            faults |= dict.fromkeys(_faults_of(shared, request))
    return list(faults)


def _faults_of(shared: Shared, request: Request) -> Iterable[Fault]:
    try:
        plan_request(shared, request)
    except FaultsError as error:
        return error.faults
    return ()


def _entry_fault(file: Path, number: int, error: InputError) -> Fault:
    """What is wrong with an entry, in the words of the file: on the line of the parameter that the error names."""
    _, lines = read_toml(file)
    message, named = str(error), _NAMED.match(str(error))
    if message.startswith("no notebook"):
        return fault_at(file, lines, ("report", number, "notebook"), message)
    if named is not None:
        paths: list[TomlPath] = [("report", number, place, named["name"]) for place in PLACES]
        paths += [("report", number, named["name"])]
        for path in paths:
            if path in lines:
                return fault_at(file, lines, path, message[named.end() :])
    return fault_at(file, lines, ("report", number), message)
