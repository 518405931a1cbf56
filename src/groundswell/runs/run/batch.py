"""Many reports in one go: plan all, skip what is unchanged, keep the next kernel warm, survive a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from groundswell.errors import RunError
from groundswell.reports.publish.archive_pages import rebuild_index
from groundswell.runs.kernel.kernels import Kernel, start_kernel
from groundswell.runs.kernel.warm import kernel_server
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.progress import Progress, Show
from groundswell.runs.run.run import run_report
from groundswell.runs.run.staging import Staging


@dataclass(frozen=True)
class Outcome:
    """What came of one plan: the report's folder, or why there is none."""

    plan: Plan
    status: Literal["published", "unchanged", "failed"]
    folder: Path | None = None
    reason: str = ""


def run_batch(plans: Sequence[Plan], show: Show) -> Iterator[Outcome]:
    """Make every planned report that is not there already, one after the other; yield each as it is done.

    A failed report does not keep the others from being made. The pages about the archive are rebuilt at the
    end.

    Raises: RunError where `reports/` cannot be written.
    """
    with Staging(plans[0].reports) as staging:
        there = {plan: plan.published() for plan in plans}
        yield from (Outcome(plan, "unchanged", folder) for plan, folder in there.items() if folder)
        try:
            yield from _run_due([plan for plan in plans if there[plan] is None], staging, show)
        finally:
            with staging.index_turn():
                rebuild_index(staging.reports)


def _run_due(due: Sequence[Plan], staging: Staging, show: Show) -> Iterator[Outcome]:
    """Run the reports in turn; while one runs, the next one's kernel gets ready."""
    kernels: list[Kernel] = []
    with kernel_server(len(due)) as server, _ended(kernels):
        for number, plan in enumerate(due):
            soon = due[len(kernels) : number + 2]
            kernels += [
                start_kernel(staging.new_folder(), other.notebook.file.parent, other.survey_folder, server)
                for other in soon
            ]
            with Progress(f"{plan.survey} {plan.name}", show) as progress:
                progress.stage("kernel", 0)
                try:
                    outcome = Outcome(plan, "published", run_report(plan, kernels[number], staging, progress))
                except RunError as error:
                    outcome = Outcome(plan, "failed", reason=str(error))
            kernels[number].end()
            yield outcome


@contextmanager
def _ended(kernels: list[Kernel]) -> Iterator[None]:
    """However this ends, no kernel that was started outlives it."""
    try:
        yield
    finally:
        for kernel in kernels:
            kernel.end()
