"""The look of every figure and page: one set of colours, one type scale, one Plotly template.

Blue is the level. The main house is drawn in ink, the next three in orange, green and purple, further ones in grey;
the rest is ink at three strengths. A figure is drawn in the light colours; the page swaps each for the same token of
the dark or printed page, so that a figure and its page never differ. The hues are those that readers with any common
colour blindness tell apart (Okabe & Ito 2008), and houses differ by shape and label as well.
"""

from __future__ import annotations

from typing import Any

LIGHT = {
    "page": "#fdfdfb",
    "panel": "#f3f4f2",
    "ink": "#15191e",
    "muted": "#565e68",
    "faint": "#8a919a",
    "rule": "#d3d7da",
    "grid": "#e8eaeb",
    "level": "#1d5b8f",
    "band50": "rgba(29,91,143,0.26)",
    "band95": "rgba(29,91,143,0.13)",
    "other": "#b0470f",
    "third": "#0a6e5c",
    "fourth": "#7d3f8c",
    "whisker": "#b9bfc5",
    "gap": "rgba(29,91,143,0.07)",
}
DARK = {
    "page": "#13171b",
    "panel": "#1c2127",
    "ink": "#eceef0",
    "muted": "#a5adb6",
    "faint": "#78818b",
    "rule": "#353c44",
    "grid": "#252b31",
    "level": "#7fb8e8",
    "band50": "rgba(127,184,232,0.30)",
    "band95": "rgba(127,184,232,0.14)",
    "other": "#f09c62",
    "third": "#5cc7ae",
    "fourth": "#d29ae0",
    "whisker": "#58616b",
    "gap": "rgba(127,184,232,0.08)",
}

WIDTH, HEIGHT = 900, 420
NARROW_WIDTH, NARROW_HEIGHT = 358, 380
LABEL, SMALL = 13, 12
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

# The houses' shapes and colours in their order of weight; the first is the main house's open circle in ink.
SHAPES = ("circle", "diamond", "square", "triangle-up", "triangle-down", "pentagon", "star", "cross", "x")
HOUSE_COLOURS = ("ink", "other", "third", "fourth")


def layout(*, height: int = HEIGHT, margin: tuple[int, int, int, int] = (28, 130, 30, 44)) -> dict[str, Any]:
    """The layout that every figure starts from; `margin` is top, right, bottom, left in pixels.

    Written into the layout itself: an empty template stops Plotly from adding its own 7 kB to each figure.
    """
    top, right, bottom, left = margin
    return {
        "template": {},
        "height": height,
        "autosize": True,
        "margin": {"t": top, "r": right, "b": bottom, "l": left, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": SANS, "size": LABEL, "color": LIGHT["muted"]},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": LIGHT["page"],
            "bordercolor": LIGHT["rule"],
            "font": {"family": SANS, "size": LABEL, "color": LIGHT["ink"]},
            "align": "left",
        },
        "xaxis": axis(),
        "yaxis": axis(),
    }


def axis(**changes: Any) -> dict[str, Any]:
    """A quiet axis: fixed range (a figure in a page must not catch the scroll), no zero line, no box."""
    quiet = {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "gridcolor": LIGHT["grid"],
        "linecolor": LIGHT["faint"],
        "tickcolor": LIGHT["faint"],
        "tickfont": {"size": LABEL, "color": LIGHT["muted"]},
    }
    return quiet | changes


def house_colour(rank: int) -> str:
    """The colour token of the house with this rank in the order of houses, 0 for the main one."""
    return HOUSE_COLOURS[rank] if rank < len(HOUSE_COLOURS) else "muted"


def colour_variables(tokens: dict[str, str] = LIGHT) -> str:
    """The colours as CSS variables: `--page:…;--ink:…`."""
    return ";".join(f"--{token}:{colour}" for token, colour in tokens.items())


def palette_css() -> str:
    """Rules that set the colours by the reader's colour scheme; paper is always light."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{colour_variables(DARK)}}}}}"
    return f":root{{{colour_variables()}}}\n{dark}\n"


CONFIG = {"displayModeBar": False, "responsive": False, "scrollZoom": False, "doubleClick": False}


def plotly_text(text: str) -> str:
    """Any text as Plotly shows it letter by letter: its pseudo-HTML, %{templates} and $math$ are off."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("%{", "%\u200b{").replace("$", "&#36;")
