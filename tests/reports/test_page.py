"""The published page in a real browser, opened from a folder without a network."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

WIDTHS = [1280, 390]


@dataclass
class Seen:
    """What a browser did while it showed a page."""

    page: Page
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def outside(self, folder: Path) -> list[str]:
        """Requests for anything but files under `folder` and what is inside the page itself."""
        inside = [f"file://{folder.resolve()}/", "data:", "blob:"]
        return [url for url in self.asked if not any(unquote(url).startswith(start) for start in inside)]


def show(
    browser: Browser, file: Path, *, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> Seen:
    """Open a page with the network cut, and wait until its figures are drawn."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    seen = Seen(context.new_page())
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    seen.page.on("console", lambda message: seen.troubles.append(f"{message.type}: {message.text}"))
    seen.page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    seen.page.on("dialog", lambda dialog: seen.troubles.append(f"dialog: {dialog.message}"))
    seen.page.goto(file.resolve().as_uri())
    seen.page.wait_for_selector("body.figures-drawn", timeout=20_000)
    return seen


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_draws_every_figure_offline_and_fits_its_window(
    browser: Browser, russian_report: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    seen = show(browser, russian_report / "index.html", width=width, scheme=scheme)
    assert seen.page.locator("figure.since-figure svg.dumbbell").count() == 3  # two indicators and their axis
    figures = seen.page.locator("figure:not(.since-figure)")
    assert figures.count() == 4  # a trend and its houses, of two indicators
    for figure in figures.all():
        assert figure.locator(".main-svg").count() > 0
        assert figure.locator("figcaption").inner_text().strip()
        assert figure.locator("details.numbers table tbody tr").count() > 0
    assert seen.troubles == []
    assert seen.outside(russian_report.parents[1]) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_mail_copy_carries_everything_in_one_file(browser: Browser, russian_report: Path) -> None:
    copy = russian_report.with_name(f"{russian_report.name}.html")
    seen = show(browser, copy)
    assert [url for url in seen.asked if urlsplit(url).scheme == "file"] == [copy.resolve().as_uri()]
    assert seen.outside(copy.parent) == []
    assert seen.page.locator("figure .main-svg").count() >= 4
    assert seen.troubles == []


def test_every_trend_figure_marks_every_house_that_it_names(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    names = page.evaluate("document.querySelector('#trend-anxiety .js-plotly-plot').data.map(t => t.name)")
    assert {"FOM", "Levada Center", "Chronicles", "ExtremeScan"} <= set(names)


def test_a_rough_figure_is_drawn_as_a_range_and_stands_as_one_in_the_findings(
    browser: Browser, russian_report: Path
) -> None:
    page = show(browser, russian_report / "index.html").page
    drawn = page.evaluate(
        "document.querySelector('#trend-anxiety .js-plotly-plot').data.find(t => t.name === 'ExtremeScan').y"
    )
    assert drawn[:2] == [56, 60]
    said = page.locator("#findings").inner_text()
    assert "56–60%" in said
    assert "15–18%" in said
    assert "ExtremeScan’s figure for July 2025" in said


def test_text_of_a_table_shows_no_markup(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    assert not re.search(r"</?(svg|span|a|em|details)\b", page.locator("main").inner_text())
    assert "NaN" not in page.locator("main").inner_text()


def test_columns_sort_by_a_click(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    table = page.locator("#waves-anxiety table").first
    days = [cell.get_attribute("data-day") for cell in table.locator("tbody [data-day]").all()]
    table.locator("thead button").first.click()
    after = [cell.get_attribute("data-day") for cell in table.locator("tbody [data-day]").all()]
    assert after == sorted(after)
    assert sorted(days) == after != days


def test_code_and_numbers_are_one_click_away(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    code = page.locator("#reproduce pre.code").first
    assert not code.is_visible()
    page.locator("#reproduce > details > summary").click()
    page.locator("#reproduce details.numbers > summary").click()
    assert code.is_visible()


def test_a_reader_without_scripts_gets_the_numbers(browser: Browser, russian_report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((russian_report / "index.html").resolve().as_uri())
    assert page.locator("body > noscript").count() == 1
    assert "almost certainly" in page.locator("#findings").inner_text()
    assert (
        page.locator("#trend-anxiety [id$=alternative]").inner_text().startswith("Line chart of Anxious mood")
    )


def test_the_page_is_light_and_says_what_it_may_run(russian_report: Path) -> None:
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'<meta [^>]*http-equiv="Content-Security-Policy"[^>]*>', page)
    assert "default-src 'none'" in policy.replace("&#39;", "'")
    assert "unsafe-eval" not in policy
    assert len(page.encode()) <= 600_000
    assert russian_report.with_name(f"{russian_report.name}.html").stat().st_size <= 2_500_000


def test_what_the_page_says_stands_in_its_files(russian_report: Path) -> None:
    manifest = json.loads((russian_report / "manifest.json").read_text(encoding="utf-8"))
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    found = json.loads((russian_report / "findings.json").read_text(encoding="utf-8"))
    assert manifest["report"]["headline"] == found["headline"]
    assert found["headline"] in page
    assert 2 <= len(found["findings"]) <= 4


def test_the_archive_page_opens_offline(browser: Browser, russian_report: Path) -> None:
    reports = russian_report.parents[1]
    page = browser.new_context(offline=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((reports / "index.html").as_uri())
    page.get_by_role("link", name="Anxious mood").first.click()
    assert unquote(page.url) == f"file://{(russian_report / 'index.html').resolve()}"
    assert all(url.startswith(("file:", "data:")) for url in asked)
