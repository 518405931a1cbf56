"""Pieces of the page: HTML made from templates that escape every label, shown alike in JupyterLab and in the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure

TEMPLATES = Path(__file__).parent / "template"
METADATA = "groundswell"


@dataclass(frozen=True, repr=False)
class Block:
    """One piece of HTML for the page; `section` is its place, `title` its line in the table of contents, under the
    heading `group` where one of several of a kind."""

    html: str
    section: str = ""
    title: str = ""
    part: str = "block"
    group: str = ""

    def __repr__(self) -> str:
        return f"<{self.part} {self.section}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """What Jupyter shows: the HTML, and for the page the section's name as metadata."""
        metadata = {"part": self.part, "section": self.section, "title": self.title, "group": self.group}
        return {"text/html": self.html}, {METADATA: metadata}


@lru_cache
def environment() -> jinja2.Environment:
    """Templates with autoescape on and undefined names refused."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(template: str, language: Language, values: Mapping[str, Any]) -> Markup:
    """A template of `template/` filled in; it may use `say`, `count`, `language`, and `measure` of a scale and unit."""
    page = environment().get_template(template)
    return Markup(  # noqa: S704 - autoescaped above
        page.render(
            **values,
            say=language.say,
            count=language.count,
            language=language,
            measure=partial(Measure, language),
        )
    )


NOTHING = Block("", part="note")
"""What a cell shows where there is nothing to say."""


def section(
    key: str,
    title: str,
    body: Markup,
    language: Language,
    *,
    folded: bool = False,
    contents: str = "",
    group: str = "",
) -> Block:
    """A section of the page under its heading; `contents` is its line in the table of contents (default: `title`)."""
    values = {"section": key, "title": title, "folded": folded, "body": body}
    return Block(fill("section.html.j2", language, values), key, contents or title, group=group)


def paragraph(text: str) -> Markup:
    """One paragraph of plain text."""
    return Markup("<p>{}</p>").format(text)


def json_safe(content: Any) -> Markup:
    """JSON that is safe inside a script element: no `</script>`, no comment, no line separators."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for letter in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can end the element


def safe_url(url: object) -> str:
    """The address if it is plain http or https, else an empty string: a link never runs anything."""
    text = url.strip() if isinstance(url, str) else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    printable = all(character.isprintable() and not character.isspace() for character in text)
    return text if parts.scheme in ("http", "https") and parts.netloc and printable else ""


def link(text: str, url: object) -> Markup:
    """The text, linked where the address is safe."""
    address = safe_url(url)
    if not address:
        return escape(text)
    return Markup('<a href="{}">{}</a>').format(address, text)
