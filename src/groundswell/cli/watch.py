"""The commands that watch a project and tell of what happened."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from time import sleep, strftime

import click

from groundswell.cli.process.log import OF_LOGS, listen, say
from groundswell.cli.root import cli, folder_here, in_project, project_here

SETTLES = 2.0
"""Seconds between the two looks of `--once`."""


def _seconds(context: click.Context, parameter: click.Parameter, given: str) -> float:
    """A length of time: `30s`, `5m`, `1h`."""
    found = re.fullmatch(r"([0-9]{1,6})([smh]?)", given.strip())
    if found is None or int(found[1]) < 1:
        raise click.BadParameter(f"a length of time, as 30s, 5m or 1h; got {given!r}", context, parameter)
    return int(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


@cli.command()
@in_project
@click.option(
    "--every",
    default="30s",
    show_default=True,
    callback=_seconds,
    metavar="TIME",
    help="How long to wait between two looks (30s, 5m, 1h).",
)
@click.option("--once", is_flag=True, help="Look twice, two seconds apart, and end: for cron.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Reports made at a time.")
@OF_LOGS[0]
@OF_LOGS[1]
def watch(every: float, once: bool, jobs: int, log: str, log_file: Path | None) -> None:
    """Wait for new waves; check them, make the reports, tell who is to be told (docs/alerts.md).

    A file counts once it is as it was at the look before, and no `.part` stands beside it. A line is printed for each
    thing that happens. Ctrl-C ends the watch.
    """
    from groundswell.runs.watch.watching import Watching

    listen(log, log_file, folder_here())
    watching = Watching(project_here(), jobs)
    try:
        if not once:
            say(f"watching {watching.project.name}, every {every:g} s; Ctrl-C ends it")
        while True:
            for line in watching.round():
                _say(line)
            if once and watching.looked_twice:
                return
            sleep(SETTLES if once else every)
    except KeyboardInterrupt:
        if once:
            raise
        made = watching.published
        say(f"the watch has ended; it made {made} report{'' if made == 1 else 's'}")


def _say(line: str) -> None:
    """A line with the time of day in front of it."""
    click.echo(f"{strftime('%H:%M:%S')} {line}")
    sys.stdout.flush()


@cli.command()
@in_project
@click.option("--test", is_flag=True, help="Send a test message to every address, and say where it went.")
def tell(test: bool) -> None:
    """Tell what has not been told yet: alerts to the audience, failures to the maintainer (docs/alerts.md).

    The addresses stand in the environment, as Apprise writes them: GROUNDSWELL_TELL_NEWS and
    GROUNDSWELL_TELL_FAILURES.
    """
    from groundswell.runs.tell.telling import send_test
    from groundswell.runs.tell.telling import tell as tell_all

    lines = send_test(project_here()) if test else tell_all(project_here())
    for line in lines or ["nothing to tell"]:
        click.echo(line)
    if test and any("could not be sent" in line for line in lines):
        sys.exit(1)
