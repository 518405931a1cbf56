"""Where labels go in a figure, so that none covers a mark or another label.

Positions are in pixels of a canvas whose size is known when the figure is made (once for the wide page, once for the
phone), x from the left and y from the top of the plotting area. Widths of text are estimated letter by letter for bold
DejaVu, the widest of the page's fonts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LINE = 1.3
AIR = 5.0
# Widths in parts of the size, in bold DejaVu Sans; small letters where nothing else is said.
SMALL_LETTER, CAPITAL, NARROW_LETTER, WIDE_LETTER = 0.68, 0.78, 0.38, 1.02
NARROW_LETTERS, WIDE_LETTERS = frozenset(" .,:;'’ijlftI|()-"), frozenset("mwMW○◆■▲▼⬟★✚✖▮—%")

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
    return max(sum(_letter(each) for each in line) for line in lines) * size, len(lines) * LINE * size


def _letter(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return NARROW_LETTER
    if letter in WIDE_LETTERS:
        return WIDE_LETTER
    return CAPITAL if letter.isupper() or letter.isdigit() else SMALL_LETTER


def rows_of_labels(
    lines: Sequence[float], texts: Sequence[str], size: float, canvas: Canvas
) -> list[tuple[float, int]]:
    """Centre and row (0 is nearest the plot) of labels above upright lines, so that no two of a row touch.

    A label is centred on its line, else begins or ends there, else goes one row up.
    """
    taken: dict[int, list[tuple[float, float]]] = {}
    placed = []
    least, most = -30.0, canvas.width + canvas.right
    for line, text in zip(lines, texts, strict=True):
        half = text_size(text, size)[0] / 2 + 4
        row, middle = next(
            (row, middle)
            for row in range(len(texts) + 1)
            for middle in (line, line + half - 4, line - half + 4)
            if (least <= middle - half and middle + half <= most) or row == len(texts)
            if not any(middle - half < right and left < middle + half for left, right in taken.get(row, []))
        )
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
    """A box for a text next to one of its anchors that touches no obstacle and stays on the canvas; None if none is.

    The nearest free place wins; an anchor given earlier wins among places equally near. Air of AIR pixels is kept.
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
                wide = (left - AIR, top - AIR / 2, box[2] + AIR, box[3] + AIR / 2)
                if inside and not overlap(wide, walls).any():
                    return box
    return None


def roomy_place(
    anchors: Sequence[tuple[float, float]], text: str, size: float, canvas: Canvas, obstacles: Sequence[Box]
) -> Box | None:
    """The free box anywhere in the plotting area that is nearest to one of the anchors; None if there is none."""
    width, height = text_size(text, size)
    lefts, tops = np.arange(4.0, canvas.width - width, 24.0), np.arange(2.0, canvas.height - height, 12.0)
    corners = np.array([(left, top) for left in lefts for top in tops]).reshape(-1, 2)
    boxes = np.hstack([corners, corners + np.array([width, height])])
    wide = boxes + np.array([-AIR, -AIR / 2, AIR, AIR / 2])
    walls = np.array(obstacles, dtype=float).reshape(-1, 4)
    free = np.array([not overlap(tuple(box), walls).any() for box in wide], dtype=bool)
    if not free.any():
        return None
    boxes = boxes[free]
    far = [
        np.clip(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0, None)
        + np.clip(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0, None)
        for x, y in anchors
    ]
    left, top, right, bottom = boxes[np.min(far, axis=0).argmin()]
    return float(left), float(top), float(right), float(bottom)


def polyline_boxes(
    xs: NDArray[np.float64], lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> list[Box]:
    """Small boxes that cover a line or a thin band, one a point."""
    step = float(np.median(np.diff(xs))) if len(xs) > 1 else 2.0
    rows = zip(xs, lows, highs, strict=True)
    return [(float(x - step), float(high - 2), float(x + step), float(low + 2)) for x, low, high in rows]
