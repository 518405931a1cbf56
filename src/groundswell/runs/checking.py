"""Whether survey folders are sound: every fault of every folder at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from groundswell.errors import Fault
from groundswell.waves import check_survey, list_surveys, survey_folder


def check_folders(find: Callable[[], Path], named: Sequence[str]) -> dict[Path, list[Fault]]:
    """The faults of each survey folder; a sound one has none.

    `named` holds paths of folders or names of the project's surveys; none means all of them. `find` gives the
    project and is asked only where it is needed: a folder by its path may lie anywhere.

    Raises: InputError for a name that is neither.
    """
    if not named:
        named = list_surveys(find())
    folders = [Path(name) if Path(name).is_dir() else survey_folder(find(), name) for name in named]
    return {folder: check_survey(folder) for folder in folders}
