"""Whether the files of a published report are as its manifest says: there, of their size, and of their checksum."""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path
from typing import Final, Literal

from groundswell.checksum import checksum
from groundswell.reports.evidence.manifest import MANIFEST, FileRecord, Manifest

Change = Literal[
    "",
    "missing",
    "changed after publishing",
    "was not published",
    "was replaced by a link",
    "was replaced by a folder",
    "cannot be read",
]
"""What became of a file of a report; "" where it is as published."""

MISSING: Final = "missing"
CHANGED: Final = "changed after publishing"
ADDED: Final = "was not published"
LINK: Final = "was replaced by a link"
FOLDER: Final = "was replaced by a folder"


def file_change(file: Path, published: FileRecord) -> Change:
    """What became of one published file; a link is none, whatever it leads to: a copy of the report would lose it."""
    try:
        if file.is_symlink():
            return LINK
        if file.is_dir():
            return FOLDER
        if not file.is_file():
            return MISSING
        same = file.stat().st_size == published.bytes and checksum(file) == published.sha256
    except OSError:
        return "cannot be read"
    return "" if same else CHANGED


def file_changes(folder: Path, manifest: Manifest) -> dict[str, Change]:
    """What became of the files of the report in `folder`, by their paths in it; nothing where all are as published."""
    published: dict[str, Change] = {
        file.path: file_change(folder / file.path, file) for file in manifest.files
    }
    there = (
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_symlink() or file.is_file()
    )
    added: dict[str, Change] = dict.fromkeys(set(there) - published.keys() - {MANIFEST}, ADDED)
    return {path: change for path, change in sorted((published | added).items()) if change}


def is_whole(folder: Path, manifest: Manifest) -> bool:
    """Whether every file that was published is there as it was; what was added since does not count."""
    return not any(file_change(folder / file.path, file) for file in manifest.files)


def published_file(folder: Path, manifest: Manifest, name: str) -> Path | None:
    """A report's file as it was published; None where it has none of that name.

    Raises: ValueError where it is not as its manifest says.
    """
    published = _record(manifest, name)
    if published is None:
        return None
    _refuse(manifest, name, file_change(folder / name, published))
    return folder / name


def published_text(folder: Path, manifest: Manifest, name: str) -> str | None:
    """The text of a report's file as it was published; None where it has none of that name.

    The same as to read `published_file`, but the file is read once: what is handed out is what was looked at.

    Raises: ValueError where it is not as its manifest says; OSError where it cannot be read.
    """
    published = _record(manifest, name)
    if published is None:
        return None
    file = folder / name
    content = file.read_bytes() if file.is_file() else None
    if content is None:
        change: Change = MISSING
    else:
        same = len(content) == published.bytes and hashlib.sha256(content).hexdigest() == published.sha256
        change = "" if same else CHANGED
    _refuse(manifest, name, change)
    assert content is not None
    return StringIO(content.decode("utf-8"), newline=None).read()


def _record(manifest: Manifest, name: str) -> FileRecord | None:
    return next((file for file in manifest.files if file.path == name), None)


def _refuse(manifest: Manifest, name: str, change: Change) -> None:
    """Raises: ValueError where a file is not as its manifest says."""
    if change:
        raise ValueError(f"`{name}` of {manifest.name} is not as it was published: {change}")
