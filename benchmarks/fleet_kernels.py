"""A fleet of distinct reports of real surveys, against papermill alone and against the floor of a bare fork.

    python benchmarks/fleet_kernels.py reports --reports 200 --one-job 40 --peers 8
    python benchmarks/fleet_kernels.py runner --reports 2000

`reports` makes so many of three bundled surveys, of each indicator on the last day of each month: some with one job,
and all of them with two. A sample is made once more by each peer, with the parameters in its manifest: by papermill's
API in a Python of its own, by the command lines `papermill` and `jupyter nbconvert`, and by a fork that runs the cells
without Jupyter and without a page. Every table that they save is compared with the published one, byte by byte. The
memory of the command (RSS, its kernels apart) is sampled while it runs; that of kernels is what `benchmarks/kernels.py`
prints.

`runner` says whether the memory of a run stays flat over thousands of reports: there are no kernels, and a report is
its manifest, so that what is left is planning, records and threads.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from statistics import mean
from types import SimpleNamespace

from fleet import REPOSITORY, SURVEYS, project, publish, show, timed
from kernels import run_cells

from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY
from groundswell.runs.kernel import process
from groundswell.runs.kernel.warm import KERNELS
from groundswell.runs.plan.lineup import line_up
from groundswell.runs.plan.plan import Plan, draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run import makers, making
from groundswell.runs.run.batch import run_batch
from groundswell.runs.run.progress import BatchProgress

INDICATORS = {
    "uk-opinions": ("anxiety", "unsure"),
    "russia-mood": ("anxiety", "planning"),
    "ukraine-outlook": ("planning", "outlook"),
}
NEWEST = date(2026, 10, 31)
PAPERMILL = """\
import json, sys, papermill
source, made, parameters = sys.argv[1:]
papermill.execute_notebook(source, made, json.loads(parameters), kernel_name="python3", progress_bar=False)
"""


def month_ends(number: int) -> list[str]:
    """So many last days of months, newest first."""
    days = [NEWEST]
    while len(days) < number:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return [day.isoformat() for day in days]


def reports(number: int, one_job: int, peers: int) -> None:
    """Make the fleet and its sample, and print what a report cost in each way."""
    with project() as folder:
        for survey, indicators in INDICATORS.items():
            copied = shutil.copytree(REPOSITORY / "surveys" / survey, folder / "surveys" / survey)
            with (copied / "survey.toml").open("a", encoding="utf-8") as file:
                file.write(f"\n[[report]]\neach = {{ indicator = {json.dumps(indicators)} }}\n")
        each_day = sum(map(len, INDICATORS.values()))
        fleet(folder, month_ends(ceil(one_job / each_day)), 1)
        shutil.rmtree(folder / "reports")
        made = fleet(folder, month_ends(ceil(number / each_day)), 2)
        sample = made[:: max(1, len(made) // peers)][:peers]
        compare(folder, sample)


def fleet(folder: Path, days: list[str], jobs: int) -> list[Path]:
    """Make the reports of these days, and return their folders."""
    asked = [word for day in days for word in ("--as-of", day)]
    command = [sys.executable, "-P", "-m", "groundswell", "report", *INDICATORS, *asked]
    before, started = used(), time.perf_counter()
    running = subprocess.Popen(
        [*command, "--quiet", "--jobs", str(jobs)], cwd=folder, stdout=subprocess.DEVNULL
    )
    held = []
    while running.poll() is None:
        held.append(resident(running.pid))
        time.sleep(0.5)
    if running.returncode:
        sys.exit("a report failed")
    wall, processor = time.perf_counter() - started, used() - before
    made = sorted(manifest.parent for manifest in (folder / "reports").glob("*/*/manifest.json"))
    show(f"a report, warm kernels, of {len(made)}, --jobs {jobs}", wall / len(made), processor / len(made))
    print(f"{60 * len(made) / wall:8.1f} reports a minute with --jobs {jobs}")
    held = [each for each in held if each]  # the last look may have come after its end
    parts = [held[place * (len(held) - 1) // 4] for place in range(1, 5)]
    print(
        f"{'':8} the command's memory at each quarter: {', '.join(f'{part:.0f} MB' for part in parts)}",
        flush=True,
    )
    return made


def compare(folder: Path, sample: list[Path]) -> None:
    """Make each report of the sample in every other way, and hold what is saved against what was published."""
    notebook = folder / "notebooks" / "wave_report.ipynb"
    ways = {"papermill's API, cold": by_api, "papermill and jupyter nbconvert": by_commands}
    for name, way in ways.items():
        costs = [made_by(way, folder, notebook, report) for report in sample]
        show(f"a report, {name}, of {len(sample)}", *(mean(part) for part in zip(*costs, strict=True)))
    process.prepare()
    os.chdir(folder / "notebooks")
    costs = [made_by(by_fork, folder, notebook, report) for report in sample]
    show(f"floor: a fork, of {len(sample)}", *(mean(part) for part in zip(*costs, strict=True)))


def made_by(way: object, folder: Path, notebook: Path, report: Path) -> tuple[float, float]:
    """Make a report in some way; seconds on the wall and of processor time."""
    parameters = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    with tempfile.TemporaryDirectory() as place:
        saved = Path(place, "saved")
        saved.mkdir()
        os.environ |= {RUN_FOLDER: str(saved), RUN_SURVEY: str(folder / "surveys" / report.parent.name)}
        cost = way(notebook, Path(place, "made.ipynb"), parameters)  # type: ignore[operator]
        for table in sorted(report.glob("*.csv")):
            if table.read_bytes() != (saved / table.name).read_bytes():
                sys.exit(f"{report.parent.name}/{report.name}: {table.name} is another one")
    return cost


def by_api(notebook: Path, made: Path, parameters: dict[str, object]) -> tuple[float, float]:
    """With papermill's API, in a Python and a kernel of their own."""
    given = [str(notebook), str(made), json.dumps(parameters)]
    return timed([sys.executable, "-c", PAPERMILL, *given], notebook.parent)


