"""A fleet of reports: what an unchanged one costs, and how long the largest surveys take.

    python benchmarks/fleet.py unchanged --reports 1000
    python benchmarks/fleet.py large --survey wide        # 100 indicators of 20 waves each
    python benchmarks/fleet.py large --survey long        # one indicator, 5 houses of 2,000 waves each
    python benchmarks/fleet.py large --survey wide --profile

Seconds are given on the wall and of processor time: a busy machine disturbs the second little. `unchanged` times
`groundswell report --all` over so many surveys of one report each, all of which are there; its floor, in the same run,
is `python -c "import groundswell.cli"` and one SHA-256 of each file. `large` makes one report in a kernel, in an empty
archive; with `--profile` the notebook's cells run in this process instead, and where the time goes is printed.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import io
import json
import os
import pstats
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from math import exp, sqrt
from pathlib import Path

from IPython.core.formatters import format_display_data

from groundswell.checksum import checksum
from groundswell.reports.evidence.manifest import sealed, write_manifest
from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY
from groundswell.runs.plan.manifest import compile_manifest
from groundswell.runs.plan.plan import Plan, draft_plan
from groundswell.runs.plan.shared import Shared
from groundswell.waves.toplines.row import COLUMNS

REPOSITORY = Path(__file__).resolve().parents[1]
TOP = """\
title = "An invented survey"
universe = "Adults"
geography = "Nowhere"
licence = "CC0"
default_deff = 1.5
default_deff_source = "invented"
[shared_bias]
sd = 0.1
source = "invented"
"""
HOUSE = '[houses.house-{0}]\nname = "House {0}"\nmode = "online"\n'
INDICATOR = """\
[indicators.item-{0}]
title = "Item {0}"
description = "say yes to item {0}"
higher_is = "worse"
"""
VARIANT = """\
[indicators.item-{0}.variants.house-{1}]
house = "house-{1}"
question = "Item {0}?"
numerator = ["yes"]
"""


def write_survey(folder: Path, indicators: int, houses: int, waves: int, seed: int = 1) -> None:
    """A survey of so many indicators and houses, each house with so many waves: random walks, sampled."""
    draw = random.Random(seed)  # noqa: S311 - invented figures
    folder.mkdir(parents=True)
    items = [INDICATOR.format(item) for item in range(indicators)]
    items = [
        text + "".join(VARIANT.format(item, house) for house in range(houses))
        for item, text in enumerate(items)
    ]
    text = TOP + "".join(HOUSE.format(house) for house in range(houses)) + "".join(items)
    (folder / "survey.toml").write_text(text, encoding="utf-8")
    rows = io.StringIO()
    table = csv.DictWriter(rows, COLUMNS, restval="")
    table.writeheader()
    last, days = date(2026, 6, 30), 12 * 365
    for item in range(indicators):
        level = draw.gauss(-0.4, 0.4)
        for wave in range(waves):
            level += draw.gauss(0, 0.6 / sqrt(waves))
            for house in range(houses):
                end = last - timedelta(days=int(days * (waves - 1 - wave) / waves) + house)
                share = draw.gauss(1 / (1 + exp(-level)), sqrt(0.25 / 1000))
                table.writerow(
                    {
                        "indicator": f"item-{item}",
                        "variant": f"house-{house}",
                        "house": f"house-{house}",
                        "category": "yes",
                        "share": f"{min(max(share, 0.01), 0.99):.3f}",
                        "start": (end - timedelta(days=2 if waves < 500 else 0)).isoformat(),
                        "end": end.isoformat(),
                        "precision": "day",
                        "n": "1000",
                        "published": end.isoformat(),
                        "source_title": "Invented",
                        "source_url": "https://example.org",
                        "certainty": "verbatim_primary",
                    }
                )
    (folder / "toplines.csv").write_text(rows.getvalue(), encoding="utf-8")


SURVEYS: dict[str, Callable[[Path], None]] = {
    "wide": lambda folder: write_survey(folder, indicators=100, houses=1, waves=20),
    "long": lambda folder: write_survey(folder, indicators=1, houses=5, waves=2000),
    "small": lambda folder: write_survey(folder, indicators=2, houses=2, waves=10),
    "wide-tenth": lambda folder: write_survey(folder, indicators=10, houses=1, waves=20),
    "long-tenth": lambda folder: write_survey(folder, indicators=1, houses=5, waves=200),
}


def publish(plan: Plan, folder: Path | None = None) -> None:
    """A report that is there and unchanged: its manifest is all that a plan looks at."""
    folder = folder or plan.reports / plan.survey / plan.name
    folder.mkdir(parents=True)
    (folder / "checks.json").write_text("[]")
    (folder / "findings.json").write_text('{"summary": {}}')
    manifest = compile_manifest(
        inputs=plan.inputs(),
        parameters=plan.parameters,
        saved=folder,
        survey=plan.survey,
        title=plan.title,
        as_of=plan.as_of,
        chosen=dict(plan.chosen),
        revision=1,
        folder=folder.name,
        edition=plan.edition,
        notebook=plan.notebook.name,
        created="2026-01-01T00:00:00+00:00",
    )
    write_manifest(folder, sealed(manifest, times={}, files=[]))


def unchanged(reports: int) -> None:
    """Make a fleet of unchanged reports, and time the command that finds them so."""
    with project() as folder:
        for number in range(reports):
            SURVEYS["small"](folder / "surveys" / f"survey-{number:04}")
        shared = Shared(folder)
        for number in range(reports):
            publish(draft_plan(shared, f"survey-{number:04}", {}))
        command = [sys.executable, "-P", "-m", "groundswell", "report", "--all", "--quiet"]
        timed(command, folder)  # makes the pages about the archive
        show(f"{reports} unchanged reports", *timed(command, folder))
        show(
            "floor: python and groundswell's command line",
            *timed([sys.executable, "-P", "-c", "import groundswell.cli"], folder),
        )
        started, processor = time.perf_counter(), time.process_time()
        files = [file for file in (folder / "surveys").rglob("*") if file.is_file()]
        for file in files:
            checksum(file)
        show(
            f"floor: SHA-256 of {len(files)} files",
            time.perf_counter() - started,
            time.process_time() - processor,
        )


def large(survey: str, *, profile: bool) -> None:
    """Make the report of one of the large surveys."""
    with project() as folder:
        SURVEYS[survey](folder / "surveys" / survey)
        if profile:
            os.chdir(folder / "notebooks")
            profile_notebook(folder, survey)
            return
        command = [sys.executable, "-P", "-m", "groundswell", "report", survey]
        show(f"report of `{survey}`", *timed(command, folder, quiet=False))
        (made,) = (folder / "reports" / survey).glob("*-*-*/")
        print(f"  page: {(made / 'index.html').stat().st_size / 1000:.0f} kB")
        for cell in json.loads((made / "report.ipynb").read_text(encoding="utf-8"))["cells"]:
            seconds = cell["metadata"].get("papermill", {}).get("duration") or 0
            if seconds > 1:
                print(f"  {seconds:6.1f} s  {''.join(cell['source']).strip().splitlines()[-1]}")


def profile_notebook(folder: Path, survey: str) -> None:
    """Run the cells of the report's notebook in this process, and print where the time goes."""
    cells = json.loads((folder / "notebooks" / "wave_report.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {"display": lambda *shown: [format_display_data(each) for each in shown]}
    os.environ |= {RUN_FOLDER: str(folder), RUN_SURVEY: str(folder / "surveys" / survey)}
    profiler = cProfile.Profile()
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        started = time.process_time()
        profiler.enable()
        exec(compile(source, "<cell>", "exec"), names)  # noqa: S102 - the project's own notebook
        profiler.disable()
        if "parameters" in cell["metadata"].get("tags", ()):
            names["survey"] = survey
        print(f"{time.process_time() - started:8.1f} s  {source.strip().splitlines()[-1]}", flush=True)
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(70)


@contextmanager
def project() -> Iterator[Path]:
    """An empty project with the bundled notebooks."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        shutil.copytree(REPOSITORY / "notebooks", folder / "notebooks")
        (folder / "surveys").mkdir()
        yield folder


def timed(command: list[str], folder: Path, *, quiet: bool = True) -> tuple[float, float]:
    """Seconds of a command that must succeed: on the wall, and of the processor with all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL if quiet else None)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(what: str, wall: float, processor: float) -> None:
    """Print one figure."""
    print(f"{wall:8.2f} s  {processor:8.2f} s of processor  {what}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["unchanged", "large"])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--survey", choices=list(SURVEYS), default="wide")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.part == "unchanged":
        unchanged(options.reports)
    else:
        large(options.survey, profile=options.profile)


if __name__ == "__main__":
    main()
