"""Where labels go in a figure, so that none covers a mark or another label.

Positions are in pixels of a canvas whose size is known when the figure is made (once for the wide page, once for the
phone), x from the left and y from the top of the plotting area. Widths of text are estimated: a sans-serif letter is
taken as 0.66 of its size, which holds for bold DejaVu, the widest of the page's fonts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LETTER = 0.66
LINE = 1.3

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Canvas:
    """The plotting area: its pixels, the dates and the shares that its edges stand for, and the margin to its right."""

    width: float
    height: float
    dates: tuple[pd.Timestamp, pd.Timestamp]
    shares: tuple[float, float]
    right: float

    def x(self, days: Iterable[pd.Timestamp]) -> NDArray[np.float64]:
        """Pixels from the left edge."""
        start, end = (day.timestamp() for day in self.dates)
        seconds = np.array([pd.Timestamp(day).timestamp() for day in days], dtype=float)
        return np.asarray((seconds - start) / max(end - start, 1.0) * self.width)

    def y(self, shares: Iterable[float]) -> NDArray[np.float64]:
        """Pixels from the top edge."""
        low, high = self.shares
        return np.asarray((high - np.fromiter(shares, dtype=float)) / (high - low) * self.height)


def text_size(text: str, size: float) -> tuple[float, float]:
    """Estimated width and height of a text of one or more lines, in pixels."""
    lines = text.split("\n")
    return max(len(line) for line in lines) * LETTER * size, len(lines) * LINE * size


def rows_of_labels(
    centres: Sequence[float], texts: Sequence[str], size: float, canvas: Canvas
) -> list[tuple[float, int]]:
    """Centre and row (0 is nearest the plot) of labels above it, so that no two of a row touch."""
    taken: dict[int, list[tuple[float, float]]] = {}
    placed = []
    for centre, text in zip(centres, texts, strict=True):
        half = text_size(text, size)[0] / 2 + 4
        middle = float(np.clip(centre, half - 30, max(canvas.width + canvas.right - half, half)))
        row = 0
        while any(middle - half < right and left < middle + half for left, right in taken.get(row, [])):
            row += 1
        taken.setdefault(row, []).append((middle - half, middle + half))
        placed.append((middle, row))
    return placed


def overlap(box: Box, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area that a box shares with each of many boxes."""
    wide = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    high = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    return np.asarray(np.clip(wide, 0, None) * np.clip(high, 0, None))


def free_place(
    anchors: Sequence[tuple[float, float]], text: str, size: float, canvas: Canvas, obstacles: Sequence[Box]
) -> Box | None:
    """A box for a text beside one of its anchors that touches no obstacle and stays on the canvas; None if none is.

    The nearest free place wins; an anchor given earlier wins among places equally near.
    """
    width, height = text_size(text, size)
    walls = np.array(obstacles, dtype=float).reshape(-1, 4)
    for gap in (8.0, 18.0, 32.0, 50.0, 75.0):
        for x, y in anchors:
            for left, top in (
                (x + gap, y - height / 2),
                (x - width / 2, y - gap - height),
                (x - width / 2, y + gap),
                (x - gap - width, y - height / 2),
                (x + gap * 0.7, y - gap * 0.7 - height),
                (x + gap * 0.7, y + gap * 0.7),
            ):
                box = (left, top, left + width, top + height)
                inside = (
                    left >= 0
                    and top >= 0
                    and box[2] <= canvas.width + canvas.right
                    and box[3] <= canvas.height
                )
                if inside and not overlap(box, walls).any():
                    return box
    return None


def polyline_boxes(
    xs: NDArray[np.float64], lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> list[Box]:
    """Small boxes that cover a line or a thin band, one a point."""
    step = float(np.median(np.diff(xs))) if len(xs) > 1 else 2.0
    rows = zip(xs, lows, highs, strict=True)
    return [(float(x - step), float(high - 2), float(x + step), float(low + 2)) for x, low, high in rows]
