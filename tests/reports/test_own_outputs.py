"""What a notebook of one's own shows is on its page as it was in the notebook, or refused in words."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest
from hand_made import a_manifest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from groundswell.reports.language.language import Language
from groundswell.reports.own.outputs import shown
from groundswell.reports.own.refusal import NotShownError
from groundswell.reports.publish.page import render_page, source_hash
from groundswell.runs.kernel.process import MOST_ROWS, ROWS_OF_LONGER

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>'


def output(**forms: Any) -> dict[str, Any]:
    """An output with these forms: `html`, `plain`, `plotly`, `png`, … or the whole name of a form."""
    names = {
        "html": "text/html",
        "plain": "text/plain",
        "markdown": "text/markdown",
        "latex": "text/latex",
        "png": "image/png",
        "svg": "image/svg+xml",
        "plotly": "application/vnd.plotly.v1+json",
        "widget": "application/vnd.jupyter.widget-view+json",
        "vega": "application/vnd.vegalite.v5+json",
        "javascript": "application/javascript",
    }
    data = {names[form]: each for form, each in forms.items()}
    return dict(new_output("display_data", data))


def html(**forms: Any) -> str:
    return str(shown(output(**forms), Language("en")).html)


def page(*cells: NotebookNode, headline: str = "A headline") -> str:
    manifest = a_manifest("2024-12-31", notebook="mine", report={"headline": headline})
    return render_page(new_notebook(cells=list(cells)), manifest)


def drawn(figure: go.Figure) -> dict[str, Any]:
    """What the page's script is given to draw."""
    made = html(plotly=json.loads(figure.to_json()))
    spec: dict[str, Any] = json.loads(made.partition('json">')[2].partition("</script>")[0])
    return spec


def whole_table(rows: int) -> str:
    """A table's HTML as a kernel of ours makes it."""
    with pd.option_context("display.max_rows", MOST_ROWS, "display.min_rows", ROWS_OF_LONGER):
        made: str = pd.DataFrame({"count": range(rows)})._repr_html_()
    return made


def test_a_table_up_to_the_limit_is_whole() -> None:
    made = html(html=whole_table(MOST_ROWS), plain="…")
    assert made.count("<tr") == MOST_ROWS + 1
    assert "not shown" not in made


def test_a_longer_table_says_how_many_rows_it_has() -> None:
    made = html(html=whole_table(MOST_ROWS + 1), plain="…")
    assert made.count("<tr") < MOST_ROWS
    assert "Rows of the table: 1,001, columns: 1; “…” stands for those that are not shown." in made


def test_a_styled_table_keeps_its_colours_and_reaches_no_further_than_itself() -> None:
    rows = pd.DataFrame({"a": [1, 2], "b": [3.0, 4.0]})
    made = shown(output(html=rows.style.highlight_max(color="#ffee00")._repr_html_()), Language("en"))
    assert "background-color:#ffee00" in made.css
    (name,) = {selector.split()[0] for selector in re.findall(r"(?:^|[},])([^{},]+)", made.css) if selector}
    assert name.startswith(".own-")
    assert name[1:] in made.html
    text = page(new_code_cell("rows.style", outputs=[output(html=rows.style.highlight_max()._repr_html_())]))
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style
    assert "background-color:yellow" in style[1]
    assert source_hash(style[1])[1:-1] in text  # its policy allows it


@pytest.mark.parametrize(
    "sheet",
    ["#T_1 ~ main {display:none}", "#T_1 + p {color:red}", "@import url(x)", "#T_1 {position:fixed}",
     "#T_1 {background:url(https://evil.example)}", "#T_1 {font-family:'<b>'}"],
)  # fmt: skip
def test_a_style_that_would_reach_the_page_is_dropped(sheet: str) -> None:
    made = shown(output(html=f"<style>{sheet}</style><table id='T_1'></table>"), Language("en"))
    assert made.css == ""


def test_a_figure_of_plotly_express_is_given_to_the_pages_own_script() -> None:
    made = drawn(px.bar(x=["a", "b"], y=[1, 2], title="Bars", width=2000))
    assert made["data"][0]["type"] == "bar"
    assert "width" not in made["layout"]
    assert made["config"]["displayModeBar"] is False


def test_a_figure_that_plotly_would_hand_to_webgl_is_drawn_all_the_same() -> None:
    many = np.arange(2000.0)
    figure = px.scatter(x=many, y=many)
    assert figure.data[0].type == "scattergl"
    assert drawn(figure)["data"][0]["type"] == "scatter"


