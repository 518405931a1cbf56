"""Errors speak Python where Python raises them, and flags where a command prints them.

An error names an argument as `weights=`, or with its value as `nest=True`. A command that has such an option says
`--weights` and `--nest` instead, and one that takes parameters of a notebook says `-p since` for `since=`; every other
word of the message stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from groundswell.errors import GroundswellError

ARGUMENT = re.compile(r"`([a-z_][a-z0-9_]*)=([^`\s]*)`")


PARAMETER = "p"
"""The option that sets a parameter of a notebook by its name."""


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
    known: dict[str | None, click.Option] = {}
    for option in options:
        if isinstance(option, click.Option):
            known[option.name] = option
            known |= {word.lstrip("-").replace("-", "_"): option for word in option.opts}

    def typed(found: re.Match[str]) -> str:
        name, value = found[1], found[2].strip(chr(34))
        if name in known:
            return f"`{_typed(known[name], value)}`"
        return f"`-p {name}`" if PARAMETER in known and not value else found[0]

    return ARGUMENT.sub(typed, message)


def _typed(option: click.Option, value: str) -> str:
    """An option as one types it, with its value where it takes one."""
    if value == "False" and option.secondary_opts:
        return option.secondary_opts[0]
    return option.opts[0] if value in ("", "True") else f"{option.opts[0]} {value}"
