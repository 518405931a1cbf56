"""The command that estimates shares and means of any file of respondents."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from groundswell.cli.options.flags import in_flags
from groundswell.cli.options.read_options import read_options, reads_file
from groundswell.cli.root import cli, from_here
from groundswell.listed import listed
from groundswell.vocabulary import DeffKind, Interval, LonelyPsu, ReplicateKind

SUCCESSIVE = "SDR"
"""The letters by which successive differences are known too."""

REPLICATE_KINDS = (*get_args(ReplicateKind), SUCCESSIVE)
SHORT_KINDS = [SUCCESSIVE if kind == "successive-difference" else kind for kind in get_args(ReplicateKind)]


def _names(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Names given one an option or several with commas; a name that holds a comma stands in double quotes."""
    return tuple(name for text in given for name in listed(text))


def _numbers(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[float, ...]:
    """Numbers given one an option or several with commas."""
    try:
        return tuple(float(number) for number in _names(context, parameter, given))
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error


def _replicate_kind(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Successive differences are known by their letters too."""
    return "successive-difference" if given == SUCCESSIVE else given


def _columns(name: str, what: str) -> Any:
    """An option that names columns."""
    return click.option(name, multiple=True, metavar="COLUMN[,...]", callback=_names, help=what)


DESIGN_OPTIONS = [
    click.option("--weights", metavar="COLUMN", help="Weights; without them each respondent counts the same."),
    _columns("--strata", "Strata, one column a sampling stage."),
    _columns("--psu", "Sampling units, outermost stage first; without them every respondent is one."),
    _columns("--fpc", "Population sizes, or sampling fractions, one column a stage."),
    click.option("--nest", is_flag=True, help="Unit labels start again in each stratum."),
    click.option("--lonely-psu", type=click.Choice(get_args(LonelyPsu), case_sensitive=False), default="fail",
                 show_default=True, help="What a stratum with one unit does; `centre` is R's `adjust`."),
    click.option("--respondent", metavar="COLUMN", help="Identifier of a person, who may be in several waves."),
    _columns("--replicates", "Replicate weights, as a list or a pattern such as `rep_*`."),
    click.option("--replicate-kind", type=click.Choice(REPLICATE_KINDS, case_sensitive=False),
                 metavar=f"[{'|'.join(SHORT_KINDS)}]", callback=_replicate_kind,
                 help="How they were made; SDR: successive differences."),
    click.option("--mse", is_flag=True, help="Squared distances from the estimate, not from the replicates' mean."),
    click.option("--combined-weights/--factors", "combined", default=True, show_default=True,
                 help="Replicates are whole weights, or factors of --weights."),
    click.option("--fay-rho", type=float, help="Fay's coefficient, from 0 to 1."),
    click.option("--scale", type=float, help="Multiplier of all squared distances; the kind's own if not given."),
    click.option("--rscales", multiple=True, metavar="NUMBER[,...]", callback=_numbers,
                 help="Multiplier of each replicate's squared distance."),
    _columns("--margins", "What --weights were calibrated to; the variance is then that of residuals."),
    _columns("--auxiliaries", "Numbers to whose totals --weights were calibrated, with --margins or without."),
    click.option("--base-weights", metavar="COLUMN", help="The weights before that calibration."),
    click.option("--calibrated-weights", metavar="COLUMN",
                 help="The weights just after it, where --weights were trimmed since."),
    click.option("--df", type=float, help="Degrees of freedom, where the publisher states them."),
]  # fmt: skip


def _with_design(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how respondents were drawn, in this order."""
    for option in reversed(DESIGN_OPTIONS):
        command = option(command)
    return command


def _say_notes(said: list[warnings.WarningMessage]) -> None:
    """What was noted on the way, on the terminal's own stream."""
    command = click.get_current_context().command
    for warning in said:
        click.echo(in_flags(f"note: {warning.message}", command), err=True)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--share",
    "shares",
    multiple=True,
    metavar="COLUMN[=ANSWER]",
    help="Share of an answer (a code or its label), or of every answer of a column.",
)
@click.option(
    "--mean", "means", multiple=True, metavar="COLUMN[,...]", callback=_names, help="Mean of numbers."
)
@click.option(
    "--total",
    "totals",
    multiple=True,
    metavar="COLUMN[=ANSWER]",
    help="Total of numbers, or a weighted count of an answer.",
)
@click.option(
    "--ratio", "ratios", multiple=True, metavar="COLUMN/COLUMN", help="Ratio of two totals of numbers."
)
@click.option(
    "--quantile",
    "quantiles",
    multiple=True,
    metavar="COLUMN[=P,...]",
    help="Quantiles of numbers, as income=0.5,0.9; the quartiles if none is named.",
)
@click.option(
    "--item",
    "items",
    multiple=True,
    metavar="NAME=COLUMN+COLUMN[>=N]",
    help="A sum of columns that the other questions may name, with or without a limit.",
)
@click.option(
    "--by", multiple=True, metavar="COLUMN[,...]", callback=_names, help="Domains: waves, regions …"
)
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=ANSWER[,...]",
    help="Rows that are taken at all, such as one wave; for a subpopulation use --by.",
)
@_with_design
@reads_file
@click.option(
    "--interval",
    type=click.Choice(get_args(Interval), case_sensitive=False),
    default="logit",
    show_default=True,
    help="Kind of the shares' intervals.",
)
@click.option("--level", type=float, default=0.95, show_default=True, help="Their coverage.")
@click.option(
    "--deff-kind",
    type=click.Choice(get_args(DeffKind)),
    default="replace",
    show_default=True,
    help="Design effect against simple random sampling with or without replacement, or of the weights.",
)
@click.option("--labels", is_flag=True, help="Write the file's labels instead of its codes.")
@click.option(
    "--without-dont-know", is_flag=True, help="Shares of those who have an opinion: no don't know in a base."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the table to a .csv or .parquet file.")
@click.option(
    "--covariance",
    type=click.Path(path_type=Path),
    help="Also write the covariance of the table's rows, as a square table.",
)
@click.option("--memory", metavar="SIZE", help="Memory that sums may take, such as 512MB.")
@click.option("--cluster", metavar="ADDRESS", help="Sum a .parquet file on the Dask cluster at this address.")
def estimate(
    file: Path,
    shares: tuple[str, ...],
    means: tuple[str, ...],
    totals: tuple[str, ...],
    ratios: tuple[str, ...],
    quantiles: tuple[str, ...],
    items: tuple[str, ...],
    by: tuple[str, ...],
    where: tuple[str, ...],
    interval: Any,
    level: float,
    deff_kind: Any,
    labels: bool,
    without_dont_know: bool,
    out: Path | None,
    covariance: Path | None,
    memory: str | None,
    cluster: str | None,
    **stated: Any,
) -> None:
    """Estimate shares, means, totals, ratios and quantiles of any file of respondents.

    The errors know how the respondents were drawn. FILE may be CSV, Parquet, SPSS, Stata, SAS or Excel.
    The columns of the table are a promise: docs/estimate.md.

    \b
    groundswell estimate schools.csv --weights pw --strata stype --fpc fpc \\
        --share awards=Yes --mean api00 --by stype --out shares.csv
    """
    from groundswell.cli.options.out_files import check_writable, write_table
    from groundswell.cli.text.estimates_table import as_text
    from groundswell.estimates.design.design import Design
    from groundswell.estimates.statistics.of_file import estimate_file

    for asked in (out, covariance):
        if asked is not None:
            check_writable(asked)
    options = read_options(stated)
    with warnings.catch_warnings(record=True, action="always", category=UserWarning) as said:
        table, matrix = estimate_file(
            file, Design(**stated), shares=shares, means=means, totals=totals, ratios=ratios,
            quantiles=quantiles, items=items, by=by, where=where, interval=interval, level=level,
            deff_kind=deff_kind, covariance=covariance is not None, labels=labels,
            without_dont_know=without_dont_know, memory=memory, cluster=cluster, options=options,
        )  # fmt: skip
    _say_notes(said)
    if covariance is not None and matrix is not None:
        write_table(matrix.rename_axis("row").reset_index(), covariance)
    if out is not None:
        write_table(table, out)
        click.echo(from_here(out))
    elif sys.stdout.isatty():
        click.echo(as_text(table, by, level))
    else:
        click.echo(table.to_csv(index=False), nl=False)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--row",
    required=True,
    metavar="QUESTION",
    help="The question whose shares are asked for: a column, or a question with several answers (Q5, Q5=Prices).",
)
@click.option(
    "--column",
    required=True,
    metavar="QUESTION",
    help="The question by whose answers they are asked for, of either kind.",
)
@click.option("--where", multiple=True, metavar="COLUMN=ANSWER[,...]", help="Rows that are taken at all.")
@_with_design
@reads_file
@click.option("--labels", is_flag=True, help="Write the file's labels instead of its codes.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the shares to a .csv or .parquet file.")
@click.option("--tests", type=click.Path(path_type=Path), help="Write the tests to a .csv or .parquet file.")
def crosstab(
    file: Path,
    row: str,
    column: str,
    where: tuple[str, ...],
    labels: bool,
    out: Path | None,
    tests: Path | None,
    **stated: Any,
) -> None:
    """Cross two questions of any file of respondents, and test whether they are independent.

    The tests know how the respondents were drawn (Rao and Scott's, and Wald's). A question with several answers is not
    tested, as a respondent is in several cells of its table; one of its answers is.

    \b
    groundswell crosstab schools.csv --weights pw --strata stype --row sch.wide --column stype
    """
    from groundswell.cli.options.out_files import check_writable, write_table
    from groundswell.cli.text.estimates_table import crosstab_text
    from groundswell.errors import InputError
    from groundswell.estimates.design.design import Design
    from groundswell.estimates.statistics.crosstabs.crosstab_of_file import crosstab_file

    for asked in (out, tests):
        if asked is not None:
            check_writable(asked)
    options = read_options(stated)
    with warnings.catch_warnings(record=True, action="always", category=UserWarning) as said:
        table, tested = crosstab_file(
            file, Design(**stated), row=row, column=column, where=where, labels=labels, options=options
        )
    _say_notes(said)
    if tests is not None and tested is None:
        raise InputError(
            "`tests=`: a question with several answers has no test of independence (see the note)"
        )
    for target, written in ((out, table), (tests, tested)):
        if target is not None and written is not None:
            write_table(written, target)
            click.echo(from_here(target))
    if out is None and tests is None:
        click.echo(crosstab_text(table, tested, column))
