"""The notebook that a report is made with: the one that was committed, or one that says that it is not.

A researcher explores in `notebooks/wave_report.ipynb`, and JupyterLab saves what he does there; a scheduler may run
the same file a minute later. So a notebook is its code: the sources of its cells and their tags. Outputs, execution
counts, widget states and other metadata never count. What stands in git's HEAD is compared with the file that is here:

- the same code: `committed`. Values that were changed in the parameters cell are an exploration; the committed ones
  are the defaults, and a remark says so;
- other code: `edited`. The report is made with it, and the folder's name and the page say that it was;
- nothing in git: `not under version control`. The file is run as it is, and the manifest says so.

docs/decisions/0005-notebooks.md says why.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from groundswell.errors import InputError, nearest
from groundswell.files import write_whole
from groundswell.runs.plan.notebook_form import check_form
from groundswell.waves import find_project

State = Literal["committed", "edited", "not under version control"]
PARAMETERS = "parameters"
"""The tag of the cell that declares a notebook's parameters with their defaults."""

FILLED_IN = "injected-parameters"
"""The tag of the cell that a run adds after it, with the report's own parameters."""

PATIENCE = 10
"""Seconds that git may take."""


@dataclass(frozen=True)
class Cell:
    """One cell as it decides a report: `kind` is `code` or `markdown` (or `raw`)."""

    kind: str
    source: str
    tags: tuple[str, ...]
    id: str


