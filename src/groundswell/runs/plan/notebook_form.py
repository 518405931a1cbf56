"""Which files of notebooks are read: those of nbformat 4, of Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundswell.errors import InputError


def check_form(file: Path, content: Mapping[str, Any]) -> None:
    """Refuse a notebook of an older form, and one of another language; one that names no language is Python's.

    Raises: InputError there.
    """
    if "worksheets" in content:
        raise InputError(
            f"`{file.name}` is a notebook of nbformat {content.get('nbformat', '3')}, and one of nbformat 4 is read: "
            "open it in JupyterLab and save it"
        )
    about = content.get("metadata", {})
    named = [about.get("kernelspec", {}).get("language"), about.get("language_info", {}).get("name")]
    for language in filter(None, named):
        if str(language).lower() not in ("python", "ipython"):
            raise InputError(
                f"`{file.name}` is a notebook of {language}, and a report's notebook is of Python"
            )
