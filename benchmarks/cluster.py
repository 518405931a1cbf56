"""Reports on a Dask cluster of this machine against the same reports without one.

    python benchmarks/cluster.py reports --count 12      # kernels here, one worker, two workers
    python benchmarks/cluster.py parts --count 200       # what a report costs besides its notebook

`reports` makes so many small real reports, one a survey, in an empty archive each time: with `--jobs 1` and `--jobs
2`, and on one and two workers of a local cluster, which is started before the clock is. Seconds are given on the
clock and of processor time, of all processes together. `parts` lets two workers hand back, at once, a report of the
size that a real one has, and prints what one costs in the scheduler and connections, and what in the process that
publishes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from fleet import SURVEYS, project, publish

from groundswell.reports.publish import archive_pages
from groundswell.runs.cluster import cluster as clusters
from groundswell.runs.cluster.cluster import Cluster
from groundswell.runs.cluster.task import Handed, Task, packed
from groundswell.runs.plan.lineup import Place, line_up
from groundswell.runs.plan.plan import draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run import making
from groundswell.runs.run.batch import run_batch
from groundswell.runs.run.progress import BatchProgress

REPORT_BYTES = 600_000
"""About what a report of two indicators has, its page and executed notebook included (`reports` prints it)."""


def lined_up(folder: Path) -> list[Place]:
    """One report of each survey."""
    shared = Shared(folder)
    names = sorted(each.name for each in (folder / "surveys").iterdir())
    return line_up([draft_plan(shared, name, {"as_of": "2026-07-31"}) for name in names], shared)


@contextmanager
def workers(many: int) -> Iterator[str]:
    """The address of a cluster of so many workers, each a process that makes one report at a time."""
    from distributed import LocalCluster

    with (
        tempfile.TemporaryDirectory() as scratch,
        LocalCluster(
            n_workers=many,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=scratch,
        ) as cluster,
    ):
        yield cluster.scheduler_address


def made(places: Sequence[Place], jobs: int, address: str | None) -> float:
    """Seconds in which all are made; each must be published."""
    maker_in = None if address is None else Cluster(address).maker
    started = time.perf_counter()
    progress = BatchProgress("nothing")
    outcomes = list(
        run_batch(places, progress, jobs=jobs, scheduled="2026-08-01T05:30:00+00:00", maker_in=maker_in)
    )
    seconds = time.perf_counter() - started
    wrong = [each.reason for each in outcomes if each.status != "published"]
    if wrong:
        raise SystemExit(wrong[0])
    return seconds


def way(count: int, jobs: int, many: int) -> None:
    """Make the reports in one way, and print the seconds on the clock (read by `reports`)."""
    with project() as folder, workers(many) if many else nullcontext(None) as address:
        for number in range(count):
            SURVEYS["small"](folder / "surveys" / f"survey-{number:03}")
        seconds = made(lined_up(folder), jobs, address)
        size = sum(file.stat().st_size for file in (folder / "reports").glob("survey-*/2*/*"))
        print(f"{seconds} {size / count}", flush=True)


def reports(count: int) -> None:
    """The four ways, each in a process of its own."""
    ways = {"--jobs 1": (1, 0), "--jobs 2": (2, 0), "one worker": (2, 1), "two workers": (3, 2)}
    for name, (jobs, many) in ways.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [
            sys.executable,
            "-P",
            __file__,
            "way",
            f"--count={count}",
            f"--jobs={jobs}",
            f"--workers={many}",
        ]
        own = os.environ | {"PYTHONPATH": f"{Path(__file__).parent}:{os.environ.get('PYTHONPATH', '')}"}
        ran = subprocess.run(command, check=True, capture_output=True, text=True, env=own)
        seconds, size = map(float, ran.stdout.split())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{name:<12}{seconds:8.1f} s  {seconds / count:6.2f} s a report  {processor / count:6.2f} s of processor a "
            f"report  {size / 1000:5.0f} kB a report",
            flush=True,
        )


def handed_back(task: Task) -> Handed:
    """A report in no time: a worker's stand-in for `make_on_worker`."""
    from distributed import get_worker

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "reports" / task.plan.survey / task.plan.name
        publish(task.plan, folder)
        (folder / "index.html").write_bytes(os.urandom(REPORT_BYTES))
        return Handed(get_worker().address, (), packed(folder, sorted(folder.iterdir())))


def parts(count: int) -> None:
    """What a report costs on its way, taken apart by the processor time of the threads."""
    spent: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            started = time.thread_time()
            try:
                return work(*given)
            finally:
                spent.setdefault(name, []).append(time.thread_time() - started)

        return call

    with project() as folder, workers(2) as address:
        for number in range(count):
            SURVEYS["small"](folder / "surveys" / f"survey-{number:03}")
        places = lined_up(folder)
        clusters.make_on_worker = handed_back
        clusters.Workers.make = timed("fetched", clusters.Workers.make)  # type: ignore[method-assign]
        making.publish_report = timed("published", making.publish_report)
        archive_pages.add_to_index = timed("pages", archive_pages.add_to_index)
        processor = time.process_time()
        seconds = made(places, 3, address)
        processor = time.process_time() - processor
    fetched, published, pages = (sum(spent[name]) / count for name in ("fetched", "published", "pages"))
    print(
        f"{count} reports of {REPORT_BYTES / 1000:.0f} kB handed back at once by two workers, three under way"
    )
    print(f"{seconds / count:8.4f} s a report on the clock; of processor, in the process that asks:")
    print(f"{published - fetched - pages:8.4f} s to claim, publish and record it")
    print(f"{pages:8.4f} s for the pages about an archive of up to {count} reports")
    print(
        f"{processor / count - published + fetched:8.4f} s to send, schedule and fetch it (the scheduler is here)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["reports", "parts", "way"])
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "way":
        way(given.count, given.jobs, given.workers)
    else:
        {"reports": reports, "parts": parts}[given.part](given.count)


if __name__ == "__main__":
    main()
