"""How long the pages about an archive take: all of them made anew, brought up to date, and one more report added.

    python benchmarks/archive_index.py --reports 10000 --surveys 25

Makes an archive of synthetic reports (a manifest as a report of two indicators has it, and a scores.csv of two rows
along a chain of forecasts), and prints, each with the memory that the process had at its most:

    floor      reading the bytes of every manifest and scores.csv, and nothing else
    rebuild    every page, with nothing kept
    unchanged  every page again, with everything kept and nothing new
    added      one more report published, in a process that knows nothing yet; then in the same process again
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from groundswell.reports.evidence.earlier.ledger import SCORED

HEADLINE = "Anxious mood fell by 6 points since September 2022, and long-term plans are as rare as they were"
TASKS = ("floor", "rebuild", "unchanged", "added")


def manifest_of(survey: str, day: date, previous: str | None, scores: str) -> dict[str, Any]:
    """What a report's manifest holds, in the size that the bundled surveys' have."""
    digest = hashlib.sha256(f"{survey}{day}".encode()).hexdigest()
    level = {"date": day.isoformat(), "share": 0.4, "low95": 0.35, "high95": 0.45}
    spark = [round(0.4 + 0.001 * (number % 7), 4) for number in range(32)]
    indicators = [
        {"indicator": name, "title": f"Share who are {name}", **level, "spark": spark}
        for name in ("anxious", "planning")
    ]
    check = {"code": "convergence", "indicator": "anxious", "verdict": "passed", "values": {"below": 0.0}}
    return {
        "schema": 2,
        "survey": survey,
        "title": f"The survey {survey}",
        "as_of": day.isoformat(),
        "revision": 1,
        "folder": day.isoformat(),
        "edition": "",
        "created": f"{day}T06:00:00+00:00",
        "language": "en",
        "parameters": {"survey": survey, "as_of": day.isoformat(), "previous": previous, "language": None},
        "ledger": {"previous": previous, "forecasts": None, "chain": digest},
        "inputs": [
            {"path": f"surveys/{survey}/waves/{n}.toml", "sha256": digest, "bytes": 900} for n in range(20)
        ],
        "fingerprint": digest,
        "packages": {f"package-{number}": "1.2.3" for number in range(21)},
        "checks": [check | {"sentence": "The search for the level ended at its most probable. " * 3}] * 14,
        "files": [
            {
                "path": "scores.csv",
                "sha256": hashlib.sha256(scores.encode()).hexdigest(),
                "bytes": len(scores.encode()),
            },
            *({"path": f"{n}.csv", "sha256": digest, "bytes": 10} for n in range(8)),
        ],
        "report": {
            "headline": HEADLINE,
            "deck": "The share of adults who feel anxious",
            "status": "passed",
            "waves": 58,
            "houses": 5,
            "house_names": {"acme": "Acme"},
            "checks_passed": 20,
            "checks_run": 22,
            "indicators": indicators,
        },
        "sha256": "",
    }


def scores_of(day: date) -> str:
    """A scores.csv with two figures that came."""
    row = dict.fromkeys(SCORED, "") | {
        "house": "acme",
        "end": day.isoformat(),
        "crps": "0.01",
        "ahead": "True",
    }
    row |= {"inside50": "1.0", "inside80": "1.0", "inside95": "1.0"}
    line = ",".join(row[name] for name in SCORED)
    return f"{','.join(SCORED)}\n{line}\n{line}\n"


def add_report(reports: Path, survey: str, day: date, previous: date | None) -> None:
    """Publish one synthetic report."""
    folder = reports / survey / day.isoformat()
    folder.mkdir(parents=True)
    scores = scores_of(day)
    before = None if previous is None else f"reports/{survey}/{previous}"
    (folder / "scores.csv").write_text(scores, encoding="utf-8")
    text = json.dumps(manifest_of(survey, day, before, scores), indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def make_archive(reports: Path, many: int, surveys: int) -> None:
    """Weekly reports of so many surveys up to the end of 2025, or daily ones where there is one survey."""
    step = timedelta(days=7 if surveys > 1 else 1)
    for number in range(surveys):
        days = [date(2025, 12, 29) - step * back for back in range(many // surveys)][::-1]
        for previous, day in zip([None, *days], days, strict=False):
            add_report(reports, f"survey-{number:03}", day, previous)


def measured(work: Callable[[], Any]) -> str:
    """Seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - clock:8.3f} s  processor {time.process_time() - processor:8.3f} s"


def read_everything(reports: Path) -> None:
    """Read the bytes of every manifest and scores.csv."""
    for pattern in ("*/*/manifest.json", "*/*/scores.csv"):
        for file in reports.glob(pattern):
            file.read_bytes()


def run_task(task: str, reports: Path) -> None:
    """One measurement, in a process of its own."""
    import resource

    from groundswell.program import describe_code
    from groundswell.reports.publish.index.archive_pages import add_to_index, rebuild_index

    describe_code()  # a run has asked for it already, to know whether a report is there
    if task == "added":
        for week in (1, 2):
            add_report(
                reports, "survey-000", date(2025, 12, 29) + timedelta(days=week), date(2025, 12, 28 + week)
            )
            print(f"{task:<10}{measured(lambda: add_to_index(reports, 'survey-000'))}")
    else:
        work = read_everything if task == "floor" else rebuild_index
        print(f"{task:<10}{measured(lambda: work(reports))}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':<10}{peak:8.0f} MB at the most")


def main() -> None:
    """Make the archive and measure."""
    parser = argparse.ArgumentParser(description="how long the pages about an archive take")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--surveys", type=int, default=25)
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        run_task(given.task, given.folder)
        return
    with tempfile.TemporaryDirectory(prefix="archive-index-") as scratch:
        reports = Path(scratch) / "reports"
        make_archive(reports, given.reports, given.surveys)
        print(f"{given.reports:,} reports of {given.surveys} surveys")
        for task in TASKS:
            command = [sys.executable, "-P", __file__, "--task", task, "--folder", str(reports)]
            subprocess.run(command, check=True)
        kept = sum(file.stat().st_size for file in (reports / ".index").iterdir())
        summary = (reports / "summary.json").stat().st_size
        print(f"summary.json {summary:,} bytes, kept under .index {kept:,} bytes")
        shutil.rmtree(reports)


if __name__ == "__main__":
    main()
