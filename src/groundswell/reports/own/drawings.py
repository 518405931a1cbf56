"""A plotly figure of somebody else's, as the page's own script draws it: offline, and without code made on the fly.

A figure keeps the colours that it has in the notebook, and its own light ground, also where the page is dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.reports.html.style import CONFIG
from groundswell.reports.own.refusal import NotShownError

DRAWN = frozenset(
    ["bar", "barpolar", "box", "candlestick", "contour", "funnel", "funnelarea", "heatmap", "histogram",
     "histogram2d", "histogram2dcontour", "icicle", "image", "indicator", "ohlc", "parcats", "pie", "sankey",
     "scatter", "scatterpolar", "scattersmith", "scatterternary", "sunburst", "table", "treemap", "violin",
     "waterfall"]
)  # fmt: skip
"""The kinds of traces that are drawn as SVG."""

AS_SVG = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}
"""Kinds that WebGL draws with code made on the fly, which the page's policy forbids, and what draws the same."""

HEIGHT = 450
"""Pixels, where the figure does not say."""


def drawing(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The figure's data, layout and frames for the page's script.

    Raises: NotShownError where a trace is of a kind that a page cannot draw, or a picture in it stands elsewhere.
    """
    data, given = figure.get("data"), figure.get("layout")
    if not isinstance(data, list) or not all(isinstance(trace, dict) for trace in data):
        raise NotShownError("shows a plotly figure that holds no traces: give a figure of `plotly.express`")
    layout = dict(given) if isinstance(given, Mapping) else {}
    for picture in layout.get("images") or ():
        if not str(picture.get("source", "")).startswith("data:image/"):
            raise NotShownError(
                "shows a plotly figure with a picture that stands elsewhere: put the picture in it"
            )
    legend = {
        **(layout.get("legend") or {}),
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": -0.2,
        "yanchor": "top",
    }
    narrow = {"legend": legend, "margin": {**(layout.get("margin") or {}), "l": 56, "r": 16}}
    layout |= {"height": layout.get("height") or HEIGHT, "meta": {"narrow": narrow}}
    layout.setdefault("dragmode", False)  # a finger that scrolls the page must not zoom
    layout.pop("width", None)
    drawn = {"data": [_trace(trace) for trace in data], "layout": layout, "config": CONFIG}
    return drawn | ({"frames": figure["frames"]} if figure.get("frames") else {})


def _trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(trace.get("type", "scatter"))
    if kind in AS_SVG:
        return {**trace, "type": AS_SVG[kind]}
    if kind not in DRAWN:
        raise NotShownError(
            f"shows a plotly trace of the kind `{kind}`, which a page cannot draw offline as SVG: use one of "
            f"{', '.join(sorted(DRAWN))}, or show it as a picture"
        )
    return dict(trace)


def title_of(figure: Mapping[str, Any]) -> str:
    """The figure's title in plain text, "" where it has none."""
    layout = figure.get("layout")
    title = layout.get("title") if isinstance(layout, Mapping) else None
    text = title.get("text") if isinstance(title, Mapping) else title
    return text if isinstance(text, str) else ""
