"""Errors speak Python where Python raises them, and flags where a command prints them.

An error names an argument as `weights=`, or with its value as `nest=True`. A command that has such an option says
`--weights` and `--nest` instead; every other word of the message stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from groundswell.errors import GroundswellError

ARGUMENT = re.compile(r"`([a-z_]+)=([^`\s]*)`")


class FlagCommand(click.Command):
    """A command whose errors name its own options."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises: GroundswellError as the command does, with options for arguments.
        """
        try:
            return super().invoke(ctx)
        except GroundswellError as error:
            error.args = (in_flags(str(error), self.params),)
            raise


def in_flags(message: str, options: Iterable[click.Parameter]) -> str:
    """The message with each argument that is one of the options named as one types it."""
    known = {option.name: option for option in options if isinstance(option, click.Option)}

    def typed(found: re.Match[str]) -> str:
        option = known.get(found[1])
        return found[0] if option is None else f"`{_typed(option, found[2].strip(chr(34)))}`"

    return ARGUMENT.sub(typed, message)


def _typed(option: click.Option, value: str) -> str:
    """An option as one types it, with its value where it takes one."""
    if value == "False" and option.secondary_opts:
        return option.secondary_opts[0]
    return option.opts[0] if value in ("", "True") else f"{option.opts[0]} {value}"
