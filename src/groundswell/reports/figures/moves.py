"""The small figure of what moved since the last report: one line an indicator, its level then and now.

Drawn as SVG whose places are percentages, so that it fits any column and its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.differences import Move
from groundswell.reports.evidence.earlier.previous import Before
from groundswell.reports.html.markup import fill
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.waves.surveys.answer_scale import Ends

LEFT, RIGHT = 2.0, 98.0
"""The axis, in percent of the figure's width."""


def difference_figure(moved: list[Move], before: Before, language: Language) -> Markup:
    """A dumbbell an indicator: open, the level as the last report published it; full, its newest level.

    Indicators with the same axis stand on one: all shares, and the means of one scale.
    """
    say = language.say
    by_axis: dict[tuple[Ends, str], list[Move]] = {}
    for move in moved:
        measure = measure_of(move.reading.indicator, language)
        by_axis.setdefault((measure.ends, measure.scale), []).append(move)
    numbers = _numbers(moved, language)
    title = say("Then and now")
    values = {
        "title": title,
        "caption": say(
            "Open: the level of the newest wave as the report of {date} published it. Full: the newest level now. "
            "Lines are 95% intervals.",
            date=language.date(before.as_of),
        ),
        "parts": [
            _part(moves, measure_of(moves[0].reading.indicator, language)) for moves in by_axis.values()
        ],
        "table": table(numbers, language, caption=title),
        "csv": csv_link(numbers, "since-last.csv", language),
    }
    return fill("difference_figure.html.j2", language, values)


def _part(moved: list[Move], measure: Measure) -> dict[str, Any]:
    """The lines of the indicators on one axis, and its ticks."""
    language = measure.language
    ends = [level[end] for move in moved for level in (move.then, move.now) for end in ("low95", "high95")]
    lowest, highest = measure.drawn(min(ends)), measure.drawn(max(ends))
    step = measure.tick_step(highest - lowest, 6)
    low, high = float(np.floor(lowest / step) * step), float(np.ceil(highest / step) * step)
    ticks = [float(tick) for tick in np.arange(low, high + step / 2, step)]

    def at(number: float) -> str:
        return f"{LEFT + (number - low) / (high - low) * (RIGHT - LEFT):.2f}%"

    def mark(level: Mapping[str, float]) -> dict[str, str]:
        return {name: at(measure.drawn(level[name])) for name in ("share", "low95", "high95")}

    lines = [
        {
            "title": move.reading.title,
            "then": mark(move.then),
            "now": mark(move.now),
            "words": language.say(
                "{then} on {then_day}, {now} on {now_day}",
                then=measure.number(move.then["share"]),
                then_day=language.date(move.then_day),
                now=measure.number(move.now["share"]),
                now_day=language.date(move.now_day),
            ),
        }
        for move in moved
    ]
    texts = (
        measure.tick_texts(ticks, step) if measure.mean else [measure.number(tick / 100) for tick in ticks]
    )
    return {
        "lines": lines,
        "ticks": [{"x": at(tick), "text": text} for tick, text in zip(ticks, texts, strict=True)],
    }


def _numbers(moved: list[Move], language: Language) -> pd.DataFrame:
    """The figure's numbers: levels, and the four parts of the move; shares in percent, means on their scale."""
    say = language.say
    measures = [measure_of(move.reading.indicator, language) for move in moved]
    mixed = any(measure.mean for measure in measures)
    rows = []
    for move, measure in zip(moved, measures, strict=True):
        title, unit = move.reading.title, measure.scale or say("percent")
        parts = (move.method, move.rows, move.hindsight)
        movement = np.nan if move.movement is None else move.movement["estimate"]
        rows.append(
            (
                say("{title} ({scale})", title=title, scale=unit) if mixed else title,
                language.date(move.then_day),
                measure.drawn(move.then["share"]),
                *(measure.drawn_change(part) for part in (*parts, movement)),
                language.date(move.now_day),
                measure.drawn(move.now["share"]),
            )
        )
    names = (
        say("Indicator"),
        say("Newest wave then"),
        say("Level as published") if mixed else say("Level as published, %"),
        say("Changed method") if mixed else say("Changed method, points"),
        say("Revised rows") if mixed else say("Revised rows, points"),
        say("New waves on the same day") if mixed else say("New waves on the same day, points"),
        say("Movement since") if mixed else say("Movement since, points"),
        say("Newest wave now"),
        say("Level now") if mixed else say("Level now, %"),
    )
    numbers = pd.DataFrame(rows, columns=names)
    if mixed:
        numbers.attrs["digits"] = dict.fromkeys(names, 2)
    return numbers
