"""What this program is: its version, a checksum over its files, and the packages that it stands on.

Below all floors: a manifest writes it down, and a report compares it with what the report before was made by.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from groundswell.checksum import checksum
from groundswell.version import __version__

PACKAGE = Path(__file__).parent


@cache
def describe_code() -> dict[str, Any]:
    """This program: `version`, `sha256` over its files, and in a git checkout `commit` and `dirty`."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(PACKAGE).as_posix()}\0{checksum(file)}\n".encode())
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--", str(PACKAGE))
    return {
        "version": __version__,
        "sha256": digest.hexdigest(),
        "commit": commit,
        "dirty": None if commit is None else bool(changed),
    }


def _git(*arguments: str) -> str | None:
    """What git says about the checkout that holds this program; None where there is none, or no git."""
    try:
        asked = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", *arguments],  # noqa: S607 - whichever git the user has
            cwd=PACKAGE,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    tracked = asked.returncode == 0
    return asked.stdout.strip() if tracked else None


@cache
def describe_packages() -> dict[str, str]:
    """The installed versions of the packages that this program names as its dependencies."""
    return {name: metadata.version(name) for name in _required("groundswell")}


@cache
def describe_installed() -> dict[str, str]:
    """The installed versions of all that this program stands on: the packages that it names, those that they name, and
    so on; what else is installed here is nobody's business."""
    found: dict[str, str] = {}
    open_names = list(_required("groundswell"))
    while open_names:
        name = re.sub(r"[-_.]+", "-", open_names.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # one that another system or another Python needs
            continue
        open_names += _required(name)
    return dict(sorted(found.items()))


MADE_BY = "GROUNDSWELL_RUN_MADE_BY"
"""The environment variable that tells a report which is made again what it was made by, as `made_by_text` writes it."""


def made_by_text(code: Mapping[str, Any], packages: Mapping[str, str]) -> str:
    """The program and the packages that a published report was made by, as one text."""
    return json.dumps({"code": dict(code), "packages": dict(packages)})


def made_by() -> tuple[dict[str, Any], dict[str, str]]:
    """The program and the packages by which a report says that it is made: those here.

    Where a published report is made again elsewhere, they are those that it was made by: what it says of a change of
    method since the report before it is part of the report, and not of the machine that looks at it.
    """
    told = os.environ.get(MADE_BY)
    if told is None:
        return describe_code(), describe_packages()
    then = json.loads(told)
    return then["code"], then["packages"]


def _required(name: str) -> list[str]:
    """The packages that an installed one names as its dependencies, optional ones left out."""
    lines = [line for line in metadata.requires(name) or [] if not re.search(r"\bextra\s*==", line)]
    return sorted({re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in lines})
