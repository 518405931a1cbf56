"""What a notebook's cells left behind: which one failed, and no trace of this machine in their outputs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from groundswell.runs.kernel.iri import without_iri_grammar

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

# Anchored to where a word begins: tried at each letter of it, a word of a megabyte would take the square of that.
_CELL_FILE = re.compile(r"(?<!\S)\S*ipykernel_\d+/\d+\.py")


def describe_failure(source: str, count: int | None, name: str, message: str) -> str:
    """A sentence naming the failing cell by the number that Jupyter shows, its first line and exception."""
    lines = [line.strip() for line in source.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    number = "?" if count is None else count
    return f"cell [{number}], `{first}`, raised {name}: {plain(message)}".rstrip(": ")


def plain(text: str) -> str:
    """`text` without codes for a terminal's colours and without other control characters."""
    letters = _TERMINAL_CODES.sub("", text)
    return "".join(letter for letter in letters if letter.isprintable() or letter == "\n")


def scrub(notebook: Any, project: Path) -> None:
    """Take this machine's folders out of what cells printed or raised, and of papermill's notes, in place.

    A warning names the file that it comes from; who made a report, and where, is nobody's business.
    """
    notebook.metadata.papermill.pop("input_path", None)
    notebook.metadata.papermill.pop("output_path", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                output.text = without_folders(output.text, project)
            elif output.output_type == "error":
                output.evalue = without_folders(output.evalue, project)
                output.traceback = [without_folders(line, project) for line in output.traceback]


def without_folders(text: str, project: Path) -> str:
    """`text` with the project's, the interpreter's and the home folder's paths made relative."""
    shorter = {str(project): ".", sys.prefix: "<python>", sys.base_prefix: "<python>", str(Path.home()): "~"}
    for folder in sorted(shorter, key=len, reverse=True):
        if len(folder) > 1:
            text = re.sub(rf"{re.escape(folder)}(?![\w.-])", shorter[folder], text)
    return _CELL_FILE.sub("<cell>", text)


def read_notebook(file: Path) -> Any:
    """The notebook in `file`, as nbformat's version 4."""
    with without_iri_grammar():
        import nbformat
    return nbformat.reads(file.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]


def write_notebook(notebook: Any, file: Path) -> None:
    """Write `notebook` to `file`."""
    with without_iri_grammar():
        import nbformat
    file.write_text(nbformat.writes(notebook), encoding="utf-8")  # type: ignore[no-untyped-call]