@dataclass(frozen=True)
class ReportNotebook:
    """A notebook that can be run: where it stands in the project, its cells, and how it stands to the committed one.

    `remark` is what a user must know of it when it is run, "" for nothing.
    """

    file: Path
    cells: tuple[Cell, ...]
    state: State
    remark: str = ""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.file.stem

    @property
    def sha256(self) -> str:
        """SHA-256 over the cells' kinds, sources and tags."""
        return hashlib.sha256(self._code().encode()).hexdigest()

    @property
    def bytes(self) -> int:
        """How long the text is that `sha256` is over."""
        return len(self._code().encode())

    @property
    def parameters_cell(self) -> str:
        """The source of the first code cell tagged `parameters`.

        Raises: InputError where there is none.
        """
        number = _parameters_number(self.cells)
        if number is None:
            raise InputError(
                f"`{self.file.name}` has no cell tagged `parameters`; tag it in JupyterLab's property inspector, or "
                "begin with what `groundswell new --notebook NAME` writes"
            )
        return self.cells[number].source

    def write(self, file: Path) -> None:
        """Write the notebook for a kernel to run: its cells, and nothing that a session left in it."""
        cells: list[dict[str, Any]] = [
            {
                "cell_type": cell.kind,
                "id": cell.id,
                "metadata": {"tags": list(cell.tags)} if cell.tags else {},
            }
            | {"source": cell.source}
            | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
            for cell in self.cells
        ]
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        write_whole(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def _code(self) -> str:
        code = [
            [cell.kind, cell.source.strip(), sorted(cell.tags)] for cell in self.cells if cell.source.strip()
        ]
        return json.dumps(code, ensure_ascii=True)


def notebook_file(project: Path, name: str) -> Path:
    """The file of the project's notebook of this name.

    Raises: InputError where there is none, or it does not stand in this project once links are followed: a notebook
    finds its data by where it stands, and another project's data would be published under this one's name.
    """
    folder = project / "notebooks"
    if Path(name).name != name:
        raise InputError(
            f"`notebook=`: must be the name of a notebook in `{folder}`, got `{name}`: copy the notebook there, or "
            "name the project in which it stands with `project=`"
        )
    file = folder / f"{name}.ipynb"
    if not file.is_file():
        known = [each.stem for each in folder.glob("*.ipynb")]
        raise InputError(f"no notebook `{name}`; {nearest(name, known)}")
    if (stands_in := _project_of(file)) != project.resolve():
        where = f"in the project `{stands_in}`" if stands_in else "in no project"
        raise InputError(
            f"`{file}` is a link to `{file.resolve()}`, which stands {where}, and a notebook is run where it stands: "
            f"copy it into a folder `notebooks` in `{project}` itself"
        )
    return file


def _project_of(file: Path) -> Path | None:
    """The project in which a file stands once links are followed."""
    try:
        return find_project(file.resolve().parent)
    except InputError:
        return None


def report_notebook(file: Path) -> ReportNotebook:
    """The notebook that a report made now is made with (see the module's own words).

    Raises: InputError where the file is not a notebook.
    """
    here = _read(file, file.read_bytes())
    text, problem = _committed_text(file)
    if text is None:
        return replace(here, remark=problem)
    try:
        committed = replace(_read(file, text), state="committed")
    except InputError:  # what git holds is not a notebook: a pointer of git-lfs, or a link
        return replace(
            here, remark=f"`{file.name}`: what git holds of it is not a notebook; it is run as it is here"
        )
    if here.sha256 == committed.sha256:
        return committed
    with_defaults = _with_parameters_of(here, committed)
    if with_defaults.sha256 == committed.sha256:
        remark = f"`{file.name}`: its parameters cell has other values than the committed one; the committed ones count"
        return replace(committed, remark=remark)
    remark = f"`{file.name}`: its code differs from the committed one; the report is named and marked as made with it"
    return replace(with_defaults, state="edited", remark=remark)


def notebook_made_with(file: Path, sha256: str) -> ReportNotebook:
    """The notebook of this checksum, be it the committed one or the one that is here; else the one to run now.

    Raises: InputError where the file is not a notebook.
    """
    now = report_notebook(file)
    here = _read(file, file.read_bytes())
    text, _ = _committed_text(file)
    candidates = [now, here]
    if text is not None:
        try:
            candidates.append(_read(file, text))
        except InputError:  # it was not run either
            candidates = candidates[:2]
    return next((each for each in candidates if each.sha256 == sha256), now)


def notebook_of_executed(file: Path, executed: bytes) -> ReportNotebook:
    """The notebook, to stand in `file`, from which an executed one was made: without the cell of filled-in parameters.

    Raises: InputError where the text is not a notebook of nbformat 4.
    """
    notebook = _read(file, executed)
    return replace(notebook, cells=tuple(cell for cell in notebook.cells if FILLED_IN not in cell.tags))


def _read(file: Path, text: bytes) -> ReportNotebook:
    """The notebook in `text`, its code alone.

    Raises: InputError where it is not a notebook of nbformat 4.
    """
    try:
        content = json.loads(text)
        check_form(file, content)
        cells = tuple(_cell(cell, number) for number, cell in enumerate(content["cells"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"`{file.name}` cannot be read as a notebook: {error}") from error
    return ReportNotebook(file, cells, "not under version control")


def _cell(cell: Mapping[str, Any], number: int) -> Cell:
    source, tags = cell["source"], cell.get("metadata", {}).get("tags", ())
    text = source if isinstance(source, str) else "".join(source)
    return Cell(str(cell["cell_type"]), text, tuple(map(str, tags)), str(cell.get("id", f"cell-{number}")))


def _parameters_number(cells: Sequence[Cell]) -> int | None:
    return next((i for i, cell in enumerate(cells) if cell.kind == "code" and PARAMETERS in cell.tags), None)


def _with_parameters_of(here: ReportNotebook, committed: ReportNotebook) -> ReportNotebook:
    """`here` with the committed defaults, where both declare the same parameters with the same types."""
    mine, theirs = _parameters_number(here.cells), _parameters_number(committed.cells)
    if mine is None or theirs is None:
        return here
    cells = list(here.cells)
    if _declared(cells[mine].source) != _declared(committed.cells[theirs].source):
        return here
    cells[mine] = replace(cells[mine], source=committed.cells[theirs].source)
    return replace(here, cells=tuple(cells))


def _declared(source: str) -> list[tuple[str, str]] | None:
    """Name and type of each parameter; None where the cell does not declare parameters alone."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # said where the parameters are read
        return None
    names = [
        (statement.target.id, ast.unparse(statement.annotation))
        for statement in statements
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and _is_value(statement)
    ]
    return names if len(names) == len(statements) else None


def _is_value(statement: ast.AnnAssign) -> bool:
    """Whether the default is written out, so that changing it changes a value and not what is run."""
    try:
        ast.literal_eval(statement.value or ast.Name("nothing"))
    except ValueError:
        return False
    return True


def _committed_text(file: Path) -> tuple[bytes | None, str]:
    """What git's HEAD holds of the file, None where it holds nothing; and what keeps git from answering, else ""."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        asked = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["git", "-C", str(file.parent), "show", f"HEAD:./{file.name}"],  # noqa: S607 - whichever git the user has
            env=own | {"LC_ALL": "C"},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        if any((folder / ".git").exists() for folder in file.resolve().parents):
            reason = "is not installed" if isinstance(error, FileNotFoundError) else "does not answer"
            return (
                None,
                f"`{file.name}`: git {reason}, so nobody knows whether it was edited; it is run as it is",
            )
        return None, ""
    if asked.returncode == 0:
        return asked.stdout, ""
    if b"dubious ownership" in asked.stderr:
        return None, (
            f"`{file.name}`: git does not trust this folder, which another user owns, so nobody knows whether the "
            "notebook was edited; it is run as it is (`git config --global --add safe.directory` makes git trust it)"
        )
    return None, ""
