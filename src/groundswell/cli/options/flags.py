"""Errors speak Python where Python raises them, and flags where a command prints them.

An error names an argument as `weights=`, or with its value as `nest=True`. A command that has such an option says
`--weights` and `--nest` instead; what may be a parameter of its notebook is `-p name`. Every other word stays.

An option is known by what it is typed as and by what its command calls it. Where a command takes parameters too and
calls an option otherwise, as `backfill` does its one `--since`, what is typed so is the parameter.
"""

from __future__ import annotations

import re

import click

ARGUMENT = re.compile(r'`([a-z_][a-z0-9_]*)=("[^`]*"|[^`\s]*)`')


def in_flags(message: str, command: click.Command) -> str:
    """The message with each argument that it names as Python does named as one types it for the command."""
    options: dict[str, click.Option] = {}
    takes_parameters = any("-p" in option.opts for option in command.params)
    for option in command.params:
        if isinstance(option, click.Option):
            longest = max(option.opts, key=len)
            name, typed_as = str(option.name), longest.lstrip("-").replace("-", "_")
            options[name] = option
            if not takes_parameters or option.multiple or option.is_flag:
                options[typed_as] = option

    def typed(named: re.Match[str]) -> str:
        name, value = named[1], named[2].strip(chr(34))
        if name in options:
            return f"`{_typed(options[name], value)}`"
        if "p" in options:
            return f"`-p {name}={value}`" if value else f"`-p {name}`"
        return named[0]

    return ARGUMENT.sub(typed, message)


def _typed(option: click.Option, value: str) -> str:
    """An option as one types it, with its value where it takes one."""
    if value == "False" and option.secondary_opts:
        return option.secondary_opts[0]
    longest = max(option.opts, key=len)
    quoted = f'"{value}"' if " " in value else value
    return longest if value in ("", "True") else f"{longest} {quoted}"
