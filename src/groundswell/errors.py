"""The errors that groundswell raises on purpose; the command line prints them without a traceback.

Exit codes: `InputError` and its kinds exit 2 (what was given is wrong, nothing was written), `RunError` exits 1
(what was given is right, the run failed, nothing was published).

A message names its subject in back-ticks, the rule, what was got, and the way out. An argument is named as Python
writes it, `as_of=`; the command line prints the same message with its own word for it, `--as-of` or `-p since`
(`cli.options.flags`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_PRINTED = 50
"""Faults printed; a file with more has one fault in every line, and fifty show which."""


class GroundswellError(Exception):
    """Base of every error that the command line prints without a traceback."""

    exit_code = 1


class InputError(GroundswellError):
    """Something given by the user (a file, an option, a parameter, a table) is wrong; nothing was written."""

    exit_code = 2


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place of a user's file.

    `line` counts from 1 as an editor shows it (None: the whole file); `field` is the column or TOML key.
    """

    file: Path
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        """`file:line: field: message`, the form that editors turn into a link."""
        position = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{position}: {self.field}: {self.message}" if self.field else f"{position}: {self.message}"


class FaultsError(InputError):
    """A file or folder is not sound; `faults` lists everything wrong with it at once."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = [f"`{subject}` has {count}:", *(f"  {fault}" for fault in self.faults[:MOST_PRINTED])]
        if len(faults) > MOST_PRINTED:
            lines.append(f"  … and {len(faults) - MOST_PRINTED} more")
        super().__init__("\n".join(lines))


class ModelError(GroundswellError):
    """A model cannot be fitted to what was given (for example no observation at all)."""

    exit_code = 2


class RunError(GroundswellError):
    """A report's run failed; nothing was published.

    `cell` is the number of the cell that raised, as Jupyter shows it, and `kept` the half-run notebook; None for none.
    """

    exit_code = 1

    def __init__(self, message: str, *, cell: int | None = None, kept: Path | None = None) -> None:
        super().__init__(message)
        self.cell = cell
        self.kept = kept


def nearest(name: str, known: Iterable[str]) -> str:
    """The way out for an unknown name: "did you mean `x`? known: a, b", or the known names alone.

    Capital letters and blanks at the ends make no name another: of `Mode` the nearest is `mode`.
    """
    names = sorted(known)
    plain = {each.strip().casefold(): each for each in reversed(names)}
    close = difflib.get_close_matches(name.strip().casefold(), plain, n=1, cutoff=0.5)
    hint = f"did you mean `{plain[close[0]]}`? " if close else ""
    return f"{hint}known: {', '.join(names) if names else '(none)'}"
