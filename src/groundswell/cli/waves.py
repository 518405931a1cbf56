"""Commands on waves of respondents."""

from __future__ import annotations

from pathlib import Path

import click

from groundswell.cli.root import cli, from_here, in_project, project_here


@cli.command()
@in_project
@click.argument("survey")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The wave's name. Default: the file's, without `wave-`.")
@click.option("--house", help="Who did the fieldwork, as survey.toml names it.")
def add(survey: str, file: Path, name: str | None, house: str | None) -> None:
    """Add a wave's file of respondents to a survey, and propose what its columns are for.

    FILE is copied into the survey's waves/; the original is not touched. Its codebook is read, and a TOML written
    beside it, in which every guess is marked as one and what cannot be known is left empty.
    """
    from groundswell.waves import load_survey, survey_folder
    from groundswell.waves.new_wave import add_wave, as_text

    added = add_wave(load_survey(survey_folder(project_here(), survey)), file, name, house)
    click.echo(
        f"{from_here(added.toml)}: written; {from_here(added.file)}: {added.respondents:,} respondents"
    )
    click.echo(as_text(added).replace(f"{Path.cwd()}/", ""))
    click.echo(f"then: groundswell check {survey}")
