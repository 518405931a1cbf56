"""Real reports made through the command line, and a browser to open them."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def russian_report(repository: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of a second report, in a project whose path has a space; its mail copy lies beside it.

    It is only read, and made once for all processes that test.
    """
    base = tmp_path_factory.getbasetemp()
    project = (base if worker_id == "master" else base.parent) / "a project"
    with (project.parent / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not project.exists():
            shutil.copytree(repository / "notebooks", project / "notebooks")
            shutil.copytree(repository / "surveys" / "russia-mood", project / "surveys" / "russia-mood")
            make_report(project, "russia-mood", "--as-of", "2024-12-31")
            make_report(project, "russia-mood", "--as-of", "2025-12-31", "--single-file")
    return project / "reports" / "russia-mood" / "2025-12-31"


def make_report(project: Path, survey: str, *options: str) -> Path:
    """Make a report through the command line and return its folder."""
    command = [
        sys.executable,
        "-m",
        "groundswell",
        "--project",
        str(project),
        "report",
        survey,
        "-q",
        *options,
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, cwd=project)
    assert run.returncode == 0, run.stderr
    return (project / run.stdout.splitlines()[0]).parent


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a network."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()
