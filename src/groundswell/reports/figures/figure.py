"""A figure as the reader gets it: a caption, the drawing, a text alternative, and its numbers as a table and a CSV."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from IPython.display import publish_display_data
from markupsafe import Markup

from groundswell.reports.html.markup import METADATA, fill
from groundswell.reports.html.style import CONFIG
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language

PLOTLY = "application/vnd.plotly.v1+json"


@dataclass(frozen=True)
class Key:
    """One line of a figure's key: a house's shape, name and colour token, and whether the drawing names it too."""

    glyph: str
    name: str
    colour: str
    direct: bool


@dataclass(frozen=True, repr=False)
class Figure:
    """A drawing with everything that makes it readable without seeing it.

    `spec` is Plotly's `data` and `layout`; `caption` says what to see; `alternative` says it from the numbers;
    `numbers` is the table behind the drawing, already in the reader's words; `method` says how it was drawn.
    `contents` is its line in the table of contents (default: the title), under the heading `group` if it has one.
    """

    key: str
    spec: dict[str, Any]
    title: str
    caption: str
    alternative: str
    numbers: pd.DataFrame
    language: Language
    keys: tuple[Key, ...] = ()
    notes: tuple[str, ...] = field(default=())
    sources: Markup = field(default_factory=Markup)
    level: int = 2
    method: str = ""
    group: str = ""
    contents: str = ""

    def __repr__(self) -> str:
        return f"<figure {self.key}>"

    def head(self) -> str:
        """Title, caption and key."""
        return fill("figure_head.html.j2", self.language, {"figure": self})

    def foot(self) -> str:
        """Text alternative, numbers, CSV and sources."""
        values = {
            "figure": self,
            "table": table(self.numbers, self.language, caption=self.title),
            "csv": csv_link(self.numbers, f"{self.key}.csv", self.language),
        }
        return fill("figure_foot.html.j2", self.language, values)

    def _ipython_display_(self) -> None:
        """Three outputs, which the page puts into one `<figure>`: head, drawing, foot."""
        layout = self.spec["layout"] | {"separators": self.language.separators}
        for part, data in (
            ("figure-head", {"text/html": self.head()}),
            ("figure-plot", {PLOTLY: {**self.spec, "layout": layout, "config": CONFIG}}),
            ("figure-foot", {"text/html": self.foot()}),
        ):
            note = {"part": part, "figure": self.key}
            if part == "figure-head":
                title = self.contents or self.title
                note |= {"section": self.key, "title": title, "group": self.group}
            publish_display_data({**data, "text/plain": repr(self)}, metadata={METADATA: note})
