"""HTML that somebody else's code made, as a page may hold it: tables and text, and nothing that acts.

What is invisible and has no place here (handlers, names of elements, classes of the page's own) is dropped. What would
be missing on the page (a script that draws, a frame, a picture elsewhere) is refused, so that no box stays empty.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from bleach.sanitizer import Cleaner
from markupsafe import Markup

from groundswell.reports.own.declarations import Declarations, scoped_rules
from groundswell.reports.own.refusal import NotShownError

TAGS = frozenset(
    ["a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details",
     "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
     "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
     "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr"]
)  # fmt: skip
_MISSING = re.compile(
    r"<\s*(applet|audio|canvas|embed|form|frame|iframe|input|math|object|script|select|svg|textarea|video)\b",
    re.IGNORECASE,
)
_WAYS_OUT = {
    "script": "let its library draw a picture (SVG or PNG), or give a plotly figure",
    "svg": "show it with `IPython.display.SVG`",
    "math": "write the formula as `$…$`",
}
_STYLE = re.compile(r"<style[^>]*>(.*?)</style\s*>", re.IGNORECASE | re.DOTALL)
_PICTURE = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
_HELD = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
_LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)
_OWN_NAME = re.compile(r"T_[\w-]+")
"""How pandas names a styled table and its cells; any other name could be one of the page's."""
_OWN_CLASSES = re.compile(
    r"((dataframe|data|blank|index_name|simpletable|(row|col)(_heading|[0-9]+)?|level[0-9]+|true|false)(\s+|$))+"
)
_SHORTENED = re.compile(r"<p>([0-9]+) rows × ([0-9]+) columns</p>")
"""What pandas writes under a table of which it shows the ends alone."""


@dataclass(frozen=True)
class Clean:
    """Markup that acts on nothing, the rules of its own style, and of a table that was cut its rows and columns."""

    html: Markup
    css: str = ""
    name: str = ""
    rows: int = 0
    columns: int = 0


@lru_cache(maxsize=256)
def clean(html: str) -> Clean:
    """The HTML as a page may hold it; `name` is the class that its rules ask for around it, "" for none.

    Raises: NotShownError where something of it would be missing.
    """
    if found := _MISSING.search(html):
        tag = found[1].lower()
        way_out = _WAYS_OUT.get(tag, "show its content as a table, text or picture")
        raise NotShownError(
            f"shows HTML with `<{tag}>`, which a page of the archive does not hold: {way_out}"
        )
    for source in _PICTURE.findall(html):
        if not _HELD.match(source):
            raise NotShownError(
                f"shows the picture `{source[:80]}`, which stands elsewhere, and a page asks for nothing outside it: "
                "show it with `IPython.display.Image(filename=…)`"
            )
    sheet = "".join(_STYLE.findall(html))
    body = _STYLE.sub("", html)
    rows, columns = map(int, cut.groups()) if (cut := _SHORTENED.search(body)) else (0, 0)
    name = f"own-{hashlib.sha256(html.encode(errors='replace')).hexdigest()[:8]}"
    css = scoped_rules(sheet, name) if "#T_" in sheet else ""
    markup = Markup(_cleaner().clean(_SHORTENED.sub("", body)))  # noqa: S704 - what the cleaner lets through
    return Clean(markup, css, name if css else "", rows, columns)


@lru_cache(maxsize=1)
def _cleaner() -> Cleaner:
    return Cleaner(
        tags=TAGS,
        attributes=_is_kept,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        css_sanitizer=Declarations(),
    )


def _is_kept(tag: str, name: str, value: str) -> bool:
    """Whether an element may keep this attribute."""
    match name:
        case "style" | "title" | "dir" | "lang" | "colspan" | "rowspan" | "scope" | "start" | "alt":
            return True
        case "width" | "height":
            return tag in ("img", "col")
        case "href":
            return tag == "a" and bool(_LINK.match(value))
        case "src":
            return tag == "img" and bool(_HELD.match(value))
        case "id":
            return bool(_OWN_NAME.fullmatch(value))
        case "class":
            return bool(_OWN_CLASSES.fullmatch(value))
    return False
