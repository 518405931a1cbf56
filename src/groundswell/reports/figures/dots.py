"""One line a domain: its mark with an interval, the variable above its categories, the figures at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from groundswell.reports.evidence.by_domain.domains import Domain
from groundswell.reports.html import style

ROW_HEIGHT, HEAD, FOOT = 25, 10, 34
LETTER = 7.2
ROOM, NARROW_ROOM = 34, 15


@dataclass(frozen=True)
class Mark:
    """What is drawn of one domain; `at` is None where it is hidden. Shares in percent, means on their scale.

    `aside` is written at the right; `hover` is what a pointer or a screen reader gets.
    """

    domain: Domain
    aside: str
    hover: str = ""
    at: float | None = None
    low: float | None = None
    high: float | None = None
    open: bool = False


def dot_spec(
    marks: Sequence[Mark],
    *,
    signs: tuple[str, str],
    reference: float | None = None,
    ticks: Sequence[tuple[Domain, float]] = (),
    others: Sequence[tuple[Domain, float, str]] = (),
    least_pad: float = 0.5,
) -> dict[str, Any]:
    """Plotly's data and layout, for the page's column and (in `layout.meta.narrow`) for a phone.

    `signs` are what stands before and after a number of the axis. `reference` is a dotted line down the
    figure; `ticks` are short upright lines, `others` small open marks with their words, both on the line of their
    domain. The axis goes on by `least_pad` at least beyond what is drawn.
    """
    lines = _lines([mark.domain for mark in marks])
    y = {domain.key: -line for line, (domain, _) in enumerate(lines) if domain is not None}
    drawn = [mark for mark in marks if mark.at is not None]
    ends = [end for mark in drawn for end in (mark.low, mark.high, mark.at) if end is not None]
    ends += [x for _, x in ticks] + [x for _, x, _ in others] + ([] if reference is None else [reference])
    low, high = (min(ends), max(ends)) if ends else (0.0, 100.0)
    pad = max((high - low) * 0.04, least_pad)
    data = [_points(drawn, y)]
    if others:
        data.append(_others(others, y))
    height = HEAD + FOOT + ROW_HEIGHT * len(lines)
    asides = max((len(mark.aside) for mark in marks), default=0) * LETTER + 16
    names = max(len(text) for _, text in lines) * LETTER + 24
    layout = style.layout(height=height, margin=(HEAD, round(asides), FOOT, min(round(names), 300)))
    layout["xaxis"] |= {"range": [low - pad, high + pad], "showgrid": True, "nticks": 8}
    layout["xaxis"] |= {"tickprefix": signs[0], "ticksuffix": signs[1]}
    layout["yaxis"] |= _names(lines, ROOM)
    layout["annotations"] = [_aside(mark, y[mark.domain.key]) for mark in marks]
    layout["shapes"] = [_tick(x, y[domain.key]) for domain, x in ticks]
    if reference is not None:
        layout["shapes"].append(_reference(reference))
    narrow = {
        "margin": {"t": HEAD, "r": round(asides), "b": FOOT, "l": min(round(names), 118), "pad": 0},
        "xaxis": layout["xaxis"] | {"nticks": 4},
        "yaxis": layout["yaxis"] | _names(lines, NARROW_ROOM),
    }
    layout["meta"] = {"narrow": narrow}
    return {"data": data, "layout": layout}


def _lines(domains: Sequence[Domain]) -> list[tuple[Domain | None, str]]:
    """Every line from the top: a variable's name over its categories, or a domain."""
    lines: list[tuple[Domain | None, str]] = []
    variable = ""
    for domain in domains:
        if domain.variable and domain.variable != variable:
            lines.append((None, domain.variable))
            variable = domain.variable
        lines.append((domain, domain.label))
    return lines


def _names(lines: Sequence[tuple[Domain | None, str]], room: int) -> dict[str, Any]:
    """The axis of names; a variable's name is bold."""
    texts = [
        style.plotly_text(_short(text, room)) if domain else f"<b>{style.plotly_text(_short(text, room))}</b>"
        for domain, text in lines
    ]
    return {
        "range": [-len(lines) + 0.4, 0.6],
        "tickvals": [-line for line in range(len(lines))],
        "ticktext": texts,
        "ticks": "",
    }


def _points(marks: Sequence[Mark], y: dict[str, int]) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [mark.at for mark in marks],
        "y": [y[mark.domain.key] for mark in marks],
        "text": [mark.hover for mark in marks],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": 9,
            "symbol": ["circle-open" if mark.open else "circle" for mark in marks],
            "color": style.LIGHT["level"],
            "line": {"width": 1.6, "color": style.LIGHT["level"]},
        },
    }
    if any(mark.low is not None for mark in marks):
        trace["error_x"] = {
            "array": [_beyond(mark.high, mark.at) for mark in marks],
            "arrayminus": [_beyond(mark.at, mark.low) for mark in marks],
            "symmetric": False,
            "width": 0,
            "thickness": 2,
            "color": style.LIGHT["band50"],
        }
    return trace


def _beyond(high: float | None, low: float | None) -> float:
    return round(high - low, 3) if high is not None and low is not None else 0.0


def _others(others: Sequence[tuple[Domain, float, str]], y: dict[str, int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for _, x, _ in others],
        "y": [y[domain.key] for domain, _, _ in others],
        "text": [text for _, _, text in others],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 8, "symbol": "circle-open", "color": style.LIGHT["muted"], "line": {"width": 1.4}},
    }


def _aside(mark: Mark, y: int) -> dict[str, Any]:
    return {
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 8,
        "y": y,
        "showarrow": False,
        "align": "left",
        "text": style.plotly_text(mark.aside),
        "font": {"size": style.SMALL, "color": style.LIGHT["muted" if mark.at is None else "ink"]},
    }


def _tick(x: float, y: int) -> dict[str, Any]:
    line = {"width": 2, "color": style.LIGHT["ink"]}
    return {"type": "line", "x0": x, "x1": x, "y0": y - 0.34, "y1": y + 0.34, "line": line}


def _reference(x: float) -> dict[str, Any]:
    line = {"width": 1, "dash": "dot", "color": style.LIGHT["faint"]}
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": line,
        "layer": "below",
    }


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
