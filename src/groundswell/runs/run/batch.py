"""Many reports in one go, several at a time: what is unchanged is skipped, and no failure stops the others.

A batch in which nothing is due costs milliseconds a report: what makes one is imported when the first is made.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from groundswell.errors import RunError
from groundswell.happenings import tell
from groundswell.runs.plan.lineup import Place
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.staging import Staging

if TYPE_CHECKING:
    from groundswell.runs.run.makers import Maker


def run_batch(
    places: Sequence[Place],
    progress: BatchProgress,
    *,
    jobs: int,
    scheduled: str,
    maker_in: Callable[[Staging], AbstractContextManager[Maker]] | None = None,
) -> Generator[Outcome]:
    """Make every report that is due, `jobs` at a time; yield each as it is done, those that are unchanged first.

    Each publication brings the pages about the archive up to date; the end does it once more, for what came or went
    otherwise. `scheduled` is for the records. `maker_in` gives who makes the reports; if not given, kernels of
    this machine do. Interrupted, it ends what is at work, and `progress` knows what had been published.

    Raises: RunError where `reports/` cannot be written, and at the end where its index cannot be rebuilt; InputError
    where a setting of kernels is not one.
    """
    for place in places:
        if place.state == "unchanged":
            progress.count(place.plan.title, "unchanged")
            tell("skipped", survey=place.plan.survey, name=place.plan.name, reason="unchanged")
            yield Outcome(place.plan, "unchanged", place.folder)
    due = [place for place in places if place.state != "unchanged"]
    if not places:
        return
    with Staging(places[0].plan.reports) as staging:
        try:
            if due:
                yield from _made(
                    due, staging, progress, jobs, scheduled, maker_in or partial(_kernels, len(due), jobs)
                )
        finally:
            problem = _rebuild(staging)
        if problem is not None:
            raise problem


def _made(
    due: Sequence[Place],
    staging: Staging,
    progress: BatchProgress,
    jobs: int,
    scheduled: str,
    maker_in: Callable[[Staging], AbstractContextManager[Maker]],
) -> Generator[Outcome]:
    from groundswell.runs.run.making import Batch

    with maker_in(staging) as maker:
        batch = Batch(due, staging, progress, jobs, scheduled, maker)
        try:
            yield from batch.outcomes()
        finally:
            batch.end()


@contextmanager
def _kernels(reports: int, jobs: int, staging: Staging) -> Iterator[Maker]:
    """Kernels of this machine for so many reports."""
    from groundswell.runs.kernel.warm import kernel_server
    from groundswell.runs.run.makers import LocalKernels

    with kernel_server(reports) as server:
        yield LocalKernels(staging, jobs, server)


def _rebuild(staging: Staging) -> RunError | None:
    """Rebuild the pages about the archive; why that did not work, None where it did."""
    from groundswell.reports.publish.index.archive_pages import rebuild_index

    try:
        with staging.index_turn():
            rebuild_index(staging.reports)
        tell("index rebuilt")
    except Exception as error:  # noqa: BLE001 - what was published stays published, whatever is wrong with a page
        what = f"{type(error).__name__}: {error}"
        return RunError(
            f"`{staging.reports.name}/index.html` could not be rebuilt; the reports stand: {what}"
        )
    return None
