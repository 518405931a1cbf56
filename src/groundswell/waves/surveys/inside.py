"""A survey's files stay inside its folder: survey folders come from others, and name files and hold links.

What leads out of the folder could have a report read, or a command replace, any file of the user's.
"""

from __future__ import annotations

import os
from pathlib import Path

from groundswell.errors import Fault, FaultsError


def leads_out(path: Path, folder: Path) -> bool:
    """Whether `path`, which need not exist, is not in `folder` once every `..` and every link is followed."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def refuse_links_out(folder: Path) -> None:
    """Refuse a survey folder that holds a link to something outside; the folder itself may be one.

    Raises: FaultsError with each such link.
    """
    if faults := links_out(folder):
        raise FaultsError(str(folder), faults)


def links_out(folder: Path) -> list[Fault]:
    """A fault for every link out of `folder`, sorted; what hidden folders hold (a `.git`) is looked for by nobody."""
    message = (
        "is a link that leads out of the survey's folder, and nothing outside is read or written: put the file itself "
        "here, or delete the link"
    )
    faults: list[Fault] = []
    for parent, folders, files in os.walk(folder):
        paths = [Path(parent, name) for name in sorted([*folders, *files])]
        faults += [
            Fault(path, None, "", message) for path in paths if path.is_symlink() and leads_out(path, folder)
        ]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
    return faults
