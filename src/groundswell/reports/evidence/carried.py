"""What a report's folder holds besides the report, so that a copy of the folder can be made again elsewhere.

    inputs/                   copies of files of the project, by their paths there: published figures and settings
    requirements.txt          the packages that the report was made with, as pip installs them
    ro-crate-metadata.json    what each file of the folder is, for other programs (RO-Crate)

Respondents' files, and tables that were estimated from them, are never copied: the manifest names them by checksum.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from groundswell.reports.evidence.manifest import FileRecord, Manifest

INPUTS: Final = "inputs"
LOCK: Final = "requirements.txt"
CRATE: Final = "ro-crate-metadata.json"
OWN: Final = (INPUTS, LOCK, CRATE)
"""Names in a report's folder that no notebook may take."""

_PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)")


def by_checksum_alone(manifest: Manifest) -> tuple[FileRecord, ...]:
    """The inputs of which the report's folder holds no copy; its notebook stands there as it was executed."""
    carried = set(manifest.carried or ())
    return tuple(
        file for file in manifest.inputs if file.path not in carried and not is_notebook(manifest, file)
    )


def is_notebook(manifest: Manifest, file: FileRecord) -> bool:
    """Whether an input is the notebook that the report was made with."""
    return file.path == f"notebooks/{manifest.notebook}.ipynb"


def lock_text(python: str, platform: str, packages: dict[str, str]) -> str:
    """The text of `requirements.txt`."""
    about = f"# Python {python} on {platform}; `pip install -r` brings these packages back."
    return "\n".join([about, *(f"{name}=={version}" for name, version in packages.items())]) + "\n"


def read_lock(folder: Path) -> dict[str, str]:
    """The packages in a report's `requirements.txt`, by name; empty where it has none."""
    try:
        text = (folder / LOCK).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_PINNED.fullmatch(line.strip()) for line in text.splitlines())
    return {pinned["name"]: pinned["version"] for pinned in found if pinned}
