"""How a batch shows how far it is: a bar on a terminal, plain lines in a pipe, nothing when quiet.

All of it goes to standard error; standard output is left for the results. Of one report the stages are told, of many
what came of each: how many are done, failed and skipped, and about how long the rest will take.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, RLock
from typing import Literal

from tqdm import tqdm

from groundswell.errors import RunError
from groundswell.happenings import tell

Show = Literal["bar", "lines", "nothing"]

SILENCE = 10.0
"""Seconds after which a line says in a pipe that a report is still being made."""


class BatchProgress:
    """The progress of the reports of one command; its reports may be made by several threads."""

    def __init__(self, show: Show, jobs: int = 1) -> None:
        self.came = Counter[str]()
        self._show = show
        self._jobs = jobs
        self._total = 0
        self._took: list[float] = []
        self._running: dict[str, Progress] = {}
        self._bar: tqdm[None] | None = None
        self._aside = False
        self._last = time.monotonic()
        self._lock = RLock()
        self._stopped = Event()

    def begin(self, total: int) -> None:
        """So many reports are to be made."""
        self._total = total
        if self._show == "bar" and total:
            layout = "{desc} {percentage:3.0f}%|{bar:24}| {elapsed}"
            self._bar = tqdm(total=100, bar_format=layout, file=sys.stderr, leave=False)

    def end(self) -> None:
        """No report is being made any more: the bar is taken away."""
        with self._lock:
            if self._bar is not None:
                self._bar.close()
            self._bar = None

    def stop(self) -> None:
        """No report goes on to its next stage from here."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether the batch was interrupted."""
        return self._stopped.is_set()

    @contextmanager
    def report(self, title: str) -> Iterator[Progress]:
        """While this is open the report `title` is being made."""
        progress = Progress(title, self)
        with self._lock:
            self._running[title] = progress
        try:
            yield progress
        finally:
            with self._lock:
                del self._running[title]
            self._took.append(progress.seconds)

    def count(self, title: str, status: str, seconds: float = 0.0) -> None:
        """A report came to its end, or was skipped."""
        with self._lock:
            self.came[status] += 1
            if self._show == "lines" and self._total > 1 and seconds:
                made = sum(self.came[each] for each in ("published", "failed", "interrupted"))
                self._line(f"{made} of {self._total}: {title} {status} in {seconds:.0f} s; {self.counts()}")
        self.show()

    def counts(self) -> str:
        """What came of the reports so far, and about how long the others will take."""
        skipped = self.came["unchanged"] + self.came["not due"]
        said = f"{self.came['published']} done, {self.came['failed']} failed, {skipped} skipped"
        return f"{said}{self._left()}"

    def _left(self) -> str:
        rest = self._total - len(self._took)
        if not self._took or rest < 1:
            return ""
        seconds = sum(self._took) / len(self._took) * rest / self._jobs
        return f", about {duration(seconds)} left"

    def show(self) -> None:
        """Bring the bar up to date; in a pipe, say after a silence what is being made."""
        with self._lock:
            if self._bar is not None and not self._aside:
                parts = sum(each.percent for each in self._running.values())
                percent = min(100, int((100 * len(self._took) + parts) / self._total))
                one = next(iter(self._running.values()), None)
                self._bar.set_description_str(
                    f"{one.title}: {one.stage_name}" if self._total == 1 and one else self.counts(),
                    refresh=False,
                )
                self._bar.update(percent - self._bar.n)
                self._bar.refresh()
            elif self._show == "lines" and time.monotonic() - self._last > SILENCE:
                for each in self._running.values():
                    self._line(f"{each.title}: {each.stage_name}, {each.seconds:.0f} s")

    def told(self, progress: Progress) -> None:
        """A report has come to another stage; of many, only the bar tells it."""
        if self._show == "lines" and self._total == 1:
            self._line(f"{progress.title}: {progress.stage_name}")
        self.show()

    def remark(self, text: str) -> None:
        """Say something that the reader of the run should know; not where it is to be quiet."""
        tell("note", logging.WARNING, note=text)
        if self._show != "nothing":
            with self.aside():
                self._line(f"note: {text}")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While this is open the bar is out of the way of what else is printed."""
        with self._lock:
            self._aside = True
            if self._bar is not None:
                self._bar.clear()
        try:
            yield
        finally:
            self._aside = False

    def _line(self, text: str) -> None:
        self._last = time.monotonic()
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the line is the product


class Progress:
    """How far one report is."""

    def __init__(self, title: str, batch: BatchProgress) -> None:
        self.title = title
        self.run = ""
        """The id of the run that makes it; "" where no record is kept."""
        self.stage_name = ""
        self.percent = 0
        self._batch = batch
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the report was begun."""
        return time.monotonic() - self._started

    def stage(self, name: str, percent: int) -> None:
        """The report has come to the stage `name`, `percent` of the way.

        Raises: RunError where the batch was interrupted meanwhile.
        """
        self._come_to(name, percent)
        self._batch.told(self)

    def cell(self, number: int, of: int) -> None:
        """The notebook has come to cell `number`; a bar shows it at once, a pipe after a silence.

        Raises: RunError where the batch was interrupted meanwhile.
        """
        self._come_to(f"notebook, cell {number} of {of}", 10 + 80 * number // of)
        self._batch.show()

    def remark(self, text: str) -> None:
        """Say something that the reader of the run should know."""
        self._batch.remark(f"{self.title}: {text}")

    def go_on(self) -> None:
        """Go on only as long as the report is wanted.

        Raises: RunError where the batch was interrupted meanwhile.
        """
        if self._batch.stopped:
            raise RunError(f"{self.title}: interrupted; nothing was published")

    def _come_to(self, name: str, percent: int) -> None:
        self.go_on()
        self.stage_name, self.percent = name, percent


def duration(seconds: float) -> str:
    """A length of time in the unit that fits it: `40 s`, `3 min`, `2.5 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def choose_show(*, quiet: bool) -> Show:
    """Nothing when quiet; a bar on a terminal; plain lines elsewhere."""
    if quiet:
        return "nothing"
    return "bar" if sys.stderr.isatty() else "lines"
