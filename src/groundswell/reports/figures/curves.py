"""Lines and bands over days, as Plotly traces with no more points than an eye can see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.language.measure import Measure

Trace = dict[str, Any]
Pieces = list[pd.DataFrame]
"""Stretches of one curve; the line is interrupted between them."""


def thinned(piece: pd.DataFrame, columns: list[str], seen: float) -> pd.DataFrame:
    """The days that some curves cannot do without: a straight line between them misses none by more than `seen`.

    Ramer (1972) and Douglas & Peucker (1973), on the curves of all `columns` at once.
    """
    days = piece["date"].astype("int64").to_numpy(dtype=float)
    curves = piece[columns].to_numpy()
    kept = {0, len(piece) - 1}
    spans = [(0, len(piece) - 1)]
    while spans:
        first, last = spans.pop()
        inner = np.arange(first + 1, last)
        if not len(inner):
            continue
        along = ((days[inner] - days[first]) / (days[last] - days[first]))[:, None]
        missed = np.abs(curves[inner] - curves[first] - along * (curves[last] - curves[first])).max(axis=1)
        if missed.max() > seen:
            middle = int(inner[missed.argmax()])
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return piece.iloc[sorted(kept)]


def line(pieces: Pieces, colour: str, measure: Measure, *, width: float, dash: str = "solid") -> Trace:
    """The shares of all pieces as one trace without hover text."""
    x: list[str | None] = []
    y: list[float | None] = []
    for piece in pieces:
        x += [*iso(piece["date"]), None]
        y += [*drawn(piece["share"], measure), None]
    ink = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": ink, "hoverinfo": "skip"}


def band(pieces: Pieces, low: str, high: str, color: str, measure: Measure) -> Trace:
    """What lies between two columns of all pieces, filled."""
    x: list[str | None] = []
    y: list[float | None] = []
    for piece in pieces:
        days = iso(piece["date"])
        x += [*days, *reversed(days), None]
        y += [*drawn(piece[high], measure), *reversed(drawn(piece[low], measure)), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": color,
        "line": {"width": 0, "color": color},
        "hoverinfo": "skip",
    }


def drawn(shares: pd.Series, measure: Measure) -> list[float]:
    """Shares, or means, as the axis counts them."""
    return [measure.at(float(share)) for share in shares]


def iso(days: pd.Series | pd.DatetimeIndex) -> list[str]:
    """Days as Plotly reads them."""
    return list(pd.DatetimeIndex(days).strftime("%Y-%m-%d"))
