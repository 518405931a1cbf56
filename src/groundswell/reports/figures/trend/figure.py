"""The trend figure of one indicator: level with its bands, every observation, events and breaks, labelled directly.

The figure is laid out twice, for the page's column and for a phone; the second layout travels in `layout.meta.narrow`
and the page's script puts it in place under 560 pixels.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.scale import scale_label
from groundswell.reports.figures.axes import date_axis, in_months, share_axis, share_steps
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.placement import Canvas, rows_of_labels
from groundswell.reports.figures.trend.labels import end_label, gap_labels, house_keys, house_labels
from groundswell.reports.figures.trend.level import level_traces
from groundswell.reports.figures.trend.marks import house_traces
from groundswell.reports.figures.trend.words import (
    alternative,
    caption,
    level_numbers,
    method,
    reading_notes,
    source_links,
)
from groundswell.reports.html import style
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of

ROW = 17
YEAR_LINE = 16


def trend_figure(reading: Reading, language: Language) -> Figure:
    """The figure that carries an indicator's findings.

    Where no level can be estimated it shows the observations alone and the caption says why.
    """
    level = reading.drawn_level
    traces = [] if level is None else level_traces(reading, level, language)
    traces += house_traces(reading, language)
    labelled: set[str] = set()
    wide = _layout(reading, level, language, narrow=False, labelled=labelled)
    wide["meta"] = {"narrow": _layout(reading, level, language, narrow=True, labelled=set())}
    return Figure(
        key=f"trend-{reading.key}",
        spec={"data": traces, "layout": wide},
        title=_title(reading, language),
        caption=caption(reading, level, language),
        alternative=alternative(reading, level, language),
        numbers=level_numbers(reading, level, language),
        language=language,
        keys=house_keys(reading, labelled),
        notes=reading_notes(reading, level, language),
        sources=source_links(reading),
        method="" if level is None else method(measure_of(reading.indicator, language)),
        group=language.say("Trend"),
        contents=reading.title,
    )


def _title(reading: Reading, language: Language) -> str:
    first, last = reading.drawn["end"].min().year, reading.drawn["end"].max().year
    years = str(first) if first == last else f"{first}–{last}"
    return language.say("{title}, {years}", title=reading.title, years=years)


def _span(reading: Reading) -> tuple[pd.Timestamp, pd.Timestamp]:
    shown = reading.drawn
    first, last = shown["start"].fillna(shown["end"]).min(), shown["end"].max()
    pad = max((last - first) * 0.012, pd.Timedelta(days=5))
    return pd.Timestamp(first - pad), pd.Timestamp(last + pad)


def _shares(reading: Reading, level: pd.DataFrame | None, measure: Measure) -> tuple[float, float, float]:
    """Lowest and highest number of the axis and the step between its ticks."""
    shown = reading.drawn
    seen = [shown["share_low"], shown["share_high"], shown["share"], shown["range_low"], shown["range_high"]]
    if level is not None:
        seen += [level["low95"], level["high95"]]
    return share_steps(pd.concat(seen), measure)


def _layout(
    reading: Reading, level: pd.DataFrame | None, language: Language, *, narrow: bool, labelled: set[str]
) -> dict[str, Any]:
    """One layout; `labelled` collects the houses that found room for a direct label."""
    size = (style.NARROW_WIDTH, style.NARROW_HEIGHT) if narrow else (style.WIDTH, style.HEIGHT)
    measure = measure_of(reading.indicator, language)
    right, left, bottom = (60, 42, 28) if narrow else (118, 40, 30)
    dates, (low, high, step) = _span(reading), _shares(reading, level, measure)
    bottom += YEAR_LINE if in_months(dates) else 0
    marks = _dated_labels(reading, language, narrow=narrow)
    wide = Canvas(size[0] - left - right, 0, dates, (low, high), right)
    rows = rows_of_labels(
        list(wide.x([day for day, _, _ in marks])), [text for _, text, _ in marks], style.SMALL, wide
    )
    top = 12 + ROW * (1 + max((row for _, row in rows), default=-1))
    canvas = Canvas(wide.width, size[1] - top - bottom, dates, (low, high), right)
    annotations = [
        _dated_annotation(canvas, mark, position) for mark, position in zip(marks, rows, strict=True)
    ]
    scale = scale_label(reading, reading.segments[-1], language) if reading.segments else ""
    placed = [] if level is None else end_label(canvas, level.iloc[-1], scale, measure, narrow=narrow)
    if level is not None:
        placed += gap_labels(reading, level, canvas, measure)
    annotations += [label.annotation(canvas) for label in placed]
    if not narrow:
        lines = [float(x) for x in canvas.x([day for day, _, _ in marks])]
        houses = house_labels(reading, level, canvas, [label.box for label in placed], lines, measure)
        annotations += [label.annotation(canvas) for label in houses]
        labelled |= {label.house for label in houses}
    layout = style.layout(height=size[1], margin=(top, right, bottom, left))
    layout["xaxis"] |= date_axis(dates, language, narrow=narrow)
    layout["yaxis"] |= share_axis(low, high, step, measure)
    layout["annotations"] = annotations
    layout["shapes"] = [
        _vertical(day, kind, row) for (day, _, kind), (_, row) in zip(marks, rows, strict=True)
    ] + [_stroke(reading, day, house) for day, house in other_breaks(reading)]
    if not narrow:
        return layout
    return {name: layout[name] for name in ("height", "margin", "xaxis", "yaxis", "annotations", "shapes")}


Dated = tuple[pd.Timestamp, str, str]


def _dated_labels(reading: Reading, language: Language, *, narrow: bool) -> list[Dated]:
    """Events, and the main house's new wordings: (day, text, "event" or "break"), oldest first."""
    room = 22 if narrow else 34
    marks = [(pd.Timestamp(event.date), _short(event.label, room), "event") for event in reading.events()]
    houses = reading.houses()
    for day, house in reading.breaks():
        if house == houses[0]:
            text = language.say("new wording: {house}", house=reading.house_name(house))
            marks.append(
                (day, language.say("new wording") if len(houses) == 1 else _short(text, room), "break")
            )
    return sorted(marks)


