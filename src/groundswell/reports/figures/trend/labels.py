"""Direct labels of a trend figure: the last level at the line's end, and each house next to its own marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading, figure_range, is_range, printed
from groundswell.reports.figures.figure import Key
from groundswell.reports.figures.placement import (
    Box,
    Canvas,
    free_place,
    polyline_boxes,
    roomy_place,
    text_size,
)
from groundswell.reports.figures.trend.marks import other_wordings
from groundswell.reports.html.style import LABEL, LIGHT, SHAPES, SMALL, house_colour, plotly_text
from groundswell.reports.language.measure import Measure
from groundswell.shortened import shortened

GLYPHS = dict(zip(SHAPES, "○◆■▲▼⬟★✚✖", strict=True))
RANGE_GLYPH = "▮"
MOST_LABELS = 5
FEW, FAR = 3, 0.03
END_SIZE = 18
END_LETTERS = 17
"""Letters that the margin next to the line has room for."""


@dataclass(frozen=True)
class Label:
    """A placed text: its box in canvas pixels, its style, and whose it is ("" for the level)."""

    text: str
    box: Box
    size: float
    color: str
    house: str = ""
    bold: bool = False

    def annotation(self, canvas: Canvas) -> dict[str, Any]:
        """The label as a Plotly annotation, fixed to its date and share so that it moves with a resize.

        A label next to the plotting area hangs on its edge: Plotly hides what is anchored outside.
        """
        text = "<br>".join(plotly_text(line) for line in self.text.split("\n"))
        left = min(self.box[0], canvas.width - 1)
        seconds = canvas.dates[0].timestamp() + left / canvas.width * (
            canvas.dates[1].timestamp() - canvas.dates[0].timestamp()
        )
        low, high = canvas.shares
        middle = (self.box[1] + self.box[3]) / 2
        return {
            "text": f"<b>{text}</b>" if self.bold else text,
            "x": pd.Timestamp(seconds, unit="s").strftime("%Y-%m-%d %H:%M"),
            "y": round(high - middle / canvas.height * (high - low), 4),
            "xanchor": "left",
            "xshift": round(self.box[0] - left, 1),
            "yanchor": "middle",
            "align": "left",
            "showarrow": False,
            "font": {"size": self.size, "color": self.color},
        }


def end_label(canvas: Canvas, last: pd.Series, scale: str, measure: Measure, *, narrow: bool) -> list[Label]:
    """The newest level, large, and below it its interval and its `scale`, small, to the right of the line's end."""
    x = float(canvas.x([last["date"]])[0]) + 9
    y = float(canvas.y([measure.drawn(last["share"])])[0])
    interval = measure.span(last["low95"], last["high95"])
    small = interval if narrow else measure.interval95(last["low95"], last["high95"])
    y = float(np.clip(y, 24, canvas.height - 24))
    big = Label(measure.number(last["share"]), (x, y - 22, x + 48, y), END_SIZE, LIGHT["level"], bold=True)
    lines = [small] if narrow or not scale else [small, shortened(scale, END_LETTERS)]
    boxes = [(x, y + 17 * row, x + 7 * len(line), y + 17 * (row + 1)) for row, line in enumerate(lines)]
    return [big, *(Label(line, box, SMALL, LIGHT["muted"]) for line, box in zip(lines, boxes, strict=True))]


def gap_labels(reading: Reading, level: pd.DataFrame, canvas: Canvas, measure: Measure) -> list[Label]:
    """Words in each long stretch without a wave that has room for them, under the dotted line."""
    labels = []
    for start, end in reading.gaps():
        years = max(round((end - start).days / 365.25), 1)
        text = measure.language.count("no wave for {n} year", "no wave for {n} years", years)
        left, right = (float(x) for x in canvas.x([start, end]))
        width, height = text_size(text, SMALL)
        if width + 12 > right - left:
            continue
        inside = level[level["date"].between(start, end)]
        lowest = float(canvas.y([measure.drawn(float(inside["share"].min()))])[0])
        x, y = (left + right - width) / 2, min(lowest + 6, canvas.height - height - 2)
        labels.append(Label(text, (x, y, x + width, y + height), SMALL, LIGHT["muted"]))
    return labels


def house_labels(
    reading: Reading,
    level: pd.DataFrame | None,
    canvas: Canvas,
    taken: list[Box],
    lines: list[float],
    measure: Measure,
) -> list[Label]:
    """A label next to each house's marks where there is room; at most five, the rest stay in the key.

    `lines` are the upright lines, which a label crosses only where it must.
    """
    shown = reading.drawn
    obstacles = [*taken, *_mark_boxes(shown, canvas, measure)]
    if level is not None:
        ys = canvas.y(measure.drawn(level["share"]))
        after = np.append(ys[1:], ys[-1])  # a jump is a wall between two points
        obstacles += polyline_boxes(canvas.x(level["date"]), np.maximum(ys, after), np.minimum(ys, after))
    upright = [(x - 2, 0.0, x + 2, canvas.height) for x in lines]
    soft = [upright] if level is None else [upright, _band_boxes(level, canvas, measure)]
    labels: list[Label] = []
    for rank, house in enumerate(reading.houses()[:MOST_LABELS]):
        rows = shown[shown["house"] == house]
        text, sub = _texts(reading, rows, rank, measure)
        anchors = _anchors(rows, canvas, measure)
        whole = f"{text}\n{sub}" if sub else text
        box = _first_place(anchors, whole, LABEL, canvas, obstacles, soft)
        if box is None:
            continue
        color = LIGHT[house_colour(rank)]
        cut = box[1] + LABEL * 1.3
        labels.append(Label(text, (box[0], box[1], box[2], cut), LABEL, color, house, bold=True))
        if sub:
            labels.append(Label(sub, (box[0], cut, box[2], box[3]), SMALL, LIGHT["muted"], house))
        obstacles.append(box)
    return labels + _wording_labels(reading, canvas, obstacles, soft, measure)


