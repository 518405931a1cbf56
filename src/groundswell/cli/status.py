"""The command that says how a project's reports stand."""

from __future__ import annotations

import click

from groundswell.cli.root import cli, in_project, project_here


@cli.command()
@in_project
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead: every run that is remembered.")
def status(as_json: bool) -> None:
    """Say what ran, what failed and why, and of what the surveys plan what is due; nothing is written."""
    from groundswell.cli.text import status as text
    from groundswell.runs.checks.status import project_status

    found = project_status(project_here())
    click.echo(text.as_json(found) if as_json else text.as_text(found))