def other_breaks(reading: Reading) -> list[tuple[pd.Timestamp, str]]:
    """New wordings of every house but the main one."""
    main = reading.houses()[0]
    return [(day, house) for day, house in reading.breaks() if house != main]


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _dated_annotation(canvas: Canvas, mark: Dated, position: tuple[float, int]) -> dict[str, Any]:
    (day, text, _), (middle, row) = mark, position
    return {
        "text": style.plotly_text(text),
        "xref": "paper",
        "yref": "paper",
        "x": round(middle / canvas.width, 4),
        "y": 1,
        "yshift": 2 + ROW * row,
        "xanchor": "center",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": style.SMALL, "color": style.LIGHT["muted"]},
        "name": day.strftime("%Y-%m-%d"),
    }


def _stroke(reading: Reading, day: pd.Timestamp, house: str) -> dict[str, Any]:
    """Another house's new wording as a short stroke of its colour at the top edge; a house may have many."""
    colour = style.LIGHT[style.house_colour(reading.houses().index(house))]
    line = {"width": 2, "color": colour}
    return _vertical(day, "break", 0) | {"y0": 0.95, "y1": 0.985, "line": line}


def _vertical(day: pd.Timestamp, kind: str, row: int) -> dict[str, Any]:
    """An event's dotted line, or a break's dashed one, up to its label."""
    return {
        "type": "line",
        "layer": "below",
        "x0": day.strftime("%Y-%m-%d"),
        "x1": day.strftime("%Y-%m-%d"),
        "yref": "paper",
        "y0": 0,
        "y1": 1 + 0.045 * row,
        "line": {"dash": "dot" if kind == "event" else "dash", "width": 1, "color": style.LIGHT["faint"]},
    }
