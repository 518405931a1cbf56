"""A notebook of one's own to begin with: it runs as it is, and keeps docs/own-notebooks.md."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from groundswell.errors import InputError
from groundswell.files import write_whole
from groundswell.waves import list_surveys

BLANK = files("groundswell.runs") / "plan" / "blank_notebook.ipynb"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""What is safe in the name of a folder, which the reports of the notebook carry."""


def new_notebook(project: Path, name: str) -> Path:
    """Write `notebooks/<name>.ipynb`, about the project's first survey, and return its path.

    Raises: InputError where the name cannot name one, it is there already, or the project has no survey.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"`{name}` cannot name a notebook: small letters a–z, digits, `-` and `_`, starting with a letter or "
            "digit; for example `mine`"
        )
    file = project / "notebooks" / f"{name}.ipynb"
    if file.exists():
        raise InputError(f"`{file}` is there already: choose another name, or edit what is there")
    surveys = list_surveys(project)
    if not surveys:
        raise InputError(
            f"`{project}` has no survey for a notebook to be of: make one with `groundswell new SURVEY`"
        )
    text = BLANK.read_text(encoding="utf-8").replace("{name}", name).replace("{survey}", surveys[0])
    file.parent.mkdir(exist_ok=True)
    write_whole(file, text)
    return file
