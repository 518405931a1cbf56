"""What has come in: the files of a survey, once they are whole, against those that its newest report was made from."""

from __future__ import annotations

from pathlib import Path

from groundswell.files import UNFINISHED
from groundswell.runs.plan.manifest import survey_inputs
from groundswell.runs.plan.shared import Shared

Seen = dict[str, tuple[int, int]]
"""The time and size of each file of a survey, by its path."""


def look_at(survey_folder: Path) -> Seen | None:
    """The files of a survey as they are now; None while one of them is being written."""
    if any(survey_folder.rglob(f"*{UNFINISHED}")):
        return None
    seen: Seen = {}
    try:
        for file in survey_inputs(survey_folder):
            found = file.stat()
            seen[str(file)] = (found.st_mtime_ns, found.st_size)
    except FileNotFoundError:  # it was moved away just now
        return None
    return seen


def has_news(shared: Shared, survey: str) -> bool:
    """Whether a survey's files are others than those that its newest report was made from; so where it has none."""
    place = f"surveys/{survey}/"
    now = {str(file["path"]): file["sha256"] for file in shared.inputs(survey)}
    newest = max(shared.published(survey), key=lambda each: each.created, default=None)
    if newest is None:
        return True
    return now != {file.path: file.sha256 for file in newest.inputs if file.path.startswith(place)}
