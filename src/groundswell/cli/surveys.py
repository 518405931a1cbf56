"""Commands on survey folders."""

from __future__ import annotations

import sys

import click

from groundswell.cli.root import cli, from_here, in_project, print_error, project_here
from groundswell.errors import FaultsError, InputError


@cli.command("list")
@in_project
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_command(as_json: bool) -> None:
    """List the surveys, their indicators, waves, houses and last report."""
    from groundswell.cli.text import listing
    from groundswell.runs.checks.listing import list_project

    surveys = list_project(project_here())
    click.echo(listing.as_json(surveys) if as_json else listing.as_table(surveys))


@cli.command()
@in_project
@click.argument("folders", nargs=-1, metavar="[SURVEY|FOLDER]...")
def check(folders: tuple[str, ...]) -> None:
    """Check survey folders (default: all), naming every fault at once with its file and line; nothing is written.

    Of a sound survey it notes what is missing of the eleven disclosure items, rows that may be one wave counted twice,
    houses that may be one under two names, and domains whose codes or categories want a look; none of these is a
    fault.
    """
    from groundswell.cli.text.checks import category_lines, sound_text
    from groundswell.runs.checks.folders import category_notes, check_folders, doubts, stated_disclosure

    checked = check_folders(project_here, folders)
    for folder, faults in checked.items():
        if faults:
            print_error(FaultsError(folder.name, faults))
        else:
            click.echo(sound_text(folder.name, stated_disclosure(folder), doubts(folder)))
            for line in category_lines(*category_notes(folder)):
                click.echo(line)
    if any(checked.values()):
        sys.exit(FaultsError.exit_code)


@cli.command()
@click.argument("file", type=click.Choice(["survey", "wave"]))
def schema(file: str) -> None:
    """Print the JSON Schema of survey.toml or of a wave's TOML, by which an editor completes and checks it.

    docs/formats.md says how an editor finds it.
    """
    from importlib.resources import files

    text = files("groundswell.waves").joinpath("schemas", f"{file}.schema.json").read_text(encoding="utf-8")
    click.echo(text, nl=False)


@cli.command()
@in_project
@click.argument("name", required=False)
@click.option(
    "--notebook", metavar="NAME", help="Write notebooks/NAME.ipynb instead, which a report can be made with."
)
def new(name: str | None, notebook: str | None) -> None:
    """Write a commented survey folder that passes `check` once its blanks are filled; or a notebook of one's own."""
    if (name is None) == (notebook is None):
        raise InputError("`new`: give the NAME of a survey, or `--notebook NAME`, one of the two")
    if notebook is not None:
        from groundswell.runs.plan.new_notebook import new_notebook

        file = new_notebook(project_here(), notebook)
        click.echo(
            f"{from_here(file)}: open it in JupyterLab; then: groundswell report SURVEY --notebook {notebook}"
        )
        return
    from groundswell.waves import new_survey

    folder = new_survey(project_here(), str(name))
    click.echo(f"{from_here(folder)}: fill in survey.toml and toplines.csv, then: groundswell check {name}")
