"""Writing a file or a folder whole or not at all, in the one way that every floor uses.

What is written goes under a passing name in the same folder, reaches the disk, and takes the file's place in one
step. A reader sees the old file or the new one; a process that is killed leaves the old one, and at most a hidden
file that ends in `.part`. A folder that is published so also survives a power cut, once `move_whole` has returned.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

UNFINISHED = ".part"
"""What the name of a file ends in that is being written; one that stays is what a killed process left."""

NO_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""How some network file systems answer where a folder is to reach the disk; they do it in their own time."""


def write_whole(file: Path, content: str | bytes | Callable[[Path], object]) -> None:
    """Write `content` to `file`: a text (UTF-8), bytes, or a function that writes the file at the path it is given.

    A new file has the mode that the user's umask gives, as any other; where `file` is a link, what it leads to is
    replaced. Where anything fails `file` is as it was and nothing is left behind.

    Raises: OSError where the folder is absent or cannot be written to, the disk is full, or `file` is a folder or a
    device; whatever the function raises.
    """
    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file", str(file))
    part = target.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(opened, "wb") as stream:
            if callable(content):
                content(part)
            else:
                stream.write(content.encode("utf-8") if isinstance(content, str) else content)
        _reach_disk(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def move_whole(folder: Path, to: Path) -> None:
    """Move a finished folder to its place in one step, and return when all of it is on the disk, its name included.

    Raises: OSError where the place is taken or cannot be written to; nothing was moved then.
    """
    for inside in sorted(folder.rglob("*"), reverse=True):  # a folder after what it holds
        _reach_disk(inside)
    _reach_disk(folder)
    folder.rename(to)
    _reach_disk(to.parent)
    _reach_disk(to.parent.parent)  # where `to.parent` itself is new


def _reach_disk(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk: a rename may otherwise outrun them."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in NO_SYNC or not path.is_dir():
            raise
    finally:
        os.close(opened)
