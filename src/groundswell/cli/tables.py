"""Commands on any table, without a survey folder."""

from __future__ import annotations

from pathlib import Path

import click

from groundswell.cli.root import cli


@cli.command()
@click.argument("shares", type=click.Path(path_type=Path))
@click.option(
    "--at", "at", required=True, type=click.Path(path_type=Path), help="CSV of the dates asked for."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV to write the answer to.")
@click.option("--seed", default=20240101, show_default=True, help="Seed of the draws.")
def trend(shares: Path, at: Path, out: Path, seed: int) -> None:
    """Fit the trend of any table of published shares and answer for the dates asked for (docs/trend.md)."""
    from groundswell.trends.shares_table import answer, read_dates, read_shares, write_answer

    table = read_shares(shares)
    write_answer(answer(table, read_dates(at, table), seed), out)
