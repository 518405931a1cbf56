"""Numbers of things, sizes and ages as a terminal shows them."""

from __future__ import annotations

import time
from pathlib import Path


def counted(number: int, noun: str) -> str:
    """`1 report`, `1,200 reports`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_bytes(size: int) -> str:
    """A size in the largest unit that leaves a number of at least one: `512 bytes`, `1.2 MB`."""
    for unit, power in (("GB", 9), ("MB", 6), ("KB", 3)):
        if size >= 10**power:
            return f"{size / 10**power:.1f} {unit}"
    return counted(size, "byte")


def age(path: Path) -> str:
    """How long ago a file or folder was changed last, in whole days, hours or minutes."""
    seconds = max(0.0, time.time() - path.lstat().st_mtime)
    for noun, length in (("day", 86400), ("hour", 3600)):
        if seconds >= length:
            return f"{counted(int(seconds // length), noun)} old"
    return f"{counted(int(seconds // 60), 'minute')} old"
