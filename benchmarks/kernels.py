"""What a kernel costs: cold, forked from a server, and the floor of a bare fork; and the memory of each.

    python benchmarks/kernels.py --reports 8

`groundswell report --all --jobs 1` makes so many small reports in an empty archive, with either kind of kernel. The
floor, in the same run, forks as often from a process that has imported what a notebook needs, and runs the cells there
without Jupyter; it makes no page. Seconds are given on the wall and of processor time: a busy machine disturbs the
second little. Memory is the proportional share (PSS) of each of four kernels that wait for their first cell.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from statistics import mean

from fleet import SURVEYS, project, show, timed
from IPython.core.formatters import format_display_data

from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY
from groundswell.runs.kernel import process
from groundswell.runs.kernel.kernels import Kernel, start_kernel
from groundswell.runs.kernel.warm import KERNELS, KernelServer

KERNELS_AT_ONCE = 4


def batches(folder: Path, reports: int) -> None:
    """Time the command with either kind of kernel."""
    for kind in ("cold", "warm", "cold", "warm"):
        os.environ[KERNELS] = kind
        command = [sys.executable, "-P", "-m", "groundswell", "report", "--all", "--quiet", "--jobs", "1"]
        wall, processor = timed(command, folder)
        show(f"a report, {kind} kernels", wall / reports, processor / reports)
        (folder / "reports").rename(folder / f"reports-{kind}-{time.time()}")


def bare_forks(folder: Path, reports: int) -> None:
    """Time forks that run the notebook's cells."""
    process.prepare()
    os.chdir(folder / "notebooks")
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for survey in sorted((folder / "surveys").iterdir()):
        if not os.fork():
            with tempfile.TemporaryDirectory() as saved:
                os.environ |= {RUN_FOLDER: saved, RUN_SURVEY: str(survey)}
                with redirect_stdout(None):
                    run_cells(folder / "notebooks" / "wave_report.ipynb", {"survey": survey.name})
            os._exit(0)
        if os.wait()[1]:
            sys.exit("a cell raised")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    show("floor: a fork that runs the cells", (time.perf_counter() - started) / reports, processor / reports)


def run_cells(notebook: Path, parameters: Mapping[str, object]) -> None:
    """Run a notebook's cells in this process, with these parameters instead of its own."""
    names: dict[str, object] = {"display": lambda *shown: [format_display_data(each) for each in shown]}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - the project's own notebook
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= parameters


def memory(kind: str) -> None:
    """Print what each of some kernels holds that are there at once."""
    server = KernelServer() if kind == "warm" else None
    with tempfile.TemporaryDirectory() as place:
        kernels = []
        for number in range(KERNELS_AT_ONCE):
            folder = Path(place, str(number))
            folder.mkdir()
            kernels.append(start_kernel(folder, folder, folder, server))
        for kernel in kernels:
            asyncio.run(answer_of(kernel))
        held = [share_of_memory(child) for kernel in kernels for child in children(kernel.process.pid)]
        guardians = mean(share_of_memory(kernel.process.pid) for kernel in kernels)
        print(
            f"{mean(held):8.0f} MB  a {kind} kernel of {len(held)}; its guardian {guardians:.0f} MB",
            flush=True,
        )
        for kernel in kernels:
            kernel.end()
    if server is not None:
        server.end()


async def answer_of(kernel: Kernel) -> None:
    """Wait until the kernel answers."""
    manager = kernel.manager()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    client.stop_channels()


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def share_of_memory(process: int) -> float:
    """Megabytes; what is shared is divided among those that share it."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=8)
    reports = parser.parse_args().reports
    for kind in ("cold", "warm"):
        memory(kind)
    with project() as folder:
        for number in range(reports):
            SURVEYS["small"](folder / "surveys" / f"survey-{number:04}")
        batches(folder, reports)
        bare_forks(folder, reports)


if __name__ == "__main__":
    main()
