"""An executed notebook becomes one page that asks the network for nothing.

nbconvert walks the cells with our template (`template/index.html.j2`). Outputs that our own display objects made (they
carry our metadata) go in as they are; everything else as `reports.own` lets it through. The page states a Content-
Security-Policy that names its own scripts by hash, so that no text in it, however wrong, can run.
"""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from markupsafe import Markup
from nbconvert.exporters import HTMLExporter

from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.html.markup import METADATA, TEMPLATES, json_safe
from groundswell.reports.html.style import LIGHT, palette_css
from groundswell.reports.language.language import Language, known_language
from groundswell.reports.own.masthead import has_masthead, own_masthead, without_title
from groundswell.reports.own.outputs import own_outputs, shown
from groundswell.reports.own.prose import prose
from groundswell.reports.publish.assets import asset_name, plotly_asset
from groundswell.reports.publish.reproduce import is_edited, manifest_words

IN_HTML = str.maketrans("<&>", ",.:")
PLOTLY_STYLE = re.compile(r"\.textContent=('(?:[^'\\]|\\.)*')")
WITHOUT_SCRIPTS = ".fold tr{display:table-row!important}.plot{display:none}"
"""The style of a page whose reader runs no scripts: every row, no empty frames."""


def render_page(
    notebook: Any,
    manifest: Manifest,
    *,
    script: Literal["shared", "inside"] = "shared",
    assets: str = "../../assets",
) -> str:
    """The page of one executed notebook.

    `script` "shared" takes Plotly from the folder `assets` next to the reports, by a relative path; "inside" packs it
    into the page, compressed, for mail. The same notebook and manifest give the same page, byte for byte.
    """
    language = known_language(manifest.language)
    exporter = HTMLExporter(template_name="template", extra_template_basedirs=[str(TEMPLATES.parent)])
    exporter.register_filter("json_safe", json_safe)
    exporter.register_filter("ours", ours)
    exporter.register_filter("own", lambda output: shown(output, language).html)
    exporter.register_filter("prose", prose)
    masthead = Markup() if has_masthead(notebook) else own_masthead(manifest, language)
    notebook = without_title(notebook, manifest.report.headline) if masthead else notebook
    own_style = "".join(shown(output, language).css for output in own_outputs(notebook))
    page_script, style = (TEMPLATES / "page.js").read_text("utf-8"), style_sheet() + own_style
    hashes = [page_script]
    if script == "inside":
        hashes.append(plotly_script())
    values = {
        "say": language.say,
        "language": language,
        "manifest": manifest,
        "headline": manifest.report.headline or manifest.title,
        "style": Markup(style),  # noqa: S704 - our own file, and rules that were cleaned
        "page_script": Markup(page_script),  # noqa: S704 - our own file
        "swaps": json_safe({LIGHT[name]: f"--{name}" for name in LIGHT}),
        "without_scripts": Markup(WITHOUT_SCRIPTS),  # noqa: S704 - our own
        "policy": policy(hashes, [style, WITHOUT_SCRIPTS], shared=script == "shared"),
        "plotly_file": f"{assets}/{asset_name()}" if script == "shared" else "",
        "plotly_packed": packed_plotly() if script == "inside" else "",
        "edited": is_edited(manifest),
        "masthead": masthead,
        "reproduce": manifest_words(manifest, language),
        "contents": contents(notebook, language),
    }
    page, _ = exporter.from_notebook_node(notebook, resources={"groundswell": values})
    return str(page)


def ours(output: Mapping[str, Any]) -> Mapping[str, str]:
    """Our metadata of a cell's output, empty for an output that we did not make."""
    note = output.get("metadata", {}).get(METADATA, {})
    return note if isinstance(note, Mapping) else {}


def contents(notebook: Any, language: Language) -> list[dict[str, Any]]:
    """The side table of contents: sections in the order of the notebook's outputs, those of a kind under one line."""
    notes = [ours(output) for cell in notebook.cells for output in cell.get("outputs", [])]
    entries: list[dict[str, Any]] = []
    for group, run in groupby(
        (note for note in notes if note.get("section") and note.get("title")),
        key=lambda note: note.get("group"),
    ):
        items = [{"id": note["section"], "title": note["title"]} for note in run]
        if group:
            entries.append({"id": items[0]["id"], "title": group, "items": items if len(items) > 1 else []})
        else:
            entries += [item | {"items": []} for item in items]
    return [*entries, {"id": "reproduce", "title": language.say("Reproduce"), "items": []}]


def style_sheet() -> str:
    """The page's style with the colours of `style` as its variables."""
    return palette_css() + (TEMPLATES / "page.css").read_text("utf-8")


def policy(scripts: list[str], styles: list[str], *, shared: bool) -> str:
    """The Content-Security-Policy of a page: nothing from anywhere but what is named here.

    Plotly makes two style elements, one empty and filled rule by rule, and sets style attributes: the elements are
    named by their hashes, attributes are allowed. `style-src` alone is for browsers that do not know its two parts.
    """
    allowed = [source_hash(script) for script in scripts]
    if shared:
        allowed += ["'self'", "file:"]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(allowed)}",
            "style-src 'unsafe-inline'",
            f"style-src-elem {' '.join(source_hash(style) for style in [*styles, '', plotly_style()])}",
            "style-src-attr 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def source_hash(text: str) -> str:
    """A script or style as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache
def plotly_script() -> str:
    """The text of Plotly's script as a browser sees it."""
    return plotly_asset().read_text(encoding="utf-8").replace("\r\n", "\n")


@lru_cache
def plotly_style() -> str:
    """The style that Plotly's script adds to a page when it loads (for maps, which we never draw)."""
    style = PLOTLY_STYLE.search(plotly_script())
    return str(ast.literal_eval(style.group(1))) if style else ""


@lru_cache
def packed_plotly() -> Markup:
    """Plotly's script compressed, as the script element that the page's own script unpacks.

    Five letters for four bytes (RFC 1924's base 85) are a sixteenth fewer than base 64's; `<` and `&` give way to
    letters that mean nothing in HTML.
    """
    packed = gzip.compress(plotly_script().encode(), 9, mtime=0)
    letters = base64.b85encode(packed, pad=True).decode().translate(IN_HTML)
    return Markup('<script type="text/plain" id="packed" data-bytes="{}">{}</script>').format(
        len(packed),
        Markup(letters),  # noqa: S704 - no letter of it is markup
    )
