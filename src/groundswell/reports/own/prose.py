"""A notebook's Markdown as a page shows it: clean HTML, with its formulas as MathML."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from groundswell.reports.own.clean_html import clean
from groundswell.reports.own.mathematics import mathml

_PLACE = re.compile("\ue000([0-9]+)\ue001")
"""Where a formula goes once the rest is clean; these two letters mean nothing to anybody."""
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1", re.MULTILINE | re.DOTALL)


class _Renderer(IPythonRenderer):
    """nbconvert's own, which finds formulas, but keeps them aside and colours no code."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.formulas: list[Markup] = []

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002 - of which language it is
        return str(super().block_code(code))

    def block_math(self, body: str) -> str:
        return self._kept(body, display=True)

    def inline_math(self, body: str) -> str:
        return self._kept(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._kept(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)

    def _kept(self, latex: str, *, display: bool) -> str:
        self.formulas.append(mathml(latex, display=display))
        return f"\ue000{len(self.formulas) - 1}\ue001"


@lru_cache(maxsize=256)
def prose(markdown: str) -> Markup:
    """Markdown as clean HTML.

    Raises: NotShownError where it holds a formula that is not understood, or what a page cannot hold.
    """
    renderer = _Renderer()
    html = MarkdownWithMath(renderer=renderer).render(re.sub("[\ue000\ue001]", "", markdown))
    markup = clean(html).html
    return Markup(_PLACE.sub(lambda place: renderer.formulas[int(place[1])], markup))  # noqa: S704 - both are clean


def first_heading(markdown: str) -> str:
    """The text of the first heading, as it is written; "" where there is none."""
    found = _HEADING.search(_FENCED.sub("", markdown))
    return found["text"] if found else ""


def plain_heading(markdown: str) -> str:
    """The first heading without its marks."""
    return prose(first_heading(markdown)).striptags()


def without_heading(markdown: str) -> str:
    """The Markdown without its first heading, which stands on top of the page."""
    heading = first_heading(markdown)
    return re.sub(
        rf"^ {{0,3}}#{{1,6}}[ \t]+{re.escape(heading)}[ \t]*#*[ \t]*$", "", markdown, count=1, flags=re.M
    )
