"""axe-core on every kind of page in light, dark and on a phone, and what axe cannot see: order, names, alternatives."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from reports.conftest import make_report

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(1280, "light"), (1280, "dark"), (390, "light")]


@pytest.fixture(scope="module")
def pages(
    repository: Path, russian_report: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """One page of every kind."""
    project = tmp_path_factory.mktemp("pages")
    shutil.copytree(repository / "notebooks", project / "notebooks")
    for survey in ("russia-mood", "simulated-panel"):
        shutil.copytree(repository / "surveys" / survey, project / "surveys" / survey)
    russian = ("--as-of", "2024-12-31", "-p", "language=ru", "-p", "indicator=planning")
    spoken = make_report(project, "russia-mood", *russian)
    profile = make_report(project, "simulated-panel", "--notebook", "wave_profile")
    return {
        "report": russian_report / "index.html",
        "mail copy": russian_report.with_name(f"{russian_report.name}.html"),
        "Russian": spoken / "index.html",
        "wave profile": profile / "index.html",
        "archive": project / "reports" / "index.html",
        "survey": spoken.parent / "index.html",
    }


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Any]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    yield context
    context.close()


def opened(page: Page, file: Path, *, unfolded: bool) -> Page:
    page.goto(file.resolve().as_uri())
    if page.locator(".plot").count():
        page.wait_for_selector("body.figures-drawn", timeout=20_000)
    if unfolded:
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    return page


@pytest.mark.parametrize("kind", ["report", "mail copy", "Russian", "wave profile", "archive", "survey"])
def test_axe_finds_nothing(look: Any, pages: dict[str, Path], kind: str) -> None:
    page = opened(look.new_page(), pages[kind], unfolded=True)
    found = Axe().run(page).response["violations"]
    told = {each["id"]: [node["html"][:120] for node in each["nodes"][:3]] for each in found}
    assert told == {}


def test_headings_go_down_one_step_at_a_time_and_start_with_one_title(
    browser: Browser, pages: dict[str, Path]
) -> None:
    for kind, file in pages.items():
        page = opened(browser.new_page(), file, unfolded=True)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(each => +each.tagName[1])"
        )
        assert levels.count(1) == 1, kind
        assert levels[0] == 1, kind
        steps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert steps == [], kind
        page.close()


def test_tables_have_a_caption_and_heads_with_a_scope(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser.new_page(), pages["report"], unfolded=True)
    tables = page.locator("table")
    assert tables.count() >= 8
    bare = page.evaluate(
        """[...document.querySelectorAll('table')].filter(table =>
             !table.caption?.textContent.trim() ||
             [...table.querySelectorAll('th')].some(head => !head.scope || !head.textContent.trim()) ||
             !table.querySelector('thead th')
           ).map(table => table.outerHTML.slice(0, 200))"""
    )
    assert bare == []


def test_every_figure_has_a_title_words_and_its_numbers(browser: Browser, pages: dict[str, Path]) -> None:
    for kind in ("report", "Russian", "wave profile"):
        page = opened(browser.new_page(), pages[kind], unfolded=True)
        figures = page.locator("figure")
        assert figures.count() >= 2, kind
        for figure in figures.all():
            assert figure.locator("figcaption").inner_text().strip(), kind
            assert figure.locator("table tbody tr").count(), kind
            assert figure.get_attribute("role") != "img"
            drawn = figure.locator(".plot")
            for plot in drawn.all():
                words = plot.get_attribute("aria-describedby") or ""
                assert any(sign.isdigit() for sign in page.locator(f"[id='{words}']").inner_text()), kind
        page.close()


def test_the_skip_link_comes_first_and_leads_into_the_content(
    browser: Browser, pages: dict[str, Path]
) -> None:
    page = opened(browser.new_page(), pages["report"], unfolded=False)
    page.keyboard.press("Tab")
    first = page.evaluate("[document.activeElement.className, document.activeElement.hash]")
    assert first[0] == "skip"
    assert page.locator(f"main {first[1]}").count() == 1
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == first[1]


def test_the_focus_follows_the_page_from_top_to_bottom(browser: Browser, pages: dict[str, Path]) -> None:
    """In one column, what comes later in the tab order stands lower: nothing reorders the page for the eye alone."""
    page = opened(browser.new_page(viewport={"width": 390, "height": 900}), pages["report"], unfolded=False)
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(part => part.tabIndex <= 0)")
    tops = page.evaluate(
        """[...document.querySelectorAll('main section, main figure')].filter(part => part.offsetParent)
             .map(part => part.getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)
    assert len(tops) >= 8


@pytest.mark.parametrize(
    ("kind", "code"), [("report", "en"), ("Russian", "ru"), ("archive", "en"), ("survey", "en")]
)
def test_the_page_names_its_language(pages: dict[str, Path], kind: str, code: str) -> None:
    assert f'<html dir="ltr" lang="{code}">' in pages[kind].read_text(encoding="utf-8")
