"""One output of a cell as the page shows it: the richest of its forms that a page can hold, as JupyterLab orders them.

shown(output, language)   its markup, and the rules of its own style
Raises NotShownError           where a page cannot hold what the notebook showed
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from groundswell.reports.html.markup import METADATA, json_safe
from groundswell.reports.language.language import Language
from groundswell.reports.own.clean_html import clean
from groundswell.reports.own.drawings import drawing, title_of
from groundswell.reports.own.mathematics import mathml
from groundswell.reports.own.pictures import BITMAPS, SVG, picture
from groundswell.reports.own.prose import prose
from groundswell.reports.own.refusal import NotShownError

PLOTLY = "application/vnd.plotly.v1+json"
PLAIN = frozenset(
    {"text/plain", "application/json", "text/latex", "text/html", "text/markdown", SVG, *BITMAPS, PLOTLY}
)
"""The forms that a page can hold; an output with another form and none of these but text is refused."""

_WAYS_OUT = {
    "vegalite": 'call `altair.renderers.enable("svg")` first, which needs the package vl-convert-python',
    "vega": 'call `altair.renderers.enable("svg")` first, which needs the package vl-convert-python',
    "widget": "show what it came to as a table, a figure or text",
    "javascript": "show its content as a table, text or picture",
}
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_FORMULA = re.compile(
    r"\s*(?:\$\$(?P<block>.+)\$\$|\$(?P<line>[^$]+)\$|(?P<named>\\begin\{(?!tab).+\}))\s*", re.DOTALL
)


@dataclass(frozen=True)
class Shown:
    """An output's markup, and the rules of its own style."""

    html: Markup
    css: str = ""


def shown(output: Mapping[str, Any], language: Language) -> Shown:
    """What the page shows of an output.

    Raises: NotShownError where a page cannot hold what the notebook showed.
    """
    match output["output_type"]:
        case "stream":
            return _text(_joined(output["text"]))
        case "error":
            return _text("\n".join(output.get("traceback") or [f"{output['ename']}: {output['evalue']}"]))
    forms = {mime: each for mime, each in output["data"].items() if each not in (None, "", [])}
    size = output.get("metadata") or {}
    if PLOTLY in forms:
        return Shown(_figure(forms[PLOTLY], language))
    if "text/html" in forms:
        return _markup(_joined(forms["text/html"]), language)
    if "text/markdown" in forms:
        return Shown(Markup('<div class="prose">{}</div>').format(prose(_joined(forms["text/markdown"]))))
    for mime in (SVG, *BITMAPS):
        if mime in forms:
            words, pixels = language.say("Picture"), size.get(mime) or {}
            return Shown(picture(mime, _joined(forms[mime]), words, pixels))
    if "text/latex" in forms and (formula := _FORMULA.fullmatch(_joined(forms["text/latex"]))):
        latex = next(each for each in formula.groups() if each).replace(r"\displaystyle", "")
        return Shown(
            Markup('<p class="own-formula">{}</p>').format(mathml(latex, display=not formula["line"]))
        )
    if others := sorted(mime for mime in forms if mime not in PLAIN):
        raise NotShownError(_refused(others[0]))
    return _text(_joined(forms.get("text/latex") or forms.get("text/plain", "")))


def _refused(mime: str) -> str:
    way_out = next((way for name, way in _WAYS_OUT.items() if name in mime), _WAYS_OUT["javascript"])
    return f"shows `{mime}`, which a page of the archive cannot draw: {way_out}"


def _text(text: str) -> Shown:
    """Text as it is, without codes for a terminal's colours."""
    plain = _CODES.sub("", text)
    return Shown(Markup('<pre class="stray">{}</pre>').format(plain) if plain.strip() else Markup())


def _markup(html: str, language: Language) -> Shown:
    """HTML; what is coloured stands on light ground, as in the notebook, and a table that was cut says so."""
    made = clean(html)
    note = Markup()
    if made.rows:
        words = language.say(
            "Rows of the table: {rows}, columns: {columns}; “…” stands for those that are not shown.",
            rows=language.number(made.rows, 0),
            columns=language.number(made.columns, 0),
        )
        note = Markup('<p class="note">{}</p>').format(words)
    classes = f"own {made.name}" if made.name else "own"
    ground = Markup(" own-light") if made.name or "background" in made.html or "color:" in made.html else ""
    name, hint = language.say("Table"), language.say("scroll for more")
    return Shown(
        Markup(
            '<div class="{}{}"><div class="table-scroll" tabindex="0" role="region" aria-label="{}" '
            'data-hint="{} →">{}</div>{}</div>'
        ).format(classes, ground, name, hint, made.html, note),
        made.css,
    )


def _figure(figure: Mapping[str, Any], language: Language) -> Markup:
    words = title_of(figure) or language.say("Figure")
    return Markup(
        '<div class="plot own own-light" role="group" aria-label="{}"><script type="application/json">{}</script></div>'
    ).format(words, json_safe(drawing(figure)))


def _joined(text: object) -> str:
    """A text that a notebook's file may hold as a list of lines."""
    return "".join(text) if isinstance(text, list) else str(text)


def is_ours(output: Mapping[str, Any]) -> bool:
    """Whether one of our own display objects made this output."""
    return METADATA in (output.get("metadata") or {})


def own_outputs(notebook: Any) -> list[Mapping[str, Any]]:
    """The outputs of an executed notebook that are not of our own display objects."""
    return [output for cell in notebook.cells for output in cell.get("outputs", ()) if not is_ours(output)]
