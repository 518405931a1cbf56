"""The file in which a download arrives, until it is whole and takes its own name.

It stands next to that name, is called so that nobody can put something there before, and is ours alone: a link, a file
with a second name or one that another download writes to is never written to.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

HALF_FETCHED: Final = ".part"
"""How the name of a file ends that is still arriving, ours and other programs'."""


@dataclass(frozen=True)
class HalfFile:
    """What has arrived so far, open and locked."""

    path: Path
    stream: BinaryIO

    @property
    def bytes(self) -> int:
        """How much has arrived; whoever writes goes on behind it."""
        return self.stream.seek(0, os.SEEK_END)

    def become(self, file: Path) -> Path:
        """Take the name of `file`, in one step and once all is on the disk."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        return self.path.replace(file)


@contextmanager
def half_file(file: Path, sha256: str, *keeping: type[BaseException]) -> Iterator[HalfFile]:
    """The half file that an earlier try for the file of this checksum left next to `file`, else a new one.

    It is gone after the block, unless it became `file`, or something has arrived and one of `keeping` is raised.

    Raises: OSError where the folder cannot be written to.
    """
    half = _begun(file.parent, sha256) or _new(file.parent, sha256)
    with half.stream:
        try:
            yield half
        except BaseException as error:
            if not (isinstance(error, keeping) and half.bytes):
                half.path.unlink(missing_ok=True)
            raise


def _new(folder: Path, sha256: str) -> HalfFile:
    path = folder / f".{sha256[:16]}-{secrets.token_hex(8)}{HALF_FETCHED}"
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    with suppress(OSError):  # a file system without locks, on which no download goes on in another's file
        fcntl.flock(opened, fcntl.LOCK_EX)
    return HalfFile(path, os.fdopen(opened, "r+b"))


def _begun(folder: Path, sha256: str) -> HalfFile | None:
    """A half file of ours in which nobody writes now."""
    for path in sorted(folder.glob(f".{sha256[:16]}-*{HALF_FETCHED}")):
        try:
            opened = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # a link, a folder, or not to be written to
            continue
        if _is_ours(path, opened):
            return HalfFile(path, os.fdopen(opened, "r+b"))
        os.close(opened)
    return None


def _is_ours(path: Path, opened: int) -> bool:
    """Whether this is a file with one name, locked by us now, and still what stands at `path`."""
    about = os.fstat(opened)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(about, path.lstat())
    except OSError:  # another download writes here, or has just ended
        return False