def by_commands(notebook: Path, made: Path, parameters: dict[str, object]) -> tuple[float, float]:
    """With the two command lines, one after the other."""
    given = ["--no-progress-bar", "-k", "python3", "-y", json.dumps(parameters)]
    run = timed([sys.executable, "-m", "papermill", str(notebook), str(made), *given], notebook.parent)
    page = timed(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(made)], notebook.parent
    )
    return run[0] + page[0], run[1] + page[1]


def by_fork(notebook: Path, _made: Path, parameters: dict[str, object]) -> tuple[float, float]:
    """By a fork of this process, which has imported what a notebook needs."""
    before, started = used(), time.perf_counter()
    if not os.fork():
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            run_cells(notebook, parameters)
        os._exit(0)
    if os.wait()[1]:
        sys.exit("a cell raised")
    return time.perf_counter() - started, used() - before


def runner(number: int) -> None:
    """Run a batch whose reports are their manifests, and print this process's memory as it goes."""
    os.environ[KERNELS] = "cold"
    makers.start_kernel = lambda *_: SimpleNamespace(end=lambda: None)  # type: ignore[assignment]

    def run(plan: Plan, *_: object) -> Path:
        publish(plan)
        return plan.reports / plan.survey / plan.name

    making.publish_report = run  # type: ignore[assignment]
    with project() as folder:
        SURVEYS["small"](folder / "surveys" / "small")
        shared = Shared(folder)
        plans = [draft_plan(shared, "small", {"seed": str(seed)}) for seed in range(number)]
        places = line_up(plans, shared)
        outcomes = run_batch(places, BatchProgress("nothing"), jobs=2, scheduled="2026-01-01T00:00:00+00:00")
        for count, outcome in enumerate(outcomes, start=1):
            if outcome.folder is None:
                sys.exit(outcome.reason)
            if count % max(1, number // 8) == 0:
                print(f"{resident(os.getpid()):8.1f} MB  after {count} reports", flush=True)


def used() -> float:
    """Seconds of processor time of all that this process has started and that has ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def resident(number: int) -> float:
    """Megabytes that a process holds; 0 where it has ended."""
    try:
        pages = Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * resource.getpagesize() / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["reports", "runner"])
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--one-job", type=int, default=40)
    parser.add_argument("--peers", type=int, default=8)
    options = parser.parse_args()
    if options.part == "runner":
        runner(options.reports)
    else:
        reports(options.reports, options.one_job, options.peers)


if __name__ == "__main__":
    main()
