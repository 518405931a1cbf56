"""The command that answers with the trend of a table of shares, or of a survey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from groundswell.cli.root import cli, in_project, project_here

if TYPE_CHECKING:
    from groundswell.waves import Survey

MOST_BIAS: Final = 50.0
"""Points that all houses may be off together: further than from one half to an end of the scale says nothing."""


@cli.command()
@in_project
@click.argument("shares", type=click.Path(path_type=Path), metavar="SHARES|SURVEY")
@click.option(
    "--at", "at", required=True, type=click.Path(path_type=Path), help="CSV of the dates asked for."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV to write the answer to.")
@click.option(
    "--changes", type=click.Path(path_type=Path), help="Also write every change that was looked at, as CSV."
)
@click.option("--by", metavar="VARIABLE", help="Of a survey: answer for the domains of this variable.")
@click.option("--gaps", type=click.Path(path_type=Path), help="With --by: also write the gaps, as CSV.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="Of a survey: also write the level of every answer of the question, as CSV.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="ANSWER",
    help='Of --answers: leave an answer out, such as "hard to say"; the others are then shares of the rest.',
)
@click.option(
    "--as-of", metavar="DATE", help="Of a survey: only what was known by this date. Default: today."
)
@click.option(
    "--when", metavar="COLUMN", help="Of estimates: the column of their `--by` that dates the waves."
)
@click.option("--covariance", type=click.Path(path_type=Path), help="Of estimates: their covariance, as CSV.")
@click.option(
    "--shared-bias",
    type=click.FloatRange(0, MOST_BIAS),
    metavar="POINTS",
    help="Of a table: how far all houses may be off together, as a standard deviation in points at a share of 50%; "
    "fills population_low95 and population_high95.",
)
@click.option("--seed", default=20240101, show_default=True, help="Seed of the draws.")
def trend(
    shares: Path,
    at: Path,
    out: Path,
    changes: Path | None,
    by: str | None,
    gaps: Path | None,
    answers: Path | None,
    without: tuple[str, ...],
    as_of: str | None,
    when: str | None,
    covariance: Path | None,
    shared_bias: float | None,
    seed: int,
) -> None:
    """Fit the trend of published shares and answer for the dates asked for (docs/trend.md).

    SHARES is a CSV of shares, or of estimates that `groundswell estimate --by` wrote; SURVEY is a survey's folder or
    name, whose events, reference and shared bias count as in its report.

    low95 and high95 hold what such surveys would say on average. The population may lie elsewhere, since an error that
    all houses share shows in none of them: --shared-bias says how large it may be.
    """
    from groundswell.cli.options.out_files import check_folder
    from groundswell.reports.language.language import Language
    from groundswell.reports.language.series_notes import series_sentence
    from groundswell.trends.answers.shares_answer import answer_from, notes, survey_source, write_answer
    from groundswell.trends.answers.table_source import table_source
    from groundswell.trends.data.scales import with_scales

    of_table = shares.suffix == ".csv" or shares.is_file()
    _check_with("gaps", gaps, "by", by)
    _check_with("without", without, "answers", answers)
    for file in _files(out, changes, answers, gaps):
        check_folder(file)
    survey = None
    if of_table:
        _check_of_table(by=by, as_of=as_of, answers=answers)
        every = changes is not None
        source = table_source(
            shares, at, seed, when=when, covariance=covariance, shared_bias=shared_bias, every=every
        )
    else:
        survey = _survey(shares, when=when, covariance=covariance, shared_bias=shared_bias)
        source = survey_source(survey, at, as_of, seed)
    said = list(notes(source))
    tables: dict[Path, Any] = {}
    if survey is not None and by is not None:
        from groundswell.trends.domains.domains_answer import domains_answer

        domains = domains_answer(survey, source, by)
        tables |= {out: domains.levels} | ({} if gaps is None else {gaps: domains.gaps})
        said += domains.notes
    else:
        tables[out] = answer_from(source.trends, source.asked)
    if changes is not None:
        from groundswell.trends.compared.comparisons import comparisons

        tables[changes] = comparisons(source.trends.values())
    if survey is not None:
        tables = {
            file: with_scales(survey, table, named="indicator" if file == changes else "series")
            for file, table in tables.items()
        }
    if survey is not None and answers is not None:
        from groundswell.trends.questions.file_answer import whole_answer

        whole = whole_answer(survey, source, without)
        tables[answers] = whole.table
        said += whole.notes
    for place, table in tables.items():
        write_answer(table, place)
    english = Language()
    for note in said:
        click.echo(f"note: {series_sentence(*note, english)}", err=True)


def _check_of_table(**of_surveys: object) -> None:
    """A table is given no option that belongs to a survey."""
    wrong = [name.replace("_", "-") for name, value in of_surveys.items() if value is not None]
    if wrong:
        raise click.UsageError(f"--{wrong[0]} belongs to a survey; a table of shares is taken as it is")


def _check_with(name: str, value: object, needed: str, given: object) -> None:
    """An option that says more of another one is given with it."""
    if value and given is None:
        raise click.UsageError(f"--{name} belongs to --{needed}: name that, too")


def _survey(shares: Path, *, when: str | None, covariance: Path | None, shared_bias: float | None) -> Survey:
    """The survey in a folder or of a name, which states itself what may be stated of a table."""
    from groundswell.waves import load_survey, survey_folder

    if when is not None or covariance is not None:
        raise click.UsageError("--when and --covariance belong to a table of estimates; a survey has its own")
    if shared_bias is not None:
        raise click.UsageError(
            "--shared-bias belongs to a table; a survey states its own, with its source, in survey.toml"
        )
    return load_survey(shares if shares.is_dir() else survey_folder(project_here(), str(shares)))


def _files(*named: Path | None) -> list[Path]:
    """The files to be written, each another one."""
    files = [file for file in named if file is not None]
    if len(set(files)) < len(files):
        raise click.UsageError(
            "--out, --changes, --answers and --gaps name one file twice: give each its own"
        )
    return files
