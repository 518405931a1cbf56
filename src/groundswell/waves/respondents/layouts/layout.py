"""How a file of respondents is laid out: what a user states of it, and what was found.

Two things are kept apart:

- `ReadOptions` are *stated*: by an option of a command, by `[reading]` of a wave's TOML, by an argument. What is
  not stated is found.
- `FileLayout` is *found*, or taken from what was stated; `stated` says which.

Example: of a Qualtrics export, whose names stand in line 1, texts in line 2 and identifiers in line 3, `FileLayout`
says `name="qualtrics"`, `header_rows=(1, 2, 3)` and `first_row=4`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.codes import Code

LayoutName = Literal[
    "plain", "titled", "qualtrics", "surveymonkey", "limesurvey", "kobo", "google-forms", "two-headers"
]
"""What wrote a text file or a sheet, as its layout tells; `plain` has names in its first row and nothing else."""

LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)

DecimalSign = Literal[",", "."]

HOW_READ = ("layout", "sheet", "header_row", "encoding", "delimiter", "decimal", "catalogue")
"""The options of which a format has some and lacks others."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What a user states of a file; None, or nothing, is left to be found.

    Attributes:
        layout: whose layout it is.
        sheet: name of the workbook's sheet.
        header_row: line of the file, or row of the sheet, in which the columns' names stand; from 1.
        encoding: of a text file, or of an SPSS, Stata or SAS file, as Python names it: `cp1251`.
        delimiter: what stands between the cells of a text file.
        decimal: the decimal sign of numbers that are text, in a text file or a sheet: `,` or `.`.
        catalogue: the file of value labels next to a SAS file.
        missing: codes that are no answer, whatever column holds them.
        missing_of: the same of single columns.
        kept: codes that look like no answer and are to count as one, by column; `*` is every column.
        separators: what stands between several answers in a cell, by column; nothing, where a cell is one answer.
        asked: of questions with several answers, who was asked: codes by column; none is everyone.
    """

    layout: LayoutName | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: DecimalSign | None = None
    catalogue: str | None = None
    missing: tuple[Code, ...] = ()
    missing_of: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    kept: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, tuple[Code, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises: InputError for a layout that is not known, a row below 1, a delimiter of several signs, or another
        decimal sign."""
        if self.layout is not None and self.layout not in LAYOUTS:
            raise InputError(f"`{self.layout}` is not a known layout; {nearest(self.layout, LAYOUTS)}")
        if self.header_row is not None and self.header_row < 1:
            raise InputError(f"`header_row` counts rows from 1, got {self.header_row}")
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise InputError(f"`delimiter` is one sign, got `{self.delimiter}`")
        if self.decimal is not None and self.decimal not in get_args(DecimalSign):
            raise InputError(f"`decimal` is `,` or `.`, got `{self.decimal}`")

    def stated_of(self, *names: str) -> tuple[str, ...]:
        """Which of these options are stated."""
        return tuple(name for name in names if getattr(self, name) is not None)


AS_FOUND = ReadOptions()
"""Nothing is stated."""


@dataclass(frozen=True, kw_only=True)
class FileLayout:
    """How a file is laid out.

    Attributes:
        name: whose layout it is.
        sheet, sheets: of a workbook, the sheet that was read and the names of all.
        header_rows: the rows that are not respondents, from 1: of names, texts, identifiers, titles.
        first_row: the row of the first respondent, from 1; 0 where a format has no such rows.
        encoding, delimiter, decimal: of a text file (an encoding also of other formats, where it was given; a decimal
            sign also of a workbook, where it was stated).
        stated: which of these a user stated.
    """

    name: LayoutName = "plain"
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    first_row: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    stated: tuple[str, ...] = ()


def check_has(file: Path, what: str, options: ReadOptions, *has: str) -> None:
    """Hold what is stated of a file against what files of its kind have.

    Args:
        what: the kind of file, as "a text file".
        has: names of the options that make sense of it.

    Raises: InputError for the first option that does not.
    """
    for name in options.stated_of(*HOW_READ):
        if name not in has:
            raise InputError(
                f"`{name}` is stated (`{getattr(options, name)}`), and `{file}` is {what}, which has none: leave it out"
            )
