"""Commands on waves of respondents."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from groundswell.cli.options.read_options import read_options, reads_file, say
from groundswell.cli.root import cli, from_here, in_project, project_here
from groundswell.vocabulary import WithoutCategory

if TYPE_CHECKING:
    from groundswell.estimates.of_wave.describing.description import DescribedFile, DescribedWave
    from groundswell.waves.surveys.survey_toml import Survey
    from groundswell.waves.wave.wave_toml import Wave


def _survey(name: str) -> Survey:
    """The project's survey of this name."""
    from groundswell.waves import load_survey, survey_folder

    return load_survey(survey_folder(project_here(), name))


def _wave(survey: Survey, name: str) -> Wave:
    """The survey's wave of this name."""
    from groundswell.waves.wave.waves_of_survey import find_wave

    return find_wave(survey, name)


@cli.command()
@in_project
@click.argument("survey")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The wave's name. Default: the file's, without `wave-`.")
@click.option("--house", help="Who did the fieldwork, as survey.toml names it.")
@click.option("--waves", metavar="COLUMN", help="Make a wave of each code of this column: a year, a round.")
@click.option("--not-like", "alone", is_flag=True, help="Take nothing over from an earlier wave.")
@click.option("--drop", multiple=True, metavar="KEY", help="A key not to take over, such as domains.sex.")
@reads_file
def add(
    survey: str,
    file: Path,
    name: str | None,
    house: str | None,
    waves: str | None,
    alone: bool,
    drop: tuple[str, ...],
    **reading: Any,
) -> None:
    """Add a wave's file of respondents to a survey, and propose what its columns are for.

    FILE is copied into the survey's waves/; the original is not touched. Its codebook is read, and a TOML written
    next to it, in which every guess is marked as one and what cannot be known is left empty. What is taken over from an
    earlier wave is printed, with what says that it holds here.
    """
    from groundswell.cli.text.new_wave import as_text
    from groundswell.waves import survey_folder
    from groundswell.waves.proposal.draft_survey import draft_survey
    from groundswell.waves.proposal.new_wave import add_wave

    record, blanks = draft_survey(survey_folder(project_here(), survey))
    added = add_wave(
        record,
        file,
        name=name,
        house=house,
        waves=waves,
        like=not alone,
        drop=drop,
        options=read_options(reading),
    )
    say(added.notes)
    click.echo(
        f"{from_here(added.toml)}: written; {from_here(added.file)}: {added.respondents:,} respondents"
    )
    click.echo(as_text(added).replace(f"{Path.cwd()}/", ""))
    if blanks:
        click.echo(
            f"survey.toml still has {len(blanks)} blanks, so its wordings and houses are not known yet"
        )
    click.echo(f"then: groundswell check {survey}")


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--all", "every", is_flag=True, help="Every column of the file, not only those that are counted."
)
@click.option("--open", "opened", is_flag=True, help="Of a file: list answers in people's own words too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--wave", metavar="NAME", help="Which wave, where a TOML makes many of one file.")
@reads_file
def describe(path: Path, every: bool, opened: bool, as_json: bool, wave: str | None, **reading: Any) -> None:
    """Describe a wave: n, weights, design effects, item non-response, and each question's answers.

    PATH is a wave's TOML (surveys/<survey>/waves/07.toml), or any file of respondents.
    """
    import json

    from groundswell.cli.text.description import as_text
    from groundswell.estimates.of_wave.describing.description import describe_file, describe_wave
    from groundswell.waves import load_survey
    from groundswell.waves.respondents.layouts.layout import ReadOptions
    from groundswell.waves.wave.wave_toml import load_wave, survey_of
    from groundswell.waves.wave.waves_of_survey import find_wave

    options = read_options(reading)
    if path.suffix == ".toml":
        if options != ReadOptions():
            raise click.UsageError(
                "how a wave's file is read stands in its TOML, under [reading] and `missing`"
            )
        survey = load_survey(survey_of(path))
        chosen = load_wave(path, survey) if wave is None else find_wave(survey, wave)
        described: DescribedWave | DescribedFile = describe_wave(survey, chosen, every=every)
    else:
        with _columns_bar() as bar:
            described = describe_file(path, options=options, opened=opened, progress=bar)
    say(described.notes)
    if as_json:
        click.echo(json.dumps(described.as_record(), ensure_ascii=False, indent=1))
    else:
        click.echo(as_text(described))


