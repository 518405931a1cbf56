"""The checksum by which files are told apart: inputs, respondents, published files and this program's own."""

from __future__ import annotations

import hashlib
from pathlib import Path


def checksum(file: Path) -> str:
    """The file's SHA-256 in hexadecimal, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
