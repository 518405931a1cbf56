"""One report, warm file cache: our time by stage against the plain command lines in one run; page sizes.

    python benchmarks/report_time.py --survey russia-mood --rounds 3

The plain way is what the tools' own manuals say: `papermill` runs the notebook, `jupyter nbconvert` makes the
page, each a process of its own, with the same parameters and the same files saved. Rounds alternate between
the two ways after one round that is not counted; medians are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def timed(command: list[str], folder: Path, **environment: str) -> float:
    """Wall-clock seconds of a command that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - start


def ours(project: Path, survey: str) -> dict[str, float]:
    """Seconds of one `groundswell report`, with its stages as its manifest and notebook record them."""
    shutil.rmtree(project / "reports", ignore_errors=True)
    total = timed([str(BIN / "groundswell"), "report", survey, "--quiet"], project)
    (folder,) = (project / "reports" / survey).glob("*-*-*/")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    stages = {f"stage: {name}": seconds for name, seconds in manifest["times"].items()}
    stages["stage: start, checks, publishing, index"] = total - sum(stages.values())
    return {"groundswell report": total} | stages | cell_times(folder / "report.ipynb")


def cell_times(notebook: Path) -> dict[str, float]:
    """Seconds of each code cell, by its first line."""
    times = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and cell["source"]:
            first = "".join(cell["source"]).splitlines()[0]
            times[f"cell: {first[:60]}"] = cell["metadata"]["papermill"]["duration"]
    return times


def plain(project: Path, survey: str, as_of: str) -> dict[str, float]:
    """Seconds of the plain papermill and nbconvert commands on the same notebook."""
    with tempfile.TemporaryDirectory() as made:
        executed = str(Path(made, "report.ipynb"))
        parameters = ["-r", "survey", survey, "-r", "as_of", as_of]
        run = [str(BIN / "papermill"), "wave_report.ipynb", executed, *parameters, "--no-progress-bar"]
        papermill = timed(run, project / "notebooks", GROUNDSWELL_RUN_FOLDER=made)
        nbconvert = timed([str(BIN / "jupyter"), "nbconvert", "--to", "html", executed], project)
        size = Path(made, "report.html").stat().st_size
    return {
        "papermill": papermill,
        "nbconvert": nbconvert,
        "both": papermill + nbconvert,
        "page kB": size / 1000,
    }


def page_sizes(project: Path, survey: str) -> dict[str, float]:
    """Kilobytes of the page next to the shared script, and as a single file."""
    subprocess.run(
        [str(BIN / "groundswell"), "report", survey, "--quiet", "--single-file"],
        cwd=project,
        check=True,
        text=True,
    )
    (folder,) = (project / "reports" / survey).glob("*-*-*/")
    single = folder.with_name(f"{folder.name}.html")
    beside = (folder / "index.html").stat().st_size
    return {"page next to the script, kB": beside / 1000, "single file, kB": single.stat().st_size / 1000}


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}


def show(title: str, figures: dict[str, float]) -> None:
    """Print figures under a title."""
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {figure:8.2f}  {name}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--survey", default="russia-mood")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        for part in ("surveys", "notebooks"):
            shutil.copytree(REPOSITORY / part, project / part)
        as_of = time.strftime("%Y-%m-%d")
        our_rounds, plain_rounds = [], []
        for _ in range(options.rounds + 1):
            our_rounds.append(ours(project, options.survey))
            plain_rounds.append(plain(project, options.survey, as_of))
        mine, theirs = medians(our_rounds[1:]), medians(plain_rounds[1:])
        unchanged = timed([str(BIN / "groundswell"), "report", options.survey, "--quiet"], project)
        show("groundswell, seconds", mine)
        show("plain commands, seconds", theirs)
        show("ratio", {"groundswell / plain": mine["groundswell report"] / theirs["both"]})
        show("nothing to do, seconds", {"groundswell report": unchanged})
        show("sizes", page_sizes(project, options.survey))


if __name__ == "__main__":
    main()
