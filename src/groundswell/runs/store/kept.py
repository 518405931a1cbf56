"""What this copy of a project knows of its store: `.store/<checksum of the address>.json`, next to `surveys/`.

It may be removed at any time: then files are compared by their content, and nothing else is different.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from groundswell.errors import RunError
from groundswell.files import write_whole

FOLDER = ".store"


@dataclass
class Kept:
    """By path: of what was `brought` the store's mark and the file's SHA-256; of what was `sent` the SHA-256.

    `lock` is what this copy wrote into the store's lock.
    """

    brought: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    lock: str = ""


@contextmanager
def kept(project: Path, store: str) -> Iterator[tuple[Kept, Path]]:
    """What is known, and the file in which `keep` writes it; one process of this copy at a time.

    Raises: RunError where another process is at it.
    """
    folder = project / FOLDER
    folder.mkdir(exist_ok=True)
    file = folder / f"{hashlib.sha256(store.encode()).hexdigest()[:16]}.json"
    with (folder / "lock").open("w") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(
                f"`{project.name}`: another groundswell process is at work on it with a store; wait for it to end"
            ) from error
        yield _read(file), file


def keep(known: Kept, file: Path) -> None:
    """Write down what is known."""
    write_whole(file, json.dumps(asdict(known), indent=1) + "\n")


def _read(file: Path) -> Kept:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        brought = {path: (mark, digest) for path, (mark, digest) in found["brought"].items()}
        return Kept(brought, dict(found["sent"]), str(found["lock"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kept()
