"""The command that says whether the archive is whole."""

from __future__ import annotations

import sys

import click

from groundswell.cli.root import cli, in_project, project_here

DOCTOR_CODES = """\b
Exit codes: 0 the archive is whole; 1 something in it is damaged; 2 there is no
archive, or it cannot be read.
"""


@cli.command(epilog=DOCTOR_CODES)
@in_project
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def doctor(as_json: bool) -> None:
    """Say whether the archive of reports is whole, what is damaged, and the way out (docs/archive.md).

    Every file is held against the checksum with which it was published; no report is run again (that is `verify`).
    The archive is only read.
    """
    from groundswell.cli.text import examination as text
    from groundswell.runs.doctor.examination import examine
    from groundswell.runs.doctor.finding import is_whole

    groups = examine(project_here())
    click.echo(text.as_json(groups) if as_json else text.as_text(groups))
    if not is_whole(groups):
        sys.exit(1)
