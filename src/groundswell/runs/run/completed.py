"""A notebook that has run becomes a report: what it did not save is added, and all that it shows can be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundswell.errors import RunError
from groundswell.reports.language.language import Language
from groundswell.reports.notebook.own_report import save_headline
from groundswell.runs.kernel.cells import name_cell

SAVED = ("checks.json", "findings.json")
"""What a report is published with; a notebook saves both, as `report.save()` does, or neither."""


def complete(notebook: Any, saved: Path, language: str) -> None:
    """See that `saved` holds what a report needs; where the notebook saved nothing, its first heading is its headline.

    Raises: RunError where it saved a part, did not come to its last cell, or has no heading.
    """
    from groundswell.reports.own.masthead import title_of

    missing = [name for name in SAVED if not (saved / name).is_file()]
    if not missing:
        return
    came_to_its_end = all(
        cell.get("execution_count")
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.strip()
    )
    if list(missing) == list(SAVED) and came_to_its_end and (title := title_of(notebook)):
        save_headline(title, language, saved)
        return
    raise RunError(
        f"it did not save {missing[0]}: its last cell must save the report, as `report.save()` does, or its Markdown "
        "begin with a heading, which is then the headline"
    )


def check_shown(notebook: Any, language: Language) -> None:
    """See that a page can hold what every cell shows.

    Raises: RunError naming the cell where it cannot.
    """
    from groundswell.reports.own.outputs import is_ours, shown
    from groundswell.reports.own.refusal import NotShownError

    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if is_ours(output):
                continue
            try:
                shown(output, language)
            except NotShownError as error:
                count = cell.get("execution_count")
                raise RunError(f"{name_cell(cell.source, count)} {error}", cell=count) from error
