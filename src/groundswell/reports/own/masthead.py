"""The masthead of a page whose notebook shows none: the survey, the date, and the notebook's title as the headline.

The title is the notebook's first heading, which then stands on top of the page alone.
"""

from __future__ import annotations

import copy
from typing import Any

from markupsafe import Markup

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.html.markup import METADATA, fill
from groundswell.reports.language.language import Language
from groundswell.reports.own.prose import first_heading, plain_heading, without_heading
from groundswell.vocabulary import LAB_ONLY


def has_masthead(notebook: Any) -> bool:
    """Whether a cell of an executed notebook shows a masthead."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any(output.get("metadata", {}).get(METADATA, {}).get("part") == "masthead" for output in outputs)


def own_masthead(manifest: Manifest, language: Language) -> Markup:
    """The masthead, from what the manifest says."""
    return fill(
        "own_masthead.html.j2",
        language,
        {
            "title": manifest.title,
            "as_of": language.date(manifest.as_of),
            "notebook": manifest.notebook,
            "headline": manifest.report.headline or manifest.title,
        },
    )


def title_of(notebook: Any) -> str:
    """A notebook's first heading in plain text, "" where it has none."""
    number = _titled(notebook)
    return "" if number is None else plain_heading(notebook.cells[number].source)


def without_title(notebook: Any, headline: str) -> Any:
    """The notebook without its first heading where that is the headline: a copy, the executed one stays whole."""
    number = _titled(notebook)
    if number is None or title_of(notebook) != headline:
        return notebook
    made = copy.deepcopy(notebook)
    made.cells[number].source = without_heading(made.cells[number].source)
    return made


def _titled(notebook: Any) -> int | None:
    """The place of the first cell on the page that has a heading."""
    for number, cell in enumerate(notebook.cells):
        on_page = cell.cell_type == "markdown" and LAB_ONLY not in cell.metadata.get("tags", ())
        if on_page and first_heading(cell.source):
            return number
    return None
