"""A small project with one tiny survey, and notebooks that each show one behaviour."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waves.folders import survey_of_acme, toplines

from groundswell.reports.evidence.manifest import sealed, write_manifest
from groundswell.reports.publish.archive import folder_name
from groundswell.runs.plan.manifest import compile_manifest, describe_files
from groundswell.runs.plan.plan import Plan

NOTEBOOKS = Path(__file__).parent / "notebooks"

SURVEY = survey_of_acme(
    "Testland: mood",
    """\
[indicators.anxiety]
title = "Anxious mood"
description = "share of adults who feel anxious"
higher_is = "worse"
[indicators.anxiety.variants.acme]
house = "acme"
question = "Do you feel anxious?"
numerator = ["yes"]
""",
    country="Testland",
)
ROW = (
    "anxiety,acme,acme,,yes,0.4{0},,,2024-0{0}-01,2024-0{0}-03,day,1000,,,2024-0{0}-10,"
    "Acme bulletin,https://acme.example/{0},verbatim_primary,"
)


@dataclass(frozen=True)
class Project:
    """A project folder and ways to act on it."""

    folder: Path

    def add_wave(self, number: int, survey: str = "testland") -> None:
        """One more row for `survey`'s toplines."""
        with (self.folder / "surveys" / survey / "toplines.csv").open("a", encoding="utf-8") as file:
            file.write(ROW.format(number) + "\n")

    def add_survey(self, name: str) -> None:
        """A sound survey with one wave."""
        folder = self.folder / "surveys" / name
        folder.mkdir(parents=True)
        (folder / "survey.toml").write_text(SURVEY, encoding="utf-8")
        (folder / "toplines.csv").write_text(toplines(), encoding="utf-8")
        self.add_wave(1, name)

    def use_notebook(self, name: str, as_name: str = "wave_report") -> None:
        """Lay one of the test notebooks into the project."""
        source = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
        (self.folder / "notebooks" / f"{as_name}.ipynb").write_text(source, encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The groundswell command line for this project."""
        return [sys.executable, "-m", "groundswell", "--project", str(self.folder), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run groundswell to its end."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=180, check=False
        )

    def start(self, *arguments: str, marker: str) -> subprocess.Popen[str]:
        """Start groundswell and return when the notebook has touched the file `marker` in the project."""
        process = subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A test suite started in the background inherits an ignored Ctrl-C; a user's terminal does not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        wait_until((self.folder / "notebooks" / marker).exists)
        return process

    def archive(self) -> dict[str, bytes]:
        """Every published file with its content, without what is hidden."""
        reports = self.folder / "reports"
        files = (file for file in reports.rglob("*") if file.is_file())
        visible = (
            file for file in files if not any(p.startswith(".") for p in file.relative_to(reports).parts)
        )
        return {file.relative_to(reports).as_posix(): file.read_bytes() for file in visible}

    def manifest(self, folder: str) -> dict[str, object]:
        """The manifest of a published report of `testland`."""
        text = (self.folder / "reports" / "testland" / folder / "manifest.json").read_text(encoding="utf-8")
        found: dict[str, object] = json.loads(text)
        return found


def lay_report(folder: Path, plan: Plan, inputs: list[dict[str, Any]], revision: int) -> None:
    """A report's folder with what a plan asks of it: a manifest over these inputs and the plan's parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checks.json").write_text("[]")
    (folder / "findings.json").write_text('{"summary": {}}')
    manifest = compile_manifest(
        inputs=inputs, parameters=plan.parameters, saved=folder, survey=plan.survey, title=plan.title,
        as_of=plan.as_of, chosen=dict(plan.chosen), revision=revision, folder=folder_name(plan.name, revision),
        edition=plan.edition, notebook=plan.notebook.name, created="2024-06-01T06:00:00+00:00",
    )  # fmt: skip
    files = describe_files((folder / name for name in ("checks.json", "findings.json")), folder)
    write_manifest(folder, sealed(manifest, times={}, files=files))


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until `true()`; fail after `seconds`."""
    import time

    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def processes_in(folder: Path) -> list[int]:
    """Numbers of the other running processes whose command line mentions `folder`."""
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if str(folder).encode() in _command_line(process) and int(process.name) != os.getpid()
    ]


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return b""
