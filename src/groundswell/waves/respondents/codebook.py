"""The codebook of a respondents' file: what each column asks, and what each of its codes means.

Two kinds of missing answer are kept apart:

- *user-missing*: a code that was recorded and that the file declares missing (99 "refused", Stata's `.a`); the code
  stays in the column, and `Variable.missing` names it;
- *system-missing*: nothing was recorded; the cell is empty.

Example: a column holding 1, 2, 99 and one empty cell, with 99 declared missing, has one user-missing and one
system-missing answer, and neither is ever counted as "no".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Literal

from groundswell.errors import InputError, nearest
from groundswell.waves.respondents.answer_sets import AnswerSets, no_sets
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.layouts.layout import FileLayout, ReadOptions
from groundswell.waves.respondents.notes import Note

Kind = Literal["number", "text", "date", "list"]
"""What a column holds; a list holds several answers of one respondent."""


@dataclass(frozen=True)
class DeclaredSet:
    """Several columns that a file declares to be the answers to one question, as SPSS's multiple-response sets.

    Attributes:
        name, label: of the set.
        kind: `dichotomies`, a column an answer that holds `counted` where it was given; or `categories`, columns that
            hold one answer each.
        counted: the code that says yes; None where `kind` is `categories`.
        columns: in the file's order.
    """

    name: str
    label: str
    kind: Literal["dichotomies", "categories"]
    counted: Code | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Variable:
    """One column: its label, the labels of its codes, and its user-missing codes as inclusive ranges."""

    name: str
    kind: Kind
    label: str = ""
    labels: Mapping[Code, str] | None = None
    missing: tuple[tuple[Code, Code], ...] = ()

    def is_missing(self, code: Code) -> bool:
        """Whether the file declares this code user-missing."""
        text = isinstance(code, str)
        return any(
            low <= code <= high  # type: ignore[operator]  # both bounds are of the code's own kind here
            for low, high in self.missing
            if isinstance(low, str) == text
        )

    def label_of(self, code: Code) -> str:
        """The label of a code, or the code itself as text where it has none."""
        return (self.labels or {}).get(code, str(code))


@dataclass(frozen=True)
class Codebook:
    """Every column of one respondents' file, in the file's order; `rows` is the number of respondents.

    `layout` says how the file was read, `notes` what whoever uses a number from it must know, `declared_sets` which
    columns the file itself declares to belong to one question, `sets` which questions have several answers (see
    `answer_sets`).
    """

    file: str
    rows: int
    variables: Mapping[str, Variable]
    layout: FileLayout = field(default_factory=FileLayout)
    notes: tuple[Note, ...] = ()
    declared_sets: tuple[DeclaredSet, ...] = ()
    sets: AnswerSets = field(default_factory=no_sets, repr=False, compare=False)

    def __getitem__(self, column: str) -> Variable:
        """The variable of a column.

        Raises: KeyError where the file has no such column.
        """
        return self.variables[column]

    def __contains__(self, column: object) -> bool:
        """Whether the file has this column."""
        return column in self.variables


def with_missing(codebook: Codebook, options: ReadOptions) -> Codebook:
    """The codebook with the codes that a user states to be no answer.

    Raises: InputError where anything is stated of a column that the file lacks.
    """
    kept = (column for column in options.kept if column != "*")
    check_asked(
        codebook.file,
        codebook.variables,
        chain(options.missing_of, kept, options.separators, *options.asked.values()),
    )
    variables = dict(codebook.variables)
    for name, variable in variables.items():
        codes = [*options.missing, *options.missing_of.get(name, ())]
        stated = tuple((code, code) for code in map(plain_code, codes))
        if stated:
            variables[name] = replace(variable, missing=(*variable.missing, *stated))
    return replace(codebook, variables=variables)


def check_asked(file: Path | str, known: Collection[str], asked: Iterable[str]) -> None:
    """Hold the columns that are asked for against those of the file.

    Raises: InputError for the first that the file lacks.
    """
    for column in asked:
        if column not in known:
            raise InputError(f"`{file}` has no column `{column}`; {nearest(column, known)}")
