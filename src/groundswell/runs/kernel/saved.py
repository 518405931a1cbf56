"""What a notebook has saved, looked at before it is published: plain files, not too many, nothing of this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from groundswell.errors import RunError
from groundswell.runs.kernel.limits import SAVED_FILES, SAVED_SIZE, Limits, in_words
from groundswell.runs.kernel.machine import Machine

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}
MOST_NAMED = 5
"""Of the hidden files that are left out."""


def check_size(saved: Path, limits: Limits) -> None:
    """Refuse more files, or larger ones, than a notebook may save.

    Raises: RunError there.
    """
    files = [file for file, _ in _entries(saved)]
    if len(files) > limits.saved_files:
        raise RunError(
            f"it saved {len(files):,} files; `{SAVED_FILES}` allows {limits.saved_files:,g} in a report"
        )
    size = sum(file.lstat().st_size for file in files)
    if size > limits.saved:
        raise RunError(
            f"it saved {in_words(size)}; `{SAVED_SIZE}` allows {in_words(limits.saved)} in a report"
        )


def keep_plain(saved: Path, limits: Limits) -> list[str]:
    """Remove hidden files and return their names; nothing else is left but plain files and folders.

    Raises: RunError where there is anything else, such as a link, which would publish what it leads to; or too much.
    """
    if not stat.S_ISDIR(saved.lstat().st_mode):
        raise RunError("it replaced the folder in which it was to save the report")
    hidden = []
    for file, state in _entries(saved):
        name = file.relative_to(saved).as_posix()
        if any(part.startswith(".") for part in file.relative_to(saved).parts):
            hidden.append(name)
            file.unlink()
            continue
        kind = _KINDS.get(stat.S_IFMT(state.st_mode), "")
        kind = "a second name of another file" if not kind and state.st_nlink > 1 else kind
        if kind:
            raise RunError(f"it saved `{name}`, {kind}; a report holds plain files: save a copy")
        if not name.isprintable():
            raise RunError(f"it saved {name!a}; a file of a report has a name that can be printed")
    check_size(saved, limits)
    return hidden


def scrub_files(saved: Path, machine: Machine) -> None:
    """Take this machine's folders out of every file of text, in place.

    Raises: RunError where a file that is no text holds one, since it cannot be changed without harm.
    """
    for file, _ in _entries(saved):
        content = file.read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            if machine.named_in(content):
                name = file.relative_to(saved).as_posix()
                raise RunError(
                    f"it saved `{name}`, which names a folder of this machine and is not text: make it without"
                ) from None
            continue
        if (shorter := machine.without_folders(text)) != text:
            file.write_text(shorter, encoding="utf-8", newline="")


def left_out(hidden: list[str]) -> str:
    """What is said of the hidden files that are not published."""
    more = f" and {len(hidden) - MOST_NAMED} more" if len(hidden) > MOST_NAMED else ""
    return f"hidden files are not published: {', '.join(hidden[:MOST_NAMED])}{more}"


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All that stands in the folder and its folders, with its own state and not that of what it leads to."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path))
        else:
            yield Path(entry.path), entry.stat(follow_symlinks=False)
