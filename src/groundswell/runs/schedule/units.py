"""What a scheduler reads to make a project's reports: a line for cron, units for systemd, a workflow, a DAG, a flow.

Each is a template in `templates/`, filled with the project's folder, the program and the time, quoted as that
scheduler reads them: a space or a percent sign in a path means something else in each.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Final, Literal, get_args

import jinja2

from groundswell.errors import InputError, nearest

Scheduler = Literal["cron", "systemd", "github", "airflow", "prefect"]
Every = Literal["day", "week", "month"]
SCHEDULERS: Final[tuple[Scheduler, ...]] = get_args(Scheduler)
EVERY: Final[tuple[Every, ...]] = get_args(Every)

NOT_IN_SYSTEMD: Final = "\"'$\\"
"""Letters that the path of a program must not have, quoted or not."""

_FILES: Final[Mapping[str, Mapping[str, str]]] = {
    "cron": {"groundswell.cron": "cron"},
    "systemd": {"groundswell.service": "service", "groundswell.timer": "timer"},
    "github": {".github/workflows/reports.yml": "github"},
    "airflow": {"groundswell_reports.py": "airflow"},
    "prefect": {"groundswell_reports.py": "prefect"},
}
"""The files of each scheduler by the template that each is made of; a name is where its scheduler looks for it."""
_CRON_DAYS: Final[Mapping[Every, str]] = {"day": "* * *", "week": "* * 1", "month": "1 * *"}
_SYSTEMD_DAYS: Final[Mapping[Every, str]] = {"day": "*-*-*", "week": "Mon *-*-*", "month": "*-*-01"}
_WORDS: Final[Mapping[Every, str]] = {
    "day": "every day",
    "week": "every Monday",
    "month": "on the first of a month",
}


@dataclass(frozen=True)
class Schedule:
    """When the reports of a `project` folder are made, by which `program` and `user`, how often, and at what time.

    A week's run is on Monday, a month's on the first. Whose time it is, each unit says in a comment.
    """

    project: Path
    program: Path
    user: str
    every: Every = "day"
    at: time = time(5, 30)

    @property
    def cron(self) -> str:
        """The five fields of a crontab: minute, hour, day of the month, month, weekday."""
        return f"{self.at.minute} {self.at.hour} {_CRON_DAYS[self.every]}"

    @property
    def calendar(self) -> str:
        """The time as systemd writes it."""
        return f"{_SYSTEMD_DAYS[self.every]} {self.at:%H:%M}:00"

    @property
    def words(self) -> str:
        """How often and when, for a comment."""
        return f"{_WORDS[self.every]} at {self.at:%H:%M}"


def units(scheduler: str, schedule: Schedule) -> dict[str, str]:
    """The files that make a scheduler run `groundswell report --all`, by their names.

    Raises: InputError for a scheduler that is not known, a folder whose name has a line break, and for systemd also one
        with a quotation mark, a dollar or a backslash: it runs no program in such a place.

    Example:
        >>> at = Schedule(Path("/srv/our surveys"), Path("/srv/our surveys/.venv/bin/groundswell"), "me", "week")
        >>> print(units("cron", at)["groundswell.cron"].splitlines()[-1])
        30 5 * * 1 cd '/srv/our surveys' && '/srv/our surveys/.venv/bin/groundswell' report --all --quiet
    """
    if scheduler not in _FILES:
        raise InputError(f"`scheduler=`: unknown `{scheduler}`; {nearest(scheduler, SCHEDULERS)}")
    for path in (schedule.project, schedule.program):
        if any(not letter.isprintable() for letter in str(path)):
            raise InputError(
                f"`{path!s}`: a scheduler cannot name a path with a line break or a control character"
            )
    if scheduler == "systemd" and (wrong := set(NOT_IN_SYSTEMD) & set(str(schedule.program))):
        raise InputError(
            f"`{schedule.program}`: systemd runs no program whose path has {' or '.join(sorted(wrong))} in it; move "
            "the project, or schedule it with cron"
        )
    templates = _environment()
    return {
        name: templates.get_template(f"{template}.j2").render(schedule=schedule)
        for name, template in _FILES[scheduler].items()
    }


def _environment() -> jinja2.Environment:
    """Templates with marks that no scheduler's own language has."""
    environment = jinja2.Environment(  # noqa: S701 - no HTML: each template quotes for the language that it is in
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        variable_start_string="<<",
        variable_end_string=">>",
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"cron": in_cron, "systemd": in_systemd, "python": in_python}
    return environment


def in_cron(path: Path) -> str:
    """A path in a crontab's command: quoted for the shell, a percent sign kept from being a line break."""
    return shlex.quote(str(path)).replace("%", r"\%")


def in_systemd(path: Path) -> str:
    """A path in a unit: a percent sign would begin a specifier."""
    return str(path).replace("%", "%%")


def in_python(text: object) -> str:
    """A text in a Python file."""
    return repr(str(text))
