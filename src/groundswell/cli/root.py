"""The command that all others hang on, and what they have in common: the project they act on, and how they print."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import click

from groundswell.cli.options.flags import in_flags
from groundswell.cli.process.log import say_and_tell
from groundswell.errors import GroundswellError
from groundswell.version import __version__

EXIT_CODES = """\b
Exit codes: 0 done, also when there was nothing to do; 1 a run failed, nothing of
it was published; 2 something given is wrong, nothing was written; 130 interrupted
(129 by a closed terminal, 143 by SIGTERM).
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


def folder_here() -> Path:
    """The folder that this command was told to act in, or works in, a project or not."""
    return Path(click.get_current_context().find_root().obj.get("project", Path.cwd())).resolve()


def project_here() -> Path:
    """The project that this command acts on."""
    from groundswell.waves import find_project

    return find_project(folder_here())


def project_if_any() -> Path | None:
    """The project that this command acts on; None where it is given in none, and none is named."""
    from groundswell.errors import InputError

    if "project" in click.get_current_context().find_root().obj:
        return project_here()
    try:
        return project_here()
    except InputError:
        return None


class Commands(click.Group):
    """The commands; what goes wrong in one is printed in the words of its own options, without a traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was named; what goes wrong ends the program with the error's exit code."""
        try:
            return super().invoke(context)
        except (GroundswellError, OSError) as error:
            if isinstance(error, BrokenPipeError):  # whoever read the output has read enough
                raise
            print_error(_told(error), self.commands.get(context.invoked_subcommand or ""))
            sys.exit(error.exit_code if isinstance(error, GroundswellError) else 1)


def _told(error: GroundswellError | OSError) -> str:
    """The error's own words; of the operating system's, such as a full disk, what is wrong and with which file."""
    if isinstance(error, OSError) and error.strerror:
        return f"`{error.filename}`: {error.strerror}" if error.filename else error.strerror
    return str(error)


@click.group(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="groundswell")
@in_project
def cli() -> None:
    """Follow how a public feels, wave after wave: survey waves in, dated HTML reports out."""


def from_here(path: Path) -> str:
    """The path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def print_error(error: object, command: click.Command | None = None) -> None:
    """Print an error on standard error and tell the log, with files and options named as one would type them here.

    `command` is the one that is running unless it is given.
    """
    words = typed_here(error, command)
    say_and_tell(f"error: {words}", "error", logging.ERROR, error=words)


def typed_here(error: object, command: click.Command | None = None) -> str:
    """An error's words, with files and options as one would type them here."""
    running = command or click.get_current_context().command
    return in_flags(str(error), running).replace(f"{Path.cwd()}/", "")
