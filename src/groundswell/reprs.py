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


class Summarised:
    """An object that shows itself as its `_summary`: lines of text, and in JupyterLab a small table."""

    def _summary(self) -> dict[str, str]:
        """What stands before a text and the text, in the order in which they are shown."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """The object in a few lines."""
        return as_lines(self._summary())

    def _repr_html_(self) -> str:
        """The same as a small table, for JupyterLab."""
        return as_table(self._summary())
