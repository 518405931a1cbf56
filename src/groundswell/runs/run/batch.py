"""Many reports in one go, several at a time: what is unchanged is skipped, and no failure stops the others.

A batch in which nothing is due costs milliseconds a report: what makes one is imported when the first is made.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from groundswell.errors import RunError
from groundswell.happenings import tell
from groundswell.runs.plan.lineup import Place
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.staging import Staging


def run_batch(
    places: Sequence[Place], progress: BatchProgress, *, jobs: int, scheduled: str
) -> Generator[Outcome]:
    """Make every report that is due, `jobs` at a time; yield each as it is done, those that are unchanged first.

    Each publication brings the pages about the archive up to date; the end does it once more, for what came or went
    otherwise. `scheduled` is for the records of the runs. Interrupted, it ends all kernels, and `progress` knows what
    had been published.

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
                yield from _made(due, staging, progress, jobs, scheduled)
        finally:
            problem = _rebuild(staging)
        if problem is not None:
            raise problem


def _made(
    due: Sequence[Place], staging: Staging, progress: BatchProgress, jobs: int, scheduled: str
) -> Generator[Outcome]:
    from groundswell.runs.kernel.warm import kernel_server
    from groundswell.runs.run.making import Batch

    with kernel_server(len(due)) as server:
        batch = Batch(due, staging, progress, jobs, scheduled, server)
        try:
            yield from batch.outcomes()
        finally:
            batch.end()


def _rebuild(staging: Staging) -> RunError | None:
    """Rebuild the pages about the archive; why that did not work, None where it did."""
    from groundswell.reports.publish.archive_pages import rebuild_index

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
