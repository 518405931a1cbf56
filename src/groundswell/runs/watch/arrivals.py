"""What has come in: the files of a survey, once they are whole, against those that its reports were made from."""

from __future__ import annotations

from pathlib import Path

from groundswell.errors import GroundswellError
from groundswell.files import UNFINISHED
from groundswell.reports.evidence.manifest import Manifest
from groundswell.runs.plan.manifest import survey_inputs
from groundswell.runs.plan.planning import newest_report_of
from groundswell.runs.plan.requests import Asked, plan_request, requests_of
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
    """Whether a survey's files are others than those that the newest of a report that it plans was made from; so where
    there is none, or none can be planned.

    What somebody made besides, with other parameters or of a past date, has told nobody.
    """
    now = {str(file["path"]): file["sha256"] for file in shared.inputs(survey)}
    try:
        plans = [plan_request(shared, request) for request in requests_of(shared, survey, Asked())]
    except GroundswellError:  # the check of the survey says why
        return True
    return any(_made_from(newest_report_of(shared, plan), survey) != now for plan in plans)


def _made_from(report: Manifest | None, survey: str) -> dict[str, str] | None:
    """The checksums of the survey's files that a report was made from, by path; None where there is no report."""
    if report is None:
        return None
    return {file.path: file.sha256 for file in report.inputs if file.path.startswith(f"surveys/{survey}/")}
