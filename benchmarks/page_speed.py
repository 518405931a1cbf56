"""How soon a page shows its figures, how large it is, and how an index of many reports holds up.

    python benchmarks/page_speed.py --rounds 5 --reports 1000

Each opening is cold: a new Chromium with an empty profile, from `file://`. In the same rounds stand a peer, Plotly's
own page (`plotly.io.to_html`) of the report's first figure alone, and a floor, a page that only loads the script.
Medians are printed. The index is of invented reports: manifests with random walks for levels.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import plotly.io
from playwright.sync_api import Page, sync_playwright

from groundswell.reports.publish.index.archive_pages import rebuild_index

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SURVEYS = ("russia-mood", "us-household-pulse")
SPEC = re.compile(r'class="plot"[^>]*><script type="application/json">(.*?)</script>', re.DOTALL)
MARK = "name => performance.getEntriesByName(name)[0].startTime"


def make_reports(project: Path) -> dict[str, Path]:
    """The report folder of each survey, its mail copy next to it."""
    for part in ("surveys", "notebooks"):
        shutil.copytree(REPOSITORY / part, project / part)
    subprocess.run(
        [str(BIN / "groundswell"), "report", *SURVEYS, "--quiet", "--single-file"], cwd=project, check=True
    )
    return {survey: next((project / "reports" / survey).glob("*-*-*/")) for survey in SURVEYS}


def plain_pages(report: Path, folder: Path) -> dict[str, Path]:
    """The peer, Plotly's own page of the first figure, and the floor, its script alone."""
    found = SPEC.search((report / "index.html").read_text(encoding="utf-8"))
    assert found is not None
    spec = json.loads(found[1])
    spec["layout"].pop("meta", None)
    done = "performance.mark('first-figure'); performance.mark('all-figures')"
    figure = plotly.io.to_html(
        {"data": spec["data"], "layout": spec["layout"]},
        include_plotlyjs="directory",
        post_script=f"{done}; document.body.classList.add('figures-drawn')",
        validate=False,
    )
    (script,) = (report.parents[1] / "assets").glob("*.js")
    shutil.copyfile(script, folder / "plotly.min.js")
    then = f"<script>{done};document.body.className='figures-drawn'</script>"
    floor = f"<body><script src='plotly.min.js'></script>{then}"
    pages = {"peer: plotly's page, one figure": figure, "floor: the script alone": floor}
    for place, text in enumerate(pages.values()):
        (folder / f"{place}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{place}.html" for place, name in enumerate(pages)}


def open_cold(page: Path, measure: Callable[[Page], dict[str, float]]) -> dict[str, float]:
    """Open a page in a new browser and measure it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(page.as_uri())
        figures = measure(opened)
        browser.close()
    return figures


def figure_times(page: Page) -> dict[str, float]:
    """Seconds from the start of navigation to the first figure and to all of them."""
    page.wait_for_selector("body.figures-drawn", timeout=60_000)
    return {name: page.evaluate(MARK, name) / 1000 for name in ("first-figure", "all-figures")}


def index_times(page: Page) -> dict[str, float]:
    """Seconds to the load event and to the first contentful paint."""
    page.wait_for_timeout(1500)
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
    return {"load": loaded, "first paint": page.evaluate(MARK, "first-contentful-paint") / 1000}


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}


def invent_reports(reports: Path, count: int, surveys: int = 20) -> None:
    """Manifests of `count` reports of `surveys` surveys, a week apart."""
    draw = random.Random(1)  # noqa: S311 - invented levels
    for number in range(count):
        survey, week = f"survey-{number % surveys:02}", number // surveys
        day = (date(2020, 1, 6) + timedelta(weeks=week)).isoformat()
        folder = reports / survey / day
        folder.mkdir(parents=True)
        indicators = []
        for indicator in ("anxiety", "planning"):
            level, spark = draw.uniform(0.2, 0.6), []
            for _ in range(32):
                level += draw.gauss(0, 0.01)
                spark.append(round(min(max(level, 0.02), 0.98), 4))
            last = spark[-1]
            levels = {"share": last, "low95": last - 0.02, "high95": last + 0.02, "spark": spark}
            indicators.append({"indicator": indicator, "title": indicator.title(), "date": day} | levels)
        report = {
            "headline": "Anxious mood is lower than at its highest, in September 2022",
            "deck": "An invented report",
            "status": "passed",
            "checks_passed": 12,
            "checks_run": 12,
            "indicators": indicators,
        }
        about = {
            "survey": survey,
            "title": f"Invented survey {number % surveys}",
            "as_of": day,
            "folder": day,
        }
        manifest = {"schema": 1, "revision": 1, "created": f"{day}T06:00:00+00:00", "report": report} | about
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        (folder / "index.html").write_text("<p>invented</p>", encoding="utf-8")


def show(title: str, figures: dict[str, float], unit: str) -> None:
    """Print figures under a title."""
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {figure:8.2f} {unit}  {name}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reports", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        project, plain = Path(place, "project"), Path(place, "plain")
        project.mkdir()
        plain.mkdir()
        made = make_reports(project)
        pages: dict[str, Path] = {}
        sizes: dict[str, float] = {}
        for survey, folder in made.items():
            for kind, page in (
                ("next to the script", folder / "index.html"),
                ("single file", folder.with_name(f"{folder.name}.html")),
            ):
                pages[f"{survey}, {kind}"] = page
                sizes[f"{survey}, {kind}"] = page.stat().st_size / 1000
        pages |= plain_pages(made[SURVEYS[0]], plain)
        show("sizes", sizes, "kB")
        rounds: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for _ in range(options.rounds):
            for name, page in pages.items():
                rounds[name].append(open_cold(page, figure_times))
        for name, times in rounds.items():
            show(name, medians(times), "s")
        archive = Path(place, "archive")
        invent_reports(archive, options.reports)
        start = time.perf_counter()
        rebuild_index(archive)
        show(f"index of {options.reports} reports", {"rebuilt": time.perf_counter() - start}, "s")
        start = time.perf_counter()
        rebuild_index(archive)
        show("again, nothing new", {"rebuilt": time.perf_counter() - start}, "s")
        for name in ("index.html", "survey-00/index.html"):
            size = (archive / name).stat().st_size / 1000
            opened = [open_cold(archive / name, index_times) for _ in range(options.rounds)]
            show(f"{name}, {size:.0f} kB", medians(opened), "s")


if __name__ == "__main__":
    main()
