"""The published page in a real browser, opened from a folder without a network."""

from __future__ import annotations

import csv
import json
import re
import struct
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from groundswell.runs.run.copies import write_card, write_pdf

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


def test_a_long_table_shows_its_newest_rows_and_all_of_them_at_a_click(
    browser: Browser, russian_report: Path
) -> None:
    page = show(browser, russian_report / "index.html").page
    section = page.locator("#waves-anxiety")
    rows = section.locator("tbody tr")
    every = rows.count()
    assert every > 12
    assert [row.is_visible() for row in rows.all()] == [True] * 12 + [False] * (every - 12)
    section.locator("thead button", has_text="Fieldwork").click()
    oldest = section.locator("tbody [data-day]").first
    assert oldest.is_visible()
    assert oldest.get_attribute("data-day") == min(
        str(cell.get_attribute("data-day")) for cell in section.locator("tbody [data-day]").all()
    )
    button = section.get_by_role("button", name=f"Show all {every} rows")
    button.press("Enter")
    assert all(row.is_visible() for row in rows.all())
    assert section.locator(".unfold button").get_attribute("aria-expanded") == "true"


def test_a_wide_table_on_a_phone_says_that_it_scrolls_and_takes_the_focus(
    browser: Browser, russian_report: Path
) -> None:
    page = show(browser, russian_report / "index.html", width=390).page
    box = page.locator("#waves-anxiety .table-scroll")
    box.scroll_into_view_if_needed()
    assert box.get_attribute("tabindex") == "0"
    assert page.evaluate("e => getComputedStyle(e, '::before').visibility", box.element_handle()) == "visible"
    first = box.locator("tbody th").first
    left = first.bounding_box()
    box.evaluate("e => { e.scrollLeft = 200 }")
    assert first.bounding_box() == left
    wide = show(browser, russian_report / "index.html").page
    assert wide.locator("#waves-anxiety .table-scroll").get_attribute("tabindex") is None


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_of_a_figure_touches_another_or_is_cut_off(
    browser: Browser, russian_report: Path, width: int
) -> None:
    page = show(browser, russian_report / "index.html", width=width).page
    for plot in page.locator("figure > .plot").all():
        frame = plot.bounding_box()
        assert frame is not None
        boxes = [
            (label.text_content() or "", box)
            for label in plot.locator(".annotation-text").all()
            if (box := label.bounding_box()) is not None
        ]
        assert boxes
        for place, (text, box) in enumerate(boxes):
            assert box["x"] >= frame["x"] - 1, text
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, text
            for other, near in boxes[:place]:
                apart = (
                    box["x"] + box["width"] <= near["x"] + 1
                    or near["x"] + near["width"] <= box["x"] + 1
                    or box["y"] + box["height"] <= near["y"] + 3
                    or near["y"] + near["height"] <= box["y"] + 3
                )
                assert apart, f"{text} touches {other}"


