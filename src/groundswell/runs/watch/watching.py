"""The rounds of `groundswell watch`: look, check, report, tell.

A survey's files count once they are as they were at the look before. What is not sound, or whose report failed, is left
alone until its files change: its failure is told once, and the watch goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from groundswell.dates import today
from groundswell.errors import FaultsError, GroundswellError
from groundswell.runs.checks.folders import check_folders
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.plan.lineup import Place
from groundswell.runs.plan.planning import not_due, plan_surveys
from groundswell.runs.plan.requests import Asked, plan_request, requests_of
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run.batch import run_batch
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.recorded import record_refused, scheduled_time
from groundswell.runs.run.staging import is_being_made
from groundswell.runs.tell.telling import tell
from groundswell.runs.watch.arrivals import Seen, has_news, look_at
from groundswell.waves import list_surveys


class Watching:
    """A project that is being watched; `published` counts the reports that were made."""

    def __init__(self, project: Path, jobs: int = 1) -> None:
        self.project, self.published = project, 0
        self._jobs = jobs
        self._before: dict[str, Seen] = {}
        self._done: dict[str, Seen] = {}
        self._day: dict[str, date] = {}
        self._rounds = 0

    @property
    def looked_twice(self) -> bool:
        """Whether two rounds have passed: what stood still between them was acted upon."""
        return self._rounds > 1

    def round(self) -> Iterator[str]:
        """Look once at every survey; a line for each thing that happened."""
        surveys = list_surveys(self.project)
        for survey in sorted(self._done.keys() - set(surveys)):
            del self._done[survey]
            yield f"{survey}: its survey.toml is gone; nothing is made of it until it is back"
        for survey in surveys:
            seen = look_at(self.project / "surveys" / survey)
            settled = seen is not None and seen == self._before.get(survey)
            if seen is not None:
                self._before[survey] = seen
            if not settled or seen is None:
                continue
            if seen != self._done.get(survey):
                self._done[survey] = seen
                yield from self._arrived(survey)
            elif self._day.get(survey) != today():
                yield from self._next_day(survey)
        self._rounds += 1
        yield from tell(self.project)

    def _arrived(self, survey: str) -> Iterator[str]:
        """New files, checked and reported."""
        self._day[survey] = today()
        shared = Shared(self.project)
        try:
            if not has_news(shared, survey):
                yield from self._next_day(survey)
                return
            said, folder = f"{survey}: new or changed files", self.project / "surveys" / survey
            if faults := check_folders(lambda: self.project, [str(folder)])[folder]:
                yield said
                raise FaultsError(survey, faults)
            places = plan_surveys(shared, [survey], Asked()).places
            if self._made_elsewhere(places):
                del self._done[survey]
                return
            yield said
            yield from self._made(places)
        except (GroundswellError, OSError) as error:
            yield from self._refused(survey, error)

    def _next_day(self, survey: str) -> Iterator[str]:
        """The reports whose period has begun, whatever has come in; without a cadence there are none."""
        self._day[survey] = today()
        shared = Shared(self.project)
        try:
            requests = [each for each in requests_of(shared, survey, Asked()) if each.every is not None]
            drafted = [(request, plan_request(shared, request)) for request in requests]
            if any(not_due(shared, *each) is None for each in drafted):
                places = plan_surveys(shared, [survey], Asked()).places
                if self._made_elsewhere(places):
                    del self._day[survey]
                    return
                yield from self._made(places)
        except (GroundswellError, OSError) as error:
            yield from self._refused(survey, error)

    def _made_elsewhere(self, places: list[Place]) -> bool:
        """Whether another process makes one of these reports just now, perhaps from the files as they were before: then
        the next round looks again."""
        reports = self.project / "reports"
        return any(is_being_made(reports, each.plan.survey, each.plan.name) for each in places)

    def _refused(self, survey: str, error: Exception) -> Iterator[str]:
        record_refused(self.project, survey, error, scheduled_time(None))
        yield f"{survey}: {Machine(self.project).without_folders(str(error))}"

    def _made(self, places: list[Place]) -> Iterator[str]:
        progress = BatchProgress("nothing", self._jobs)
        with closing(
            run_batch(places, progress, jobs=self._jobs, scheduled=scheduled_time(None))
        ) as outcomes:
            for outcome in outcomes:
                self.published += outcome.status == "published"
                yield _line(outcome, self.project)


def _line(outcome: Outcome, project: Path) -> str:
    """What came of a report."""
    if outcome.folder is None:
        return f"{outcome.status}: {outcome.reason}"
    page = (outcome.folder / "index.html").relative_to(project)
    return f"{outcome.plan.survey} {outcome.plan.name}: {outcome.status}, {page.as_posix()}"
