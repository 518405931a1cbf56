"""The command that prints what a scheduler reads."""

from __future__ import annotations

import sys
from datetime import datetime, time
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundswell.cli.root import cli, from_here, in_project, project_here

if TYPE_CHECKING:
    from groundswell.runs.schedule.units import Every


def _time(context: click.Context, parameter: click.Parameter, given: str) -> time:
    """A time of the day."""
    try:
        return datetime.strptime(given, "%H:%M").time()  # noqa: DTZ007 - whose clock it is, each unit says
    except ValueError as error:
        raise click.BadParameter(f"a time as 05:30, got {given!r}", context, parameter) from error


@cli.command()
@in_project
@click.argument("scheduler", type=click.Choice(["cron", "systemd", "github", "airflow", "prefect"]))
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month"]),
    default="day",
    show_default=True,
    help="How often.",
)
@click.option(
    "--at", default="05:30", show_default=True, metavar="HH:MM", callback=_time, help="At what time."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files into this folder instead of printing them; none may be there.",
)
def schedule(scheduler: str, every: Every, at: time, out: Path | None) -> None:
    """Print what a scheduler needs to make this project's reports (docs/scheduling.md).

    Nothing is installed: each file says in its first lines where it goes.
    """
    from groundswell.errors import InputError
    from groundswell.files import write_whole
    from groundswell.runs.schedule.units import Schedule, units

    program = Path(sys.prefix) / "bin" / "groundswell"
    files = units(scheduler, Schedule(project_here().absolute(), program, getuser(), every, at))
    if out is None:
        click.echo("\n".join(files.values()), nl=False)
        return
    places = {out / name: text for name, text in files.items()}
    if there := [place for place in places if place.exists()]:
        raise InputError(f"`{there[0]}` is there already: move it away, or name another folder")
    for place, text in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, text)
        click.echo(from_here(place))
