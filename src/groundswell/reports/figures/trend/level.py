"""The level in a trend figure: its line and its bands, as Plotly traces.

Two things are drawn apart: a break, where the line stops and starts again, and a stretch without any wave, where the
level is hardly known and the line is dotted.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.told import has_line
from groundswell.reports.figures.curves import Pieces, Trace, band, drawn, iso, line, thinned
from groundswell.reports.html.style import LIGHT
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of

MOST_HOVERED = 80
SEEN = 1 / 400
"""Of the height of the whole band: a pixel where it fills the figure."""


def level_traces(reading: Reading, level: pd.DataFrame, language: Language) -> list[Trace]:
    """The bands and the line: interrupted at a break, pale and dotted where no wave was taken for long; of a segment
    with too few waves for a line, dots with their intervals.

    The line's hover text stands on the days of the figure's table and of the waves alone: on every drawn day it
    would be half of the page.
    """
    measure = measure_of(reading.indicator, language)
    seen = float(level["high95"].max() - level["low95"].min()) * SEEN
    lined, dotted = [], []
    for segment in reading.segments:
        inside = level[(level["date"] >= segment.start) & (level["date"] < segment.end)]
        if has_line(reading, segment):
            lined.append(inside)
        else:
            dotted.append(inside[inside["date"].isin(reading.used["middle"])])
    known, unknown = _pieces(pd.concat(lined), reading.unbridged(), reading.gaps()) if lined else ([], [])
    traces = []
    for pieces, outer, inner in ((unknown, "gap", "band95"), (known, "band95", "band50")):
        if pieces:
            for low, high, colour in (("low95", "high95", outer), ("low50", "high50", inner)):
                thin = [thinned(piece, [low, high], seen) for piece in pieces]
                traces.append(band(thin, low, high, LIGHT[colour], measure))
    for pieces, dash in ((unknown, "dot"), (known, "solid")):
        if pieces:
            thin = [thinned(piece, ["share"], seen) for piece in pieces]
            width = 2.2 if dash == "solid" else 1.6
            traces.append(line(thin, LIGHT["level"], measure, width=width, dash=dash))
    name = language.say("level")
    if dotted:
        traces.append(_dots(pd.concat(dotted), name, measure))
    if not lined:
        return traces
    hovered = reading.level_on(reading.table_days.union(pd.DatetimeIndex(reading.used["middle"]).normalize()))
    hovered = hovered[hovered["date"].isin(pd.concat(lined)["date"])]
    hovered = hovered.iloc[np.unique(np.linspace(0, len(hovered) - 1, MOST_HOVERED).astype(int))]
    words = [_level_text(row, measure) for _, row in hovered.iterrows()]
    unseen = {"mode": "lines", "line": {"width": 0}, "hovertemplate": "%{text}<extra></extra>"}
    x, y = iso(hovered["date"]), drawn(hovered["share"], measure)
    return [*traces, {"type": "scatter", "name": name, "x": x, "y": y, "text": words, **unseen}]


def _pieces(
    level: pd.DataFrame, cuts: list[pd.Timestamp], gaps: list[tuple[pd.Timestamp, pd.Timestamp]]
) -> tuple[Pieces, Pieces]:
    """The level's stretches with waves and those without; neighbours share a day unless a break parts them."""
    edges = sorted({day for gap in gaps for day in gap} | set(cuts))
    known: Pieces = []
    unknown: Pieces = []
    bounds = [level["date"].iloc[0], *edges, level["date"].iloc[-1]]
    for start, end in pairwise(bounds):
        inside = level["date"].between(start, end, inclusive="left" if end in cuts else "both")
        if inside.sum() > 1:
            (unknown if (start, end) in gaps else known).append(level[inside])
    return known, unknown


def _dots(waves: pd.DataFrame, name: str, measure: Measure) -> Trace:
    """The level at single waves, each with its 95% interval and its hover text."""
    shares, low, high = (drawn(waves[name], measure) for name in ("share", "low95", "high95"))
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [round(end - share, 4) for share, end in zip(shares, high, strict=True)],
        "arrayminus": [round(share - end, 4) for share, end in zip(shares, low, strict=True)],
        "color": LIGHT["level"],
        "thickness": 1.6,
        "width": 0,
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": iso(waves["date"]),
        "y": shares,
        "error_y": bars,
        "marker": {"color": LIGHT["level"], "size": 9},
        "name": name,
        "text": [_level_text(row, measure) for _, row in waves.iterrows()],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _level_text(row: pd.Series, measure: Measure) -> str:
    interval = measure.interval95(row["low95"], row["high95"])
    return f"{measure.language.date(row['date'])}<br><b>{measure.number(row['share'])}</b>  {interval}"
