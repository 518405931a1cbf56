"""The options that say how a file of respondents is read, of every command that reads one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

import click

from groundswell.listed import listed
from groundswell.waves.respondents.codes import Code, code_of
from groundswell.waves.respondents.layouts.layout import HOW_READ, DecimalSign, LayoutName, ReadOptions
from groundswell.waves.respondents.notes import Note, sentences


def _codes(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, tuple[Code, ...]]:
    """`77,88` of every column, which is `*` here; `Q5=77,88` of one."""
    stated: dict[str, tuple[Code, ...]] = {}
    for text in given:
        column, equals, codes = text.rpartition("=")
        written = listed(codes)
        if not written or (equals and not column):
            raise click.BadParameter(
                f"codes with commas between them, as 77,88 or Q5=77,88; got {text!r}", context, parameter
            )
        name = column if equals else "*"
        stated[name] = (*stated.get(name, ()), *map(code_of, written))
    return stated


def _separators(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """By column what stands between several answers in a cell; nothing, where a cell is one answer."""
    stated = {}
    for text in given:
        column, equals, sign = text.rpartition("=")
        if not equals or not column:
            raise click.BadParameter(
                f"a column and the sign in its cells, as worries=|; got {text!r}", context, parameter
            )
        stated[column] = {"\\n": "\n"}.get(sign, sign)
    return stated


def _asked(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, dict[str, tuple[Code, ...]]]:
    """`Q5` was asked of everyone; `Q5=Q4=1,2` of those who gave 1 or 2 to Q4."""
    stated: dict[str, dict[str, tuple[Code, ...]]] = {}
    for text in given:
        question, equals, who = text.partition("=")
        by_column = _codes(context, parameter, (who,)) if equals else {}
        if not question or "*" in by_column:
            raise click.BadParameter(
                f"a question, or a question, a column and its codes, as Q5 or Q5=Q4=1; got {text!r}",
                context,
                parameter,
            )
        stated[question] = {**stated.get(question, {}), **by_column}
    return stated


READ_OPTIONS = [
    click.option("--layout", type=click.Choice(get_args(LayoutName)), help="Whose layout the file has."),
    click.option("--sheet", metavar="NAME", help="The workbook's sheet."),
    click.option("--header-row", type=click.IntRange(min=1), metavar="N", help="The row of the columns' names."),
    click.option("--encoding", metavar="NAME", help="Of the file's text, such as cp1251."),
    click.option("--delimiter", metavar="SIGN", help="What stands between the cells of a text file."),
    click.option("--decimal", type=click.Choice(get_args(DecimalSign)), metavar="SIGN",
                 help="The decimal sign of numbers in a text file, or in a sheet's cells of text."),
    click.option("--catalogue", metavar="FILE", help="The value labels of a SAS file."),
    click.option("--missing", "missing", multiple=True, metavar="[COLUMN=]CODE[,...]", callback=_codes,
                 help="Codes that are no answer, of every column or of one."),
    click.option("--keep", "kept", multiple=True, metavar="[COLUMN=]CODE[,...]", callback=_codes,
                 help="Codes that look like no answer and count as one."),
    click.option("--separator", "separators", multiple=True, metavar="COLUMN=SIGN", callback=_separators,
                 help="What stands between several answers in a cell; COLUMN= if a cell is one answer."),
    click.option("--asked", multiple=True, metavar="QUESTION[=COLUMN=CODE[,...]]", callback=_asked,
                 help="Who was asked a question with several answers: everyone, or by another column."),
]  # fmt: skip


def reads_file(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options; `read_options` makes a `ReadOptions` of what it got for them."""
    for option in reversed(READ_OPTIONS):
        command = option(command)
    return command


def read_options(stated: dict[str, Any]) -> ReadOptions:
    """Take these options out of what a command got."""
    named = {name: stated.pop(name) for name in (*HOW_READ, "separators", "asked")}
    missing = stated.pop("missing")
    return ReadOptions(**named, missing=missing.pop("*", ()), missing_of=missing, kept=stated.pop("kept"))


def say(notes: Iterable[Note]) -> None:
    """Print what must be known of how a file was read, next to what is asked for."""
    for sentence in sentences(notes):
        click.echo(f"note: {sentence}", err=True)