def test_an_animated_figure_keeps_its_frames() -> None:
    rows = pd.DataFrame({"x": [1, 2], "y": [1, 2], "year": [2001, 2002]})
    assert len(drawn(px.scatter(rows, x="x", y="y", animation_frame="year"))["frames"]) == 2


@pytest.mark.parametrize("kind", ["scatter3d", "scattergeo", "choroplethmap", "parcoords", "splom", "new"])
def test_a_trace_that_a_page_cannot_draw_is_refused(kind: str) -> None:
    with pytest.raises(NotShownError, match=f"`{kind}`.*or show it as a picture"):
        html(plotly={"data": [{"type": kind}], "layout": {}}, plain="Figure")


def test_pictures_are_held_by_the_page() -> None:
    assert f'src="data:image/png;base64,{PNG}"' in html(png=PNG, plain="<Figure size 640x480>")
    svg = html(svg=SVG.replace("<circle", '<script>x()</script><circle onload="x()"'), plain="x")
    found = re.search(r"svg\+xml;base64,([^\"]+)", svg)
    assert found
    held = base64.b64decode(found[1]).decode()
    assert "circle" in held
    assert "x()" not in held


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        ({"png": "AAAA", "plain": "x"}, "not the `image/png`"),
        ({"svg": "<svg", "plain": "x"}, "an SVG that is not whole"),
        ({"svg": '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "plain": "x"}, "entities of its own"),
        ({"widget": {"model_id": "1"}, "plain": "IntSlider()"}, "show what it came to"),
        ({"vega": {}, "plain": "alt.Chart(...)"}, "altair.renderers.enable"),
        ({"javascript": "x()", "plain": "x"}, "`application/javascript`"),
        ({"html": "<div id='v'></div><script>draw()</script>", "plain": "x"}, "`<script>`"),
        ({"html": "<iframe srcdoc='x'></iframe>", "plain": "x"}, "`<iframe>`"),
        ({"html": "<img src='https://example.org/a.png'>", "plain": "x"}, "stands elsewhere"),
        ({"markdown": "![here](figure.png)", "plain": "x"}, "stands elsewhere"),
        ({"markdown": r"$\nosuchcommand{x}$", "plain": "x"}, "`.nosuchcommand`"),
        ({"latex": r"$$\frac{1}$$", "plain": "x"}, "formula"),
    ],
)
def test_what_would_be_missing_on_the_page_is_refused_with_the_way_out(
    forms: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotShownError, match=words):
        html(**forms)


def test_a_widget_with_another_form_is_shown_in_that_form() -> None:
    assert "<b>7</b>" in html(widget={"model_id": "1"}, html="<b>7</b>", plain="IntSlider()")


def test_formulas_are_mathml_in_prose_and_in_outputs() -> None:
    text = page(new_markdown_cell("Here $x^2$ stands.\n\n$$\\frac{a}{b}$$"))
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in text
    assert re.search(r'<math [^>]*display="block"[^>]*><mrow><mfrac>', text)
    assert "$x^2$" not in re.sub(r"<[^>]*>", "", text)
    assert "<msqrt>" in html(latex=r"$\displaystyle \sqrt{2}$", plain="sqrt(2)")


def test_text_errors_and_streams_are_text() -> None:
    error = new_output(
        "error", ename="ValueError", evalue="no", traceback=["\x1b[31mValueError\x1b[0m: <no>"]
    )
    assert "ValueError: &lt;no&gt;" in shown(error, Language("en")).html
    assert "\x1b" not in shown(error, Language("en")).html
    assert "&lt;b&gt;" in html(plain="<b>")
    assert shown(new_output("stream", text="printed"), Language("en")).html.endswith(">printed</pre>")


def test_the_first_heading_is_the_headline_once() -> None:
    text = page(new_markdown_cell("# A *headline*\n\nand prose"), headline="A headline")
    assert text.count("<h1") == 1
    assert "<h1>A headline</h1>" in text
    assert "Notebook: mine" in text


def test_a_heading_that_is_not_the_headline_stays_where_it_is() -> None:
    text = page(new_markdown_cell("# What I did"), headline="Anxiety is back")
    assert "<h1>Anxiety is back</h1>" in text
    assert "<h1>What I did</h1>" in text


def test_a_page_whose_notebook_shows_a_masthead_gets_no_second_one() -> None:
    ours = new_output(
        "display_data",
        {"text/html": '<header class="masthead"><h1>Ours</h1></header>'},
        metadata={"groundswell": {"part": "masthead"}},
    )
    assert page(new_code_cell("report.headline()", outputs=[ours])).count('class="masthead"') == 1
