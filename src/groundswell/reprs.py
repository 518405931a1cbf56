"""How a large object shows itself in a notebook: a few named lines, as text and as a small HTML table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_LEFT = 'style="text-align:left"'


def as_lines(summary: Mapping[str, str]) -> str:
    """One line `name: text` an entry."""
    return "\n".join(f"{name}: {text}" for name, text in summary.items())


def as_table(summary: Mapping[str, str]) -> str:
    """One row an entry, its name as the row's header; both are escaped."""
    rows = (
        f"<tr><th {_LEFT}>{escape(name)}</th><td {_LEFT}>{escape(text)}</td></tr>"
        for name, text in summary.items()
    )
    return f"<table>{''.join(rows)}</table>"
