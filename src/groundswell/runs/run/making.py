"""The reports of a batch while they are made, several at a time.

Each has a thread, which waits for whoever makes it; the next one is got ready while others are made. A report that
looks back to another of the batch waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Literal

from groundswell.happenings import about, tell
from groundswell.runs.plan.lineup import Place
from groundswell.runs.run.failure import failure_of
from groundswell.runs.run.makers import Maker
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress, Progress
from groundswell.runs.run.publishing import publish_report
from groundswell.runs.run.recorded import RecordedRun
from groundswell.runs.run.staging import Staging

TICK = 0.5
"""Seconds between two looks at the progress."""


class Batch:
    """The reports of a batch while they are made."""

    def __init__(
        self,
        due: Sequence[Place],
        staging: Staging,
        progress: BatchProgress,
        jobs: int,
        scheduled: str,
        maker: Maker,
    ) -> None:
        self._waiting = list(due)
        self._open = {place.plan for place in due}
        self._staging = staging
        self._progress = progress
        self._jobs = jobs
        self._scheduled = scheduled
        self._maker = maker
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="report")
        self._running: set[Future[Outcome]] = set()

    def outcomes(self) -> Iterator[Outcome]:
        """Make the reports, and yield each as it is done."""
        self._progress.begin(len(self._waiting))
        while self._waiting or self._running:
            while len(self._running) < self._jobs and (place := self._next()) is not None:
                self._waiting.remove(place)
                self._maker.get_ready(place.plan)
                self._running.add(self._threads.submit(self._make, place))
                if (following := self._next() or next(iter(self._waiting), None)) is not None:
                    self._maker.get_ready(following.plan, early=True)
            finished, self._running = wait(self._running, TICK, return_when=FIRST_COMPLETED)
            self._progress.show()
            for each in finished:
                yield self._ended(each)

    def end(self) -> None:
        """However this ends, nothing that was started and no thread outlives it."""
        self._progress.stop()
        self._maker.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._progress.end()

    def _next(self) -> Place | None:
        """The first report that waits for no other."""
        return next((each for each in self._waiting if self._open.isdisjoint(each.after)), None)

    def _ended(self, run: Future[Outcome]) -> Outcome:
        """What came of a report; the plans that wait for it need not any more."""
        outcome = run.result()
        self._open.discard(outcome.plan)
        self._maker.let_go(outcome.plan)
        return outcome

    def _make(self, place: Place) -> Outcome:
        """Make one report, in a thread of its own; whatever goes wrong is that report's failure."""
        title = f"{place.plan.survey} {place.plan.name}"
        subject = about(survey=place.plan.survey, name=place.plan.name)
        with self._progress.report(title) as progress, subject:
            outcome = self._outcome(place, progress)
        self._progress.count(title, outcome.status, progress.seconds)
        return outcome

    def _outcome(self, place: Place, progress: Progress) -> Outcome:
        plan, run = place.plan, None
        try:
            if place.state == "waits":
                plan = plan.linked()
                if (there := plan.published()) is not None:
                    tell("skipped", reason="unchanged")
                    return Outcome(place.plan, "unchanged", there)
            run = RecordedRun(plan, self._scheduled)
            run.begun(place.why)
            progress.run = run.id
            progress.stage("kernel", 0)
            with about(run=run.id):
                folder = publish_report(plan, self._maker, self._staging, progress)
        except Exception as error:  # noqa: BLE001 - the others of the batch are made whatever it is
            run = run or RecordedRun(plan, self._scheduled)
            failure = failure_of(error, plan)
            status: Literal["failed", "interrupted"] = "interrupted" if self._progress.stopped else "failed"
            return Outcome(place.plan, status, reason=failure.reason + run.failed(status, failure))
        run.published(folder)
        if run.problem:
            progress.remark(run.problem)
        return Outcome(place.plan, "published", folder)
