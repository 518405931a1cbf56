"""This process's private folder for temporary files of respondents: DuckDB's spill, and copies that it can read.

It stands in the temporary folder under a name that nobody can guess, only this user can look into it, and it is removed
when the process ends. It is locked by the operating system meanwhile, and the lock is gone with its process: what a
killed process left is removed by the next one that needs such a folder.
"""

from __future__ import annotations

import atexit
import fcntl
import itertools
import os
import shutil
import tempfile
import threading
from pathlib import Path

PREFIX = "groundswell-respondents-"

_NUMBERS = itertools.count(1)
_ONE_AT_A_TIME = threading.Lock()
_made: dict[tuple[int, str], tuple[Path, int]] = {}
"""By process and temporary folder ours with its open lock: a process that was forked off makes its own."""


def private_folder() -> Path:
    """The path of a new folder within this process's private one, not made yet."""
    with _ONE_AT_A_TIME:
        parent = tempfile.gettempdir()
        kept = _made.get((os.getpid(), parent))
        if kept is None or not kept[0].is_dir():  # a cleaner of temporary folders may have been there
            _clear(Path(parent))
            kept = _made[os.getpid(), parent] = _new(parent)
        return kept[0] / str(next(_NUMBERS))


def _new(parent: str) -> tuple[Path, int]:
    """A folder that we hold; another process may clear it away before it is locked, and then one more is made."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        if (lock := _locked(folder)) is not None:
            return folder, lock


def _locked(folder: Path) -> int | None:
    """The open lock of a folder of this user's that no process holds; None where one does, or there is none."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        about = os.fstat(opened)
        if about.st_uid == os.getuid() and os.path.samestat(about, folder.lstat()):
            return opened
    except OSError:
        pass
    os.close(opened)
    return None


def _clear(parent: Path) -> None:
    """Remove the folders of processes that are gone."""
    for folder in parent.glob(f"{PREFIX}*"):
        if (lock := _locked(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


@atexit.register
def _remove() -> None:
    for (process, _), (folder, lock) in list(_made.items()):
        if process == os.getpid():
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
