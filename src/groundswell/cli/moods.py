"""The commands of several indicators together: one mood that they tell of, and whether any two of them move
together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundswell.cli.root import cli, in_project, project_here

if TYPE_CHECKING:
    from groundswell.waves import Survey


@cli.command()
@in_project
@click.argument("survey")
@click.argument("indicators", nargs=-1)
@click.option("--reference", help="The indicator on whose scale the mood is told. Default: the first.")
@click.option(
    "--reverse",
    multiple=True,
    metavar="INDICATOR",
    help="An indicator of which a higher share means less of the mood; may be given more than once.",
)
@click.option("--as-of", metavar="DATE", help="Only what was known by this date. Default: today.")
@click.option(
    "--left-out", is_flag=True, help="Also forecast each indicator's waves with the others and without."
)
@click.option("--at", "at", type=click.Path(path_type=Path), help="With --out: CSV of the dates asked for.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="With --at: CSV to write the mood on these dates to."
)
@click.option("--items", type=click.Path(path_type=Path), help="CSV to write the table of the indicators to.")
def mood(
    survey: str,
    indicators: tuple[str, ...],
    reference: str | None,
    reverse: tuple[str, ...],
    as_of: str | None,
    left_out: bool,
    at: Path | None,
    out: Path | None,
    items: Path | None,
) -> None:
    """Follow one mood through several INDICATORS of SURVEY (docs/trend.md).

    SURVEY is a survey's folder or name; without INDICATORS it is the mood that its survey.toml declares. The mood is
    what the reference measures; the others sharpen it as far as they move with it. What that rests on is printed with
    it.
    """
    from groundswell.cli.options.out_files import check_folder
    from groundswell.cli.text.moods import mood_text
    from groundswell.trends.answers.shares_answer import write_answer
    from groundswell.trends.data.scales import with_scales
    from groundswell.trends.data.shares_table import read_dates
    from groundswell.trends.moods.fit import fit_mood

    if (at is None) != (out is None):
        raise click.UsageError(
            "--at and --out belong together: the dates asked for, and the file for the mood on them"
        )
    for file in (out, items):
        if file is not None:
            check_folder(file)
    read = _survey(survey)
    if not indicators:
        indicators, reference, reverse = _declared(read, reference, reverse)
    found = fit_mood(read, indicators, reference=reference, reverse=reverse, as_of=as_of)
    if at is not None and out is not None:
        asked = read_dates(at, found.trends[found.reference].used)
        if (asked["house"] != "").any():
            raise click.UsageError(
                "--at: a mood has levels, and no next waves of a house: leave `house` empty"
            )
        levels = found.level(asked["date"]).assign(series=found.reference)
        days = levels["date"].dt.strftime("%Y-%m-%d")
        write_answer(with_scales(read, levels.assign(date=days), named="series"), out)
    if items is not None:
        write_answer(found.items, items)
    scale = read.indicators[found.reference].scale
    click.echo(mood_text(found, scale, found.left_out() if left_out else None))


@cli.command()
@in_project
@click.argument("survey")
@click.argument("indicators", nargs=-1)
@click.option("--as-of", metavar="DATE", help="Only what was known by this date. Default: today.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV to write the table to, besides.")
def movements(survey: str, indicators: tuple[str, ...], as_of: str | None, out: Path | None) -> None:
    """Say whether the levels of SURVEY's INDICATORS move together, two by two (docs/trend.md).

    SURVEY is a survey's folder or name; without INDICATORS all of them are paired. That two levels move together says
    nothing of why.
    """
    from itertools import combinations

    import pandas as pd

    from groundswell.cli.options.out_files import check_folder
    from groundswell.cli.text.moods import movements_text
    from groundswell.errors import InputError
    from groundswell.trends.answers.fit import indicator_of
    from groundswell.trends.answers.shares_answer import write_answer
    from groundswell.trends.moods.fit import own_trends
    from groundswell.trends.moods.movements import movements as moved

    if out is not None:
        check_folder(out)
    read = _survey(survey)
    names = list(dict.fromkeys(indicator_of(read, name) for name in indicators)) or list(read.indicators)
    if len(names) < 2:
        raise InputError(
            f"movements are of two indicators or more; `{read.name}` was asked for {', '.join(names)}"
        )
    pairs = combinations(dict(own_trends(read, names, as_of)).values(), 2)
    table = pd.concat([moved(*pair) for pair in pairs], ignore_index=True)
    if out is not None:
        write_answer(table, out)
    click.echo(movements_text(table))


def _declared(
    survey: Survey, reference: str | None, reverse: tuple[str, ...]
) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """The items of the one mood that a survey declares, its reference, and those that are reversed."""
    from groundswell.errors import InputError

    if reference or reverse:
        raise click.UsageError("--reference and --reverse are of INDICATORS that are named: name them, too")
    if len(survey.moods) != 1:
        many = f"{len(survey.moods)} moods: {', '.join(survey.moods)}" if survey.moods else "no mood"
        raise InputError(f"`{survey.name}` declares {many}; name the indicators of the one that is meant")
    (mood,) = survey.moods.values()
    return mood.items, None, mood.reverse


def _survey(survey: str) -> Survey:
    from groundswell.waves import load_survey, survey_folder

    return load_survey(survey if Path(survey).is_dir() else survey_folder(project_here(), survey))
