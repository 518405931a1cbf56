"""What a notebook's cells left behind: which one failed, and no trace of this machine in their outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from groundswell.runs.kernel.machine import Machine
from groundswell.runs.kernel.unused_libraries import without_unused

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


MOST_LETTERS = 1_000
"""Of an exception's own words; a message may hold a whole table."""


def name_cell(source: str, count: int | None) -> str:
    """A cell by the number that Jupyter shows and its first line."""
    lines = [line.strip() for line in source.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return f"cell [{'?' if count is None else count}], `{first}`,"


def describe_failure(source: str, count: int | None, name: str, message: str) -> str:
    """A sentence naming the failing cell by the number that Jupyter shows, its first line and exception."""
    words = plain(message[:MOST_LETTERS]) + ("…" if len(message) > MOST_LETTERS else "")
    return f"{name_cell(source, count)} raised {name}: {words}".rstrip(": ")


def plain(text: str) -> str:
    """`text` without codes for a terminal's colours and without other control characters."""
    letters = _TERMINAL_CODES.sub("", text)
    return "".join(letter for letter in letters if letter.isprintable() or letter == "\n")


def scrub(notebook: Any, machine: Machine) -> None:
    """Take this machine's folders out of all that cells showed or raised, and of papermill's notes, in place.

    The code stays as it was written.
    """
    notebook.metadata.papermill.pop("input_path", None)
    notebook.metadata.papermill.pop("output_path", None)
    notebook.metadata.update(_scrubbed(notebook.metadata, machine))
    for cell in notebook.cells:
        cell.metadata.update(_scrubbed(cell.metadata, machine))
        for output in cell.get("outputs", ()):
            output.update(_scrubbed(output, machine))


def _scrubbed(content: Any, machine: Machine) -> Any:
    """The content with every text in it scrubbed, wherever it stands; pictures are no text."""
    if isinstance(content, str):
        return machine.without_folders(content)
    if isinstance(content, list):
        return [_scrubbed(each, machine) for each in content]
    if isinstance(content, dict):
        pairs = {
            name: each if _is_picture(name) else _scrubbed(each, machine) for name, each in content.items()
        }
        return type(content)(pairs)
    return content


def _is_picture(name: str) -> bool:
    return name.startswith("image/") and name != "image/svg+xml"


def read_notebook(file: Path) -> Any:
    """The notebook in `file`, as nbformat's version 4.

    Raises: ValueError where the file holds none.
    """
    with without_unused():
        import nbformat
    text = file.read_text(encoding="utf-8")
    try:
        return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    except (nbformat.ValidationError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"`{file.name}` is no notebook: {error}") from error


def write_notebook(notebook: Any, file: Path) -> None:
    """Write `notebook` to `file`."""
    with without_unused():
        import nbformat
    file.write_text(nbformat.writes(notebook), encoding="utf-8")  # type: ignore[no-untyped-call]
