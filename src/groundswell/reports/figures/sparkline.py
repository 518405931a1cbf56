"""A level as a line without axes, for an index, a survey's history and a card."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 0.05
"""Share units that a line's height stands for at least, so that noise stays small."""


def sparkline(shares: Sequence[float], width: float, height: float, room: float = 4) -> dict[str, str] | None:
    """The points of an SVG polyline through the level, oldest first, and its last point; None for fewer than two.

    `room` pixels are kept free on each side.
    """
    if len(shares) < 2:
        return None
    low, high = min(shares), max(shares)
    middle, span = (low + high) / 2, max(high - low, LEAST)
    step, rise = (width - 2 * room) / (len(shares) - 1), (height - 2 * room) / span
    points = [
        (f"{room + step * index:.1f}", f"{height / 2 - (share - middle) * rise:.1f}")
        for index, share in enumerate(shares)
    ]
    return {"line": " ".join(f"{x},{y}" for x, y in points), "x": points[-1][0], "y": points[-1][1]}
