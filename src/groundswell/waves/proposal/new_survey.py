"""A new survey's folder: commented files in which what must be written is empty."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from groundswell.errors import InputError
from groundswell.waves.surveys.project import checked_name
from groundswell.waves.toplines.row import COLUMNS

BLANK = files("groundswell.waves") / "blank_survey"


def new_survey(project: Path | str, name: str) -> Path:
    """Make `surveys/<name>` with a commented survey.toml, an empty toplines.csv and a README, and return its
    path.

    `check_survey` lists exactly the blanks and passes once they are filled. The folder appears whole or not
    at all.

    Raises: InputError if the name cannot name a survey, if the folder is there already, or if it cannot be
    written."""
    folder = Path(project, "surveys", checked_name(name))
    if folder.exists():
        raise InputError(f"`{folder}` is there already: choose another name, or edit what is there")
    try:
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"`{folder.parent}` cannot be written: {error.strerror}") from error
    try:
        for file in ("survey.toml", "README.md"):
            text = (BLANK / file).read_text(encoding="utf-8").replace("{name}", name)
            (made / file).write_text(text, encoding="utf-8")
        (made / "toplines.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
        made.chmod(0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return folder
