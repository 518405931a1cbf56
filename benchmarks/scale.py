"""A million reports on a hundred machines, simulated from parts that were measured: what breaks first.

    python benchmarks/scale.py                                   # the parts of docs/scale.md
    python benchmarks/scale.py --reports 1000000 --machines 100 --slots 8 --report 3.0 --publish 0.05 ...

Each report goes through three places: one of `machines x slots` slots, which works on it for `--report` seconds
(drawn, with a spread of a third); the one scheduler, for `--schedule` seconds; and the one writer, for `--publish`
seconds and for the pages about the archive, `--index` seconds and `--index-reports` more for each thousand reports of
its survey. The client keeps half as many reports as there are slots waiting on the cluster. No clock is read: it is a
queue of events, and the same figures give the same answer. The last lines leave one bottleneck after the other away.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Parts:
    """Seconds of one report in each place, and how many there are."""

    reports: int
    surveys: int
    machines: int
    slots: int
    report: float
    schedule: float
    publish: float
    index: float
    index_reports: float
    index_every: float = 0.0
    """Seconds between two updates of the pages; 0 for one a report."""

    writers: int = 1


@dataclass(frozen=True)
class Outcome:
    """Hours in all, and the share of them in which each place was busy."""

    hours: float
    slots: float
    scheduler: float
    writer: float


def simulate(parts: Parts, seed: int = 1) -> Outcome:
    """Let all reports go through."""
    draw = random.Random(seed)  # noqa: S311 - a spread of seconds
    slots = parts.machines * parts.slots
    free, writers = [0.0] * slots, [0.0] * parts.writers
    scheduler = busy_slots = busy_scheduler = busy_writer = end = 0.0
    next_index = parts.index_every
    done: list[tuple[float, int]] = []
    sent = published = 0
    now = 0.0
    while published < parts.reports:
        while sent < parts.reports and sent - published < slots * 3 // 2:
            scheduler = max(scheduler, now) + parts.schedule
            busy_scheduler += parts.schedule
            begun = max(scheduler, heapq.heappop(free))
            took = parts.report * max(0.1, draw.gauss(1, 1 / 3))
            busy_slots += took
            heapq.heappush(free, begun + took)
            heapq.heappush(done, (begun + took, sent))
            sent += 1
        ready, _ = heapq.heappop(done)
        writing = parts.publish
        of_survey = published / parts.surveys / 1000
        pages = parts.index + parts.index_reports * of_survey
        if not parts.index_every:
            writing += pages
        elif ready > next_index:
            writing += pages
            next_index = ready + parts.index_every
        begun = max(ready, heapq.heappop(writers))
        busy_writer += writing
        now = begun + writing
        heapq.heappush(writers, now)
        end = max(end, now)
        published += 1
    return Outcome(
        end / 3600, busy_slots / slots / end, busy_scheduler / end, busy_writer / parts.writers / end
    )


def show(name: str, parts: Parts) -> None:
    """Print one line."""
    came = simulate(parts)
    print(
        f"{name:<52}{came.hours:8.1f} h   slots {came.slots:6.1%}   scheduler {came.scheduler:6.1%}   "
        f"writer {came.writer:6.1%}",
        flush=True,
    )


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--machines", type=int, default=100)
    parser.add_argument("--slots", type=int, default=8)
    for name in ("report", "schedule", "publish", "index", "index-reports"):
        parser.add_argument(f"--{name}", type=float, required=True)
    given = parser.parse_args()
    parts = Parts(
        given.reports, given.surveys, given.machines, given.slots, given.report, given.schedule, given.publish,
        given.index, given.index_reports,
    )  # fmt: skip
    show("as it is", parts)
    later = replace(parts, index_every=60)
    show("the pages about the archive once a minute", later)
    show("... and ten writers, each with surveys of its own", replace(later, writers=10))
    show("... and publishing and scheduling for nothing", replace(later, publish=0, schedule=0))


if __name__ == "__main__":
    main()
