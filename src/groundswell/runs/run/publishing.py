"""One report: made by whoever makes it, and published whole or not at all by this process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from groundswell.errors import RunError
from groundswell.happenings import tell
from groundswell.reports.publish.archive import folder_name, next_revision
from groundswell.reports.publish.assets import write_assets
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.makers import Maker
from groundswell.runs.run.progress import Progress
from groundswell.runs.run.run import HalfRunError, failed_file
from groundswell.runs.run.staging import Staging, keep_failed, publish


def publish_report(plan: Plan, maker: Maker, staging: Staging, progress: Progress) -> Path:
    """Let `maker` make one report, and publish it; return its folder.

    Raises: RunError where a cell raises, the kernel dies, the inputs change meanwhile or another process
    makes the same report; nothing is published then, and the half-run notebook is kept under
    `reports/.failed`. Whatever else the maker raises.
    """
    with staging.claim(plan.survey, plan.name):
        if (made_meanwhile := plan.published()) is not None:
            return made_meanwhile
        revisions = plan.reports / plan.survey
        revision = next_revision(revisions, plan.name)
        folder = revisions / folder_name(plan.name, revision)
        try:
            made = maker.make(plan, plan.inputs(), revision, progress)
        except HalfRunError as half:
            raise _kept(plan, half) from half
        try:
            write_assets(plan.reports)
        except OSError as error:
            raise RunError(
                f"`{plan.survey}` {plan.name}: nothing was published; {failed_file(error)}"
            ) from error
        publish(made, to=folder)
    from groundswell.reports.publish.index.archive_pages import add_to_index

    with staging.index_turn():
        add_to_index(plan.reports, plan.survey)
    tell("index updated", report=f"{plan.survey}/{folder.name}")
    return folder


def _kept(plan: Plan, half: HalfRunError) -> RunError:
    """Keep the half-run notebook and the kernel's log; the error says why, and where they are."""
    when = datetime.now(UTC).strftime("%H%M%S")
    try:
        kept = keep_failed(
            plan.reports, survey=plan.survey, name=f"{plan.name}-{when}", files=list(half.files)
        )
        there = kept / "report.ipynb"
        where = there.relative_to(plan.project) if there.is_file() else None
    except (OSError, ValueError):  # a disk that is full has no room to keep it
        where = None
    return RunError(
        f"`{plan.survey}` {plan.name}: nothing was published; {plan.notebook.file.name}: {half}\n"
        f"  the notebook {f'as far as it ran: {where}' if where else 'could not be kept'}",
        cell=half.cell,
        kept=where,
    )
