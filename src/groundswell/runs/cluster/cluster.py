"""A batch's reports on a Dask cluster: sent to its workers, fetched, tried again where what failed may pass.

This process alone writes the archive: it claims, publishes and records. A worker that is lost, a connection that breaks
and a file that a slow file system does not show yet may pass; a notebook that raised, or another program, does not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock
from typing import Any

from groundswell.errors import GroundswellError, RunError
from groundswell.estimates.sums.cluster import connected
from groundswell.runs.cluster.task import Handed, Task, program, program_differs, unpack
from groundswell.runs.cluster.worker import make_on_worker
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.failure import FailedElsewhereError
from groundswell.runs.run.makers import Maker
from groundswell.runs.run.progress import Progress
from groundswell.runs.run.run import HalfRunError
from groundswell.runs.run.staging import Staging

PAUSES = (2.0, 8.0, 32.0)
"""Seconds before the second, third and fourth attempt; there is no fifth."""

SECONDS_FOR_WORKERS = 60.0
"""How long a cluster without any worker is waited for."""

TICK = 0.5
"""Seconds between two looks at whether the batch was interrupted."""


class LostError(Exception):
    """The cluster does not answer, or has nobody to do the work."""


class Cluster:
    """A connection to a cluster whose workers have this very program; made anew where it breaks."""

    def __init__(self, address: str) -> None:
        """Connect, and look at the workers.

        Raises: InputError where the cluster's library is not installed; GroundswellError where no cluster answers;
        RunError where it has no workers, or one has another program.
        """
        self.address = address
        self.program = program()
        self._client: Any = connected(address)
        self._turn = Lock()
        self._seen = self._looked = time.monotonic()
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    @property
    def reports_at_a_time(self) -> int:
        """How many the workers make at a time: one a thread."""
        return sum(self._client.nthreads().values())

    @contextmanager
    def maker(self, staging: Staging) -> Iterator[Maker]:
        """The workers as the maker of a batch's reports, as long as this is open."""
        try:
            yield Workers(self, staging)
        finally:
            self.close()

    def client(self) -> Any:
        """The connection.

        Raises: LostError where the cluster does not answer any more.
        """
        with self._turn:
            if self._client.status != "running":
                try:
                    self._client = connected(self.address)
                except GroundswellError as error:
                    raise LostError(str(error)) from error
            return self._client

    def see_workers(self) -> None:
        """Look now and then whether there are workers.

        Raises: LostError where there has been none for a while: the scheduler would wait for ever.
        """
        now = time.monotonic()
        if now - self._looked < SECONDS_FOR_WORKERS / 12:
            return
        self._looked = now
        if self.client().nthreads():
            self._seen = now
        elif now - self._seen > SECONDS_FOR_WORKERS:
            raise LostError(f"it has had no workers for {SECONDS_FOR_WORKERS:g} s")

    def close(self) -> None:
        """End the connection."""
        with suppress(Exception):  # a cluster that is gone has no connection to end
            self._client.close()

    def _check(self) -> None:
        with suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
        found = self._client.run(program, on_error="return")
        if not found:
            raise RunError(
                f"the cluster at `{self.address}` has no workers: start some, `dask worker {self.address} --nthreads 1`"
            )
        for worker, has in sorted(found.items()):
            differs = str(has) if isinstance(has, Exception) else program_differs(self.program, has)
            if differs:
                raise RunError(
                    f"the worker `{worker}` has another program: {differs}; a report would not be the same, so install "
                    "there what is here"
                )


class Workers:
    """A cluster's workers as the maker of a batch's reports."""

    def __init__(self, cluster: Cluster, staging: Staging) -> None:
        self._cluster = cluster
        self._staging = staging
        self._futures: set[Any] = set()

    def get_ready(self, plan: Plan, *, early: bool = False) -> None:
        """Nothing is to be got ready here."""

    def let_go(self, plan: Plan) -> None:
        """Nothing of a report is left here."""

    def make(self, plan: Plan, inputs: list[dict[str, Any]], revision: int, progress: Progress) -> Path:
        """As `Maker.make`; what may pass is tried again.

        Raises: as `Maker.make`; RunError where nothing came of the last attempt either.
        """
        progress.stage("on the cluster", 10)
        passing = ""
        for pause in (0.0, *PAUSES):
            if passing:
                progress.remark(f"{passing}; it is tried again in {pause:g} s")
                _wait(Event(), progress, pause)
            task = Task(f"groundswell-{token_hex(8)}", plan, inputs, revision, self._cluster.program)
            came = self._attempt(task, progress)
            if not came.passing:
                return self._taken(came, progress)
            passing = came.passing + (f" (worker `{came.worker}`)" if came.worker else "")
        raise RunError(
            f"`{plan.survey}` {plan.name}: nothing was published; {len(PAUSES) + 1} attempts on the cluster came to "
            f"nothing, the last because {passing}; look at the workers and run it again"
        )

    def end(self) -> None:
        """Cancel what is at work; the workers end its kernels."""
        with suppress(Exception):  # a cluster that is gone has nothing to cancel
            self._cluster.client().cancel(list(self._futures), force=True)

    def _attempt(self, task: Task, progress: Progress) -> Handed:
        """Send a task, wait for it, and return what came."""
        from distributed import CancelledError, KilledWorker
        from distributed.comm.core import CommClosedError

        done, future = Event(), None
        try:
            future = self._cluster.client().submit(make_on_worker, task, key=task.attempt, pure=False)
            self._futures.add(future)
            future.add_done_callback(lambda _: done.set())
            while not _wait(done, progress, TICK):
                self._cluster.see_workers()
            came: Handed = future.result(timeout=SECONDS_FOR_WORKERS)
        except KilledWorker:
            return Handed("", passing="the workers that made it were lost")
        except (CommClosedError, CancelledError, LostError, OSError, TimeoutError) as error:
            return Handed("", passing=f"the cluster was lost ({error or type(error).__name__})")
        finally:
            self._forget(task, future)
        return came

    def _forget(self, task: Task, future: Any) -> None:
        """Nothing of an attempt stays on the cluster."""
        from distributed import Event as SharedEvent

        self._futures.discard(future)
        with suppress(Exception):  # a cluster that is gone keeps nothing
            client = self._cluster.client()
            if future is not None and not future.done():
                client.cancel(future, force=True)
            SharedEvent(task.attempt, client=client).clear()  # type: ignore[no-untyped-call]

    def _taken(self, came: Handed, progress: Progress) -> Path:
        """What a worker made, as a folder of this machine.

        Raises: what kept it from being made, as it would be raised here.
        """
        for remark in came.remarks:
            progress.remark(remark)
        folder = self._staging.new_folder()
        if came.half is not None:
            where = f" (worker `{came.worker}`)"
            raise HalfRunError(came.half.reason + where, came.half.cell, unpack(came.half.files, folder))
        if came.failure is not None:
            raise FailedElsewhereError(
                replace(came.failure, reason=f"{came.failure.reason} (worker `{came.worker}`)")
            )
        unpack(came.report or b"", folder)
        return folder


def _wait(done: Event, progress: Progress, seconds: float) -> bool:
    """Wait until it is done or so many seconds have passed; whether it is done.

    Raises: RunError where the batch was interrupted meanwhile.
    """
    until = time.monotonic() + seconds
    while not done.is_set() and (left := until - time.monotonic()) > 0:
        progress.go_on()
        done.wait(min(TICK, left))
    progress.go_on()
    return done.is_set()
