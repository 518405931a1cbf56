"""The command that verifies reports, and copies of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from groundswell.cli.root import cli, in_project, project_here, project_if_any

VERIFY_CODES = """\b
Exit codes: 0 every report is reproduced; 1 a file was changed after publishing,
or a number does not come out again; 2 what was named is not a report, or a copy
cannot be made again with what was given.
"""


@cli.command(epilog=VERIFY_CODES)
@in_project
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--all", "every", is_flag=True, help="Every report of the archive, older revisions included.")
@click.option(
    "--respondents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the files are that a copy names by checksum only; found by their checksums.",
)
@click.option(
    "--trust-notebook",
    is_flag=True,
    help="Run a copy's notebook though its code is not known here: it runs with your rights, read it first.",
)
@click.option(
    "--moved",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write every number that moved to FILE (.csv): file, row, column, published, now.",
)
def verify(
    reports: tuple[str, ...],
    every: bool,
    respondents: Path | None,
    trust_notebook: bool,
    moved: Path | None,
) -> None:
    """Run published reports again and say, check by check, whether their numbers come out (docs/verify.md).

    REPORT is a report's folder, reports/<survey>/<date>, or a copy of one that stands in no project. It is only read.
    """
    if every == bool(reports):
        raise click.UsageError("name one or more reports' folders, or give --all")
    from groundswell.cli.options.out_files import check_folder
    from groundswell.cli.text.verification import as_text, moved_table
    from groundswell.files import write_whole
    from groundswell.runs.verify.copy import Given
    from groundswell.runs.verify.verification import every_report, find_report, verify_copy, verify_report

    if moved is not None:
        check_folder(moved)
    project = project_here() if every else project_if_any()
    given = Given(respondents, trust_notebook, project)
    named = [find_report(project, name) for name in reports]
    named += [(folder, True) for folder in every_report(project)] if every and project else []
    found = []
    for folder, ours in named:
        found.append(verify_report(project, folder) if ours and project else verify_copy(folder, given))
        click.echo(as_text(found[-1]))
    if moved is not None:
        write_whole(moved, moved_table(found))
    if any(each.failed for each in found):
        sys.exit(1)
    if any(each.open for each in found):
        sys.exit(2)
