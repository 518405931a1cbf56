"""Copies of a published report for mail and for paper, made from the report and laid next to its folder."""

from __future__ import annotations

from pathlib import Path

from groundswell.errors import RunError
from groundswell.files import write_whole
from groundswell.reports.evidence.manifest import Manifest, read_manifest
from groundswell.runs.kernel.cells import read_notebook


def write_single_file(folder: Path) -> Path:
    """Write the report in `folder` as one page with its script inside, and return that page: `<folder>.html`.

    Raises: RunError where the report has no readable manifest.
    """
    from groundswell.reports.publish.page import render_page

    page = render_page(read_notebook(folder / "report.ipynb"), _manifest(folder), script="inside")
    copy = folder.with_name(f"{folder.name}.html")
    write_whole(copy, page)
    return copy


def _manifest(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    if manifest is None:
        raise RunError(f"`{folder.name}` has no readable manifest.json; make the report again")
    return manifest


def write_card(folder: Path) -> Path:
    """Draw the report in `folder` as one picture through Chromium, and return it: `<folder>.png`.

    Raises: RunError where there is no Chromium, or the report has no readable manifest.
    """
    from groundswell.reports.publish.card import card_page
    from groundswell.reports.publish.chromium import draw_picture

    copy = folder.with_name(f"{folder.name}.png")
    draw_picture(card_page(_manifest(folder)), copy)
    return copy


def write_pdf(folder: Path) -> Path:
    """Print the report in `folder` through Chromium, and return the PDF: `<folder>.pdf`.

    Raises: RunError where there is no Chromium.
    """
    from groundswell.reports.publish.chromium import print_pdf

    copy = folder.with_name(f"{folder.name}.pdf")
    print_pdf(folder / "index.html", copy)
    return copy
