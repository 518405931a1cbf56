"""What a run tells the notebook in its kernel: of which survey in which project the report is, and where to save it.

The run has checked that survey's files and writes their checksums into the manifest. So whatever the notebook's working
folder is, it reads that project, and what it saves to be published is of that survey.
"""

from __future__ import annotations

import os
from pathlib import Path

from groundswell.errors import InputError
from groundswell.waves import find_project

RUN_FOLDER = "GROUNDSWELL_RUN_FOLDER"
RUN_SURVEY = "GROUNDSWELL_RUN_SURVEY"


def this_project(given: Path | str | None) -> Path:
    """The project that is given, else that of the run, else the one in which the working folder stands.

    Raises: InputError where there is none.
    """
    if given:
        return Path(given)
    told = os.environ.get(RUN_SURVEY)
    return Path(told).parent.parent if told else find_project(Path.cwd())


def refuse_another_survey(folder: Path, target: Path) -> None:
    """Refuse to save to `target` what was made of the survey in `folder`, where a run publishes it as another's.

    Raises: InputError there.
    """
    told, published = os.environ.get(RUN_SURVEY), os.environ.get(RUN_FOLDER)
    if not (told and published) or not target.resolve().is_relative_to(Path(published).resolve()):
        return
    if folder.resolve() != Path(told).resolve():
        raise InputError(
            f"`{folder}` is not the survey that is published here, which is `{told}`: its numbers would stand under "
            "another's name with another's checksums; open what the parameter `survey` names, without `project=`"
        )
