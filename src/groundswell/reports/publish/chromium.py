"""Paper and pictures: a page printed to PDF, or drawn as PNG, by a Chromium that is already on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from groundswell.errors import RunError
from groundswell.files import write_whole

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120
"""Seconds that printing may take."""
CARD = (1200, 630)
"""Pixels of the picture that mail and chat show of a report."""


def find_chromium() -> Path:
    """The first Chromium on the path.

    Raises: RunError where there is none.
    """
    for name in BROWSERS:
        browser = shutil.which(name)
        if browser:
            return Path(browser)
    raise RunError(
        f"a PDF or a card needs Chromium, and none of {', '.join(BROWSERS)} is on the path: install one "
        "(Debian: `apt install chromium`), or print the page from any browser"
    )


def print_pdf(page: Path, pdf: Path) -> None:
    """Print `page` to `pdf`, whole or not at all; its figures are drawn for paper first.

    Raises: RunError where there is no Chromium, or it makes no PDF within `PATIENCE`.
    """
    _make(page, pdf, "--no-pdf-header-footer", "--virtual-time-budget=10000", result="--print-to-pdf")


def draw_picture(page: str, picture: Path) -> None:
    """Draw a page of CARD pixels, given as text, to the PNG file `picture`, whole or not at all.

    Raises: RunError where there is no Chromium, or it draws nothing within `PATIENCE`.
    """
    with tempfile.TemporaryDirectory(dir=picture.parent, prefix=".") as near:
        source = Path(near, "card.html")
        source.write_text(page, encoding="utf-8")
        size = f"--window-size={CARD[0]},{CARD[1]}"
        _make(source, picture, "--hide-scrollbars", size, result="--screenshot")


def _make(page: Path, target: Path, *options: str, result: str) -> None:
    browser = find_chromium()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as near:
        half = Path(near, target.name)
        command = [
            str(browser),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={near}/profile",
            *options,
            f"{result}={half}",
            page.resolve().as_uri(),
        ]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise RunError(f"`{target.name}`: Chromium did not make it within {PATIENCE} seconds") from error
        if not half.is_file():
            said = run.stderr.strip().splitlines()[-1:] or [f"exit code {run.returncode}"]
            raise RunError(f"`{target.name}`: Chromium did not make it ({said[0]})")
        write_whole(target, half.read_bytes())
