"""CSS of somebody else's: the declarations that a page takes, and rules that reach no further than one table.

A style sheet is given a class of its own, which stands before each of its selectors:

>>> scoped_rules("#T_1 td, th {color: red; position: fixed}", "own-1")
'.own-1 #T_1 td,.own-1 th{color:red}'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

PROPERTIES = frozenset(
    ["background", "background-color", "border", "border-bottom", "border-collapse", "border-color",
     "border-left", "border-right", "border-spacing", "border-style", "border-top", "border-width", "color",
     "display", "font", "font-family", "font-size", "font-style", "font-variant-numeric", "font-weight",
     "height", "letter-spacing", "line-height", "margin", "margin-bottom", "margin-left", "margin-right",
     "margin-top", "max-height", "max-width", "min-height", "min-width", "opacity", "overflow", "overflow-x",
     "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
     "text-decoration", "text-transform", "vertical-align", "white-space", "width", "word-break"]
)  # fmt: skip
"""Nothing that could lay a table over its page, or fetch."""

_CALLS = frozenset({"rgb", "rgba", "hsl", "hsla", "linear-gradient", "calc"})
_SELECTORS = re.compile(r"[\w\s#.,:()>*-]+")  # no `+` and `~`: a sibling of the table is the page's


class Declarations:
    """The declarations of a `style` attribute, as bleach asks for them."""

    def sanitize_css(self, style: str) -> str:
        """Those that a page takes."""
        return kept_declarations(tinycss2.parse_blocks_contents(style))


def scoped_rules(sheet: str, name: str) -> str:
    """The rules of a style sheet that a page takes, for elements inside an element of the class `name` alone."""
    kept = []
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        selectors = tinycss2.serialize(rule.prelude).strip() if rule.type == "qualified-rule" else ""
        if not _SELECTORS.fullmatch(selectors):
            continue
        if declared := kept_declarations(tinycss2.parse_blocks_contents(rule.content)):
            each = ",".join(f".{name} {selector.strip()}" for selector in selectors.split(","))
            kept.append(f"{each}{{{declared}}}")
    return "".join(kept)


def kept_declarations(nodes: Iterable[Any]) -> str:
    """The declarations among parsed nodes that a page takes, as text."""
    return ";".join(
        f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}"
        for node in nodes
        if node.type == "declaration" and node.lower_name in PROPERTIES and _is_plain(node.value)
    )


def _is_plain(tokens: Iterable[Any]) -> bool:
    """Whether a value holds words, numbers, colours and harmless functions alone: no address, nothing that ends it."""
    return all(
        token.type in ("ident", "number", "percentage", "dimension", "hash", "whitespace")
        or (token.type == "literal" and token.value in (",", "/", "+", "-", "*"))
        or (token.type == "string" and not set(token.value) & set("<>\\\"'"))
        or (token.type == "function" and token.lower_name in _CALLS and _is_plain(token.arguments))
        for token in tokens
    )
