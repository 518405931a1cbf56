"""What a notebook must have so that it becomes a report, checked before a kernel starts; docs/own-notebooks.md says it.

What only a run can know, an output that a page cannot hold or a missing headline, is refused once it has run.
"""

from __future__ import annotations

import ast
import re

from groundswell.errors import InputError
from groundswell.runs.plan.notebook import PARAMETERS, Cell, ReportNotebook
from groundswell.runs.plan.parameters import parameters_model
from groundswell.vocabulary import LAB_ONLY

FILLED = {"survey": 'survey: str = "russia-mood"', "as_of": "as_of: str | None = None"}
"""The parameters that every notebook declares, and the line for each: a report is of a survey, and has a date."""

_OF_IPYTHON = re.compile(r"^\s*[%!?]|\?\s*$|=\s*[%!]", re.MULTILINE)
"""Lines that IPython reads and Python does not."""


def check_contract(notebook: ReportNotebook) -> ReportNotebook:
    """The notebook itself, if a report can be made with it.

    Raises: InputError naming the cell, what is missing or wrong there, and the way out.
    """
    name = notebook.file.name
    declared = parameters_model(notebook).model_fields
    tagged = [number for number, cell in _code(notebook) if PARAMETERS in cell.tags]
    if len(tagged) > 1:
        raise InputError(
            f"`{name}`: one cell is tagged `parameters`, got cells {' and '.join(map(str, tagged))}: join them in one"
        )
    for parameter, line in FILLED.items():
        if parameter not in declared:
            raise InputError(
                f"`{name}`: cell {tagged[0]}, tagged `parameters`, must declare `{parameter}`, which the run fills in: "
                f"add the line `{line}`"
            )
    for number, cell in _code(notebook):
        _check_code(name, number, cell)
    for number, cell in enumerate(notebook.cells, 1):
        if cell.kind == "markdown" and LAB_ONLY not in cell.tags:
            _check_prose(name, number, cell)
    return notebook


def _code(notebook: ReportNotebook) -> list[tuple[int, Cell]]:
    """The cells of code with their places from 1."""
    return [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.kind == "code"]


def _check_code(name: str, number: int, cell: Cell) -> None:
    if _OF_IPYTHON.search(cell.source):
        return
    try:
        compile(cell.source, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as error:
        line = f"line {error.lineno}, {error.msg}" if isinstance(error, SyntaxError) else str(error)
        raise InputError(f"`{name}`: cell {number} is not sound Python: {line}") from error


def _check_prose(name: str, number: int, cell: Cell) -> None:
    from groundswell.reports.own.prose import prose
    from groundswell.reports.own.refusal import NotShownError

    try:
        prose(cell.source)
    except NotShownError as error:
        raise InputError(f"`{name}`: cell {number}, Markdown, {error}") from error
