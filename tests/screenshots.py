"""Pictures of every kind of page at two widths, light, dark and on paper, into the ignored folder screenshots/.

Run by `make screenshots` after `make report`; looked at by people, compared by nobody.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
WIDTHS = (1280, 390)


def pages() -> dict[str, Path]:
    """The archive's index; each survey's own page, newest report and newest profile of a wave; mail copies."""
    reports = REPOSITORY / "reports"
    found = {"archive": reports / "index.html"}
    for survey in sorted(folder for folder in reports.glob("[!.]*/") if (folder / "index.html").is_file()):
        found[f"{survey.name}-survey"] = survey / "index.html"
        made = sorted(survey.glob("[0-9]*/index.html"), key=lambda page: page.stat().st_mtime)
        for page in made:
            kind = "profile" if "~wave_profile" in page.parent.name else "report"
            found[f"{survey.name}-{kind}"] = page
        found |= {f"{survey.name}-mail": page for page in survey.glob("[0-9]*.html")}
    return found


def make_copies() -> None:
    """Make what `make report` does not: one wave's profile, and the mail copy, PDF and card of one report."""
    command = [str(Path(sys.executable).with_name("groundswell")), "report", "--quiet"]
    subprocess.run([*command, "simulated-panel", "--notebook", "wave_profile"], cwd=REPOSITORY, check=True)
    copies = ["--single-file", "--pdf", "--card"]
    subprocess.run([*command, "russia-mood", *copies], cwd=REPOSITORY, check=True)


def main() -> None:
    """Draw every page in every way and say where."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("screenshots need Chromium on PATH (Debian's package `chromium`)")
    target = REPOSITORY / "screenshots"
    target.mkdir(exist_ok=True)
    make_copies()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, file in pages().items():
            for scheme in ("light", "dark"):
                for width in WIDTHS:
                    page = browser.new_page(
                        viewport={"width": width, "height": 900},
                        color_scheme="dark" if scheme == "dark" else "light",
                    )
                    page.goto(file.as_uri())
                    page.wait_for_timeout(1500)
                    if page.locator(".plot").count():
                        page.wait_for_selector("body.figures-drawn", timeout=60_000)
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png", full_page=True)
                    if (width, scheme) == (WIDTHS[0], "light"):
                        page.pdf(path=target / f"{name}-print.pdf", prefer_css_page_size=True)
                    page.close()
        browser.close()
    sys.stdout.write(f"{target.name}/: {len(list(target.iterdir()))} pictures\n")


if __name__ == "__main__":
    main()