def _first_place(
    anchors: list[tuple[float, float]],
    text: str,
    size: float,
    canvas: Canvas,
    obstacles: list[Box],
    soft: list[list[Box]],
) -> Box | None:
    """A place clear of everything next to the marks, else over what is soft (the last is given up first), else away."""
    walls = [
        [*obstacles, *(box for boxes in soft[:kept] for box in boxes)] for kept in range(len(soft), -1, -1)
    ]
    for search in (free_place, roomy_place):
        for kept in walls:
            box = search(anchors, text, size, canvas, kept)
            if box is not None:
                return box
    return None


def _wording_labels(
    reading: Reading, canvas: Canvas, obstacles: list[Box], soft: list[list[Box]], measure: Measure
) -> list[Label]:
    """Words next to the main house's waves in another wording, where that wording reads far from the level."""
    labels: list[Label] = []
    others = other_wordings(reading)
    if reading.trend is None or not others:
        return labels
    effects = reading.house_effects().set_index("variant")["estimate"]
    for variant in others:
        rows = reading.used[reading.used["variant"] == variant]
        effect = effects.loc[[variant]].iloc[0]
        if len(rows) < FEW or abs(effect) < FAR:
            continue
        say, distance = measure.language.say, measure.distance_in_words(effect)
        text = (
            say("this wording: {distance} below the level", distance=distance)
            if effect < 0
            else say("this wording: {distance} above the level", distance=distance)
        )
        box = _first_place(_anchors(rows, canvas, measure), text, SMALL, canvas, obstacles, soft)
        if box is not None:
            labels.append(Label(text, box, SMALL, LIGHT["muted"]))
            obstacles.append(box)
    return labels


def _texts(reading: Reading, rows: pd.DataFrame, rank: int, measure: Measure) -> tuple[str, str]:
    """The label of a house and, for a lone range, the printed figure under it."""
    name = reading.house_name(str(rows["house"].iloc[0]))
    if len(rows) == 1 and is_range(rows).all():
        return name, printed(rows.iloc[0], measure)
    glyph = GLYPHS[SHAPES[rank % len(SHAPES)]]
    modes = rows["mode"].unique()
    one_mode = len(modes) == 1 and modes[0] not in ("", "not stated")
    # The shape stands last: before the words it would look like one more wave next to the house's own.
    return (f"{name}, {measure.language.word(modes[0])} {glyph}" if one_mode else f"{name} {glyph}"), ""


def _anchors(rows: pd.DataFrame, canvas: Canvas, measure: Measure) -> list[tuple[float, float]]:
    """Marks next to which a label may stand: those furthest from the house's own middle first, the newest before."""
    middle = measure.drawn(rows.apply(lambda row: sum(figure_range(row)) / 2, axis=1))
    xs, ys = canvas.x(rows["middle"]), canvas.y(middle)
    order = np.argsort(-np.abs(ys - np.median(ys)) - 0.05 * xs, kind="stable")
    return [(float(xs[index]), float(ys[index])) for index in order]


def _mark_boxes(shown: pd.DataFrame, canvas: Canvas, measure: Measure) -> list[Box]:
    """Boxes around every mark, ranges in their height."""
    spans = [figure_range(row) for _, row in shown.iterrows()]
    xs = canvas.x(shown["middle"])
    tops, bottoms = (canvas.y(measure.drawn(ends[end]) for ends in spans) for end in (1, 0))
    return [
        (float(x - 6), float(t - 6), float(x + 6), float(b + 6))
        for x, t, b in zip(xs, tops, bottoms, strict=True)
    ]


def _band_boxes(level: pd.DataFrame, canvas: Canvas, measure: Measure) -> list[Box]:
    low, high = (canvas.y(measure.drawn(level[end])) for end in ("low95", "high95"))
    return polyline_boxes(canvas.x(level["date"]), low, high)


def house_keys(reading: Reading, labelled: set[str]) -> tuple[Key, ...]:
    """The key of all houses; the page shows those without a direct label, a phone shows all."""
    keys = []
    shown = reading.drawn
    for rank, house in enumerate(reading.houses()):
        rows = shown[shown["house"] == house]
        glyph = RANGE_GLYPH if is_range(rows).all() else GLYPHS[SHAPES[rank % len(SHAPES)]]
        keys.append(Key(glyph, reading.house_name(house), house_colour(rank), direct=house in labelled))
    return tuple(keys)