@contextmanager
def _columns_bar() -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how many columns of how many are done, where that takes more than a second."""
    from tqdm import tqdm

    with tqdm(
        desc="counting answers", unit=" columns", leave=False, delay=1, disable=not sys.stderr.isatty()
    ) as bar:

        def show(done: int, every: int) -> None:
            bar.total = every
            bar.update(done - bar.n)

        yield show


def _pair(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> tuple[float, float] | None:
    """Two numbers with a comma between them, the smaller first."""
    if given is None:
        return None
    try:
        low, high = (float(number) for number in given.split(","))
    except ValueError as error:
        raise click.BadParameter(
            "two numbers with a comma between them, as 0.3,3", context, parameter
        ) from error
    if not 0 <= low < 1 < high:
        raise click.BadParameter(f"a number below 1 and one above, got {given}", context, parameter)
    return low, high


@cli.command()
@in_project
@click.argument("survey")
@click.option("--wave", required=True, metavar="NAME", help="The wave's name, as its TOML's.")
@click.option(
    "--bounds",
    metavar="LOW,HIGH",
    callback=_pair,
    help="Least and largest change of a weight against the change that all share; the margins hold exactly.",
)
@click.option(
    "--trim",
    "limits",
    metavar="LOW,HIGH",
    callback=_pair,
    help="Least and largest weight, in means; the margins then hold nearly.",
)
@click.option(
    "--without-category",
    type=click.Choice(get_args(WithoutCategory)),
    help="What is done with a respondent who has no category of a margin. Default: as the wave says, else raked at the "
    "other margins, and refused above a tenth of the weight.",
)
@click.option("--memory", metavar="SIZE", help="Memory that queries may take, such as 512MB.")
def weight(
    survey: str,
    wave: str,
    bounds: tuple[float, float] | None,
    limits: tuple[float, float] | None,
    without_category: WithoutCategory | None,
    memory: str | None,
) -> None:
    """Rake a wave to its survey's margins/, and write the weights next to the wave, never into it.

    The weights that the wave came with are the starting ones. What raking did is shown: how far each category was
    from the population before and after, and what the weights cost.
    """
    from groundswell.cli.text.raking import as_text
    from groundswell.estimates.of_wave.weights.raking import weight_wave

    record = _survey(survey)
    chosen = _wave(record, wave)
    weighted = weight_wave(
        chosen,
        bounds=bounds,
        limits=limits,
        without_category=without_category,
        memory=memory,
    )
    click.echo(as_text(weighted))
    table = "[waves]" if chosen.declared else "[design]"
    click.echo(
        f"{from_here(weighted.file)}: written; to use it, under {table} of {chosen.toml.name}: "
        f'weights_file = "{weighted.file.name}"'
    )


@cli.command()
@in_project
@click.argument("survey")
@click.option("--wave", metavar="NAME", help="The wave's name. Default: every wave that states an address.")
@click.option(
    "--most-megabytes",
    type=click.IntRange(1, 1_000_000),
    default=2000,
    show_default=True,
    help="The most that one file may have; a larger one is given up.",
)
@click.option(
    "--most-minutes",
    type=click.IntRange(1, 1_000_000),
    default=30,
    show_default=True,
    help="The longest that one file may take; a slower one is given up.",
)
def fetch(survey: str, wave: str | None, most_megabytes: float, most_minutes: float) -> None:
    """Download waves from where their publisher keeps them, checked by their checksum.

    A download that broke off goes on where it stopped. What is here already is not asked for again.
    """
    from groundswell.errors import InputError
    from groundswell.waves.wave.download import Limits, fetch_wave
    from groundswell.waves.wave.waves_of_survey import load_waves

    record = _survey(survey)
    waves = [_wave(record, wave)] if wave else [each for each in load_waves(record) if each.download]
    if not waves:
        raise InputError(f"`{survey}` has no wave that states a `download` address: nothing can be fetched")
    for each in waves:
        click.echo(from_here(fetch_wave(each, Limits(most_megabytes, most_minutes))))