def test_the_table_of_contents_marks_what_is_read(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    marked = page.locator('.contents a[aria-current="true"]')
    assert marked.count() == 1
    page.locator('.contents a[href="#waves-planning"]').click()
    page.wait_for_function(
        "document.querySelector('.contents a[aria-current]').getAttribute('href') === '#waves-planning'"
    )
    assert marked.count() == 1
    links = page.evaluate("[...document.querySelectorAll('.contents a')].map(a => a.hash.slice(1))")
    assert page.evaluate("ids => ids.every(id => document.getElementById(id))", links)


def test_every_figure_is_named_told_in_words_and_walked_by_keys(
    browser: Browser, russian_report: Path
) -> None:
    page = show(browser, russian_report / "index.html").page
    assert page.locator('[role="img"]').count() == 0
    for plot in page.locator("figure > .plot").all():
        name, words = (
            page.locator(f"#{plot.get_attribute(which)}").inner_text()
            for which in ("aria-labelledby", "aria-describedby")
        )
        assert name
        assert re.search(r"\d", words)
        foot = plot.locator("xpath=following-sibling::div[contains(@class, 'figure-foot')]")
        code = foot.locator("pre.code")
        assert not code.is_visible()
        foot.locator("summary", has_text="Code").click()
        assert "report." in code.inner_text()
    plot = page.locator("#trend-anxiety .plot")
    plot.focus()
    plot.press("ArrowLeft")
    assert re.search(r"\d{4}.*%", page.locator("#trend-anxiety [aria-live]").inner_text(), re.DOTALL)


def test_a_csv_link_saves_the_rows_of_its_table(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html").page
    with page.expect_download() as saving:
        page.locator("#waves-anxiety a[download]").click()
    assert saving.value.suggested_filename == "waves-anxiety.csv"
    with Path(saving.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == page.locator("#waves-anxiety tbody tr").count()
    assert rows[0]["House"] == "Chronicles"


def test_on_paper_nothing_is_cut_and_links_are_written_out(browser: Browser, russian_report: Path) -> None:
    page = show(browser, russian_report / "index.html", width=680).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for plot in page.locator("figure > .plot").all():
        box = plot.locator(".main-svg").first.bounding_box()
        assert box is not None
        assert box["width"] <= 661
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('#trend-anxiety .sources a'), '::after').content"
    )
    assert "https://" in shown
    assert page.locator("#how-measured dl").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator("#how-measured dl").is_visible()


def test_a_report_becomes_a_pdf_with_pages_and_a_card(russian_report: Path, chromium: str) -> None:
    pdf, card = write_pdf(russian_report), write_card(russian_report)
    assert (pdf.name, card.name) == ("2025-12-31.pdf", "2025-12-31.png")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 4
    assert card.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", card.read_bytes()[16:24]) == (1200, 630)
    assert [each.name for each in russian_report.parent.iterdir() if each.name.startswith(".")] == []


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
    parts = dict(
        part.strip().split(" ", 1) for part in policy.replace("&#39;", "'").split('content="')[1].split(";")
    )
    for name in ("script-src", "style-src-elem"):
        assert "'sha256-" in parts[name], name
        assert "unsafe-inline" not in parts[name], name
    assert len(page.encode()) <= 400_000
    assert russian_report.with_name(f"{russian_report.name}.html").stat().st_size <= 2_300_000


def test_what_the_page_says_stands_in_its_files(russian_report: Path) -> None:
    manifest = json.loads((russian_report / "manifest.json").read_text(encoding="utf-8"))
    page = (russian_report / "index.html").read_text(encoding="utf-8")
    found = json.loads((russian_report / "findings.json").read_text(encoding="utf-8"))
    assert manifest["report"]["headline"] == found["headline"]
    assert found["headline"] in page
    assert 2 <= len(found["findings"]) <= 4


def test_the_archive_works_from_any_path_of_a_web_server(browser: Browser, russian_report: Path) -> None:
    project = russian_report.parents[2]
    served = partial(QuietFiles, directory=str(project.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}/{quote(project.name)}/reports/"
        seen = Seen(browser.new_page())
        seen.page.on("response", lambda answer: seen.asked.append(f"{answer.status} {answer.url}"))
        seen.page.goto(f"{home}russia-mood/latest/")
        seen.page.wait_for_selector("body.figures-drawn")
        assert seen.page.url == f"{home}russia-mood/{russian_report.name}/index.html"
        seen.page.get_by_role("link", name="All reports").click()
        assert seen.page.url == f"{home}index.html"
        seen.page.get_by_role("link", name="Russia: mood and planning").click()
        seen.page.get_by_role("link", name="Anxious mood").first.click()
        seen.page.wait_for_selector("body.figures-drawn")
        server.shutdown()
    wrong = [answer for answer in seen.asked if not answer.startswith(("200 ", "304 "))]
    assert [answer for answer in wrong if not answer.endswith("/favicon.ico")] == []
    assert all(f" {home}" in answer or answer.endswith("/favicon.ico") for answer in seen.asked)


class QuietFiles(SimpleHTTPRequestHandler):
    """A static host that keeps no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_archive_page_opens_offline(browser: Browser, russian_report: Path) -> None:
    reports = russian_report.parents[1]
    page = browser.new_context(offline=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((reports / "index.html").as_uri())
    page.get_by_role("link", name="Anxious mood").first.click()
    assert unquote(page.url) == f"file://{(russian_report / 'index.html').resolve()}"
    assert all(url.startswith(("file:", "data:")) for url in asked)
