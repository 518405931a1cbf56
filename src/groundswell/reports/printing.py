"""Paper: a page printed to PDF by a Chromium that is already on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from groundswell.errors import RunError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120
"""Seconds that printing may take."""


def find_chromium() -> Path:
    """The first Chromium on the path.

    Raises: RunError where there is none.
    """
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise RunError(
        f"a PDF needs Chromium, and none of {', '.join(BROWSERS)} is on the path: install one "
        "(Debian: `apt install chromium`), or print the page from any browser"
    )


def print_pdf(page: Path, pdf: Path) -> None:
    """Print `page` to `pdf`, whole or not at all; its figures are drawn for paper first.

    Raises: RunError where there is no Chromium, or it makes no PDF within `PATIENCE`.
    """
    browser = find_chromium()
    with tempfile.TemporaryDirectory(dir=pdf.parent, prefix=".") as near:
        half = Path(near, pdf.name)
        command = [
            str(browser),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={near}/profile",
            "--no-pdf-header-footer",
            "--virtual-time-budget=10000",
            f"--print-to-pdf={half}",
            page.resolve().as_uri(),
        ]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise RunError(f"`{page.name}`: Chromium did not print it within {PATIENCE} seconds") from error
        if not half.is_file():
            said = run.stderr.strip().splitlines()[-1:] or [f"exit code {run.returncode}"]
            raise RunError(f"`{page.name}`: Chromium printed no PDF ({said[0]})")
        half.replace(pdf)
