"""Whether a notebook that came from elsewhere is one that may be run: its code is groundswell's own, or this project's.

A notebook is a program. One in a stranger's folder is run only where its code, by its checksum, is that of a notebook
which was here before: of those that come with groundswell, or of the project in which the command is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from groundswell.errors import InputError
from groundswell.program import PACKAGE
from groundswell.runs.plan.notebook import ReportNotebook, notebook_file, notebook_made_with

INSTALLED = "share/groundswell/notebooks"
"""Where a wheel lays groundswell's own notebooks, below the folder that it is installed to."""


def is_known(notebook: ReportNotebook, project: Path | None) -> bool:
    """Whether a notebook of the same name and code comes with groundswell, or stands in `project`."""
    return any(
        notebook_made_with(file, notebook.sha256).sha256 == notebook.sha256
        for file in _of_that_name(notebook.name, project)
    )


def _of_that_name(name: str, project: Path | None) -> Iterator[Path]:
    checkout = PACKAGE.parent.parent
    own = [checkout / "notebooks" / f"{name}.ipynb"] if (checkout / "pyproject.toml").is_file() else []
    own += [
        Path(str(file.locate()))
        for file in metadata.files("groundswell") or []
        if file.as_posix().endswith(f"{INSTALLED}/{name}.ipynb")
    ]
    yield from (file for file in own if file.is_file())
    if project is not None:
        try:
            yield notebook_file(project, name)
        except InputError:  # this project has none of that name
            return
