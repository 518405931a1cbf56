"""Pages in a language that is written from right to left say so; what is always written from left to right stays so."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from reports.hand_made import a_manifest
from reports.test_archive import publish

from groundswell.reports.language import catalogue as catalogues
from groundswell.reports.language.language import Language
from groundswell.reports.publish.card import card_page
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.reports.publish.page import render_page, style_sheet


@pytest.fixture(autouse=True)
def hebrew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue in Hebrew that translates nothing."""
    folder = tmp_path / "locale"
    file = folder / "he" / catalogues.FILE
    file.parent.mkdir(parents=True)
    with file.open("wb") as written:
        write_po(written, Catalog(locale="he"))
    monkeypatch.setattr(catalogues, "CATALOGUES", folder)


def directions(page: str) -> set[tuple[str, str]]:
    """The direction of each language that a page names, and the language."""
    return set(re.findall(r'dir="([^"]+)" lang="([^"]+)"', page))


def test_the_direction_is_that_of_the_locale() -> None:
    assert (Language("en").direction, Language("he").direction) == ("ltr", "rtl")


@pytest.mark.parametrize(("language", "direction"), [("he", "rtl"), ("en", "ltr")])
def test_a_report_says_its_direction(language: str, direction: str) -> None:
    manifest = a_manifest("2025-01-13", language=language)
    page = render_page(nbformat.v4.new_notebook(), manifest)
    assert f'<html dir="{direction}" lang="{language}">' in page
    assert f'<html dir="{direction}" lang="{language}">' in card_page(manifest)


def test_every_page_of_the_archive_and_what_it_quotes_has_its_direction(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    publish(reports, "mood", "2025-01-13", language="he")
    publish(reports, "outlook", "2025-01-13", language="en")
    pages = {
        file.relative_to(reports).as_posix(): file.read_text(encoding="utf-8")
        for file in rebuild_index(reports)
        if file.suffix == ".html"
    }
    assert len(pages) == 5
    for name, page in pages.items():
        own = ("rtl", "he") if name.startswith("mood") else ("ltr", "en")
        assert f'<html dir="{own[0]}" lang="{own[1]}">' in page, name
        assert page.count("lang=") == len(re.findall(r'dir="[^"]+" lang=', page)), name
    assert directions(pages["index.html"]) == {("ltr", "en"), ("rtl", "he")}


def test_nothing_on_a_page_is_bound_to_the_left_but_bars_and_figures() -> None:
    """A skip link that hides far to the left would make a page from right to left as wide as that."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet())
    bound = {
        selector.strip()
        for selector, style in rules
        if re.search(
            r"(?<![-\w])(left|right):|(padding|margin|border)-(left|right)|align:(left|right)", style
        )
    }
    assert bound <= {".share"}
    figures = [style for selector, style in rules if "plotly" in selector or selector.strip() == ".dumbbell"]
    assert figures
    assert all("direction:ltr" in style for style in figures)
