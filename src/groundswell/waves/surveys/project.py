"""The project folder: where `surveys/` and `notebooks/` stand side by side."""

from __future__ import annotations

import os
import re
from pathlib import Path

from groundswell.errors import InputError, nearest

SURVEY_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


PROJECT = "GROUNDSWELL_PROJECT"
"""Names the project of whoever works in a folder of none, as a scheduler that runs a notebook's copy elsewhere."""


def find_project(start: Path | str) -> Path:
    """The project folder at `start` or the nearest one above it; where there is none, the one that `PROJECT` names.

    Raises: InputError if there is neither.
    """
    begin = Path(start).resolve()
    for folder in (begin, *begin.parents):
        if _is_project(folder):
            return folder
    named = os.environ.get(PROJECT)
    if named and not _is_project(Path(named).resolve()):
        raise InputError(
            f"`{PROJECT}` names `{named}`, which has not both `surveys/` and `notebooks/`: correct it"
        )
    if named:
        return Path(named).resolve()
    raise InputError(
        f"`{begin}` is in no project: neither it nor a folder above it has `surveys/` and `notebooks/`; "
        f"go to the project folder, or name it with `project=` or in the environment as `{PROJECT}`"
    )


def _is_project(folder: Path) -> bool:
    return (folder / "surveys").is_dir() and (folder / "notebooks").is_dir()


def list_surveys(project: Path | str) -> list[str]:
    """The names of the project's surveys: folders under `surveys/` with a `survey.toml`, sorted."""
    names = (file.parent.name for file in Path(project, "surveys").glob("*/survey.toml"))
    return sorted(name for name in names if SURVEY_NAME.fullmatch(name))


def checked_name(name: str) -> str:
    """`name`, if a survey may be called so: small letters, digits and `-`, so that it is a safe folder name.

    Raises: InputError for anything else, such as spaces, `/` or `..`.
    """
    if not SURVEY_NAME.fullmatch(name):
        raise InputError(
            f"`{name}` cannot name a survey: small letters a–z, digits and `-`, "
            "starting with a letter or digit; for example `russia-mood`"
        )
    return name


def survey_folder(project: Path | str, name: str) -> Path:
    """The folder of the project's survey `name`.

    Raises: InputError if the name is not one, if the project has no such survey (with the nearest name), or if a file
    stands in its place.
    """
    folder = Path(project, "surveys", checked_name(name))
    if folder.is_file():
        raise InputError(
            f"`surveys/{name}` is a file, and a survey is a folder with a survey.toml: move the file away, and make "
            f"the survey with `groundswell new {name}`"
        )
    if not (folder / "survey.toml").is_file():
        raise InputError(f"no survey `{name}`; {nearest(name, list_surveys(project))}")
    return folder
