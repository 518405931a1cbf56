"""The command that says how many interviews, in how many waves, would settle an open question."""

from __future__ import annotations

from pathlib import Path

import click

from groundswell.cli.root import cli, in_project, project_here


def _numbers(context: click.Context, parameter: click.Parameter, given: str) -> tuple[int, ...]:
    """Whole numbers with commas between them."""
    from groundswell.listed import listed

    try:
        return tuple(int(part) for part in listed(given))
    except ValueError as error:
        raise click.BadParameter(
            f"whole numbers with commas between them, as 500,1000; got {given!r}", context, parameter
        ) from error


@cli.command()
@in_project
@click.argument("survey")
@click.argument("indicator", required=False)
@click.option("--since", required=True, metavar="DATE", help="The earlier date of the change.")
@click.option("--by", "by", required=True, metavar="DATE", help="The date by which it is to be settled.")
@click.option("--waves", default="1,2,4", show_default=True, callback=_numbers, help="How many waves.")
@click.option(
    "--n", "n", default="500,1000,2000,4000", show_default=True, callback=_numbers, help="Interviews in each."
)
@click.option("--house", help="Who asks. Default: the house with most waves.")
@click.option("--deff", type=float, help="Their design effect. Default: the median of the house's own.")
@click.option("--probability", default=0.95, show_default=True, help="How sure the direction must be.")
@click.option("--change", type=float, help="How large the change truly is, in points; -3 is a fall by 3.")
@click.option("--as-of", metavar="DATE", help="Plan with what was known by this date. Default: today.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV to write the table to, besides.")
def plan(
    survey: str,
    indicator: str | None,
    since: str,
    by: str,
    waves: tuple[int, ...],
    n: tuple[int, ...],
    house: str | None,
    deff: float | None,
    probability: float,
    change: float | None,
    as_of: str | None,
    out: Path | None,
) -> None:
    """Say which new waves would settle whether SURVEY's INDICATOR has risen or fallen (docs/trend.md).

    SURVEY is a survey's folder or name. Each line is a plan: how wide the interval of the change would be, and how
    probably the direction would be known by then.
    """
    from groundswell.cli.options.out_files import check_folder
    from groundswell.cli.text.plans import plans_text
    from groundswell.trends.answers.fit import fit_trend
    from groundswell.trends.answers.shares_answer import write_answer
    from groundswell.trends.compared.planned_waves import plan_waves
    from groundswell.waves import load_survey, survey_folder

    if out is not None:
        check_folder(out)
    read = load_survey(survey if Path(survey).is_dir() else survey_folder(project_here(), survey))
    trend = fit_trend(read, indicator, as_of=as_of)
    low, high = read.indicators[trend.indicator].scale or (0.0, 100.0)
    plans = plan_waves(
        trend,
        since=since,
        by=by,
        waves=waves,
        n=n,
        house=house,
        deff=deff,
        probability=probability,
        change=None if change is None else change / (high - low),
    )
    if out is not None:
        write_answer(plans, out)
    click.echo(plans_text(plans, width=high - low, probability=probability, change=change))
