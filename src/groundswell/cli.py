"""The command line: parses and calls, nothing else.

What a command needs is imported when it runs, so that `groundswell --help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from groundswell import __version__
from groundswell.errors import FaultsError, GroundswellError

if TYPE_CHECKING:
    from groundswell.runs.batch import Outcome

EXIT_CODES = """\b
Exit codes: 0 done, also when there was nothing to do; 1 the run failed, nothing
was published; 2 something given is wrong, nothing was written; 130 interrupted.
"""


def _remember_project(
    context: click.Context, _parameter: click.Parameter, folder: Path | None
) -> Path | None:
    """`--project` may stand before or after the command; the one nearer to the command counts."""
    context.find_root().ensure_object(dict)
    if folder is not None:
        context.find_root().obj["project"] = folder
    return folder


in_project = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    expose_value=False,
    callback=_remember_project,
    help="The project folder. Default: found upward from here, by its surveys/ and notebooks/.",
)


def _project() -> Path:
    """The project that this command acts on."""
    from groundswell.waves import find_project

    return find_project(click.get_current_context().find_root().obj.get("project", Path.cwd()))


@click.group(
    epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="groundswell")
@in_project
def cli() -> None:
    """Follow how a public feels, wave after wave: survey waves in, dated HTML reports out."""


@cli.command("list")
@in_project
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_command(as_json: bool) -> None:
    """List the surveys, their indicators, waves, houses and last report."""
    import json

    from groundswell.runs.listing import describe_project, describe_table

    surveys = describe_project(_project())
    click.echo(json.dumps(surveys, ensure_ascii=False, indent=1) if as_json else describe_table(surveys))


@cli.command()
@in_project
@click.argument("folders", nargs=-1, metavar="[SURVEY|FOLDER]...")
def check(folders: tuple[str, ...]) -> None:
    """Check survey folders (default: all), naming every fault at once with its file and line."""
    from groundswell.runs.checking import check_folders

    checked = check_folders(_project, folders)
    for folder, faults in checked.items():
        if faults:
            _print_error(FaultsError(folder.name, faults))
        else:
            click.echo(f"{folder.name}: sound")
    if any(checked.values()):
        sys.exit(FaultsError.exit_code)


@cli.command()
@in_project
@click.argument("surveys", nargs=-1, metavar="SURVEY...")
@click.option("--all", "every", is_flag=True, help="Every survey of the project.")
@click.option(
    "--as-of", metavar="DATE", help="Use only what was known by this date (YYYY-MM-DD). Default: today."
)
@click.option(
    "-p", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the notebook."
)
@click.option(
    "--notebook", default="wave_report", show_default=True, help="A notebook in notebooks/, by name."
)
@click.option("--single-file", is_flag=True, help="Also write one page with its script inside, for mail.")
@click.option("--pdf", is_flag=True, help="Also print the page to a PDF, through Chromium.")
@click.option("-q", "--quiet", is_flag=True, help="Print only the paths of the pages.")
def report(
    surveys: tuple[str, ...],
    every: bool,
    as_of: str | None,
    assignments: tuple[str, ...],
    notebook: str,
    single_file: bool,
    pdf: bool,
    quiet: bool,
) -> None:
    """Make dated reports; what is unchanged since is not made again."""
    if every == bool(surveys):
        raise click.UsageError("name one or more surveys, or give --all")
    from groundswell.runs.batch import run_batch
    from groundswell.runs.parameters import parse_assignments
    from groundswell.runs.plan import plan_report
    from groundswell.runs.progress import choose_show
    from groundswell.waves import list_surveys

    project = _project()
    given = parse_assignments([*assignments, *([f"as_of={as_of}"] if as_of else [])])
    names = list_surveys(project) if every else list(dict.fromkeys(surveys))
    plans = [plan_report(project, name, given, notebook) for name in names]
    failed = False
    for outcome in run_batch(plans, choose_show(quiet=quiet)):
        _print_outcome(outcome, quiet=quiet)
        failed |= outcome.folder is None
        _print_copies(outcome.folder, single_file=single_file, pdf=pdf)
    if failed:
        sys.exit(1)


def _print_outcome(outcome: Outcome, *, quiet: bool) -> None:
    """Say what came of one report: its page on standard output, anything else on standard error."""
    if outcome.folder is None:
        _print_error(outcome.reason)
        return
    if not quiet and outcome.status == "unchanged":
        click.echo(f"{outcome.plan.survey} {outcome.plan.name}: nothing to do, nothing has changed", err=True)
    click.echo(_from_here(outcome.folder / "index.html"))


def _print_copies(folder: Path | None, *, single_file: bool, pdf: bool) -> None:
    """Write the copies that were asked for, and print where they are."""
    from groundswell.runs.copies import write_pdf, write_single_file

    for write, wanted in ((write_single_file, single_file), (write_pdf, pdf)):
        if folder is not None and wanted:
            click.echo(_from_here(write(folder)))


def _from_here(path: Path) -> str:
    """The path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _print_error(error: object) -> None:
    """Print an error on standard error, with files named as one would type them here."""
    click.echo(f"error: {error}".replace(f"{Path.cwd()}/", ""), err=True)


@cli.command()
@in_project
@click.argument("name")
def new(name: str) -> None:
    """Write a commented survey folder that passes `check` once its blanks are filled."""
    from groundswell.waves import new_survey

    folder = new_survey(_project(), name)
    click.echo(f"{_from_here(folder)}: fill in survey.toml and toplines.csv, then: groundswell check {name}")


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


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """End in order on SIGTERM, as on Ctrl-C: kernels ended, staging removed."""
    sys.exit(128 + signal.SIGTERM)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; a groundswell error is printed without a traceback and gives the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return cli.main(arguments, prog_name="groundswell", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GroundswellError as error:
        _print_error(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: nothing was published", err=True)
        sys.exit(130)
