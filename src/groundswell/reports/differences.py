"""What changed since the last published report, computed from what both reports kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from groundswell.reports.report import Report


def difference_text(report: Report) -> Markup:
    """Sentences for the page; the first report says that it is the first."""
    if report.previous is None:
        return Markup("<p>{}</p>").format(report.language.say("This is the first report of this survey."))
    return Markup("")
